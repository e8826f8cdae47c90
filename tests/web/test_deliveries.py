"""What a project agrees to hand over, hands over, and what of it is in use."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlmodel import Session, select

from matchmaker.db import open_engine
from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import (
    Deliverable,
    FileContent,
    Notice,
    Project,
    ProjectFile,
    ProjectMember,
    ProjectScope,
    ProjectState,
    Side,
)
from matchmaker.services import (
    backups,
    deliverables,
    file_kinds,
    project_files,
    project_scopes,
    project_steps,
    project_terms,
)
from matchmaker.services.actors import Actor
from tests import factories as f
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import TODAY, Team
from tests.web.test_desk import running
from tests.web.test_papers import paper, words

PDF = b"%PDF-1.7\n%made up\n"


def png() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(target, "PNG")
    return target.getvalue()


def zipped(*names: str, **contents: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, contents.get(name, "x"))
    return target.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")


@pytest.fixture
def world(session: Session) -> tuple[Team, Project]:
    return running(session)


def who(team: Team, account: Any, project: Project) -> dict[str, Any]:
    side = Side.GROUP if account is team.contact else Side.PROFESSIONAL
    return {"actor": team.actor(account), "side": side, "project_id": project.id}


def agreed(session: Session, team: Team, project: Project, *results: str) -> None:
    """The group writes the scope, everybody accepts."""
    project_scopes.write(
        session, now=NOW, data={"deliverables": "\n".join(results), "expenses": "交通費は団体"},
        **who(team, team.contact, project),
    )  # fmt: skip
    for account in (team.contact, *team.accounts):
        sheet = project_terms.sheet(session, **who(team, account, project))
        project_terms.accept(
            session, now=NOW, data={"number": sheet.words.number, "scope": sheet.scope.number},
            **who(team, account, project),
        )  # fmt: skip


def test_results_and_expenses_are_agreed_by_all_and_every_version_is_kept(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    team.need.deliverable = "・名簿\n・使い方の紙\n\n・名簿"
    session.add(team.need)
    session.commit()
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    address = f"/professional/projects/{project.id}"
    page = person.get(f"{address}/terms?lang=en")
    assert [each for each in ("名簿", "使い方の紙") if each not in page.text("main")] == []
    page = person.submit(page.form("terms"), agree=True, follow=True)
    group = Pages(f.signed_in(app, session, team.contact))
    page = group.get(f"/group/projects/{project.id}/scope?lang=en")
    page = group.submit(page.form("scope"), deliverables="あ" * 201, status=422)
    assert "shorten each line" in page.text("main")
    page = group.submit(
        page.form("scope"),
        deliverables="名簿\n研修を1回",
        expenses="交通費は団体が負担",
        follow=True,
    )
    assert "研修を1回" in page.text("main")
    page = group.submit(page.form("terms"), agree=True, follow=True)
    told = session.exec(select(Notice.account_id).where(Notice.code == "scope_changed")).all()
    session.commit()
    assert set(told) == {account.id for account in team.accounts}
    page = person.get(f"{address}/terms")
    assert "an earlier version" in page.text("main")
    assert "They hold once everybody has accepted them." in page.text("main")
    for spoken in ("ja", "en"):
        person.get(f"{address}?lang={spoken}")
        said = words(paper(person, f"{address}/terms.pdf"))
        for each in ("研修を1回", "交通費は団体が負担", team.accounts[0].name, team.contact.name):
            assert "".join(each.split()) in said
    person.get(f"{address}?lang=en")
    page = person.get(f"{address}/terms")
    person.submit(page.form("terms"), agree=True)
    session.expire_all()
    sheet = project_terms.sheet(session, **who(team, team.contact, project))
    assert not sheet.agreed  # the second professional has not
    said_yes = [(each.acceptance.scope, each.acceptance.side) for each in sheet.said]
    assert said_yes == [(0, "professional"), (1, "group"), (1, "professional")]
    (kept,) = session.exec(select(ProjectScope)).all()
    assert kept.deliverables == ["名簿", "研修を1回"]


def test_a_scope_that_changed_while_it_was_read_is_not_accepted(
    session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    given = who(team, team.contact, project)
    data = {"deliverables": "ちらし"}
    first = project_scopes.write(session, now=NOW, data=data, **given)
    assert project_scopes.write(session, now=NOW, data={**data, "based_on": 1}, **given) == first
    with pytest.raises(Conflict, match="changed_meanwhile"):
        project_scopes.write(session, now=NOW, data={"deliverables": "本"}, **given)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        project_terms.accept(session, now=NOW, data={"number": 0, "scope": 0},
                             **who(team, team.accounts[0], project))  # fmt: skip
    with pytest.raises(Invalid):
        project_scopes.write(
            session, now=NOW, data={"deliverables": "\n".join("abcdefghijklm"), "based_on": 1},
            **given,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("報告書.pdf", PDF, "application/pdf"),
        ("図.PNG", png(), "image/png"),
        ("稿.docx", DOCX, file_kinds.KINDS["docx"]),
        ("表.csv", "名,数\n".encode("cp932"), "text/csv"),
        ("メモ.txt", "やること".encode(), "text/plain"),
        ("稿.odt", zipped("mimetype", mimetype=file_kinds.KINDS["odt"]), file_kinds.KINDS["odt"]),
        ("絵.png", PDF, ""),  # not what its name says
        ("絵.jpg", png(), ""),
        ("壊れた.png", png()[:40], ""),
        ("稿.docx", zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), ""),
        ("稿.docx", zipped("index.html"), ""),
        ("稿.odt", zipped("mimetype", mimetype="text/html"), ""),
        ("頁.html", b"<script>alert(1)</script>", ""),
        ("絵.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        ("道具.exe", b"MZ\x90\x00", ""),
        ("メモ.txt", b"MZ\x90\x00", ""),
        ("名のない", PDF, ""),
    ],
)
def test_a_file_is_known_by_its_content(name: str, content: bytes, taken: str) -> None:
    assert file_kinds.kind(name, content) == taken


def test_files_and_links_are_for_the_projects_people_alone(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    app.config["WTF_CSRF_ENABLED"] = False
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    address = f"/professional/projects/{project.id}/files"
    for name, content, status in (
        ("../../etc/名簿.pdf", PDF, 303), ("悪い.html", b"<script>", 422), ("", b"", 422),
    ):  # fmt: skip
        answer = person.client.post(
            address, data={"file": (io.BytesIO(content), name)},
            content_type="multipart/form-data",
        )  # fmt: skip
        assert answer.status_code == status, (name, answer.text)
    session.expire_all()
    (file,) = session.exec(select(ProjectFile)).all()
    session.commit()
    assert (file.title, file.size) == ("名簿.pdf", len(PDF))
    with pytest.raises(Invalid) as refused:
        project_files.add_file(
            session, now=NOW, name="大きい.txt", content=b"a" * (file_kinds.MOST_BYTES + 1),
            **who(team, team.contact, project),
        )  # fmt: skip
    assert [each.code for each in refused.value.errors] == ["file_too_big"]
    session.commit()
    link = {"title": "公開したサイト", "address": "https://example.jp/"}
    assert person.client.post(f"{address[:-6]}/links", data=link).status_code == 303
    bad = {"title": "悪い", "address": "javascript:alert(1)"}
    assert person.client.post(f"{address[:-6]}/links", data=bad).status_code == 422
    group = Pages(f.signed_in(app, session, team.contact))
    for pages, side in (
        (person, "professional"), (group, "group"),
        (Pages(f.signed_in(app, session, team.coordinator)), "group"),
    ):  # fmt: skip
        answer = pages.client.get(f"/{side}/projects/{project.id}/files/{file.id}")
        assert answer.data == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    stranger = f.account(session)
    f.professional(session, person=stranger)
    left = session.exec(
        select(ProjectMember).where(ProjectMember.professional_id == team.people[1].id)
    ).one()
    left.left_on = TODAY
    session.add(left)
    session.commit()
    for account in (stranger, team.accounts[1]):
        outside = Pages(f.signed_in(app, session, account))
        for side in Side:
            answer = outside.client.get(f"/{side.value}/projects/{project.id}/files/{file.id}")
            assert answer.status_code == 404
    with pytest.raises(Forbidden):
        project_files.remove(session, now=NOW, file_id=file.id, **who(team, team.contact, project))
    project_files.remove(session, now=NOW, file_id=file.id, **who(team, team.accounts[0], project))
    assert session.exec(select(FileContent)).all() == []


def test_a_backup_holds_the_files(
    session: Session, world: tuple[Team, Project], database_url: str, tmp_path: Path
) -> None:
    team, project = world
    project_files.add_file(
        session, now=NOW, name="名簿.pdf", content=PDF, **who(team, team.contact, project)
    )
    session.commit()
    backups.backup(database_url, tmp_path / "backup.sqlite3")
    restored = f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    backups.restore(restored, tmp_path / "backup.sqlite3")
    engine = open_engine(restored)
    with Session(engine) as again:
        assert again.exec(select(FileContent.content)).one() == PDF
    engine.dispose()


def test_agreed_results_are_ticked_at_the_delivery_and_later_said_to_be_in_use(
    app: Flask, session: Session, world: tuple[Team, Project]
) -> None:
    team, project = world
    agreed(session, team, project, "名簿", "使い方の紙", "研修を1回")
    session.commit()
    person = Pages(f.signed_in(app, session, team.accounts[0]))
    page = person.get(f"/professional/projects/{project.id}/deliver?lang=en")
    person.submit(
        page.form("deliver"), text="共有フォルダーに置きました", handed_over=["0", "1"], follow=True
    )
    rows = session.exec(select(Deliverable).order_by(Deliverable.position)).all()  # type: ignore[arg-type]
    session.commit()
    assert [(row.title, row.handed_over) for row in rows] == [
        ("名簿", True), ("使い方の紙", True), ("研修を1回", False)
    ]  # fmt: skip
    group = Pages(f.signed_in(app, session, team.contact))
    page = group.get(f"/group/projects/{project.id}/use?lang=en")
    page = group.submit(page.form("use"), status=422)
    first, second, third = (row.id for row in rows)
    said = {
        f"use-{first}": "used", f"use-{second}": "partly", f"use-{third}": "not_used",
        f"note-{third}": "日程が合わず",
    }  # fmt: skip
    page = group.submit(page.form("use"), **said, follow=True)
    assert "日程が合わず" in page.text("main")
    session.expire_all()
    rows = session.exec(select(Deliverable).order_by(Deliverable.position)).all()  # type: ignore[arg-type]
    assert [row.use for row in rows] == ["used", "partly", "not_used"]
    assert "Partly in use" in person.get(f"/professional/projects/{project.id}").text("main")


def test_who_says_what_is_in_use_and_when(session: Session, world: tuple[Team, Project]) -> None:
    team, project = world
    agreed(session, team, project, "名簿")
    given: dict[str, Any] = {"now": NOW, "today": TODAY, "project_id": project.id, "said": {}}
    with pytest.raises(Conflict, match="project_state"):
        deliverables.say_use(session, actor=team.actor(team.contact), **given)
    for stranger in (team.actor(team.accounts[0]), Actor(account_id=f.account(session).id)):
        with pytest.raises(NotFound):
            deliverables.say_use(session, actor=stranger, **given)
    project_steps.deliver(
        session, now=NOW, today=TODAY, **who(team, team.contact, project),
        data={"version": project.version, "text": "渡しました", "handed_over": ["0"]},
    )  # fmt: skip
    assert len(deliverables.of_project(session, project.id)) == 1
    project_steps.reopen(
        session, now=NOW, version=project.version, **who(team, team.contact, project)
    )
    assert project.state == ProjectState.IN_PROGRESS
    assert deliverables.of_project(session, project.id) == ()
    project.state = ProjectState.FOLLOWED_UP
    with pytest.raises(Conflict, match="project_state"):
        project_files.add_link(
            session, now=NOW, data={"title": "x", "address": "https://example.jp/"},
            **who(team, team.contact, project),
        )  # fmt: skip
