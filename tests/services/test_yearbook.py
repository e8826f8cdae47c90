"""A year's figures and the plan's indicators, each counted once more in another way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from matchmaker.db import open_engine, session_factory
from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.jobs import utc_now
from matchmaker.models import AuditEntry, Indicator, Project, Round
from matchmaker.services import indicators, installation, plan_indicators, yearbook
from matchmaker.services.actors import Actor
from matchmaker.services.fiscal import fiscal_year
from tests import city as sample
from tests import factories as f
from tests.places import actor_of, look_around, send_round

TOKYO = ZoneInfo("Asia/Tokyo")
OFFICER = Actor(account_id=None, staff=frozenset({"city"}))
READER = Actor(account_id=None, staff=frozenset({"coordinator"}))
ON = date(2026, 11, 24)


@pytest.fixture(params=["sqlite", "postgresql"])
def city(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    """The sample city, its round sent, with hours and a delivered project."""
    engine = open_engine(sample.copy(request.param, tmp_path))
    with session_factory(engine)() as session:
        look_around(session)
        row = session.exec(select(Round)).one()
        send_round(session, row.id)
        session.flush()
        yield session
    engine.dispose()


def one(session: Session, sql: str, **values: object) -> int:
    """A number from the database, by hand."""
    return int(session.execute(text(sql), values).scalar_one() or 0)


def test_every_figure_of_every_year_is_what_plain_sql_counts(city: Session) -> None:
    today = utc_now().date()
    told = yearbook.years(city, on=today)
    assert len(told) >= 2
    assert told[0] == fiscal_year(today)
    seen = 0
    for year in told:
        found = yearbook.year(city, actor=READER, fiscal_year=year, zone=TOKYO)
        day = {"first": date(year, 4, 1).isoformat(), "last": date(year + 1, 3, 31).isoformat()}
        within = "BETWEEN :first AND :last"
        assert found.projects == one(
            city, f"SELECT count(*) FROM project WHERE state <> 'cancelled' AND agreed_on {within}",
            **day,
        )  # fmt: skip
        assert found.delivered == one(
            city, f"SELECT count(*) FROM project WHERE state <> 'cancelled' AND ended_on {within}",
            **day,
        )  # fmt: skip
        assert found.groups == one(
            city, "SELECT count(DISTINCT group_id) FROM project WHERE state <> 'cancelled' AND"
            f" agreed_on {within}", **day,
        )  # fmt: skip
        assert found.people == one(
            city, "SELECT count(DISTINCT m.professional_id) FROM project_member m JOIN project p"
            " ON p.id = m.project_id WHERE p.state <> 'cancelled' AND m.joined_on <= :last AND"
            " (m.left_on IS NULL OR m.left_on >= :first) AND"
            " (p.ended_on IS NULL OR p.ended_on >= :first)", **day,
        )  # fmt: skip
        for payer, minutes in (("own", found.own_minutes), ("company", found.company_minutes)):
            assert minutes == one(
                city, "SELECT sum(minutes) FROM hours_entry WHERE confirmed_at IS NOT NULL AND"
                f" payer = :payer AND worked_on {within}", payer=payer, **day,
            )  # fmt: skip
        assert found.employers[0] == one(
            city, "SELECT count(*) FROM (SELECT DISTINCT m.project_id, m.company_id FROM"
            " project_member m JOIN project p ON p.id = m.project_id WHERE m.company_id IS NOT NULL"
            f" AND p.state <> 'cancelled' AND p.agreed_on {within}) AS x", **day,
        )  # fmt: skip
        assert found.employers[1] == one(
            city, "SELECT count(*) FROM (SELECT m.company_id, min(p.agreed_on) AS first FROM"
            " project_member m JOIN project p ON p.id = m.project_id WHERE m.company_id IS NOT NULL"
            f" AND p.state <> 'cancelled' GROUP BY m.company_id) AS x WHERE first {within}", **day,
        )  # fmt: skip
        seen += found.projects + found.people
    assert seen
    this = yearbook.year(city, actor=READER, fiscal_year=told[0], zone=TOKYO)
    assert this.rounds == 1
    assert this.asked == one(city, "SELECT count(*) FROM round_need")
    assert this.offered == one(
        city, "SELECT count(DISTINCT need_id) FROM proposal WHERE offered_at IS NOT NULL"
    )
    unmet = city.execute(
        text(
            "SELECT DISTINCT rn.need_id, coalesce(s.parent, s.code) FROM round_need rn"
            " JOIN role_skill rs ON rs.role_id = rn.blocking_role JOIN skill s ON s.code = rs.skill"
            " WHERE rs.essential AND rn.need_id NOT IN"
            " (SELECT need_id FROM proposal WHERE offered_at IS NOT NULL)"
        )
    ).all()
    assert sum(this.unmet.values()) == len(unmet) > 0
    assert set(this.unmet) == {family for _need, family in unmet}


def test_a_round_belongs_to_the_year_of_the_citys_clock(session: Session) -> None:
    group = f.group(session)
    row = f.round_(session, f.need(session, group))
    row.state, row.sent_at = "sent", datetime(2026, 3, 31, 15, 0, tzinfo=UTC)  # 1 April there
    session.add(row)
    session.flush()
    counted = {
        year: yearbook.year(session, actor=READER, fiscal_year=year, zone=TOKYO).rounds
        for year in (2025, 2026)
    }
    assert counted == {2025: 0, 2026: 1}


def test_the_plan_stands_as_it_is_printed(session: Session) -> None:
    installation.prepare(session, now=f.NOW)
    installation.prepare(session, now=f.NOW)  # again changes nothing
    sections = plan_indicators.overview(session, actor=READER, on=ON)
    printed = {
        1: [(294, 350, False), (369, 500, True), (17923, 25000, False)],
        2: [(91, 120, False), (837, 900, False), (87, 100, True)],
        3: [(36, 50, False), (594, 1000, False)],
        4: [(163, 175, True), (29, 40, True)],
    }
    assert {
        section: [
            (line.indicator.baseline, line.indicator.target, line.indicator.baseline_provisional)
            for line in lines
        ]
        for section, lines in sections.items()
    } == printed
    assert {line.indicator.target_year for lines in sections.values() for line in lines} == {2030}


def enter(session: Session, code: str = "association_members", **given: object) -> None:
    data = {"year": 2025, "value": "84.1", "source": "市民生活課", "measured_on": "2026-05-01"}
    plan_indicators.enter(
        session, actor=OFFICER, now=f.NOW, today=ON, code=code, data={**data, **given}
    )


def test_a_figure_is_entered_corrected_and_looked_ahead_from(session: Session) -> None:
    installation.prepare(session, now=f.NOW)
    enter(session, value="84.0")
    enter(session)
    line = plan_indicators.line(session, actor=READER, code="association_members", on=ON)
    assert line.value == 841
    assert (line.outlook.needed, line.outlook.pace) == ((900 - 841) / 5, 4.0)
    assert line.outlook.expected == 841 + 4 * 5
    entries = session.exec(select(AuditEntry).where(AuditEntry.act == "enter_figure")).all()
    assert [each.details["before"] for each in entries] == [None, 840]
    one_year = plan_indicators.line(session, actor=READER, code="centre_users", on=ON)
    assert one_year.outlook.expected is None  # nothing after the baseline yet
    assert one_year.outlook.needed == (1000 - 594) / 6


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"value": "84.15"}, "value", "too_many_decimals"),
        ({"year": 2027}, "year", "year_not_begun"),
        ({"measured_on": "2026-12-01"}, "measured_on", "in_the_future"),
        ({"source": ""}, "source", "missing"),
        ({"value": "viele"}, "value", "not_a_number"),
    ],
)
def test_what_is_wrong_with_a_figure(
    session: Session, given: dict[str, object], field: str, code: str
) -> None:
    installation.prepare(session, now=f.NOW)
    with pytest.raises(Invalid) as refused:
        enter(session, **given)
    assert [(each.field, each.code) for each in refused.value.errors] == [(field, code)]


def test_a_figure_is_refused_with_all_that_is_wrong(session: Session) -> None:
    installation.prepare(session, now=f.NOW)
    with pytest.raises(Invalid) as refused:
        enter(session, year=2027, value="84.15", source="", measured_on="2026-12-01")
    assert {each.field: each.code for each in refused.value.errors} == {
        "year": "year_not_begun", "value": "too_many_decimals", "source": "missing",
        "measured_on": "in_the_future",
    }  # fmt: skip


def test_who_may_and_what_is_counted_is_not_entered(session: Session) -> None:
    installation.prepare(session, now=f.NOW)
    stranger = Actor(account_id="a-x")
    for ask in (
        lambda: plan_indicators.overview(session, actor=stranger, on=ON),
        lambda: yearbook.year(session, actor=stranger, fiscal_year=2026, zone=TOKYO),
        lambda: yearbook.review(session, actor=stranger, fiscal_year=2026),
        lambda: plan_indicators.enter(
            session, actor=READER, now=f.NOW, today=ON, code="centre_users", data={}
        ),
    ):
        with pytest.raises(Forbidden):
            ask()
    with pytest.raises(NotFound):
        enter(session, code="employers")
    with pytest.raises(NotFound):
        indicators.freeze(
            session, actor=OFFICER, code="centre_users", year=2024, today=ON, now=f.NOW
        )


def test_the_words_about_a_year_and_two_who_write_at_once(session: Session) -> None:
    write = {"actor": OFFICER, "now": f.NOW, "fiscal_year": 2026}
    first = {"changed": "回を2度行った", "version": 0}
    yearbook.write_review(session, **write, data=first)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        yearbook.write_review(session, **write, data=first)  # type: ignore[arg-type]
    second = {"learned": "動画の人が足りない", "version": 1}
    yearbook.write_review(session, **write, data=second)  # type: ignore[arg-type]
    said = yearbook.review(session, actor=READER, fiscal_year=2026)
    assert said is not None
    assert (said.changed, said.learned, said.version) == ("", "動画の人が足りない", 2)


def test_the_sample_city_has_the_whole_plan(city: Session) -> None:
    assert actor_of(city, "city").city
    assert len(city.exec(select(Indicator)).all()) == 10
    assert city.exec(select(Project)).first() is not None
