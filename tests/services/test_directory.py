"""What anybody may read: search, filters, order, pages; and what stays hidden."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from matchmaker.errors import NotFound
from matchmaker.models import GroupField, NeedField, PolicyVersion, Project, Wish
from matchmaker.services import directory, group_directory, rules
from matchmaker.services.actors import VISITOR
from matchmaker.services.public_search import GroupSearch, NeedSearch
from tests import factories
from tests.conftest import NOW, both_databases

TODAY = date(2026, 11, 2)


def titles(session: Session, **given: str) -> list[str]:
    found = directory.open_needs(session, search=NeedSearch.read(given), on=TODAY)
    return [card.need.title for card in found.rows]


@pytest.fixture
def city(session: Session) -> Session:
    factories.district(session, "tokiwa")
    factories.district(session, "kusu")
    factories.field(session, "npo-01")
    factories.field(session, "npo-03")
    factories.skill(session, "finance", label_ja="財務")
    factories.skill(session, "accounting", label_ja="会計", parent="finance")
    hidamari = factories.group(
        session, name="ひだまり食堂", kana="ひだまりしょくどう", district="tokiwa"
    )
    matsuri = factories.group(
        session, name="楠まつり実行委員会", kana="くすまつり", district="kusu"
    )
    session.add(GroupField(group_id=matsuri.id, field="npo-03"))
    money = factories.need(
        session,
        hidamari,
        title="寄付の会計を楽にしたい",
        mode="remote",
        urgency="urgent",
        form="team",
        opened_at=factories.NOW - timedelta(days=9),
    )
    factories.role(session, money, ("accounting",))
    session.add(NeedField(need_id=money.id, field="npo-01"))
    factories.need(
        session,
        matsuri,
        title="まつりの100%手づくりチラシ",
        mode="onsite",
        form="session",
        starts_on=date(2026, 12, 1),
    )
    session.flush()
    return session


MONEY, FLYER = "寄付の会計を楽にしたい", "まつりの100%手づくりチラシ"


@both_databases
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, [MONEY, FLYER]),
        ({"q": "会計"}, [MONEY]),
        ({"q": "ひだまり"}, [MONEY]),
        ({"q": "ヒダマリ"}, [MONEY]),
        ({"q": "ﾁﾗｼ"}, [FLYER]),
        ({"q": "まつり チラシ"}, [FLYER]),
        ({"q": "まつり 会計"}, []),
        ({"q": "100%"}, [FLYER]),
        ({"q": "1%0"}, []),
        ({"q": "_"}, []),
        ({"q": "\\"}, []),
        ({"q": "' OR 1=1 --"}, []),
        ({"q": "\x00会計"}, [MONEY]),
        ({"skill": "accounting"}, [MONEY]),
        ({"skill": "finance"}, [MONEY]),
        ({"skill": "unknown"}, []),
        ({"field": "npo-01"}, [MONEY]),
        ({"field": "npo-03"}, [FLYER]),
        ({"district": "kusu"}, [FLYER]),
        ({"form": "team"}, [MONEY]),
        ({"form": "nonsense"}, [MONEY, FLYER]),
        ({"way": "remote"}, [MONEY]),
        ({"way": "onsite"}, [FLYER]),
        ({"urgency": "urgent"}, [MONEY]),
        ({"sort": "newest"}, [FLYER, MONEY]),
        ({"sort": "start"}, [FLYER, MONEY]),
        ({"page": "99"}, [MONEY, FLYER]),
        ({"page": "-1"}, [MONEY, FLYER]),
        ({"page": "x"}, [MONEY, FLYER]),
    ],
)
def test_needs_are_found_however_they_are_asked_for(
    city: Session, given: dict[str, str], found: list[str]
) -> None:
    assert titles(city, **given) == found


def test_only_open_needs_of_checked_groups_are_listed(session: Session) -> None:
    group = factories.group(session)
    unchecked = factories.group(session, state="submitted")
    for state in ("draft", "submitted", "returned", "withdrawn", "staffed", "cancelled"):
        factories.need(session, group, title=state, state=state)
    factories.need(session, unchecked, title="unchecked")
    factories.need(session, group, title="open")
    factories.need(session, group, title="in a round", state="in_round")
    assert sorted(titles(session)) == ["in a round", "open"]


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "withdrawn", "cancelled"])
def test_a_need_that_is_not_public_is_not_found(session: Session, state: str) -> None:
    need = factories.need(session, factories.group(session), state=state)
    with pytest.raises(NotFound, match="need_not_found"):
        directory.public_need(session, actor=VISITOR, need_id=need.id, on=TODAY)


def test_a_filled_need_keeps_its_page_and_says_that_it_is_closed(session: Session) -> None:
    need = factories.need(session, factories.group(session), state="staffed")
    assert not directory.public_need(session, actor=VISITOR, need_id=need.id, on=TODAY).open


def test_a_group_that_is_not_to_be_shown_stays_unnamed(session: Session) -> None:
    group = factories.group(session, name="かくれた会", public=False)
    need = factories.need(session, group)
    (card,) = directory.newest_needs(session, most=3, on=TODAY)
    seen = directory.public_need(session, actor=VISITOR, need_id=need.id, on=TODAY)
    assert card.group_name == card.group_id == seen.group_name == seen.group_id == ""
    with pytest.raises(NotFound, match="group_not_found"):
        group_directory.public_group(session, group_id=group.id, on=TODAY)


def test_a_groups_finished_projects_count_those_whose_result_is_not_used(session: Session) -> None:
    group = factories.group(session)
    for state in ("delivered", "not_used", "followed_up", "in_progress", "cancelled"):
        need = factories.need(session, group)
        factories.add(session, Project(need_id=need.id, group_id=group.id, title=need.title,
                                       state=state, agreed_on=TODAY, created_at=NOW))  # fmt: skip
    assert group_directory.public_group(session, group_id=group.id, on=TODAY).finished == 3


def test_a_reader_sees_only_their_own_wish(session: Session) -> None:
    need = factories.need(session, factories.group(session))
    person, other = factories.account(session), factories.account(session)
    mine = factories.professional(session, person=person)
    factories.professional(session, person=other)
    session.add(Wish(professional_id=mine.id, need_id=need.id, rank=2))
    session.flush()
    ranks = [
        directory.public_need(session, actor=actor, need_id=need.id, on=TODAY).rank
        for actor in (factories.actor(session, person), factories.actor(session, other), VISITOR)
    ]
    assert ranks == [2, None, None]


@pytest.mark.parametrize(
    ("given", "weeks"),
    [
        ({"weeks": 5, "starts_on": date(2026, 12, 1), "ends_on": date(2027, 3, 1)}, 5),
        ({"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 14)}, 2),
        ({"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 1)}, 1),
        ({"starts_on": date(2026, 12, 1)}, None),
    ],
)
def test_how_long_it_takes_is_said_or_follows_from_the_dates(
    session: Session, given: dict[str, object], weeks: int | None
) -> None:
    need = factories.need(session, factories.group(session), **given)
    assert directory.public_need(session, actor=VISITOR, need_id=need.id, on=TODAY).weeks == weeks


def test_a_long_list_comes_in_pages_and_few_queries(session: Session, engine: Engine) -> None:
    group = factories.group(session)
    for number in range(45):
        factories.role(session, factories.need(session, group, title=f"{number}"), ("accounting",))
    session.commit()
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    third = directory.open_needs(session, search=NeedSearch(page=3), on=TODAY)
    assert (len(third.rows), third.total, third.number, third.pages) == (5, 45, 3, 3)
    assert len([words for words in asked if words.startswith("SELECT")]) == 3
    assert [skill.code for skill in third.rows[0].skills] == ["accounting"]


def test_groups_are_found_by_name_reading_field_and_kind(session: Session) -> None:
    factories.field(session, "npo-01")
    first = factories.group(session, name="あおぞら", kana="あおぞら", kind="npo")
    factories.group(session, name="山手自治会", kana="やまてじちかい", kind="neighbourhood")
    factories.group(session, name="未確認", state="submitted")
    session.add(GroupField(group_id=first.id, field="npo-01"))
    factories.need(session, first)
    session.flush()

    def names(**given: str) -> list[str]:
        found = group_directory.groups(session, search=GroupSearch.read(given), on=TODAY)
        return [card.group.name for card in found.rows]

    assert names() == ["あおぞら", "山手自治会"]
    assert names(q="ヤマテ") == ["山手自治会"]
    assert names(field="npo-01") == names(kind="npo") == ["あおぞら"]
    (card,) = group_directory.groups(session, search=GroupSearch(kind="npo"), on=TODAY).rows
    assert card.open_needs == 1


def test_the_rules_are_the_newest_published_ones(session: Session) -> None:
    assert rules.in_force(session).version is None
    body = rules.in_force(session).policy.to_json()
    body["weights"] = dict.fromkeys(body["weights"], 0) | {"skills": 3, "time": 1}
    session.add(PolicyVersion(body=body, note="試行", created_at=factories.NOW))
    session.flush()
    found = rules.in_force(session)
    assert found.weights == (("skills", 75.0), ("time", 25.0))
    assert (found.note, found.since) == ("試行", factories.NOW)
