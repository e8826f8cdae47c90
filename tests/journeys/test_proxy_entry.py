"""What comes by telephone and on paper: entered by a coordinator, in the order of the printed form,
told who said so; what is wrong is said in its place, and it takes part like anything else."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from matchmaker.jobs import utc_now
from tests.journeys import walks
from tests.journeys.conftest import NewPage
from tests.journeys.counted import aside, count_from_now, task
from tests.journeys.walks import fill, follow, is_told, press, sees, tick
from tests.journeys.words import ja
from tests.live import LiveSite
from tests.places import act, enter_as, look_around

PERSON, READING, WHO = "森 一郎", "もり いちろう", "お嬢さん"
TITLE = "夏祭りの会計を引き継ぎたい"
SKILL = "会計・決算"
OFFICE = "For the office"
GOALS = "Which goals (SDGs) does it serve?"  # follows from the fields; no paper asks for it
# What a reader is asked: headings of parts, questions, answers that stand alone.
ASKED = "main form h2, main form label, main form legend"


@dataclass
class Printed:
    """A printed form, read from front to back while the pages are filled in."""

    text: str
    at: int = 0

    @classmethod
    def of(cls, window: Page, address: str) -> Printed:
        answer = window.request.get(address)
        assert answer.ok
        pages = PdfReader(io.BytesIO(answer.body())).pages
        return cls(_without_readings("".join(page.extract_text() for page in pages)))

    def holds_in_order(self, questions: list[str]) -> None:
        """Each question of a page stands further down on the paper than the one before."""
        assert questions
        for question in questions:
            wanted = _without_readings(question)
            found = self.text.find(wanted, self.at)
            assert found >= 0, f"{question!r} does not follow on the paper"
            self.at = found + len(wanted)


def _without_readings(text: str) -> str:
    """The readings of the printed words, and where its lines break, are not what it says."""
    return re.sub(r"[ぁ-ゖ\s]", "", text)


def questions(window: Page) -> list[str]:
    """What the page asks, in its order, without the rows of a table and what the office notes."""
    window.wait_for_load_state()
    asked = window.locator(ASKED).evaluate_all(
        """found => found
            .filter(each => !each.closest('.choices, .slot-grid, .entry-skill, .notice'))
            .map(each => { const own = each.cloneNode(true);
                own.querySelectorAll('.mark, .visually-hidden').forEach(mark => mark.remove());
                return own.textContent.trim(); })"""
    )
    until = asked.index(ja(OFFICE)) if ja(OFFICE) in asked else len(asked)
    return [text for text in asked[:until] if text and text != ja(GOALS)]


def test_a_professional_by_telephone_takes_part_and_history_says_who_said_so(
    site: LiveSite, visitor: NewPage
) -> None:
    act(site, look_around)
    window = count_from_now(visitor())
    enter_as(window, site, "coordinator")
    paper = Printed.of(window, "/professional/paper-form.pdf?lang=ja")
    window.goto("/coordinator")
    with task(window, "enter a professional from the telephone, and accept"):
        follow(window, "People")
        follow(window, "Enter somebody from paper or the telephone")
        paper.holds_in_order(questions(window))
        _say_a_profile(window)
        with aside(window):
            fill(window, "Hours a week you can give", "ごじかん")
            press(window, "Save")
            _is_told_in_place(window, "Hours a week you can give")
        _nothing_is_lost(window)
        fill(window, "Hours a week you can give", "５")
        press(window, "Save")
        is_told(window, "It is entered and complete. Please check it like any other profile.")
        press(window, "Accept the profile")
    history_says(window, PERSON, ja("Professional"))
    takes_part(window, PERSON, otherwise="waiting")


def test_a_need_on_paper_goes_through_the_check_into_the_next_round(
    site: LiveSite, visitor: NewPage
) -> None:
    places = act(site, look_around)
    window = count_from_now(visitor())
    enter_as(window, site, "coordinator")
    paper = Printed.of(window, "/group/need-form.pdf?lang=ja")
    window.goto(f"/coordinator/groups/{places.group}")
    with task(window, "enter a need from paper"):
        follow(window, "Write a need for this group")
        _say_who_said_so(window)
        window.get_by_role("button", name=re.compile("「.*会計.*」")).first.click()
        paper.holds_in_order(questions(window))
        press(window, "Save and go on")
        paper.holds_in_order(questions(window))
        with aside(window):
            _tell_the_story(window, result="")
            _is_told_in_place(window, "What will there be at the end?")
        expect(window.get_by_label(ja("Title"))).to_have_value(TITLE)
        _tell_the_story(window, result="来年の当番も使える会計ノート")
        follow(window, "Go on")
        paper.holds_in_order(questions(window))
        for question in ("How do you work together?", "How urgent is it?"):
            asked = window.get_by_role("group", name=ja(question))
            asked.get_by_role("radio").last.check()
        press(window, "Save and go on")
        paper.holds_in_order(questions(window))
        for answer in window.get_by_label(ja("Yes"), exact=True).all():
            answer.check()
        press(window, "Save and go on")
        press(window, "Hand in the need")
    is_told(window, "Thank you. We have your need and will check it.")
    history_says(window, TITLE, ja("Need"))
    window.goto("/coordinator")
    with task(window, "check a need and open it"):
        window.get_by_role("main").get_by_role("link", name=re.compile(TITLE)).first.click()
        press(window, "Open the need")
    takes_part(window, TITLE, otherwise="unstaffed")


def takes_part(window: Page, name: str, *, otherwise: str) -> None:
    """In a new round of everything that is open: on the board, or told why not."""
    window.goto("/coordinator/rounds/new")
    fill(window, "Name of the round", "電話と紙の分も入れて")
    press(window, "Work out the proposals")
    walks.round_ready(window)
    board = window.url
    window.goto(f"{board}?text={name}")
    if not window.locator("article.card").count():
        window.goto(f"{board}/{otherwise}?text={name}")
    sees(window, name)


def history_says(window: Page, about: str, kind: str) -> None:
    """Each line about it names who said so, and how."""
    window.goto(f"/coordinator/history?q={about}")
    lines = window.locator(".timeline > li").filter(has_text=kind)
    told = lines.filter(has_text=WHO).filter(has_text=ja("By telephone"))
    expect(told.first).to_be_visible()


def _say_a_profile(window: Page) -> None:
    window.locator("main input[name=name]").fill(PERSON)
    fill(window, "Reading of your name", READING)
    window.get_by_role("group", name=ja("How are you connected with the city?")).get_by_role(
        "radio"
    ).first.check()
    fill(window, "Telephone", "059-354-8100")
    window.locator("input[name=skill1]").fill(SKILL)
    window.locator("select[name=level1]").select_option("3")
    tick(window, "Where can you work?", ja("Online"))
    tick(window, "Where can you work?", ja("In person, in the city"))
    window.get_by_label(ja("Any project is fine")).check()
    _note_who_said_so(window)


def _note_who_said_so(window: Page) -> None:
    fill(window, "Who said so?", WHO)
    window.locator("main input[name=channel][value=phone]").check()
    window.locator("main input[name=said_on]").fill(utc_now().date().isoformat())


def _say_who_said_so(window: Page) -> None:
    _note_who_said_so(window)
    press(window, "Go on to writing")


def _is_told_in_place(window: Page, question: str) -> None:
    """The summary leads to the field, and the field says what is wrong with it."""
    summary = window.get_by_role("alert")
    summary.get_by_role("link", name=re.compile(re.escape(ja(question)))).click()
    field = window.get_by_role("main").get_by_label(re.compile(rf"^\s*{re.escape(ja(question))}"))
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile(ja("Error: ").strip()))


def _nothing_is_lost(window: Page) -> None:
    expect(window.get_by_label(ja("Telephone"))).to_have_value("059-354-8100")
    expect(window.locator("input[name=skill1]")).to_have_value(SKILL)
    expect(window.locator("select[name=level1]")).to_have_value("3")
    expect(window.get_by_label(ja("Who said so?"))).to_have_value(WHO)
    expect(window.locator("main input[name=channel][value=phone]")).to_be_checked()
    expect(window.get_by_label(ja("Any project is fine"))).to_be_checked()


def _tell_the_story(window: Page, *, result: str) -> None:
    fill(window, "Title", TITLE)
    fill(window, "What troubles you now?", "帳簿が手書きで、当番が替わるたびに作り直しています。")
    fill(window, "What will there be at the end?", result)
    fill(window, "What does the professional gain?", "お祭りの裏側を知ることができます。")
    fields = window.get_by_role("group", name=ja("Which field does it belong to?"))
    fields.get_by_role("checkbox").first.check()
    press(window, "Save and go on")
