"""A company's report: what is told of results, whose words are quoted, what an hour is worth."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from matchmaker.errors import Invalid, NotFound
from matchmaker.models import Consent, Need, NeedField, Outcome, Project, ProjectMember, Side
from matchmaker.services import company_reports
from matchmaker.services.actors import Actor
from matchmaker.taxonomy.goals import goals_of_field
from tests import factories as f

TODAY = date(2026, 11, 2)
OFFICER = Actor(account_id=None, company_ids=frozenset({"c1"}))


@pytest.fixture
def company(session: Session, now: datetime) -> Session:
    """c1's 水野 agreed, her colleague did not; five projects with both sides' words."""
    company = f.company(session, id="c1", name="あかつき運輸")
    people = {
        name: f.professional(session, name=name, company_id=company.id)
        for name in ("水野 陽子", "加藤 誠")
    }
    session.add(
        Consent(professional_id=people["水野 陽子"].id, company_id="c1", text_version=1,
                purpose="employer_report", given_at=now)
    )  # fmt: skip
    for number in range(1, 6):
        agreed = date(2024 + number // 3, 5, 1)
        need = f.need(session, f.group(session), title=f"会計{number}")
        project = f.add(
            session,
            Project(id=f"j{number}", need_id=need.id, group_id=need.group_id, title=need.title,
                    agreed_on=agreed, started_on=agreed, ended_on=agreed + timedelta(days=60),
                    state="evaluated", created_at=now),
        )  # fmt: skip
        f.add(session, Outcome(project_id=project.id, side=Side.GROUP, goal=3 + number % 2,
                               used=number != 2, quotable=number != 4,
                               comment=f"団体{number}", at=now))  # fmt: skip
        for name, person in people.items():
            member = f.add(
                session,
                ProjectMember(project_id=project.id, professional_id=person.id, company_id="c1",
                              joined_on=agreed),
            )  # fmt: skip
            f.add(session, Outcome(project_id=project.id, side=Side.PROFESSIONAL,
                                   member_id=member.id, goal=5, quotable=number != 5,
                                   comment=f"{name[:2]}{number}", at=now))  # fmt: skip
    session.commit()
    return session


def read(session: Session, year: int | None = None) -> company_reports.Report:
    return company_reports.report(session, actor=OFFICER, company_id="c1", year=year, today=TODAY)


def test_years_stand_side_by_side_and_results_wait_for_five_evaluations(company: Session) -> None:
    first, second = read(company, 2024), read(company, 2025)
    assert [each.fiscal_year for each in second.years] == [2024, 2025]
    assert [each.projects for each in second.years] == [2, 3]
    assert (
        first.figures.results.evaluated,
        first.figures.results.goal,
        first.figures.results.used,
    ) == (2, None, None)
    assert second.figures.results.evaluated == 5
    assert second.figures.results.goal == pytest.approx((4 + 3 + 4 + 3 + 4) / 5)
    assert second.figures.results.used == 4
    assert second.figures.finished == 3
    assert first.before is None
    assert second.before == first.figures


def test_goals_are_those_the_group_named_else_those_of_the_fields(company: Session) -> None:
    f.field(company, "npo-07")
    for number in (3, 4, 5):
        need = company.get_one(Need, company.get_one(Project, f"j{number}").need_id)
        f.add(company, NeedField(need_id=need.id, field="npo-07"))
        need.goals = ["4"] if number == 5 else []
    company.commit()
    usual = [goal for goal in goals_of_field()["npo-07"] if goal != 17]
    assert {goal.number: count for goal, count in read(company, 2025).goals} == {
        17: 3, 4: 1, **dict.fromkeys(usual, 2)
    }  # fmt: skip


def test_words_are_quoted_only_where_both_sides_allow_it_and_the_employee_is_seen(
    company: Session,
) -> None:
    assert [quote.text for quote in read(company, 2024).quotes] == [
        "団体1", "水野1", "団体2", "水野2"
    ]  # fmt: skip
    assert [quote.text for quote in read(company, 2025).quotes] == ["団体3", "水野3"]
    company.get_one(Project, "j3").state = "cancelled"
    company.flush()
    assert read(company, 2025).quotes == ()


def test_only_company_time_has_a_worth_and_only_by_the_companys_own_rate(
    company: Session, now: datetime
) -> None:
    assert read(company).figures.worth is None
    for data, field in (({"value": "3000"}, "source"), ({"source": "人事部"}, "value"),
                        ({"value": "0", "source": "人事部"}, "value")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            company_reports.set_hour_value(
                company, actor=OFFICER, now=now, company_id="c1", data=data
            )
        assert [error.field for error in refused.value.errors] == [field]
    company_reports.set_hour_value(
        company, actor=OFFICER, now=now, company_id="c1",
        data={"value": "3000", "source": "前年度の平均"},
    )  # fmt: skip
    assert read(company).figures.worth == 0
    with pytest.raises(NotFound):
        company_reports.set_hour_value(
            company, actor=Actor(account_id=None, company_ids=frozenset({"c2"})), now=now,
            company_id="c1", data={},
        )  # fmt: skip
    company_reports.set_hour_value(
        company, actor=OFFICER, now=now, company_id="c1", data={"value": "", "source": ""}
    )
    assert read(company).figures.worth is None
