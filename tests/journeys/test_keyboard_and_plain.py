"""Without a mouse, and without JavaScript: the same things can be done."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys import walks
from tests.journeys.conftest import NewPage, on_both
from tests.journeys.walks import PASSWORD, is_told, sees
from tests.journeys.words import ja
from tests.live import LiveSite
from tests.places import Places, act, enter_as, look_around, send_round

FOCUS = """() => {
  const found = document.activeElement, style = getComputedStyle(found);
  const label = found.labels && found.labels.length ? found.labels[0].innerText : '';
  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    || style.boxShadow !== 'none';
  return [[found.ariaLabel, label, found.innerText].map(text => (text || '').trim()), seen];
}"""
MOST_STEPS = 120


@on_both
def test_signing_up_and_answering_an_invitation_with_the_keyboard_only(
    site: LiveSite, visitor: NewPage
) -> None:
    window = visitor()
    window.goto("/")
    _go_to(window, "I want to lend my skills")
    _enter(window)
    _go_to(window, "I want to lend my professional skills")
    _go_to(window, "Your name")
    window.keyboard.type("汐見 あおい")
    _go_to(window, "E-mail address")
    window.keyboard.type("aoi@example.jp")
    _go_to(window, "Send me the link")
    _enter(window)
    window.goto(site.link_in(site.mail_to("aoi@example.jp")))
    _go_to(window, "Choose a password")
    window.keyboard.type(PASSWORD)
    _go_to(window, "I have read these terms and agree")
    window.keyboard.press("Space")
    _go_to(window, "Open my account")
    _enter(window)
    is_told(window, "Your account is open.")


@on_both
def test_accepting_an_invitation_with_the_keyboard_only(site: LiveSite, visitor: NewPage) -> None:
    _sent(site)
    window = visitor()
    enter_as(window, site, "professional")
    window.goto("/professional/offers")
    window.keyboard.press("Tab")
    _sees_focus(window, ja("Skip to the content"))
    _go_to(window, "Read the invitation")
    _enter(window)
    _go_to(window, "Take part")
    _enter(window)
    is_told(window, "Thank you. We will write to you as soon as the group has answered.")


@on_both
def test_everything_can_be_done_without_javascript(site: LiveSite, visitor: NewPage) -> None:
    window = visitor(scripts=False, width=390)
    walks.sign_up(window, site, name="凪 さやか", email="nagi@example.jp",
                  door="I want to lend my skills")  # fmt: skip
    walks.fill_profile(window, kana="なぎ さやか", employer="", skill="助成金の申請")
    sees(window, "凪 さやか")
    coordinator = visitor(scripts=False)
    enter_as(coordinator, site, "coordinator")
    walks.accept_record(coordinator, "people", "凪 さやか", "Accept the profile")
    coordinator.goto("/coordinator/rounds")
    board = coordinator.get_by_role("main").get_by_role("link").filter(has_text="回").first
    board.click()
    walks.round_ready(coordinator)
    coordinator.get_by_role("button", name=ja("Work it out again")).click()
    walks.round_ready(coordinator)
    team = coordinator.get_by_role("button", name="のチームを承認").first
    team.click()
    is_told(coordinator, "The team was approved. Nothing has been sent yet.")
    walks.send_what_is_approved(coordinator)


def _sent(site: LiveSite) -> Places:
    places: Places = act(site, look_around)
    act(site, lambda session: send_round(session, places.round))
    return places


def _enter(window: Page) -> None:
    """Press Enter on a link or button and wait for the page behind it."""
    with window.expect_navigation():
        window.keyboard.press("Enter")


def _go_to(window: Page, sentence: str) -> None:
    """Press Tab until the focus, always to be seen, is on what says this."""
    passed = []
    for _step in range(MOST_STEPS):
        said, seen = window.evaluate(FOCUS)
        if any(text.startswith(ja(sentence)) for text in said):
            assert seen, f"the focus on {said!r} cannot be seen"
            return
        passed.append(said)
        window.keyboard.press("Tab")
    raise AssertionError(f"{ja(sentence)!r} was not reached with Tab: {passed}")


def _sees_focus(window: Page, text: str) -> None:
    said, seen = window.evaluate(FOCUS)
    assert text in said
    assert seen
    expect(window.locator(":focus")).to_be_in_viewport()
