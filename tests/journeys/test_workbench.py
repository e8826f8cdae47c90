"""A coordinator's hour: a round in one sitting, trials, a seat filled again, two at one board.

The tasks of docs/workbench.md are counted on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlmodel import Session, col, select

from matchmaker.db import open_engine
from matchmaker.jobs import utc_now
from matchmaker.models import (
    Professional,
    Proposal,
    ProposalState,
)
from matchmaker.sample.generate import generate
from matchmaker.services import demo_people, repairs, replies, taxonomy
from matchmaker.services.on_behalf import OnBehalf
from matchmaker.settings import read_settings
from tests import factories
from tests.journeys import walks
from tests.journeys.conftest import NewPage
from tests.journeys.counted import count_from_now, documented, task
from tests.journeys.desk import board, desk
from tests.journeys.walks import fill, follow, is_told, press, sees
from tests.journeys.words import ja
from tests.live import LiveSite, live_site
from tests.places import Places, act, actor_of, enter_as, look_around, send_round

SMALL_CITY = {"seed": 9, "groups": 6, "needs": 4, "professionals": 20, "employers": 6}
ROUND = "はじめての回"


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[LiveSite]:
    """The site of a city that begins today: a coordinator, the taxonomy, nothing else."""
    engine = open_engine(database_url)
    with Session(engine) as session:
        taxonomy.load(session)
        factories.staff(session, email=demo_people.address("coordinator"), name="伊藤 結衣")
        session.commit()
    settings = read_settings(
        {}, home=tmp_path, environment="demo", secret_key="journeys-" * 4, smtp_host="127.0.0.1",
        database_url=database_url,
    )  # fmt: skip
    with live_site(settings, engine) as running:
        yield running
    engine.dispose()


@pytest.fixture
def empty_desk(chromium: Browser, empty: LiveSite) -> Iterator[Page]:
    """The coordinator's window there."""
    context = chromium.new_context(base_url=empty.url, locale="ja-JP")
    window = count_from_now(context.new_page())
    enter_as(window, empty, "coordinator")
    yield window
    context.close()


def test_a_first_round_from_the_tables_to_the_mails_in_one_sitting(
    empty_desk: Page, empty: LiveSite, tmp_path: Path
) -> None:
    window = empty_desk
    generate(**SMALL_CITY, past=False).write(tmp_path / "market")
    window.goto("/coordinator/imports")
    tables = sorted(str(path) for path in (tmp_path / "market").glob("*.csv"))
    with task(window, "take tables over"):
        window.locator("input[type=file]").set_input_files(tables)
        press(window, "Check the files")
        follow(window, "Go on to take over")
        press(window, "Take over")
    expect(window.locator(".notice-success")).to_be_visible(timeout=40_000)
    window.goto("/coordinator")
    with task(window, "begin a round"):
        follow(window, "Rounds")
        follow(window, "Begin a new round")
        fill(window, "Name of the round", ROUND)
        press(window, "Work out the proposals")
    walks.round_ready(window)
    follow_somebody(window, "Why %(name)s?")
    sees(window, ja("What speaks for this proposal"))
    window.goto("/coordinator/rounds")
    follow(window, ROUND)
    with task(window, "approve everything and send"):
        follow(window, "Approve everything…")
        press(window, "Approve everything")
        follow(window, "Go on to the check before sending")
        window.locator("main form button[type=submit]").first.click()
    is_told(window, "The round is sent. The mails are on their way.")
    with empty.app.extensions["reading"]() as session:
        offered = session.exec(
            select(Proposal).where(Proposal.state == ProposalState.OFFERED)
        ).all()
    assert offered
    assert {each.state for each in offered} == {ProposalState.OFFERED}


def test_three_trials_side_by_side_and_one_is_kept(site: LiveSite, visitor: NewPage) -> None:
    places = act(site, look_around)
    window = desk(site, visitor)
    board(window, places)
    with task(window, "try a change"):
        follow(window, "Questions")
        follow(window, "What if …?")
        fill(window, "Name of the trial", "もう一人いれば")
        press(window, "Begin")
        follow_kind(window, "new_person")
        window.get_by_label(ja("Skill")).first.select_option(index=1)
        press(window, "Try it")
    with task(window, "one more change in the same trial"):
        follow_kind(window, "without_person")
        window.locator("main select").first.select_option(index=1)
        press(window, "Try it")
    follow(window, "What if …?")
    fill(window, "Name of the trial", "ニーズを一つ外す")
    press(window, "Begin")
    follow_kind(window, "without_need")
    window.locator("main select").first.select_option(index=1)
    press(window, "Try it")
    press(window, "Undo")
    press(window, "Redo")
    follow(window, "What if …?")
    heads = window.locator("main table").first.locator("thead th")
    expect(heads).to_have_count(5)  # what, now, and three trials
    window.get_by_role("link", name="ニーズを一つ外す").first.click()
    with task(window, "keep a trial"):
        follow(window, "Keep it: make it the round…")
        fill(window, "Why do you decide so?", "団体から、今回は見送りたいと連絡があったため")
        press(window, "Keep it and work out again")
    walks.round_ready(window)


