"""What a lived city's reports must say, counted a second time from plain rows: no query of the
service's, only its tables."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from tests.sample.lived import TODAY, Books, day, moment, stored, year_of

TAXONOMY = Path(__file__).parents[2] / "matchmaker" / "taxonomy"
FINISHED = ("delivered", "evaluated", "followed_up", "not_used")
FEW = 5


def counted_projects(books: Books) -> dict[str, dict[str, Any]]:
    return {id: row for id, row in books.by_id("project").items() if row["state"] != "cancelled"}


def reported_minutes(books: Books, **wanted: Any) -> int:
    """Confirmed minutes of all entries with these values; ``year`` is the fiscal year."""
    year = wanted.pop("year", None)
    return sum(
        row["minutes"]
        for row in books.hours_entry
        if row["confirmed_at"]
        and all(row[name] == value for name, value in wanted.items())
        and year in (None, year_of(date.fromisoformat(row["worked_on"])))
    )


def there(member: dict[str, Any], project: dict[str, Any], year: int) -> bool:
    """Whether somebody was on a project on some day of a fiscal year, day by day."""
    ends = [each for each in (day(member["left_on"]), day(project["ended_on"])) if each]
    first, last = date(year, 4, 1), date(year + 1, 3, 31)
    return date.fromisoformat(member["joined_on"]) <= last and all(end >= first for end in ends)


def day_of(value: str) -> date:
    """A stored day."""
    return date.fromisoformat(value)


def unmet(books: Books, rounds: set[str], offered: set[str]) -> dict[str, int]:
    parents = {row["code"]: row["parent"] or row["code"] for row in books.skill}
    pairs = {
        (need["need_id"], parents[asked["skill"]])
        for need in books.round_need
        if need["round_id"] in rounds and need["need_id"] not in offered
        for asked in books.role_skill
        if asked["role_id"] == need["blocking_role"] and asked["essential"]
    }
    return dict(Counter(family for _need, family in pairs))


def participations(books: Books) -> list[tuple[date, str, str]]:
    """(day agreed, project, employer), oldest first: one for every employer in a project."""
    projects = counted_projects(books)
    return sorted(
        {
            (day_of(projects[row["project_id"]]["agreed_on"]), row["project_id"], row["company_id"])
            for row in books.project_member
            if row["company_id"] and row["project_id"] in projects
        }
    )


def mean_of(values: Iterable[float]) -> float | None:
    """Their mean with two decimals; None of nothing."""
    given = list(values)
    return round(sum(given) / len(given), 2) if given else None


def programme(books: Books, year: int) -> list[float | None]:
    """The programme's figures of a fiscal year in the order of the committee pack."""
    projects = counted_projects(books)
    agreed = [row for row in projects.values() if year_of(day_of(row["agreed_on"])) == year]
    rounds = {
        row["id"] for row in books.matching_round
        if row["sent_at"] and year_of(moment(row["sent_at"]).date()) == year
    }  # fmt: skip
    shares = participations(books)
    known = {company for on, _project, company in shares if year_of(on) < year}
    mine = [company for on, _project, company in shares if year_of(on) == year]
    goals = [row["goal"] for row in books.outcome if year_of(moment(row["at"]).date()) == year]
    return [
        len(rounds),
        len({row["need_id"] for row in books.round_need if row["round_id"] in rounds}),
        len({row["need_id"] for row in books.proposal
             if row["round_id"] in rounds and row["offered_at"]}),
        len(agreed),
        sum(year_of(day_of(row["ended_on"])) == year for row in projects.values()
            if row["ended_on"]),
        len({row["group_id"] for row in agreed}),
        len({row["professional_id"] for row in books.project_member
             if row["project_id"] in projects and there(row, projects[row["project_id"]], year)}),
        len(mine),
        len(set(mine) - known),
        round(reported_minutes(books, payer="own", year=year) / 60, 2),
        round(reported_minutes(books, payer="company", year=year) / 60, 2),
        len(goals),
        sum(year_of(day_of(row["held_on"])) == year for row in books.consultation),
        mean_of(goals),
    ]  # fmt: skip


