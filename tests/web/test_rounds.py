"""The coordinator's rounds as pages: begin, wait, review, decide, ask, change, undo."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.engine import Policy
from matchmaker.models import (
    Need,
    PolicyVersion,
    ProfessionalSkill,
    ProfileState,
    Proposal,
    ProposalState,
    Round,
    RoundMark,
    RoundState,
)
from matchmaker.services import approvals, needs, policies
from matchmaker.services.reason_names import Names
from tests import factories as f
from tests.pages import Pages
from tests.scenes import TODAY, City, city, computed_round, seats, start_round, work_off
from web.move_words import moves


@pytest.fixture
def town(session: Session) -> City:
    return city(session)


@pytest.fixture
def pages(app: Flask, session: Session, town: City) -> Pages:
    return Pages(f.signed_in(app, session, town.coordinator))


def board(session: Session, town: City, now: datetime) -> Round:
    return computed_round(session, town.actor, now)


def state_of(session: Session, proposal_id: str) -> str:
    session.expire_all()
    state = session.get_one(Proposal, proposal_id).state
    session.commit()
    return state


def test_from_the_first_round_to_the_board(
    pages: Pages, session: Session, town: City, now: datetime, app: Flask
) -> None:
    page = pages.get("/coordinator/rounds?lang=en")
    assert "There has been no round yet" in page.text("main")
    page = pages.get("/coordinator/rounds/new")
    page = pages.submit(page.form("/coordinator/rounds/new"), name="2026年 秋の回", follow=True)
    assert "working out" in page.text("h1")
    assert page.headers["Refresh"] == "2"
    work_off(app.extensions["database"], now)
    page = pages.get(page.url)
    assert "the proposals are ready" in page.text("h1")
    assert "水野 陽子" in page.text("main")
    assert "Nothing has been sent" in page.text("main")


def test_a_round_without_a_name_is_told(pages: Pages, session: Session) -> None:
    page = pages.get("/coordinator/rounds/new?lang=en")
    page = pages.submit(page.form("/coordinator/rounds/new"), name="", status=422)
    assert "Please fill this in" in page.text("main")
    assert session.exec(select(Round)).all() == []


def test_a_round_of_no_need_is_told(pages: Pages, session: Session) -> None:
    page = pages.get("/coordinator/rounds/new?lang=en")
    page = pages.post("/coordinator/rounds/new", {"name": "空の回"}, status=422)
    assert "Please choose at least one" in page.text("main")
    assert session.exec(select(Round)).all() == []


def test_approve_and_take_back(pages: Pages, session: Session, town: City, now: datetime) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    session.commit()
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    page = pages.submit(page.form(f"/coordinator/proposals/{one}/approve"), follow=True)
    assert state_of(session, one) == ProposalState.APPROVED
    assert "Approved by 伊藤 結衣" in page.text("main")
    page = pages.submit(page.form(f"/coordinator/proposals/{one}/undo"), follow=True)
    assert state_of(session, one) == ProposalState.PROPOSED


def test_a_need_that_has_left_since_is_told_beside_the_figures(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    told = "Since this was worked out, 1 need has left the round."
    address = f"/coordinator/rounds/{row.id}?lang=en"
    assert told not in pages.get(address).text("main")
    need = session.get_one(Need, town.accounts.id)
    pause = needs.Reason(reason="会場が変わる", version=need.version)
    needs.pause(session, actor=town.actor, now=now, need_id=need.id, command=pause)
    session.commit()
    assert told in pages.get(address).text("main")


def test_who_was_asked_elsewhere_since_is_marked_before_anybody_approves(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    address = f"/coordinator/rounds/{row.id}?lang=en"
    told = "the person of 1 seat was asked elsewhere or paused"
    assert told not in pages.get(address).text("main")
    need = f.need(session, f.group(session))
    other = f.round_(session, need, name="急ぎの回")
    held = f.proposal(session, other, f.role(session, need), town.kato, state="approved")
    session.commit()
    page = pages.get(address)
    assert told in page.text("main")
    marked = [each for each in page.texts(".seat") if "Asked elsewhere since" in each]
    assert len(marked) == 1
    assert "加藤 誠" in marked[0]
    link = page.link("Take back the approval of 加藤 誠 in “急ぎの回”")
    assert link == f"/coordinator/rounds/{other.id}/needs/{need.id}"
    assert "Asked elsewhere since" in pages.get(f"{address}&view=table").text("main table")
    seat = seats(session, row)[town.kato.id, town.designer.id].id
    session.commit()
    page = pages.get(address)
    page = pages.submit(page.form(f"/coordinator/proposals/{seat}/approve"), follow=True)
    assert "Take back the approval of 加藤 誠 in “急ぎの回”" in page.text(".notice-error")
    assert state_of(session, seat) == ProposalState.PROPOSED
    town.kato.capacity, town.kato.hours_per_week = 2, 40
    session.add(town.kato)
    session.commit()
    assert told not in pages.get(address).text("main")
    assert held.round_id == other.id


def test_who_paused_since_is_marked_too(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    town.le.state = ProfileState.PAUSED
    session.add(town.le)
    session.commit()
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    (marked,) = (each for each in page.texts(".seat") if "Not available now" in each)
    assert "レ・ティ・ハー" in marked


def test_a_round_that_shares_an_approved_person_says_where_to_take_it_back(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    approvals.approve_all(session, actor=town.actor, now=now, round_id=row.id)
    need = f.need(session, f.group(session))
    other = f.round_(session, need, name="急ぎの回")
    f.proposal(session, other, f.role(session, need), town.kato, state="approved")
    session.commit()
    page = pages.get(f"/coordinator/rounds/{row.id}/send?lang=en")
    page = pages.submit(page.form("/send"), status=409)
    link = page.link("Take back the approval of 加藤 誠 in “急ぎの回”")
    assert link == f"/coordinator/rounds/{other.id}/needs/{need.id}"


def test_approve_a_team_then_everything(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    action = f"/coordinator/rounds/{row.id}/needs/{town.accounts.id}/approve"
    page = pages.submit(page.form(action), follow=True)
    assert "The team was approved" in page.text("main")
    page = pages.get(f"/coordinator/rounds/{row.id}/approve-all")
    page = pages.submit(page.form(f"/coordinator/rounds/{row.id}/approve-all"), follow=True)
    session.expire_all()
    assert {each.state for each in session.exec(select(Proposal))} == {ProposalState.APPROVED}
    assert "Go on to the check before sending" in page.text(".board-actions .button-primary")


def test_whoever_comes_second_is_told_who_was_first(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    other = f.staff(session, name="大野 さくら")
    theirs = Pages(f.signed_in(app, session, other))
    shown = theirs.get(f"/coordinator/rounds/{row.id}?lang=en")
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    pages.submit(page.form(f"/coordinator/proposals/{one}/approve"), follow=True)
    page = theirs.submit(shown.form(f"/coordinator/proposals/{one}/approve"), follow=True)
    assert "伊藤 結衣 was a moment earlier" in page.text("main")


def test_setting_aside_needs_a_reason(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.kato.id, town.designer.id].id
    session.commit()
    address = f"/coordinator/proposals/{one}/change"
    page = pages.get(f"{address}?lang=en")
    page = pages.submit(page.form(address), status=422)
    assert "Please choose one" in page.text("main")
    assert state_of(session, one) == ProposalState.PROPOSED
    page = pages.submit(page.form(address), reason="relation", note="親せきです", follow=True)
    assert "set aside" in page.text("main")
    assert state_of(session, one) == ProposalState.REJECTED
    record = pages.get(f"/coordinator/rounds/{row.id}/record")
    assert "親せきです" in record.text("main")


def test_why_shows_what_another_person_would_cost(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    session.commit()
    page = pages.get(f"/coordinator/proposals/{one}/why?lang=en")
    assert "Accounting (leads others)" in page.text("main")
    assert "佐藤 健" in page.text("main")
    page = pages.get(f"/coordinator/proposals/{one}/why?person={town.sato.id}")
    assert "Why not 佐藤 健?" in page.text("main")
    assert "All in all, people and needs would suit a little less well." in page.text("main")
    page = pages.get(f"/coordinator/proposals/{one}/why?person={town.le.id}")
    assert "Accounting is essential" in page.text("main")
    # A search leads to what it found, far down on the page, or to the answer at its top.
    assert page.form("/why#answer").method == "get"
    page = pages.get(f"/coordinator/proposals/{one}/why?text=かとう")
    assert "加藤 誠" in page.text("#answer")


def test_a_seat_can_be_given_to_somebody_else(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    session.commit()
    page = pages.get(f"/coordinator/proposals/{one}/why?person={town.sato.id}&lang=en")
    pages.submit(page.form(f"/coordinator/proposals/{one}/replace"), follow=True)
    work_off(app.extensions["database"], now)
    page = pages.get(f"/coordinator/rounds/{row.id}/record")
    assert "佐藤 健 gets “会計の見直し” in “寄付の管理を楽にしたい”" in page.text("main")
    session.expire_all()
    assert seats(session, row)[town.sato.id, town.lead.id].pinned


def test_a_difference_is_one_line_a_person_and_a_long_one_is_folded(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    with app.test_request_context("/?lang=en"):
        people = {f"p{n}": f"人{n}" for n in range(9)}
        names = Names(people=people, roles={"a": ("会計", "家計"), "b": ("司会", "祭り")})
        told = moves([("p1", "a"), ("p2", "b")], [("p1", "b"), ("p0", "a")], names, ["p1"])
        assert told == [
            "人1: from “司会” in “祭り” to “会計” in “家計”",
            "人0 loses “会計” in “家計”",
            "人2 gets “司会” in “祭り”",
        ]
        shown = app.jinja_env.get_template("components/folded-list.html").module
        html = str(shown.folded_list([f"{n}" for n in range(9)]))
        assert "4 more people" in html


def test_changing_a_seat_offers_who_else_could_have_it(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.kato.id, town.designer.id].id
    session.commit()
    page = pages.get(f"/coordinator/proposals/{one}/change?lang=en")
    assert "佐藤 健" in page.text(".rivals")
    assert "Without a seat this time" in page.text(".rivals")
    assert f"/coordinator/proposals/{one}/why?person={town.sato.id}" in page.html
    pages.submit(page.form(f"/coordinator/proposals/{one}/replace"), follow=True)
    work_off(app.extensions["database"], now)
    session.expire_all()
    assert seats(session, row)[town.sato.id, town.designer.id].pinned


def test_pins_are_listed_and_removable(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    session.commit()
    page = pages.get(f"/coordinator/proposals/{one}/why?lang=en")
    page = pages.submit(page.form(f"/coordinator/rounds/{row.id}/marks"), follow=True)
    assert page.path == f"/coordinator/rounds/{row.id}"  # still on the board
    assert page.flashes[0].startswith("Done: 水野 陽子 is fixed for “会計の見直し”")
    page = pages.get(f"/coordinator/rounds/{row.id}/record")
    assert "水野 陽子 as “会計の見直し”" in page.text("main")
    page = pages.submit(page.form(f"/coordinator/rounds/{row.id}/marks/remove"), follow=True)
    assert session.exec(select(RoundMark)).all() == []


def test_needs_without_a_team_and_people_who_wait(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    f.role(session, town.leaflet, ("law",), title="法律")
    row = board(session, town, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/unstaffed?lang=en")
    assert "Nobody offers" in page.text("main")
    assert "What would help" in page.text("main")
    page = pages.get(f"/coordinator/rounds/{row.id}/waiting?lang=en")
    assert "加藤 誠" in page.text("main")


def test_the_proof_says_how_it_is_known(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/proof?lang=en")
    assert "nothing better is possible" in page.text("main")
    assert row.inputs_hash in page.text("main")
    assert "not a level of its own: the sum of Urgent needs with a team" in page.text("main")
    assert "–" not in page.texts("td")


def test_a_failed_round_names_the_pins(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    for role in (town.lead, town.designer):
        mark = {"professional_id": town.sato.id, "role_id": role.id, "kind": "pin"}
        session.add(RoundMark(round_id=row.id, created_at=now, **mark))
    session.commit()
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    pages.submit(page.form(f"/coordinator/rounds/{row.id}/compute"), follow=True)
    work_off(app.extensions["database"], now)
    page = pages.get(f"/coordinator/rounds/{row.id}")
    assert "cannot all hold" in page.text("main")
    assert "水野 陽子" in page.text("main")  # what was proposed before is still shown


def test_search_filters_and_pages_of_a_large_round(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    for number in range(25):
        need = f.need(session, town.groups[0], title=f"大きな回のニーズ{number}")
        f.role(session, need, title="だれでも")
        f.professional(session, name=f"人 {number}")
    row = board(session, town, now)
    address = f"/coordinator/rounds/{row.id}?lang=en"
    assert len(pages.get(address).all("article.card")) == 10
    assert len(pages.get(f"{address}&page=3").all("article.card")) == 7
    assert len(pages.get(f"{address}&page=99").all("article.card")) == 7
    assert len(pages.get(f"{address}&urgency=urgent").all("article.card")) == 1
    assert len(pages.get(f"{address}&text=寄付").all("article.card")) == 1
    assert len(pages.get(f"{address}&text=みずの").all("article.card")) == 1
    assert "Nothing matches" in pages.get(f"{address}&text=%25").text("main")


def test_cancelling_is_confirmed(pages: Pages, session: Session, town: City, now: datetime) -> None:
    row = board(session, town, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/cancel?lang=en")
    pages.submit(page.form(f"/coordinator/rounds/{row.id}/cancel"), follow=True)
    session.expire_all()
    assert session.get_one(Round, row.id).state == RoundState.CANCELLED


def test_stopping_a_computation(pages: Pages, session: Session, town: City, now: datetime) -> None:
    row = start_round(session, town.actor, now)
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    page = pages.submit(page.form(f"/coordinator/rounds/{row.id}/stop"), follow=True)
    assert "Nothing was changed" in page.text("main")


@pytest.mark.parametrize(
    "address",
    [
        "/coordinator/rounds",
        "/coordinator/rounds/new",
        "/coordinator/rounds/{row}",
        "/coordinator/rounds/{row}/unstaffed",
        "/coordinator/rounds/{row}/waiting",
        "/coordinator/rounds/{row}/record",
        "/coordinator/rounds/{row}/proof",
        "/coordinator/rounds/{row}/fairness",
        "/coordinator/rounds/{row}/what-if",
        "/coordinator/rounds/{row}/rather",
        "/coordinator/rounds/{row}/recruit",
        "/coordinator/rounds/{row}/questions",
        "/coordinator/rounds/{row}/cancel",
        "/coordinator/rounds/{row}/approve-all",
        "/coordinator/proposals/{one}/why",
        "/coordinator/proposals/{one}/change",
        "/coordinator/policy",
    ],
)
def test_others_see_nothing(
    app: Flask, session: Session, town: City, now: datetime, address: str
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    url = address.format(row=row.id, one=one)
    stranger = app.test_client()
    assert stranger.get(url).status_code == 302
    member = f.account(session)
    f.group(session, person=member)
    assert f.signed_in(app, session, member).get(url).status_code == 403
    assert f.signed_in(app, session, f.staff(session, "city")).get(url).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/coordinator/rounds/m-none",
        "/coordinator/rounds/m-none/unstaffed",
        "/coordinator/rounds/m-none/proof",
        "/coordinator/rounds/m-none/fairness",
        "/coordinator/rounds/m-none/what-if",
        "/coordinator/what-if/e-none",
        "/coordinator/rounds/m-none/rather",
        "/coordinator/rounds/m-none/recruit",
        "/coordinator/rounds/m-none/questions",
        "/coordinator/proposals/x-none/why",
        "/coordinator/proposals/x-none/change",
    ],
)
def test_what_does_not_exist_is_not_found(pages: Pages, address: str) -> None:
    pages.get(address, status=404)


def test_promises_are_published_kept_and_priced(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    page = pages.get("/coordinator/policy?lang=en")
    pages.submit(
        page.form("/coordinator/policy"), neighbourhood="1", new_employers=True, note="公平に"
    )
    rules = pages.get("/rules?lang=en")
    assert "Neighbourhood associations: at least 1 of them gets support" in rules.text("main")
    assert "employers as possible who are new to the programme" in rules.text("main")
    town.groups[1].kind = "neighbourhood"
    session.add(town.groups[1])
    row = board(session, town, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/proof?lang=en")
    assert "Groups that were promised support and get it" in page.text("table")
    assert "Employers new to the programme" in page.text("table")
    page = pages.get(f"/coordinator/rounds/{row.id}/fairness")
    assert "What this promise cost: Neighbourhood associations" in page.text("main")
    assert "Nothing: the round would be the same." in page.text("main")
    assert "only coordinators see this" not in page.text("main")


def test_a_promise_that_costs_says_who_paid(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    """One person, two needs: the promise sends her to the group that fits less well."""
    policies.publish(
        session,
        actor=town.actor,
        now=now,
        data={
            **policies.entries(Policy()),
            "first_time": 1,
            "note": "初めての団体に",
            "based_on": 0,
        },
    )
    for person in (town.kato, town.sato, town.le):
        person.state = "paused"
        session.add(person)
    town.groups[0].last_supported_on = TODAY
    session.add(town.groups[0])
    f.add(session, ProfessionalSkill(professional_id=town.mizuno.id, skill="leaflets", level=1))
    row = board(session, town, now)
    page = pages.get(f"/coordinator/rounds/{row.id}/fairness?lang=en")
    told = page.text("main")
    assert "Groups that get support for the first time111" in told  # served, here, promised
    assert "“寄付の管理を楽にしたい (ひだまり食堂の会)” would find a team." in told
    assert "“まつりのチラシをつくりたい (楠まつり実行委員会)” would lose its team." in told
    assert "水野 陽子: from “デザイン” in “まつりのチラシをつくりたい”" in told
    assert row.measures["prices"]["first_time"]["total_score"] > 0
    row.state, row.sent_at = RoundState.SENT, now
    session.add(row)
    session.commit()
    page = pages.get(f"/rounds/{row.id}?lang=en")
    told = page.text("main")
    assert "What the promises cost the others" in told
    assert "Groups that get support for the first time: " in told
    assert "Total of all fits: " in told
    assert "水野" not in told


def test_publishing_a_policy(pages: Pages, session: Session) -> None:
    page = pages.get("/coordinator/policy?lang=en")
    page = pages.submit(page.form("/coordinator/policy"), skills="60", note="", status=422)
    assert session.exec(select(PolicyVersion)).all() == []
    session.commit()
    page = pages.submit(
        page.form("/coordinator/policy"), skills="60", note="技能をもっと大事にします", follow=True
    )
    assert "The policy is published" in page.text("main")
    version = session.exec(select(PolicyVersion)).one()
    assert version.body["weights"]["skills"] == 60


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first_time", "-1"),
        ("neighbourhood", "ten"),
        ("skills", "-1"),
        ("skills", "many"),
        ("floor", "0"),
        ("time", "101"),
        ("note", "\u202eab"),
    ],
)
def test_a_wrong_policy_is_told_and_not_stored(
    pages: Pages, session: Session, name: str, value: str
) -> None:
    page = pages.get("/coordinator/policy?lang=en")
    values = {"note": "ためす", name: value}
    pages.submit(page.form("/coordinator/policy"), status=422, **values)
    assert session.exec(select(PolicyVersion)).all() == []
