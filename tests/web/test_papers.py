"""Papers: tagged PDF that says what the pages say, in both languages, with inert words."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlmodel import Session, select

from matchmaker.models import (
    AuditEntry,
    Certificate,
    HoursEntry,
    Project,
    ProjectMember,
    RoleSkill,
)
from matchmaker.services import approvals, offers, taxonomy
from tests import factories as f
from tests.pages import Pages
from tests.scenes import TODAY, City, city, computed_round
from web import pdf

HOSTILE = '#panic("x") *a* _b_ $c$ <d> @e `f` \\ = g // h [i] {j}'


@pytest.fixture
def town(session: Session) -> City:
    return city(session)


@pytest.fixture
def pages(app: Flask, session: Session, town: City) -> Pages:
    return Pages(f.signed_in(app, session, town.coordinator))


def read(content: bytes) -> PdfReader:
    """The PDF, after checking what every paper must be: tagged, titled, in a language, PDF/UA."""
    found = PdfReader(io.BytesIO(content))
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] in ("ja", "en")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert found.metadata is not None
    assert found.metadata.title
    return found


def words(found: PdfReader) -> str:
    """Everything a PDF says, without blanks: where lines break is not what it says."""
    return "".join("".join(page.extract_text() for page in found.pages).split())


def written(text: str) -> str:
    """A text without hiragana: the readings stand between the words they belong to."""
    return re.sub("[ぁ-ゖ]", "", text)


def paper(pages: Pages, url: str) -> PdfReader:
    answer = pages.client.get(url)
    assert answer.status_code == 200, url
    assert answer.mimetype == "application/pdf"
    return read(answer.data)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_block_can_be_set_and_words_stay_words(app: Flask, language: str) -> None:
    blocks = [
        pdf.heading(HOSTILE, 1),
        pdf.heading("見出し"),
        pdf.heading("小見出し", 3),
        *(pdf.text(HOSTILE, kind) for kind in ("text", "lead", "small", "right", "note")),
        *(pdf.items([HOSTILE, "二"], kind) for kind in ("items", "ordered", "options", "blanks")),
        pdf.table([("名", 2, False), ("数", 1, True)], [[HOSTILE, "1,234"]]),
        pdf.facts([("項目", HOSTILE)]),
        pdf.picture('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "絵", 20),
        pdf.NEW_PAGE,
        pdf.text("二ページ目"),
    ]
    made = pdf.Paper(HOSTILE, blocks, date(2026, 11, 2), language=language)
    with app.test_request_context():
        content = pdf.render(made)
        assert pdf.render(made) == content
        large = pdf.render(pdf.Paper(HOSTILE, blocks, date(2026, 11, 2), True, language))
    found = read(content)
    assert found.trailer["/Root"]["/Lang"] == language
    assert found.metadata is not None
    assert found.metadata.title == HOSTILE
    said = words(found)
    assert said.count("".join(HOSTILE.split())) == 12
    assert len(found.pages) == 2
    assert len(read(large).pages) >= 2


def test_what_the_typeface_lacks_is_told_and_rare_kanji_are_set(app: Flask) -> None:
    rare = "髙﨑 𠮟る 草彅 鷗外 ①㈱ é ß – ★ 〜～ −"
    made = pdf.Paper("字", [pdf.heading("字", 1), pdf.text(f"{rare} 😀 ≋")], date(2026, 11, 2))
    with app.test_request_context():
        said = words(read(pdf.render(made)))
    assert said.count(pdf.MISSING) == 2
    assert "髙﨑" in said
    assert "草彅" in said


def test_letters_for_people_without_an_address(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    approvals.approve_all(session, actor=town.actor, now=now, round_id=row.id)
    town.kato.email = "kato@example.jp"
    session.add(town.kato)
    session.commit()
    address = f"/coordinator/rounds/{row.id}/letters.pdf"
    page = pages.get(f"/coordinator/rounds/{row.id}/send?lang=en")
    assert page.link("Letters to print, with a reply slip") == address
    found = paper(pages, address)
    said = words(found)
    assert "水野陽子様" in said  # in the language of the one it is for, whoever prints it
    assert "加藤誠" not in said
    assert "お引き受けします" in said
    assert "この方々にお願いします" in said
    assert "加藤誠" in words(paper(pages, f"{address}?all=1"))

    planned = offers.plan(session, actor=town.actor, round_id=row.id)
    data = {"version": planned.round.version, "shown": planned.digest, "reply_by": "2026-11-20"}
    offers.send_round(session, actor=town.actor, now=now, today=TODAY, round_id=row.id, data=data)
    session.commit()
    assert "水野陽子様" in words(paper(pages, address))
    page = pages.get(f"/coordinator/rounds/{row.id}/replies?lang=en")
    assert "people without an address" in page.text("main")


def test_match_sheets_and_whom_to_recruit(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    skill = session.get_one(RoleSkill, (town.designer.id, "leaflets"))
    skill.min_level, skill.essential = 4, True
    session.add(skill)
    row = computed_round(session, town.actor, now)
    session.commit()
    pages.get("/coordinator?lang=en")
    found = paper(pages, f"/coordinator/rounds/{row.id}/sheets.pdf")
    said = words(found)
    assert "会計の見直し:水野陽子" in said
    assert "Confidential" in said
    assert "みほん製作所" in said
    assert "まつりのチラシ" not in said  # it has no team
    said = words(paper(pages, f"/coordinator/rounds/{row.id}/recruit.pdf"))
    assert "Leaflets(leadsothers)" in said
    assert "まつりのチラシをつくりたい" in said
    assert "水野" not in said


def test_the_public_report_says_on_paper_what_the_page_says(
    app: Flask, pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    visitor = Pages(app.test_client())
    visitor.get(f"/rounds/{row.id}/report.pdf", status=404)
    approvals.approve_all(session, actor=town.actor, now=now, round_id=row.id)
    planned = offers.plan(session, actor=town.actor, round_id=row.id)
    data = {"version": planned.round.version, "shown": planned.digest, "reply_by": "2026-11-20"}
    offers.send_round(session, actor=town.actor, now=now, today=TODAY, round_id=row.id, data=data)
    session.commit()
    for spoken in ("ja", "en"):
        page = visitor.get(f"/rounds/{row.id}?lang={spoken}")
        said = words(paper(visitor, f"/rounds/{row.id}/report.pdf"))
        for cell in (*page.texts("td"), *page.texts("th"), *page.texts("main ol li")[2:]):
            assert "".join(cell.split()) in said, cell
        assert "水野" not in said


@pytest.fixture
def finished(session: Session, town: City, now: datetime) -> Project:
    """水野 worked with the kitchen; one of two entries is confirmed."""
    town.mizuno.account_id = f.account(session, name="水野 陽子").id
    project = f.add(
        session,
        Project(need_id=town.accounts.id, group_id=town.groups[0].id, title="寄付の管理",
                state="delivered", agreed_on=date(2026, 6, 1), started_on=date(2026, 6, 8),
                ended_on=date(2026, 9, 30), created_at=now),
    )  # fmt: skip
    f.add(
        session,
        ProjectMember(project_id=project.id, professional_id=town.mizuno.id,
                      role_id=town.lead.id, company_id=town.company.id,
                      joined_on=date(2026, 6, 1)),
    )  # fmt: skip
    for minutes, payer, confirmed in ((90, "own", now), (60, "company", now), (30, "own", None)):
        f.add(
            session,
            HoursEntry(project_id=project.id, professional_id=town.mizuno.id, minutes=minutes,
                       worked_on=date(2026, 7, 1), payer=payer, confirmed_at=confirmed,
                       created_at=now),
        )  # fmt: skip
    return project


def test_a_certificate_and_whoever_is_shown_it(
    app: Flask, session: Session, town: City, finished: Project
) -> None:
    account = session.get_one(f.Account, town.mizuno.account_id)
    mine = Pages(f.signed_in(app, session, account))
    page = mine.get(f"/professional/projects/{finished.id}?lang=en")
    action = f"/professional/projects/{finished.id}/certificate"
    page = mine.submit(page.form(action), follow=True)
    assert "This certificate is genuine" in page.text("main")
    made = session.exec(select(Certificate)).one()
    session.commit()
    told = page.text(".definitions")
    visitor = Pages(app.test_client())
    seen = visitor.get(f"/certificates/{made.id}?lang=en")
    assert seen.text(".definitions") == told
    assert "2 hours 30 minutes (of these 1 hour in company time)" in told
    assert "みほん製作所" not in told
    found = paper(visitor, seen.link("The certificate"))
    said = words(found)
    for each in seen.texts(".definitions dd"):
        assert "".join(each.split()) in said, each
    assert f"/certificates/{made.id}" in said
    assert "noindex" in seen.html

    mine.submit(mine.get(f"/professional/projects/{finished.id}").form(action), follow=True)
    assert len(session.exec(select(Certificate)).all()) == 1  # nothing changed, nothing new
    late = session.exec(select(HoursEntry).where(HoursEntry.minutes == 30)).one()
    late.confirmed_at = datetime(2026, 11, 2, tzinfo=UTC)
    session.add(late)
    session.commit()
    page = mine.submit(mine.get(f"/professional/projects/{finished.id}").form(action), follow=True)
    assert "3 hours (of these" in page.text(".definitions")
    visitor.get(f"/certificates/{made.id}")  # the older one still is what it was
    acts = session.exec(select(AuditEntry.act).where(AuditEntry.subject_id == finished.id)).all()
    assert acts == ["issue_certificate"] * 2


def test_codes_that_lead_nowhere(app: Flask, session: Session) -> None:
    visitor = Pages(app.test_client())
    page = visitor.get("/certificates?lang=en")
    page = visitor.get("/certificates?code=K-NONE", follow=True, status=404)
    assert "There is no certificate with the code “k-none”" in page.text("main")
    visitor.get("/certificates/k-none/certificate.pdf", status=404)


def test_only_a_finished_project_and_only_ones_own(
    app: Flask, session: Session, town: City, finished: Project
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    finished.state = "in_progress"
    session.add(finished)
    account = session.get_one(f.Account, town.mizuno.account_id)
    mine = Pages(f.signed_in(app, session, account))
    page = mine.get(f"/professional/projects/{finished.id}?lang=en")
    assert "certificate" not in page.text("main")
    action = f"/professional/projects/{finished.id}/certificate"
    mine.post(action, {}, status=409)
    stranger = f.account(session)
    town.sato.account_id = stranger.id
    session.add(town.sato)
    theirs = Pages(f.signed_in(app, session, stranger))
    theirs.post(action, {}, status=404)
    assert session.exec(select(Certificate)).all() == []


def test_a_companys_year_on_paper(
    app: Flask, session: Session, town: City, finished: Project
) -> None:
    officer = f.account(session)
    company = f.company(session, officer=officer, name="みほん工業")
    town.mizuno.company_id = company.id
    session.add(town.mizuno)
    theirs = Pages(f.signed_in(app, session, officer))
    page = theirs.get(f"/company/{company.id}?lang=en")
    assert page.text("h1")
    said = words(paper(theirs, f"/company/{company.id}/participation.pdf"))
    assert "みほん工業" in said
    assert "水野" not in said  # no consent
    Pages(app.test_client()).get(f"/company/{company.id}/participation.pdf", status=302)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/professional/paper-form.pdf", ("お名前", "電話番号", "事務局記入欄")),
        ("/group/registration-form.pdf", ("団体の名前", "団体の種類", "電話番号")),
        ("/group/need-form.pdf", ("題名", "急ぎ", "役割1", "事務局記入欄")),
    ],
)
def test_paper_forms_ask_what_the_pages_ask(
    app: Flask, session: Session, address: str, asked: tuple[str, ...]
) -> None:
    taxonomy.load(session)
    session.commit()
    visitor = Pages(app.test_client())
    visitor.get("/?lang=ja")
    said = words(paper(visitor, address))
    for question in asked:
        assert written(question) in written(said), question
    visitor.get("/?lang=en")
    assert "Fortheoffice" in words(paper(visitor, address))
