"""After a round was sent: a decline reopens the seat; who is not concerned sees nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import NewPage, on_both
from tests.journeys.walks import fill, follow, is_told, press
from tests.journeys.words import ja
from tests.live import LiveSite
from tests.places import Places, act, enter_as, look_around, send_round


def _sent(site: LiveSite) -> Places:
    places: Places = act(site, look_around)
    act(site, lambda session: send_round(session, places.round))
    return places


@on_both
def test_a_decline_with_its_reason_reopens_the_seat_and_is_on_todays_list(
    site: LiveSite, visitor: NewPage
) -> None:
    _sent(site)
    person, coordinator = visitor(width=390), visitor()
    enter_as(person, site, "professional")
    person.goto("/professional/offers")
    invitation = person.get_by_role("main").get_by_role("link").first
    title = invitation.inner_text()
    invitation.click()
    follow(person, "Not this time")
    person.get_by_role("main").get_by_role("radio").first.check()
    fill(person, "Anything we should know for next time?", "今期は仕事が立てこんでいます。")
    press(person, "Answer “not this time”")
    is_told(person, "Thank you for answering. We will look again another time.")
    expect(person.get_by_role("heading", name=title, level=1)).to_be_visible()

    enter_as(coordinator, site, "coordinator")
    coordinator.goto("/coordinator")
    line = coordinator.locator(".seat").filter(has_text=title)
    expect(line.filter(has_text=ja("Fill a seat again")).first).to_be_visible()


def test_strangers_and_other_roles_do_not_get_in(site: LiveSite, visitor: NewPage) -> None:
    places = _sent(site)
    offer, team = f"/professional/offers/{places.seat}", f"/group/needs/{places.matched_need}/team"
    board = f"/coordinator/rounds/{places.round}"
    stranger, city = visitor(), visitor()
    for address in (offer, team, board, "/city", f"/company/{places.company}"):
        stranger.goto(address)
        expect(stranger).to_have_url(f"{site.url}/sign-in?next={address}")
    enter_as(city, site, "city")
    refused = {address: _status(city, address) for address in (offer, team, board)}
    assert refused == {offer: 404, team: 404, board: 403}
    assert _status(city, f"/company/{places.company}") == 403


def _status(window: object, address: str) -> int:
    answer = window.goto(address)  # type: ignore[attr-defined]
    assert answer is not None
    return int(answer.status)
