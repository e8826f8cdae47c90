"""Up to five wishes in order, "not this one", "any project is fine"."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matchmaker.db import session_factory, transaction
from matchmaker.errors import Conflict, NotFound
from matchmaker.models import Need, NeedState, ProfileState, Wish
from matchmaker.services import wishes
from matchmaker.services.actors import VISITOR, Actor
from tests import factories
from tests.conftest import NOW, both_databases


@pytest.fixture
def me(session: Session) -> Actor:
    person = factories.account(session)
    factories.professional(session, person=person)
    session.commit()
    return factories.actor(session, person)


@pytest.fixture
def needs(session: Session) -> list[Need]:
    group = factories.group(session)
    found = [factories.need(session, group, title=f"相談 {number}") for number in range(7)]
    session.commit()
    return found


def ranks(session: Session) -> dict[str, int]:
    session.flush()
    return {row.need_id: row.rank for row in session.exec(select(Wish).order_by(Wish.rank))}


def test_wishes_stand_in_the_order_they_were_made_and_can_be_moved(
    session: Session, me: Actor, needs: list[Need]
) -> None:
    args = {"actor": me, "now": NOW}
    for need in [*needs[:3], needs[0]]:  # wishing again changes nothing
        wishes.wish(session, **args, need_id=need.id)
    wishes.move(session, **args, need_id=needs[2].id, up=True)
    wishes.move(session, **args, need_id=needs[0].id, up=True)  # already first
    assert ranks(session) == {needs[0].id: 1, needs[2].id: 2, needs[1].id: 3}
    wishes.remove(session, **args, need_id=needs[0].id)
    wishes.remove(session, **args, need_id=needs[0].id)
    assert ranks(session) == {needs[2].id: 1, needs[1].id: 2}
    page = wishes.overview(session, actor=me)
    assert [line.need.id for line in page.wished] == [needs[2].id, needs[1].id]


def test_there_are_five_at_most(session: Session, me: Actor, needs: list[Need]) -> None:
    for need in needs[:5]:
        wishes.wish(session, actor=me, now=NOW, need_id=need.id)
    with pytest.raises(Conflict, match="wishes_full"):
        wishes.wish(session, actor=me, now=NOW, need_id=needs[5].id)
    wishes.not_this_one(session, actor=me, now=NOW, need_id=needs[6].id)
    assert sorted(ranks(session).values()) == [0, 1, 2, 3, 4, 5]


def test_not_this_one_takes_the_place_of_a_wish_and_back(
    session: Session, me: Actor, needs: list[Need]
) -> None:
    for need in needs[:2]:
        wishes.wish(session, actor=me, now=NOW, need_id=need.id)
    wishes.not_this_one(session, actor=me, now=NOW, need_id=needs[0].id)
    assert ranks(session) == {needs[0].id: 0, needs[1].id: 1}
    wishes.wish(session, actor=me, now=NOW, need_id=needs[0].id)
    assert ranks(session) == {needs[1].id: 1, needs[0].id: 2}


def test_a_need_that_is_not_open_cannot_be_wished_for(
    session: Session, me: Actor, needs: list[Need]
) -> None:
    needs[0].state = NeedState.DRAFT
    for need_id in (needs[0].id, "n-nowhere"):
        with pytest.raises(NotFound, match="need_not_found"):
            wishes.wish(session, actor=me, now=NOW, need_id=need_id)
        with pytest.raises(NotFound, match="need_not_found"):
            wishes.not_this_one(session, actor=me, now=NOW, need_id=need_id)
        assert wishes.overview(session, actor=me, need_id=need_id).asked is None
    with pytest.raises(NotFound, match="wish_not_found"):
        wishes.move(session, actor=me, now=NOW, need_id=needs[1].id, up=True)


def test_a_wish_whose_need_was_closed_stays_on_the_page_and_can_be_removed(
    session: Session, me: Actor, needs: list[Need]
) -> None:
    wishes.wish(session, actor=me, now=NOW, need_id=needs[0].id)
    needs[0].state = NeedState.WITHDRAWN
    page = wishes.overview(session, actor=me)
    assert [line.open for line in page.wished] == [False]
    wishes.remove(session, actor=me, now=NOW, need_id=needs[0].id)
    assert ranks(session) == {}


def test_any_project_is_kept_on_the_profile(session: Session, me: Actor) -> None:
    for _ in range(2):
        wishes.set_any_project(session, actor=me, now=NOW, fine=True)
    assert wishes.overview(session, actor=me).person.any_project


def test_without_a_profile_or_after_leaving_there_are_no_wishes(
    session: Session, me: Actor, needs: list[Need]
) -> None:
    stranger = factories.actor(session, factories.account(session))
    for who in (stranger, VISITOR):
        with pytest.raises(NotFound):
            wishes.overview(session, actor=who)
        with pytest.raises(NotFound):
            wishes.wish(session, actor=who, now=NOW, need_id=needs[0].id)
    wishes.overview(session, actor=me).person.state = ProfileState.LEFT
    with pytest.raises(Conflict, match="profile_left"):
        wishes.wish(session, actor=me, now=NOW, need_id=needs[0].id)


@both_databases
def test_wishing_in_several_windows_at_once_never_makes_more_than_five(
    session: Session, me: Actor, needs: list[Need], engine: Engine
) -> None:
    ids = [need.id for need in needs]
    session.rollback()

    def add(need_id: str) -> None:
        try:
            with transaction(session_factory(engine)) as own:
                wishes.wish(own, actor=me, now=NOW, need_id=need_id)
        except Conflict:
            return

    threads = [Thread(target=add, args=(need_id,)) for need_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ranks(session).values()) == [1, 2, 3, 4, 5]
