"""Bad input, everywhere: a clear error beside the field, what was typed kept, nothing stored."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlsplit

import pytest

from matchmaker.services import entries
from tests import tour
from tests.web import bad_site
from tests.web.bad_site import Sender, Site, senders
from tests.web.bad_values import HIDDEN
from tests.web.form_probe import Entry, lost, said_above, short, unsaid

Sites = dict[str, Site]
ROLES = list(tour.TOUR)
# Where a list goes on after an act, and where to go next: kept as they are, never stored.
KEPT = ("text", "urgency", "status", "sure", "view", "page", "next", "back", "csrf_token")
# Text that is only searched for.
SEARCHED = {("professional.skills", "text")}
# Buttons of a form that only show it anew, with more on it.
LOOKING = {("act", "search"), ("act", "add"), ("preview", "yes")}
# What many controls say together, and what must not tell which of two entries was wrong.
SAID_ABOVE = {"professional.skills", "account.sign_in_now"}
# Hidden entries where another value is as good: no menu, another person of the round, and any
# version where the profile is only begun.
FREE = {
    ("group.new_need", "menu", ""),
    ("coordinator.mark_pair", "professional_id", "p002"),
    ("coordinator.replace_proposal", "professional_id", "p002"),
    ("professional.profile", "version", "９９９９"),
}
REFUSED = (303, 400, 403, 404, 409, 422)  # 303: back to the board, where it says why


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    yield from bad_site.sites(tmp_path_factory.mktemp("bad"))


def complaints(sender: Sender, language: str = "ja", rounds: int = 99) -> list[str]:
    """What is wrong with how a form answers to bad entries, a line each."""
    entries = [
        entry for entry in sender.probe.entries.values()
        if entry.kind not in ("hidden", "file")
        and (sender.site.endpoint(sender.target), entry.name) not in SEARCHED
    ]  # fmt: skip
    most = max((len(entry.bad()) for entry in entries), default=0)
    found = []
    for button in _buttons(sender):
        for number in range(min(most, rounds)):
            wrong = {entry.name: entry.bad()[number] for entry in entries
                     if number < len(entry.bad())}  # fmt: skip
            found += _judged(sender, wrong, button, language)
    return found


def _buttons(sender: Sender) -> list[tuple[str, str] | None]:
    """The named buttons that act; None for a form whose button has no name."""
    acting = [button for button in sender.probe.buttons if button not in LOOKING]
    return list(dict.fromkeys(acting)) or [None]


def _judged(sender: Sender, wrong: dict[str, str], button: object, language: str) -> list[str]:
    """All bad entries at once; those it does not mention, once more alone."""
    at_once = _answer(sender, wrong, button, language)
    if len(wrong) == 1:
        return [f"{sender.name} {name}={short(wrong[name])}: {text}"
                for name, text in at_once.items()]  # fmt: skip
    found = []
    for name in at_once:
        found += _judged(sender, {name: wrong[name]}, button, language)
    return found


def _answer(sender: Sender, wrong: dict[str, str], button: object, language: str) -> dict[str, str]:
    """Entry → what is wrong with the answer to it."""
    answer = sender.send(sender.probe.sent(wrong, button))  # type: ignore[arg-type]
    if stored := sender.site.kept.changed():
        return dict.fromkeys(wrong, f"{answer.status_code}, stored in {', '.join(stored)}")
    if answer.status_code != 422:
        return dict.fromkeys(wrong, f"answered with {answer.status_code}")
    body = answer.get_data(as_text=True)
    found = {}
    for name, value in wrong.items():
        entry: Entry = sender.probe.entries[name]
        text = unsaid(body, name, language)
        if sender.site.endpoint(sender.target) in SAID_ABOVE and said_above(body, language):
            text = ""
        if not text and lost(body, entry, value):
            text = "what was typed is gone"
        if text:
            found[name] = text
    return found


@pytest.mark.parametrize("when", [tour.BEFORE, tour.AFTER])
@pytest.mark.parametrize("role", ROLES)
def test_what_is_wrong_is_said_beside_the_field_and_not_stored(
    city: Sites, role: str, when: str
) -> None:
    found = []
    for sender in senders(city[when], role):
        found += complaints(sender)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", ROLES)
def test_errors_are_said_in_english_to_english_readers(city: Sites, role: str) -> None:
    found = []
    for site in city.values():
        for sender in senders(site, role, "en"):
            found += complaints(sender, "en", rounds=1)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("when", [tour.BEFORE, tour.AFTER])
@pytest.mark.parametrize("role", ROLES)
def test_hidden_entries_of_another_kind_or_record_change_nothing(
    city: Sites, role: str, when: str
) -> None:
    found = []
    for sender in senders(city[when], role):
        for entry, value in _wrong_hidden(sender):
            answer = sender.send(sender.probe.sent({entry.name: value}, _buttons(sender)[0]))
            stored = sender.site.kept.changed()
            where = urlsplit(answer.headers.get("Location", ""))
            if stored or where.netloc or answer.status_code not in REFUSED:
                said = f"{answer.status_code} {' '.join(stored)}"
                found.append(f"{sender.name} {entry.name}={short(value)}: {said}")
    assert not found, "\n".join(found)


def _wrong_hidden(sender: Sender) -> Iterator[tuple[Entry, str]]:
    """Each hidden entry that holds something, with each value it should not hold."""
    endpoint = sender.site.endpoint(sender.target)
    for entry in sender.probe.entries.values():
        if entry.kind != "hidden" or entry.name in KEPT or not any(entry.filled):
            continue
        for value in HIDDEN:
            if (endpoint, entry.name, value) not in FREE and value not in entry.filled:
                yield entry, value


ODD = ("abc", "-1", "0", "1e9", "９９", "a\x00b", "選😀", "مرحبا", "'; --", "%", "a" * 10_000)
QUERY = ("page", "sort", "direction", "q", "text", "field", "district", "skill", "kind", "state",
         "form", "way", "urgency", "status", "sure", "view",
         "year", "need", "person", "next", "lang")  # fmt: skip


@pytest.mark.parametrize("role", ["visitor", "professional", "group", "coordinator", "city"])
def test_no_query_breaks_a_page(city: Sites, role: str) -> None:
    site = city[tour.BEFORE]
    browser = site.browser(role)
    broken = []
    for number, address in enumerate(dict.fromkeys(at.split("?")[0] for at in site.stops(role))):
        for value in (ODD[number % len(ODD)], ODD[(number + 5) % len(ODD)]):
            answer = browser.get(address, query_string=dict.fromkeys(QUERY, value))
            if answer.status_code >= 500:
                broken.append(f"{address} {short(value[:50])}: {answer.status_code}")
    assert not broken, "\n".join(broken)
    assert site.kept.changed() == []


@pytest.mark.parametrize("value", ODD[:-1])
def test_lists_take_any_query(city: Sites, value: str) -> None:
    site = city[tour.BEFORE]
    for role, address in (("visitor", "/needs"), ("visitor", "/groups"),
                          ("coordinator", "/coordinator/people")):  # fmt: skip
        for name in QUERY:
            answer = site.browser(role).get(address, query_string={name: value})
            assert answer.status_code < 500, f"{address} {name}={short(value)}"


@pytest.mark.parametrize("text", ["a%00b", "%F0%9F%98%80", "..%2F..%2Fetc", "%FF%FE", "'%20OR%201"])
def test_odd_ids_are_not_found(city: Sites, text: str) -> None:
    for role, address in (
        ("visitor", "/needs/"), ("visitor", "/groups/"), ("visitor", "/verify/"),
        ("professional", "/professional/offers/"), ("group", "/group/needs/"),
        ("coordinator", "/coordinator/rounds/"), ("coordinator", "/coordinator/imports/"),
    ):  # fmt: skip
        answer = city[tour.BEFORE].browser(role).get(address + text)
        assert answer.status_code in (303, 400, 404, 409), f"{address}{text}: {answer.status_code}"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", b""),
        ("people.csv", b"\x00\x01\x02\xff"),
        ("people.xlsx", b"PK\x03\x04 broken"),
        ("people.xlsx", b"id,name\n1,a\n"),
        ("photo.png", b"\x89PNG\r\n\x1a\n"),
        ("../../people.csv", b"a,b\n"),
        ("選😀.csv", b"a,b\n"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing_but_waits_for_its_errors(
    city: Sites, name: str, content: bytes
) -> None:
    site = city[tour.BEFORE]
    page = next(page for page in senders(site, "coordinator") if page.page.endswith("/imports"))
    files = [entry.name for entry in page.probe.entries.values() if entry.kind == "file"]
    token = page.probe.entries["csrf_token"].filled[0]
    data = {files[0]: (BytesIO(content), name), "csrf_token": token}
    answer = page.browser.post(page.target, data=data, content_type="multipart/form-data")
    assert answer.status_code in (303, 422)
    assert set(site.kept.changed()) <= {"audit_entry", "audit_head", "import_batch", "job"}


def test_a_form_without_its_token_or_of_another_kind_is_refused(city: Sites) -> None:
    browser = city[tour.BEFORE].browser("visitor")
    for data, kind in (({"email": "a@example.jp"}, None), (b'{"email": 1}', "application/json"),
                       (b"\xff\xfe\x00", "multipart/form-data")):  # fmt: skip
        answer = browser.post("/sign-up?lang=ja", data=data, content_type=kind)
        assert answer.status_code == 400
        assert "<h1" in answer.get_data(as_text=True)


def test_too_much_at_once_is_refused_with_a_page(city: Sites) -> None:
    site = city[tour.BEFORE]
    sender = next(senders(site, "visitor"))
    answer = sender.send(sender.probe.sent({"name": "a" * 11_000_000}, None))
    assert answer.status_code == 413
    assert "<h1" in answer.get_data(as_text=True)
    assert site.kept.changed() == []


def test_a_field_that_lost_its_rule_is_noticed(
    city: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "text_fault", lambda value, lines=False: None)
    sender = next(
        sender for sender in senders(city[tour.BEFORE], "group")
        if sender.page.endswith("/register/contact")
    )  # fmt: skip
    found = complaints(sender, rounds=1)
    assert any("contact_name" in line and "stored" in line for line in found), found
