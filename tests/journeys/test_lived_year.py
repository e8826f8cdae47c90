"""After a year of the programme: what each of the four sees of it in a real browser.

Every figure that is read here is counted from the plain tables as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from matchmaker.db import open_engine
from matchmaker.services import demo_people
from matchmaker.settings import read_settings
from tests.journeys.conftest import NewPage
from tests.journeys.walks import follow, press, sees
from tests.journeys.words import ja
from tests.live import LiveSite, live_site
from tests.places import enter, enter_as
from tests.sample.lived import NOW, Books, copy

ENDED = ("evaluated", "followed_up", "not_used")
pytestmark = pytest.mark.xdist_group("lived")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return copy(tmp_path)


@pytest.fixture
def books(path: Path) -> Books:
    return Books(path)


@pytest.fixture
def site(path: Path, tmp_path: Path) -> Iterator[LiveSite]:
    """The city that has lived, on the day it has lived to."""
    url = f"sqlite:///{path}"
    engine = open_engine(url)
    settings = read_settings(
        {}, home=tmp_path, environment="demo", secret_key="journeys-" * 4, smtp_host="127.0.0.1",
        database_url=url,
    )  # fmt: skip
    with live_site(settings, engine) as running:
        running.app.config["CLOCK"] = lambda: NOW
        yield running
    engine.dispose()


def account(books: Books, role: str) -> str:
    return next(
        str(row["id"]) for row in books.account if row["email"] == demo_people.address(role)
    )


def window_of(site: LiveSite, visitor: NewPage, role: str, width: int = 1280) -> Page:
    window = visitor(width=width)
    enter_as(window, site, role)
    return window


def fetched(window: Page, name: str) -> bytes:
    """The file behind a download link."""
    href = window.locator(f"main a[href*='{name}']").first.get_attribute("href")
    answer = window.request.get(f"{href}")
    assert answer.ok, href
    return answer.body()


def test_the_professional_finds_the_own_record_and_a_certificate_that_can_be_checked(
    site: LiveSite, visitor: NewPage, books: Books
) -> None:
    window = window_of(site, visitor, "professional", width=390)
    window.goto("/professional")
    person = next(
        row for row in books.professional if row["account_id"] == account(books, "professional")
    )
    over = {row["id"] for row in books.project if row["state"] in ENDED}
    mine = [
        row
        for row in books.project_member
        if row["professional_id"] == person["id"] and row["project_id"] in over
    ]
    record = window.locator("main table").last
    expect(record.locator("tbody tr")).to_have_count(len(mine))
    record.locator("a").first.click()
    window.wait_for_load_state()
    project = window.url.rsplit("/", 1)[-1]
    made = window.get_by_role("button", name=ja("Make the certificate"))
    made.or_(window.get_by_role("button", name=ja("Look at the certificate"))).click()
    sees(window, ja("This certificate is genuine"))
    sees(window, person["name"])
    sees(window, next(row["title"] for row in books.project if row["id"] == project))
    stranger = visitor(width=390)
    stranger.goto(window.url)
    sees(stranger, ja("This certificate is genuine"))
    assert fetched(stranger, ".pdf").startswith(b"%PDF")


def test_a_group_looks_back_on_a_project_its_hours_and_what_both_sides_said(
    site: LiveSite, visitor: NewPage, books: Books
) -> None:
    people = {row["id"]: row for row in books.account}
    contacts = {row["group_id"]: people[row["account_id"]]["email"] for row in books.group_member}
    done = next(
        row for row in books.project
        if row["group_id"] in contacts and row["state"] in ("evaluated", "followed_up")
        and any(entry["project_id"] == row["id"] for entry in books.hours_entry)
    )  # fmt: skip
    window = visitor()
    enter(window, site, contacts[done["group_id"]])
    window.goto("/group")
    window.get_by_role("main").get_by_role("link").first.click()
    window.goto(f"/group/projects/{done['id']}")
    sees(window, done["title"])
    said = [row["comment"] for row in books.outcome if row["project_id"] == done["id"]]
    for words in filter(None, said):
        sees(window, words.splitlines()[0])
    follow(window, "See and confirm the hours given")
    given = [
        row for row in books.hours_entry if row["project_id"] == done["id"] and row["confirmed_at"]
    ]
    expect(window.locator("main table").last.locator("tbody tr")).to_have_count(len(given))


def test_the_company_reads_two_years_and_takes_the_sheet_to_its_board(
    site: LiveSite, visitor: NewPage, books: Books
) -> None:
    window = window_of(site, visitor, "company")
    officer = account(books, "company")
    bodies = [row["company_id"] for row in books.company_officer if row["account_id"] == officer]
    told = max(
        bodies, key=lambda body: sum(row["company_id"] == body for row in books.project_member)
    )
    window.goto(f"/company/{told}")
    shown = window.locator("main table").first.locator("tbody tr").count()
    sheet = openpyxl.load_workbook(BytesIO(fetched(window, ".xlsx"))).worksheets[0]
    assert sheet.max_row - 1 == shown
    assert fetched(window, ".pdf").startswith(b"%PDF")
    years = window.get_by_role("navigation", name=ja("Fiscal years")).get_by_role("link")
    assert years.count() >= 2
    years.last.click()
    expect(window.locator("h1")).to_be_visible()
    assert fetched(window, "participation.csv").startswith(b"\xef\xbb\xbf")


def test_the_city_officer_traces_the_figure_writes_the_review_and_takes_the_pack(
    site: LiveSite, visitor: NewPage, books: Books
) -> None:
    window = window_of(site, visitor, "city")
    window.goto("/city")
    window.locator("main a[href$='/indicators/employers']").first.click()
    counted = {row["id"] for row in books.project if row["state"] != "cancelled"}
    employers = {
        row["company_id"]
        for row in books.project_member
        if row["project_id"] in counted and row["company_id"]
    }
    rows = fetched(window, "rows.csv").decode("utf-8-sig").splitlines()
    assert len(rows) > len(employers)
    follow(window, "Indicators")
    window.locator("main a[href*='/years/']").first.click()
    follow(window, "Write about this year")
    window.locator("main textarea").first.fill("一時間の相談から始めた団体が増えました。")
    press(window, "Save")
    sees(window, "一時間の相談から始めた団体が増えました。")
    assert fetched(window, "pack.pdf").startswith(b"%PDF")
    pack = openpyxl.load_workbook(BytesIO(fetched(window, "pack.xlsx")))
    assert len(pack.worksheets) >= 1