def follow_somebody(window: Page, sentence: str) -> None:
    """The first link with this sentence about anybody."""
    window.get_by_role("link", name=re.compile(ja(sentence, name=".+"))).first.click()


def follow_kind(window: Page, kind: str) -> None:
    """One of the changes that can be tried."""
    window.locator(f"main a[href$='/try/{kind}']").click()


def test_a_no_by_mail_is_on_todays_list_and_a_small_round_fills_the_seat(
    site: LiveSite, visitor: NewPage
) -> None:
    places: Places = act(site, look_around)
    act(site, lambda session: send_round(session, places.round))
    window = desk(site, visitor)
    act(site, say_no_to_a_seat_others_could_take)
    window.goto("/coordinator")
    with task(window, "fill a seat after a no"):
        window.locator("main a[href$='/repair']").first.click()
        press(window, "Start the small round")
    walks.round_ready(window)


def test_two_at_one_board_one_is_told_and_nothing_is_lost(site: LiveSite, visitor: NewPage) -> None:
    places = act(site, look_around)
    first, second = desk(site, visitor), desk(site, visitor)
    board(first, places)
    board(second, places)
    one = first.locator("article.card").first
    same = second.locator("article.card").first
    title = one.locator("h3").inner_text()
    with task(first, "approve one team"):
        one.locator("footer button").click()
    is_told(first, "The team was approved. Nothing has been sent yet.")
    same.locator("footer button").click()
    expect(second.get_by_role("alert").or_(second.locator(".notice")).first).to_be_visible()
    approved = second.locator("article.card").filter(has_text=title)
    expect(approved.get_by_text(ja("Everybody approved")).first).to_be_visible()


def say_no_to_a_seat_others_could_take(session: Session) -> None:
    """Somebody says by telephone that they cannot come; of those whose seat others could take."""
    actor, now = actor_of(session, "coordinator"), utc_now()
    given = {"actor": actor, "today": now.date()}
    offered = select(Proposal.id).where(Proposal.state == ProposalState.OFFERED)
    for seat in session.exec(offered.order_by(col(Proposal.id))).all():
        trial = session.begin_nested()
        replies.decline_offer(
            session, **given, now=now, proposal_id=seat, data={"reason": "dates"},
            on_behalf=OnBehalf(said_by="ご本人", channel="phone", said_on=now.date()),
        )  # fmt: skip
        report = repairs.report(session, **given, proposal_id=seat)
        if report.open_needs and not report.stuck:
            return
        trial.rollback()
    raise AssertionError("nobody's seat could be filled again")


def test_what_is_done_often_takes_the_clicks_of_the_table(site: LiveSite, visitor: NewPage) -> None:
    places = act(site, look_around)
    window = desk(site, visitor)
    _while_the_round_is_looked_over(window, places)
    act(site, somebody_has_no_address)
    act(site, lambda session: send_round(session, places.round))
    _once_it_is_sent(window, places)


def somebody_has_no_address(session: Session) -> None:
    """One of those who are proposed is reached on paper only."""
    proposed = select(Proposal.professional_id).where(Proposal.state == ProposalState.PROPOSED)
    person = session.exec(
        select(Professional).where(
            col(Professional.id).in_(proposed), col(Professional.account_id).is_(None)
        )
    ).first()
    assert person
    person.email = ""


