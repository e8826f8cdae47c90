"""A company sees those who agreed, and never a number that would name the others."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from matchmaker.errors import NotFound
from matchmaker.models import (
    Company,
    Consent,
    Group,
    HoursEntry,
    Need,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
)
from matchmaker.services import participation
from matchmaker.services.actors import Actor

TODAY = date(2026, 11, 2)
OFFICER = Actor(account_id="a-1", company_ids=frozenset({"c1"}))


@pytest.fixture
def company(session: Session, now: datetime) -> Session:
    """Employer c1 with seven people in one project of the running year; two of them agreed."""
    session.add(Group(id="g1", name="ひだまり食堂", created_at=now))
    session.add_all([Company(id=c, name=c, created_at=now) for c in ("c1", "c2")])
    session.flush()
    session.add(Need(id="n1", group_id="g1", title="会計", created_at=now))
    session.flush()
    session.add(
        Project(id="j1", need_id="n1", group_id="g1", title="会計", agreed_on=date(2026, 5, 1),
                state=ProjectState.IN_PROGRESS, created_at=now)
    )  # fmt: skip
    for number in range(1, 8):
        person = f"p{number}"
        session.add(Professional(id=person, name=f"名前{number}", company_id="c1", created_at=now))
        session.flush()
        session.add(
            ProjectMember(project_id="j1", professional_id=person, company_id="c1",
                          joined_on=date(2026, 5, 1))
        )  # fmt: skip
        session.add_all(
            HoursEntry(project_id="j1", professional_id=person, worked_on=date(2026, 6, 1),
                       minutes=minutes, payer=payer, created_at=now, confirmed_at=now)
            for payer, minutes in (("own", 60), ("company", 30))
        )  # fmt: skip
    for person in ("p1", "p2"):
        agree(session, person, now)
    session.commit()
    return session


def agree(session: Session, person: str, now: datetime, **fields: object) -> None:
    """A consent of ``person`` to c1."""
    session.add(
        Consent(professional_id=person, purpose="employer_report", company_id="c1",
                text_version=1, given_at=now, **fields)
    )  # fmt: skip
    session.flush()


def shown(session: Session, **options: object) -> participation.CompanyYear:
    """What the officer of c1 sees."""
    arguments = {"actor": OFFICER, "company_id": "c1", "year": 2026, "today": TODAY} | options
    return participation.company_year(session, **arguments)  # type: ignore[arg-type]


def test_names_and_hours_only_of_those_who_agreed(company: Session) -> None:
    year = shown(company)
    assert [part.professional_name for part in year.parts] == ["名前1", "名前2"]
    assert (year.people, year.groups, year.projects) == (2, 1, 1)
    assert (year.own_minutes, year.company_minutes) == (120, 60)
    assert year.others == 5


@pytest.mark.parametrize(("agreed", "others"), [(3, None), (6, None), (7, 0)])
def test_one_to_four_others_are_not_told(
    company: Session, now: datetime, agreed: int, others: int | None
) -> None:
    for number in range(3, agreed + 1):
        agree(company, f"p{number}", now)
    assert shown(company).others == others


def test_a_withdrawn_or_expired_consent_hides_the_person_at_once(
    company: Session, now: datetime
) -> None:
    agree(company, "p3", now, withdrawn_at=now)
    agree(company, "p4", now, expires_on=TODAY - timedelta(days=1))
    assert {part.professional_name for part in shown(company).parts} == {"名前1", "名前2"}


def test_a_year_shows_only_what_ran_in_it(company: Session) -> None:
    assert shown(company, year=2025).parts == ()
    company.get_one(Project, "j1").ended_on = date(2026, 9, 1)
    company.commit()
    assert shown(company, year=2027, today=date(2027, 5, 1)).parts == ()
    assert len(shown(company).parts) == 2


def test_another_company_cannot_be_seen(company: Session) -> None:
    with pytest.raises(NotFound, match="company_not_found"):
        shown(company, company_id="c2")
    with pytest.raises(NotFound, match="company_not_found"):
        shown(company, actor=Actor(account_id="a", staff=frozenset({"coordinator"})))
