"""Cases: drafted from what is there, released by everybody, off the site when one takes it back."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from sqlmodel import Session, select

from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import CasePicture, CaseRelease, CaseState, Side
from matchmaker.services import (
    case_directory,
    case_pictures,
    case_releases,
    case_sheets,
    cases,
    erasure,
    pictures,
    project_steps,
)
from matchmaker.services.actors import VISITOR, Actor
from matchmaker.services.on_behalf import OnBehalf
from matchmaker.services.public_search import CaseSearch
from tests import factories
from tests.conftest import both_databases
from tests.services.test_projects import NOW, TODAY, Team

HEARD = OnBehalf(said_by="本人", channel="phone", said_on=TODAY)
WORDS = {
    "title": "寄付が倍になりました",
    "problem": "手書きで困っていました",
    "work": "表にしました",
    "result": "月10分で済みます",
    "group_words": "助かりました",
}


def photo(size: tuple[int, int] = (4000, 1000), kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


@pytest.fixture
def team(session: Session) -> Team:
    team = Team(session)
    team.act(project_steps.begin, team.first)
    team.act(project_steps.deliver, data={"version": team.project.version, "text": "会計の表"})
    team.say(team.first, comment="学びました", quotable=True)
    team.say(team.second, comment="内緒です")
    team.say(team.us, comment="ありがとう", quotable=True)
    return team


def side_of(actor: Actor) -> Side:
    return Side.PROFESSIONAL if actor.professional_id else Side.GROUP


def of(team: Team, act: Any, actor: Actor, **given: Any) -> Any:
    side = {"side": side_of(actor)} if "side" not in given else {}
    return act(team.session, actor=actor, now=NOW, project_id=team.project.id, **side, **given)


def written(team: Team) -> Any:
    case = of(team, cases.begin, team.us)
    return of(team, cases.save, team.us, data={**WORDS, "version": case.version})


def asked(team: Team) -> Any:
    case = written(team)
    return of(team, cases.ask, team.us, version=case.version)


def release(team: Team, actor: Actor, case: Any, *, named: bool = True) -> None:
    of(team, case_releases.release, actor, data={"edition": case.edition, "named": named})


def publish(team: Team, case: Any) -> Any:
    return case_releases.publish(
        team.session, actor=team.coordinator, now=NOW, project_id=team.project.id,
        version=case.version,
    )  # fmt: skip


def published(team: Team) -> Any:
    case = asked(team)
    for actor in (team.first, team.second, team.us):
        release(team, actor, case, named=actor is not team.second)
    return publish(team, case)


def test_a_draft_is_filled_in_and_quotes_only_what_may_be_quoted(team: Team) -> None:
    case = of(team, cases.begin, team.first)
    assert of(team, cases.begin, team.us).id == case.id
    assert (case.problem, case.work) == (team.need.summary, "寄付を倍にする")
    assert (case.result, case.group_words) == ("会計の表", "ありがとう")
    assert case.professional_words == "学びました"


def test_nothing_can_be_told_before_it_is_handed_over(session: Session) -> None:
    team = Team(session)
    with pytest.raises(Conflict, match="project_not_told"):
        of(team, cases.begin, team.us)


@both_databases
def test_it_is_public_only_when_all_released_it_and_names_stand_only_where_allowed(
    team: Team,
) -> None:
    case = asked(team)
    release(team, team.first, case)
    release(team, team.us, case)
    with pytest.raises(Conflict, match="case_not_released"):
        publish(team, case)
    with pytest.raises(NotFound):
        case_directory.public_case(team.session, case_id=case.id)
    release(team, team.second, case, named=False)
    publish(team, case)
    seen = case_directory.public_case(team.session, case_id=case.id)
    assert (seen.names, seen.people) == ((team.first.name,), 2)
    found = case_directory.published(team.session, search=CaseSearch(text="寄附 月10分"))
    assert found.total == 0
    found = case_directory.published(
        team.session, search=CaseSearch(text="寄付 月１０分", year=2026)
    )
    assert [card.case.id for card in found.rows] == [case.id]


def test_taking_a_release_back_takes_it_off_at_once(team: Team) -> None:
    case = published(team)
    of(team, case_releases.take_back, team.second)
    with pytest.raises(NotFound):
        case_directory.public_case(team.session, case_id=case.id)
    with pytest.raises(Conflict, match="case_not_released"):
        publish(team, case)
    release(team, team.second, case)
    publish(team, case)
    assert len(case_directory.public_case(team.session, case_id=case.id).names) == 2


def test_a_change_needs_everybody_anew_and_an_old_page_releases_nothing(team: Team) -> None:
    case = published(team)
    old = case.edition
    of(team, cases.save, team.first, data={**WORDS, "result": "別のこと", "version": case.version})
    assert case.state == CaseState.DRAFT
    assert case_directory.published(team.session, search=CaseSearch()).total == 0
    of(team, cases.ask, team.us, version=case.version)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        of(team, case_releases.release, team.second, data={"edition": old, "named": True})
    sheet = case_sheets.sheet(
        team.session, actor=team.us, side=Side.GROUP, project_id=team.project.id
    )
    assert not any(voice.release for voice in sheet.voices)


def test_the_same_words_again_void_nothing(team: Team) -> None:
    case = published(team)
    of(team, cases.save, team.us, data={**WORDS, "version": case.version})
    assert case.state == CaseState.PUBLISHED


def test_a_coordinator_notes_what_was_said_by_telephone(team: Team) -> None:
    case = asked(team)
    for who in (team.stays[0].id, team.stays[1].id, "group"):
        case_releases.release_heard(
            team.session, actor=team.coordinator, now=NOW, project_id=team.project.id,
            data={"edition": case.edition, "named": True, "who": who}, on_behalf=HEARD,
        )  # fmt: skip
    assert publish(team, case).state == CaseState.PUBLISHED
    with pytest.raises(Forbidden):
        case_releases.release_heard(
            team.session, actor=team.us, now=NOW, project_id=team.project.id,
            data={"edition": case.edition, "who": "group"}, on_behalf=HEARD,
        )  # fmt: skip


def test_strangers_learn_nothing_of_it(team: Team, session: Session) -> None:
    case = written(team)
    stranger = factories.actor(session, factories.account(session))
    of(team, case_pictures.set_picture, team.us,
       data={"version": case.version, "alt": "表", "people": "none"}, content=photo())  # fmt: skip
    for act in (cases.begin, case_releases.take_back):
        for side in (Side.GROUP, Side.PROFESSIONAL):
            with pytest.raises(NotFound):
                of(team, act, stranger, side=side)
    for actor in (stranger, VISITOR):
        with pytest.raises(NotFound):
            case_directory.picture(session, actor=actor, case_id=case.id)
    for actor in (team.first, team.us, team.coordinator):
        assert case_directory.picture(session, actor=actor, case_id=case.id)[1] is False


def test_a_picture_loses_its_notes_stands_upright_and_is_small() -> None:
    notes = Image.Exif()
    notes[0x0112] = 6  # the camera was turned
    notes[0x010F] = "カメラ会社"
    ready = pictures.prepare(photo(exif=notes.tobytes()))
    assert (ready.width, ready.height) == (400, 1600)
    with Image.open(io.BytesIO(ready.content)) as image:
        assert image.format == "JPEG"
        assert not image.getexif()
        assert "icc_profile" not in image.info


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_kind"),
        (photo()[:2000], "picture_kind"),
        (photo(kind="GIF"), "picture_kind"),
        (b"\xff\xd8" + b"0" * pictures.MOST_BYTES, "picture_too_large"),
        (photo((9000, 9000), kind="PNG"), "picture_too_wide"),
    ],
    ids=["drawing", "cut off", "other kind", "too many bytes", "too many pixels"],
)
def test_what_is_no_fit_picture_is_refused_by_its_content(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        pictures.prepare(content)
    assert [(each.field, each.code) for each in refused.value.errors] == [("picture", code)]


def test_erasing_a_person_takes_their_name_and_their_release_along(
    team: Team, session: Session
) -> None:
    case = published(team)
    erasure.erase(session, actor=team.first, now=NOW, password=factories.PASSWORD)
    session.expire_all()
    assert case_directory.published(session, search=CaseSearch()).total == 0
    left = {row.member_id for row in session.exec(select(CaseRelease))}
    assert team.stays[0].id not in left
    of(team, cases.ask, team.us, version=case.version)
    for actor in (team.second, team.us):
        release(team, actor, case)
    publish(team, case)
    seen = case_directory.public_case(session, case_id=case.id)
    assert seen.names == (team.second.name,)


def test_a_picture_taken_out_leaves_the_database(team: Team, session: Session) -> None:
    case = written(team)
    note = {"version": case.version, "alt": "表", "people": "none"}
    of(team, case_pictures.set_picture, team.us, data=note, content=photo())
    assert session.get_one(CasePicture, case.id).width == pictures.LONGEST_SIDE
    of(team, case_pictures.remove_picture, team.us, version=case.version)
    assert session.get(CasePicture, case.id) is None