def _while_the_round_is_looked_over(window: Page, places: Places) -> None:
    wait_for_the_closer_look(window, places)
    board(window, places)
    with task(window, "tell somebody who waits what would open a seat"):
        window.locator("main a[href$='/waiting']").first.click()
        press_first(window, "Tell %(name)s: %(what)s")
    is_told(window, "A mail was written. It names no need and nobody else.")
    board(window, places)
    with task(window, "why this person, why not that one"):
        window.get_by_role("link", name=re.compile(ja("Why %(name)s?", name=".+"))).first.click()
        window.get_by_role(
            "link", name=re.compile(ja("Why not %(name)s?", name=".+"))
        ).first.click()
    expect(window.locator("#answer")).to_be_visible()
    with task(window, "back on the board, fix a pair"):
        press(window, "Fix this pair")
    board(window, places)
    with task(window, "give the seat to somebody else"):
        window.locator("main a[href$='/change']").first.click()
        press_first(window, "Give the seat to %(name)s")
    walks.round_ready(window)
    with task(window, "see what one's changes did to the round"):
        follow(window, "Compare in detail")
    sees(window, ja("Before any change"))
    board(window, places)
    with task(window, "approve all teams that nobody could call close"):
        follow(window, "Show as a table, a line for each need")
        window.get_by_label(ja("How sure")).select_option("sure")
        press(window, "Search")
        window.locator("main a[href*='approve-all'][href*='sure=sure']").click()
        press(window, "Approve these teams")
    board(window, places)
    with task(window, "ask a group for the change that helps"):
        window.locator("main a[href$='/unstaffed']").first.click()
        window.get_by_role("main").get_by_role("button").filter(
            has_text=ja("Ask the group")
        ).first.click()
    board(window, places)
    with task(window, "whom to recruit, on paper"):
        follow(window, "Questions")
        follow(window, "Whom to recruit")
        download(window, window.locator("main a[href*='recruit'][href*='pdf']"))
    board(window, places)
    with task(window, "a letter to every employer about whom we look for"):
        follow(window, "Questions")
        follow(window, "Whom to recruit")
        download(window, window.get_by_role("button", name=ja("Make the letters (PDF)")))
    window.goto("/coordinator")
    with task(window, "a message in our own words"):
        follow(window, "Rounds")
        follow(window, "Message texts")
        window.locator("main a[href*='/wording/']").first.click()
        fill(window, "Opening", "四日市市プロボノ事務局です。")
        press(window, "Save")


def wait_for_the_closer_look(window: Page, places: Places) -> None:
    """Until it is known what would open a seat to those who wait."""
    window.goto(f"/coordinator/rounds/{places.round}/waiting")
    for _second in range(40):
        if not window.get_by_text(ja("Still being worked out.")).count():
            return
        window.wait_for_timeout(1000)
        window.reload()
    raise AssertionError("nobody looked at those who wait")


def _once_it_is_sent(window: Page, places: Places) -> None:
    window.goto(f"/coordinator/rounds/{places.round}/replies")
    with task(window, "enter a reply by telephone"):
        window.locator("main table a.button").first.click()
        follow(window, "Enter a reply by telephone or on paper")
        for question in ("side", "answer", "channel"):
            window.locator(f"main input[name={question}]").first.check()
        fill(window, "Who said so?", "ご本人")
        window.locator("main input[name=said_on]").fill(utc_now().date().isoformat())
        press(window, "Record the reply")
    window.goto(f"/coordinator/rounds/{places.round}/replies")
    with task(window, "letters for people without an address"):
        download(window, window.locator("main a[href*='letters']"))
    window.goto("/coordinator")
    with task(window, "somebody leaves a project"):
        follow(window, "Projects")
        window.locator(f"main a[href$='{places.project}']").first.click()
        window.locator(f"main a[href*='{places.member}']").first.click()
        window.locator("main textarea[name=reason]").fill("転勤のため")
        press(window, "Take them off the project")
    window.goto("/coordinator")
    with task(window, "note a consultation"):
        follow(window, "Consultations")
        follow(window, "Note a consultation")
        window.locator("main input[name=medium]").first.check()
        window.locator("main select[name=topic]").select_option(index=1)
        fill(window, "What was asked and answered", "助成金の締め切りについて")
        press(window, "Save")


def press_first(window: Page, sentence: str) -> None:
    """The first button with this sentence about anybody."""
    name = re.compile(ja(sentence, name=".+", what=".+"))
    window.get_by_role("button", name=name).first.click()


def download(window: Page, link: Locator) -> None:
    """Press what opens a paper; it is taken as a file: the viewer is no part of the site."""

    def as_file(route: Route) -> None:
        answer = route.fetch()
        given = answer.headers
        if given["content-type"] == "application/pdf":
            given |= {"content-disposition": "attachment"}
        route.fulfill(response=answer, headers=given)

    window.route("**/*", as_file)
    with window.expect_download():
        link.first.click()
    window.unroute("**/*", as_file)


def test_every_task_of_the_table_is_counted() -> None:
    told = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert set(re.findall(r'task\(\w+, "([^"]+)"\)', told)) == set(documented())
