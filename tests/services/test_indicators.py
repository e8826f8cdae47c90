"""The city's figure: what counts, once or every time, and the rows that make it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlmodel import Session

from matchmaker.errors import Forbidden
from matchmaker.models import (
    Company,
    Group,
    Indicator,
    IndicatorFigure,
    Need,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
)
from matchmaker.services import indicators
from matchmaker.services.actors import Actor
from tests import factories as f

TODAY = date(2026, 11, 2)
OFFICER = Actor(account_id="a-officer", staff=frozenset({"city"}))


@pytest.fixture
def city(session: Session, now: datetime) -> Session:
    """Three employers, five people, four projects over two fiscal years; one was cancelled."""
    session.add(Group(id="g1", name="ひだまり食堂", created_at=now))
    for name in ("c1", "c2", "c3"):
        session.add(Company(id=name, name=f"事業者{name}", created_at=now))
    session.add(
        Indicator(
            code="employers", label_ja="所属企業・団体数", label_en="Employers", unit_ja="者",
            unit_en="bodies", baseline=36, baseline_year=2024, target=50, target_year=2030,
        )
    )  # fmt: skip
    session.flush()
    for person, company in {"p1": "c1", "p2": "c1", "p3": "c2", "p4": None, "p5": "c3"}.items():
        session.add(Professional(id=person, name=person, company_id=company, created_at=now))
    plan = {
        "j1": (date(2025, 5, 1), ["p1", "p2"], ProjectState.EVALUATED),  # c1 once, two people
        "j2": (date(2026, 3, 31), ["p3", "p1"], ProjectState.EVALUATED),  # c2 new, c1 again
        "j3": (date(2026, 4, 1), ["p4", "p3"], ProjectState.AGREED),  # nobody's, and c2 again
        "j4": (date(2026, 5, 1), ["p5"], ProjectState.CANCELLED),  # does not count
    }
    for project, (day, people, state) in plan.items():
        session.add(Need(id=f"n{project}", group_id="g1", title=project, created_at=now))
        session.flush()
        session.add(
            Project(id=project, need_id=f"n{project}", group_id="g1", title=project, state=state,
                    agreed_on=day, created_at=now)
        )  # fmt: skip
        session.flush()
        for person in people:
            employer = session.get_one(Professional, person).company_id
            session.add(
                ProjectMember(project_id=project, professional_id=person, company_id=employer,
                              joined_on=day)
            )  # fmt: skip
    session.commit()
    return session


def test_gross_counts_each_participation_and_distinct_each_employer_once(city: Session) -> None:
    assert indicators.employers_now(city, on=TODAY) == (4, 2)
    assert indicators.employers_now(city, on=date(2026, 3, 31)) == (3, 2)
    assert indicators.employers_now(city, on=date(2026, 3, 30)) == (1, 1)


def test_years_are_cumulative_and_the_running_one_is_provisional(city: Session) -> None:
    series = indicators.series(city, on=TODAY)
    shown = [(y.fiscal_year, y.gross, y.distinct, y.new, y.provisional) for y in series.years]
    assert shown == [(2025, 3, 2, 2, False), (2026, 4, 2, 0, True)]


def test_every_figure_has_its_rows(city: Session) -> None:
    rows = indicators.participations(city, on=TODAY)
    assert [(row.project_id, row.company_id, row.people, row.first_time) for row in rows] == [
        ("j1", "c1", 2, True),
        ("j2", "c1", 1, False),
        ("j2", "c2", 1, True),
        ("j3", "c2", 1, False),
    ]


def test_a_later_change_of_employer_changes_no_past_figure(city: Session) -> None:
    city.get_one(Professional, "p1").company_id = "c3"
    city.commit()
    assert indicators.employers_now(city, on=TODAY) == (4, 2)


def test_the_forecast_adds_only_employers_who_never_took_part(city: Session) -> None:
    assert indicators.employers_with(city, on=TODAY, joining=["c3", "c3", "c1"]) == (7, 3)


def test_what_was_counted_before_this_service_is_carried_over(city: Session) -> None:
    indicator = city.get_one(Indicator, "employers")
    indicator.opening_gross, indicator.opening_distinct = 36, 30
    city.add(
        IndicatorFigure(
            indicator="employers", fiscal_year=2024, gross=36, distinct_count=30,
            source_ja="第3次計画", source_en="Third plan",
        )
    )  # fmt: skip
    city.commit()
    series = indicators.series(city, on=TODAY)
    assert [(year.fiscal_year, year.gross, year.distinct) for year in series.years] == [
        (2024, 36, 30),
        (2025, 39, 32),
        (2026, 40, 32),
    ]
    assert (series.gross, series.distinct) == (40, 32)


def test_a_kept_year_tells_what_it_gained_on_the_year_before(city: Session, now: datetime) -> None:
    f.account(city, id="a-officer", name="市の担当")
    city.add(IndicatorFigure(indicator="employers", fiscal_year=2024, gross=1, distinct_count=1))
    city.commit()
    before = [year.new for year in indicators.series(city, on=TODAY).years]
    indicators.freeze(city, actor=OFFICER, code="employers", year=2025, today=TODAY, now=now)
    city.commit()
    years = indicators.series(city, on=TODAY).years
    assert [year.counted for year in years] == [False, False, True]
    assert before == [None, 2, 0]
    assert [year.new for year in years] == [None, 1, 0], "as reported: 2 after 1"


def test_a_frozen_year_stays_as_it_was_reported(city: Session, now: datetime) -> None:
    f.account(city, id="a-officer", name="市の担当")
    indicators.freeze(city, actor=OFFICER, code="employers", year=2025, today=TODAY, now=now)
    city.get_one(Project, "j2").state = ProjectState.CANCELLED
    city.commit()
    kept = indicators.series(city, on=TODAY).years[0]
    assert kept.gross == 3
    assert (kept.frozen_by, kept.frozen_at) == ("市の担当", now)
    assert kept.recounted == (1, 1), "a later correction stands beside it"
    assert kept.new is None, "nothing is known of the year before"
    again = indicators.freeze(
        city, actor=OFFICER, code="employers", year=2025, today=TODAY, now=now
    )
    assert again.gross == 3


def test_earlier_years_still_open_are_kept_with_a_later_one(city: Session, now: datetime) -> None:
    f.account(city, id="a-officer", name="市の担当")
    city.get_one(Project, "j1").agreed_on = date(2024, 6, 1)
    city.commit()
    before = indicators.series(city, on=TODAY)
    assert [year.fiscal_year for year in before.years] == [2024, 2025, 2026]
    assert indicators.freezable(before) == 2025
    indicators.freeze(city, actor=OFFICER, code="employers", year=2025, today=TODAY, now=now)
    city.commit()
    after = indicators.series(city, on=TODAY)
    assert indicators.freezable(after) is None, "no older year is offered once a later one is kept"
    assert [(y.gross, y.distinct, y.new) for y in after.years] == [
        (y.gross, y.distinct, y.new) for y in before.years
    ]
    assert [year.counted for year in after.years] == [False, False, True]


def test_only_the_city_freezes_and_only_a_year_that_is_over(city: Session, now: datetime) -> None:
    with pytest.raises(Forbidden, match="year_not_over"):
        indicators.freeze(city, actor=OFFICER, code="employers", year=2026, today=TODAY, now=now)
    coordinator = Actor(account_id="a-c", staff=frozenset({"coordinator"}))
    with pytest.raises(Forbidden, match="city_only"):
        indicators.freeze(
            city, actor=coordinator, code="employers", year=2025, today=TODAY, now=now
        )
