"""The whole way: from two sign-ups to a project that the company and the city can count."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from sqlmodel import select

from matchmaker.models import Company, Project
from tests.journeys import walks
from tests.journeys.conftest import NewPage, on_both
from tests.journeys.walks import follow, is_told, press, sees
from tests.journeys.words import ja
from tests.live import LiveSite
from tests.places import enter_as

NAME, KANA = "潮田 みなと", "しおた みなと"
EMPLOYER = "みなと計測工房"
GROUP = "あさけ川こどもの居場所"
TITLE = "助成金に初めて申請したい"
SKILL = "助成金の申請"
PERSON_MAIL, GROUP_MAIL, OFFICER_MAIL = "minato@example.jp", "asake@example.jp", "soumu@example.jp"


@dataclass
class Windows:
    """Everybody has a window of their own."""

    person: Page
    group: Page
    coordinator: Page


@on_both
def test_from_sign_up_to_a_project_that_is_counted(site: LiveSite, visitor: NewPage) -> None:
    windows = Windows(visitor(width=390), visitor(), visitor())
    enter_as(windows.coordinator, site, "coordinator")
    _both_sides_introduce_themselves(site, windows)
    _the_group_asks_and_the_person_wishes(windows)
    _a_round_is_worked_out_and_sent(windows.coordinator)
    _both_accept_from_their_mails(site, windows)
    _the_company_sees_its_employee(site, visitor)
    _the_city_counts_one_more(site, visitor)


def _both_sides_introduce_themselves(site: LiveSite, windows: Windows) -> None:
    walks.sign_up(windows.person, site, name=NAME, email=PERSON_MAIL,
                  door="I want to lend my skills")  # fmt: skip
    walks.fill_profile(windows.person, kana=KANA, employer=EMPLOYER, skill=SKILL)
    windows.person.goto("/account/consents")
    windows.person.get_by_label(ja("Until I withdraw it")).check()
    press(windows.person, "I agree")
    is_told(windows.person, "Thank you. Your employer can now see your participation.")
    walks.sign_up(windows.group, site, name="浅見 里子", email=GROUP_MAIL,
                  door="My group needs help")  # fmt: skip
    walks.register_group(windows.group, name=GROUP, kana="あさけがわこどものいばしょ",
                         contact="浅見 里子")  # fmt: skip
    walks.accept_record(windows.coordinator, "people", NAME, "Accept the profile")
    is_told(windows.coordinator, "The profile was accepted. The person gets a mail.")
    walks.accept_record(windows.coordinator, "groups", GROUP, "Accept the group")
    is_told(windows.coordinator, "The group was accepted. It gets a mail.")


def _the_group_asks_and_the_person_wishes(windows: Windows) -> None:
    windows.group.goto("/group")
    windows.group.get_by_role("main").get_by_role("link", name=GROUP).click()
    walks.post_need(windows.group, menu="助成金に申請する", title=TITLE)
    walks.accept_record(windows.coordinator, "needs", TITLE, "Open the need")
    is_told(windows.coordinator, "The need is open. The group gets a mail.")
    person = windows.person
    person.goto("/needs")
    person.get_by_role("link", name=TITLE).first.click()
    follow(person, "I would like this one")
    press(person, "Put it on my list")
    is_told(person, "It is on your list of wishes now.")


def _a_round_is_worked_out_and_sent(window: Page) -> None:
    window.goto("/coordinator/rounds")
    follow(window, "Begin a new round")
    walks.fill(window, "Name of the round", "あさけの回")
    press(window, "Work out the proposals")
    walks.round_ready(window)
    sees(window, NAME)
    follow(window, "Why %(name)s?", name=NAME)
    sees(window, ja("What speaks for this proposal"))
    window.get_by_role("link", name=re.compile(ja("Why not %(name)s?", name=".+"))).first.click()
    expect(window.locator("#answer")).to_be_visible()
    press(window, "Fix this pair")
    fixed = "%(person)s is fixed for “%(role)s”. Work the round out again to see it."
    said = re.compile(ja(fixed, person=".+", role=".+"))
    expect(window.get_by_text(said).first).to_be_visible()
    press(window, "Work it out again")
    walks.round_ready(window)
    sees(window, ja("Fixed"))
    press(window, "Approve the team for “%(need)s”", need=TITLE)
    is_told(window, "The team was approved. Nothing has been sent yet.")
    walks.send_what_is_approved(window)


def _both_accept_from_their_mails(site: LiveSite, windows: Windows) -> None:
    person, group = windows.person, windows.group
    walks.sign_out(person)
    person.goto(site.link_in(site.mail_to(PERSON_MAIL, subject=TITLE)))
    walks.sign_in(person, PERSON_MAIL)
    sees(person, SKILL)
    press(person, "Take part")
    is_told(person, "Thank you. We will write to you as soon as the group has answered.")
    walks.sign_out(group)
    group.goto(site.link_in(site.mail_to(GROUP_MAIL, subject=TITLE)))
    walks.sign_in(group, GROUP_MAIL)
    expect(group.get_by_role("main").get_by_text(NAME)).to_have_count(0)
    press(group, "Say yes to person %(number)s", number="1")
    sees(group, ja("Both sides said yes, and the team is complete."))
    sees(group, NAME)
    with site.app.extensions["reading"]() as session:
        assert session.exec(select(Project).where(Project.title == TITLE)).one()


def _the_company_sees_its_employee(site: LiveSite, visitor: NewPage) -> None:
    with site.app.extensions["reading"]() as session:
        company = session.exec(select(Company).where(Company.name == EMPLOYER)).one().id
    officer = visitor()
    walks.invite_officer(officer, site, company=company, email=OFFICER_MAIL)
    officer.goto("/company")
    sees(officer, NAME)
    sees(officer, TITLE)


def _the_city_counts_one_more(site: LiveSite, visitor: NewPage) -> None:
    city = visitor()
    enter_as(city, site, "city")
    city.goto("/city")
    counted = city.locator("tr", has=city.locator("a[href$='/indicators/employers']"))
    expect(counted.locator("td").nth(1)).to_contain_text("37")
