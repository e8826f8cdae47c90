"""What people do on the site, step by step, as they would with mouse and keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from matchmaker.jobs import utc_now
from matchmaker.services import invitations
from tests.journeys.words import ja
from tests.live import LiveSite
from tests.places import act, actor_of

PASSWORD = "kumo-no-ue-no-sakura"


def press(window: Page, sentence: str, **values: str) -> None:
    """Click the button that says this, and stand on the whole page it leads to."""
    window.get_by_role("button", name=ja(sentence, **values), exact=True).click()
    window.wait_for_load_state()  # a click waits for the answer's first bytes only


def follow(window: Page, sentence: str, **values: str) -> None:
    """Click the link that says this, and stand on the whole page it leads to."""
    window.get_by_role("link", name=ja(sentence, **values), exact=True).first.click()
    window.wait_for_load_state()  # as above


def fill(window: Page, sentence: str, text: str) -> None:
    """Type into the field with this label."""
    label = re.compile(rf"^\s*{re.escape(ja(sentence))}")
    window.get_by_role("main").get_by_label(label).fill(text)


def tick(window: Page, question: str, answer: str) -> None:
    """Tick an answer of a question with several."""
    asked = window.get_by_role("group", name=ja(question))
    asked.get_by_label(answer, exact=True).check()


def sees(window: Page, text: str) -> None:
    """The page says this."""
    expect(window.get_by_role("main").get_by_text(text).first).to_be_visible()


def is_told(window: Page, sentence: str) -> None:
    """What was done is said at the top of the page."""
    expect(window.get_by_text(ja(sentence)).first).to_be_visible()


def sign_up(window: Page, site: LiveSite, *, name: str, email: str, door: str) -> None:
    """From a door of the start page through the mailed link to an open account."""
    window.goto("/")
    window.get_by_role("main").get_by_role("link", name=ja(door)).click()
    fill(window, "Your name", name)
    fill(window, "E-mail address", email)
    press(window, "Send me the link")
    window.goto(site.link_in(site.mail_to(email)))
    choose_password(window)


def choose_password(window: Page) -> None:
    """Behind a mailed link: a password, the terms, in."""
    fill(window, "Choose a password", PASSWORD)
    window.get_by_label(ja("I have read these terms and agree")).check()
    press(window, "Open my account")
    is_told(window, "Your account is open.")


def sign_in(window: Page, email: str, password: str = PASSWORD) -> None:
    """On the sign-in page, wherever it was met."""
    fill(window, "E-mail address", email)
    fill(window, "Password", password)
    window.get_by_role("main").get_by_role("button", name=ja("Sign in")).click()


def sign_out(window: Page) -> None:
    """Leave by the button of the page's head; on a phone it is in the menu."""
    menu = window.get_by_role("banner").locator("summary:visible")
    if menu.count():
        menu.first.click()
    window.get_by_role("button", name=ja("Sign out")).locator("visible=true").click()
    is_told(window, "You are signed out.")


def fill_profile(window: Page, *, kana: str, employer: str, skill: str) -> None:
    """The four steps and the check, beginning on the first step's page."""
    fill(window, "Reading of your name", kana)
    window.get_by_role("group", name=ja("How are you connected with the city?")).get_by_role(
        "radio"
    ).first.check()
    window.get_by_label(ja("District you live or work in")).select_option(index=3)
    fill(window, "Where you work", employer)
    press(window, "Save and go on")
    choose_skill(window, skill)
    fill(window, "Hours a week you can give", "5")
    tick(window, "Where can you work?", ja("Online"))
    tick(window, "Where can you work?", ja("In person, in the city"))
    press(window, "Save and go on")
    window.get_by_label(ja("In your own words")).fill("地域の役に立てたらうれしいです。")
    press(window, "Save and go on")
    press(window, "Hand in the profile")


def choose_skill(window: Page, skill: str) -> None:
    """Describe the work, tick what was found, say how well, go on."""
    fill(window, "What do you do at work?", skill)
    press(window, "Look for skills")
    window.get_by_label(skill, exact=True).first.check()
    window.get_by_role("button", name=ja("Add the ticked ones")).first.click()
    window.get_by_role("group", name=skill).get_by_role("radio").nth(3).check()
    press(window, "Save and go on")


def register_group(window: Page, *, name: str, kana: str, contact: str) -> None:
    """Who we are, eligibility, contact, hand in; begins on the first step's page."""
    fill(window, "Name of the group", name)
    fill(window, "Reading in hiragana", kana)
    window.get_by_role("group", name=ja("What kind of group?")).get_by_role("radio").first.check()
    window.get_by_label(ja("District where you are based")).select_option(index=3)
    window.get_by_role("group", name=ja("What do you work on?")).get_by_role(
        "checkbox"
    ).first.check()
    fill(window, "What do you do?", "子どもと家族の居場所を、週に一度ひらいています。")
    press(window, "Save and go on")
    for box in window.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    press(window, "Confirm and go on")
    fill(window, "Name of the person we can reach", contact)
    fill(window, "How and when to reach this person", "平日の18時からお電話がつながります。")
    press(window, "Save and go on")
    press(window, "Hand in the registration")


def post_need(window: Page, *, menu: str, title: str) -> None:
    """From the group's page through the menu and the wizard until it is handed in."""
    follow(window, "Write a need")
    press(window, "Choose “%(menu)s”", menu=menu)
    press(window, "Save and go on")
    fill(window, "Title", title)
    fill(window, "What troubles you now?", "申請書を書ける人がおらず、毎年あきらめています。")
    fill(window, "What will there be at the end?", "来年も使える申請書のひな形")
    fill(window, "What does the professional gain?", "居場所づくりの現場を知ることができます。")
    window.get_by_role("group", name=ja("Which field does it belong to?")).get_by_role(
        "checkbox"
    ).first.check()
    press(window, "Save and go on")
    follow(window, "Go on")
    window.get_by_role("group", name=ja("How do you work together?")).get_by_role(
        "radio"
    ).first.check()
    window.get_by_role("group", name=ja("How urgent is it?")).get_by_role("radio").last.check()
    press(window, "Save and go on")
    for answer in window.get_by_label(ja("Yes"), exact=True).all():
        answer.check()
    press(window, "Save and go on")
    press(window, "Hand in the need")


def accept_record(window: Page, kind: str, name: str, button: str) -> None:
    """A coordinator opens what waits in a list and accepts it."""
    window.goto(f"/coordinator/{kind}?state=submitted")
    window.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
    press(window, button)


def round_ready(window: Page) -> None:
    """Wait on the progress page until the board shows."""
    ready = window.get_by_role("link", name=ja("Needs without a team")).first
    expect(ready).to_be_visible(timeout=40_000)


def send_what_is_approved(window: Page) -> None:
    """From the board through the preview of every message to the mails on their way."""
    follow(window, "Go on to the check before sending")
    window.locator("main form button[type=submit]").first.click()
    is_told(window, "The round is sent. The mails are on their way.")


def invite_officer(window: Page, site: LiveSite, *, company: str, email: str) -> None:
    """An administrator invites somebody of a company, who opens the mailed link."""
    command = invitations.Invite(name="総務 一郎", email=email, role="company", company_id=company)
    act(
        site,
        lambda session: invitations.invite(
            session, actor=actor_of(session, "admin"), now=utc_now(), command=command
        ),
    )
    window.goto(site.link_in(site.mail_to(email)))
    choose_password(window)