def unmet_of(books: Books, year: int) -> dict[str, int]:
    """Family of skills → needs of the year's rounds that nobody was found for."""
    rounds = {
        row["id"] for row in books.matching_round
        if row["sent_at"] and year_of(moment(row["sent_at"]).date()) == year
    }  # fmt: skip
    offered = {
        row["need_id"] for row in books.proposal
        if row["round_id"] in rounds and row["offered_at"]
    }  # fmt: skip
    return unmet(books, rounds, offered)


class CompanyBooks:
    """What a company may read of its own people."""

    def __init__(self, books: Books, company: str) -> None:
        self.books, self.company = books, company
        self.projects = counted_projects(books)
        agreed = {
            row["professional_id"] for row in books.consent
            if row["company_id"] == company and row["purpose"] == "employer_report"
            and not row["withdrawn_at"]
            and (not row["expires_on"] or day_of(row["expires_on"]) >= TODAY)
        }  # fmt: skip
        members = [row for row in books.project_member if row["company_id"] == company]
        self.first = min((year_of(day_of(row["joined_on"])) for row in members), default=None)
        self.members = [
            row for row in members
            if row["professional_id"] in agreed and row["project_id"] in self.projects
        ]  # fmt: skip

    def parts(self, year: int) -> list[dict[str, Any]]:
        """Memberships of the year."""
        return [row for row in self.members if there(row, self.projects[row["project_id"]], year)]

    def hours(self, rows: Iterable[dict[str, Any]], year: int, payer: str) -> float:
        """Confirmed hours of these memberships."""
        minutes = sum(
            reported_minutes(self.books, project_id=row["project_id"], payer=payer, year=year,
                             professional_id=row["professional_id"])
            for row in rows
        )  # fmt: skip
        return round(minutes / 60, 2)

    def ids(self, year: int) -> set[str]:
        """Projects of the year."""
        return {row["project_id"] for row in self.parts(year)}

    def line(self, year: int) -> list[float]:
        """Employees, groups, projects, hours in company time and in own time."""
        rows = self.parts(year)
        return [
            len({row["professional_id"] for row in rows}),
            len({self.projects[row["project_id"]]["group_id"] for row in rows}),
            len(self.ids(year)),
            self.hours(rows, year, "company"),
            self.hours(rows, year, "own"),
        ]

    def figures(self, year: int, rate: int | None = None) -> list[float | None]:
        """The figures of inputs, outputs, impacts in the report's order; with a ``rate`` also the
        worth of the hours in company time."""
        assert self.first is not None
        people, groups, projects, company, own = self.line(year)
        back = range(max(self.first, year - 4), year + 1)
        so_far = {id for each in back for id in self.ids(each)}
        said = [
            row for row in self.books.outcome
            if row["side"] == "group" and row["project_id"] in so_far
            and self.projects[row["project_id"]]["state"] in FINISHED
        ]  # fmt: skip
        told = len(said) >= FEW
        return [
            company,
            *([] if rate is None else [round(company * rate)]),
            own,
            people,
            groups,
            projects,
            sum(self.projects[id]["state"] in FINISHED for id in self.ids(year)),
            len(said),
            mean_of(row["goal"] for row in said) if told else None,
            sum(bool(row["used"]) for row in said) if told else None,
        ]

    def themes(self, year: int) -> Counter[str]:
        """Field → projects of the year."""
        needs = Counter(self.projects[id]["need_id"] for id in self.ids(year))
        return Counter(row["field"] for row in self.books.need_field if row["need_id"] in needs)

    def districts(self, year: int) -> Counter[str | None]:
        """District of the group → projects of the year."""
        groups = self.books.by_id("civic_group")
        return Counter(groups[self.projects[id]["group_id"]]["district"] for id in self.ids(year))

    def goals(self, year: int) -> Counter[int]:
        """Goal of the United Nations → projects of the year."""
        with (TAXONOMY / "field_goals.csv").open(encoding="utf-8") as file:
            usual = {row["field"]: row["goals"].split(";") for row in csv.DictReader(file)}
        found: Counter[int] = Counter()
        for id in self.ids(year):
            need = self.projects[id]["need_id"]
            fields = [row["field"] for row in self.books.need_field if row["need_id"] == need]
            named = stored(self.books.by_id("need")[need]["goals"])
            goals = named or [goal for field in fields for goal in usual.get(field, ())]
            found.update({17} | {int(goal) for goal in goals})
        return found
