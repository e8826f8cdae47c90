"""The weekly mail of new needs: what suits, what searches find, once, and only if there is any."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matchmaker.db import session_factory
from matchmaker.errors import Conflict, NotFound
from matchmaker.models import Account, Need, Notice, NoticeChoice, ProfessionalSkill, Wish
from matchmaker.services import new_needs, notice_choices, saved_searches
from matchmaker.services.actors import VISITOR
from tests import factories as f
from tests.conftest import both_databases

ZONE = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 11, 9, 7, 0, tzinfo=ZONE)
LAST_WEEK = MONDAY - timedelta(days=3)


class World:
    """An accountant who gets the mail, and a group whose needs open when a test says so."""

    def __init__(self, session: Session, engine: Engine) -> None:
        self.session, self.factory = session, session_factory(engine)
        self.account = f.account(session, name="会計 得意")
        self.person = f.professional(session, person=self.account)
        f.skill(session, "accounting")
        f.add(session, ProfessionalSkill(professional_id=self.person.id, skill="accounting",
                                         level=3))  # fmt: skip
        self.group = f.group(session, name="ひだまり食堂")
        self.actor = f.actor(session, self.account)
        self.want("weekly")

    def want(self, pace: str, account: Account | None = None) -> None:
        actor = f.actor(self.session, account) if account else self.actor
        notice_choices.choose(
            self.session, actor=actor, now=f.NOW, data={saved_searches.KIND: pace}
        )

    def need(self, title: str, skill: str, opened_at: datetime = LAST_WEEK, **more: Any) -> Need:
        need = f.need(self.session, self.group, title=title, opened_at=opened_at, **more)
        f.role(self.session, need, (skill,))
        return need

    def told(self, now: datetime = MONDAY) -> list[dict[str, Any]]:
        self.session.commit()
        new_needs.tell(self.factory, now=now, zone=ZONE)
        rows = self.session.exec(select(Notice).where(Notice.code == saved_searches.KIND))
        return [row.params for row in rows]


@pytest.fixture
def world(session: Session, engine: Engine) -> World:
    return World(session, engine)


def titles(params: dict[str, Any]) -> list[str]:
    return [need["title"] for need in params["suited"]]


@both_databases
def test_new_needs_that_suit_are_told_once_a_week(world: World) -> None:
    world.need("帳簿の見直し", "accounting")
    world.need("ロゴづくり", "logo")
    world.need("古いニーズ", "accounting", MONDAY - timedelta(days=9))
    world.need("今朝のニーズ", "accounting", MONDAY + timedelta(minutes=1))
    (mail,) = world.told()
    assert titles(mail) == ["帳簿の見直し"]
    assert len(world.told(MONDAY + timedelta(days=2))) == 1
    later = world.told(MONDAY + timedelta(days=7))
    assert sorted(titles(each)[0] for each in later) == ["今朝のニーズ", "帳簿の見直し"]


def test_nothing_comes_when_nothing_is_new_or_nobody_wants_it(world: World) -> None:
    world.need("ロゴづくり", "logo")
    assert world.told() == []
    world.need("帳簿", "accounting")
    world.want("never")
    assert world.told() == []
    world.want("weekly")
    assert len(world.told()) == 1


def test_what_one_has_said_something_about_is_not_new(world: World) -> None:
    for rank, title in ((1, "希望したもの"), (0, "これは違う")):
        need = world.need(title, "accounting")
        f.add(world.session, Wish(professional_id=world.person.id, need_id=need.id, rank=rank))
    assert world.told() == []


def test_a_search_finds_what_is_newer_than_itself_also_for_somebody_without_a_profile(
    world: World,
) -> None:
    session, other = world.session, f.account(world.session)
    actor = f.actor(session, other)
    world.want("never")
    saved = saved_searches.save(
        session, actor=actor, now=LAST_WEEK - timedelta(hours=1), name="ロゴ",
        filters={"q": "ロゴ", "page": "3", "sort": "newest", "evil": "x"},
    )  # fmt: skip
    assert saved.filters == {"q": "ロゴ"}
    assert session.get_one(NoticeChoice, (other.id, "new_needs")).pace == "weekly"
    world.need("ロゴづくり", "logo")
    world.need("前からあるロゴ", "logo", LAST_WEEK - timedelta(hours=2))
    (mail,) = world.told()
    assert mail["suited"] == []
    assert [(each["search"], [need["title"] for need in each["needs"]])
            for each in mail["found"]] == [("ロゴ", ["ロゴづくり"])]  # fmt: skip


def test_keeping_a_search_does_not_undo_a_choice_against_mails(world: World) -> None:
    world.want("never")
    saved_searches.save(
        world.session, actor=world.actor, now=f.NOW, filters={"q": "会計"}, name="会計"
    )
    assert world.session.get_one(NoticeChoice, (world.account.id, "new_needs")).pace == "never"


def test_ones_searches_are_ones_own_and_not_without_end(world: World) -> None:
    session = world.session
    given: dict[str, Any] = {"actor": world.actor, "now": f.NOW, "name": "x"}
    first = saved_searches.save(session, **given, filters={"q": "0"})
    assert saved_searches.save(session, **given, filters={"q": "0"}).id == first.id
    for number in range(1, saved_searches.MOST):
        saved_searches.save(session, **given, filters={"q": str(number)})
    for code, filters in (("searches_full", {"q": "more"}), ("search_empty", {"page": "2"})):
        with pytest.raises(Conflict, match=code):
            saved_searches.save(session, **given, filters=filters)
    with pytest.raises(Conflict, match="sign_in_first"):
        saved_searches.save(session, actor=VISITOR, now=f.NOW, filters={"q": "x"}, name="x")
    other = f.actor(session, f.account(session))
    with pytest.raises(NotFound):
        saved_searches.delete(session, actor=other, now=f.NOW, search_id=first.id)
    saved_searches.delete(session, actor=world.actor, now=f.NOW, search_id=first.id)
    assert len(saved_searches.mine(session, actor=world.actor)) == saved_searches.MOST - 1


def test_a_hidden_group_is_not_named_in_the_mail(world: World) -> None:
    world.group.public = False
    world.session.add(world.group)
    world.need("帳簿", "accounting")
    (mail,) = world.told()
    assert mail["suited"][0]["group"] == ""
