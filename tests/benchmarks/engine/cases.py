"""What is measured, against whom, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.benchmarks.engine.child import Job
from tests.benchmarks.engine.measure import Run

UNITS = {"ratio": "", "seconds": " s", "milliseconds": " ms", "megabytes": " MB"}
UNITS |= {"gap": " %", "count gap": " %", "score gap": " %"}


@dataclass(frozen=True)
class Demand:
    """One line of the table: a figure of ``ours``, beside ``rival``'s where it is a ratio.

    ``figure``: a key of UNITS; ``gap`` is the largest gap of any level in percent of its value,
    ``count gap`` of a level that counts, ``score gap`` that of the total score.
    ``must`` and ``aim``: at most so much; None: any.
    """

    title: str
    figure: str
    ours: str
    must: float | None
    aim: float | None = None
    rival: str | None = None

    def value(self, runs: Mapping[str, Run], *, processor: bool = False) -> float | None:
        """The figure, by the wall's clock or by ``processor`` time, or None when one of the two
        gave no answer."""
        ours = runs[self.ours]
        rival = runs[self.rival] if self.rival else None
        if ours.failure or (rival and rival.failure):
            return None
        if self.figure == "megabytes":
            return ours.peak_mb
        if self.figure.endswith("gap"):
            return float(ours.about[self.figure])
        mine, theirs = (
            run and (run.processor_seconds if processor else run.seconds) for run in (ours, rival)
        )
        return mine / (theirs or 1) * (1000 if self.figure == "milliseconds" else 1)

    def reached(self, runs: Mapping[str, Run]) -> str:
        """In words: ``aim``, ``must``, ``missed``, or why there is nothing to judge."""
        value = self.value(runs)
        if value is None:
            rival = runs[self.rival].failure if self.rival else ""
            return f"not measured: {runs[self.ours].failure or rival}"
        if runs[self.ours].proven is False and not self.figure.endswith("gap"):
            return "missed: not proven"
        if self.aim is not None and value <= self.aim:
            return "aim"
        return "must" if self.must is None or value <= self.must else "missed"

    def as_json(self, runs: Mapping[str, Run]) -> dict[str, Any]:
        """The figure and its judgement for programs."""
        by_processor = self.value(runs, processor=True)
        judged = {"value": self.value(runs), "reached": self.reached(runs)}
        return {**asdict(self), **judged, "by_processor": by_processor}


@dataclass(frozen=True)
class Case:
    """Contenders on one instance: label → job. Labels that begin with ``matchmaker`` are ours.

    All contenders that report a value must report the same one.
    """

    name: str
    title: str
    jobs: Mapping[str, Job]
    demands: tuple[Demand, ...] = field(default=())


@dataclass(frozen=True)
class Judged:
    """A case with the run of each contender."""

    case: Case
    runs: dict[str, Run]

    @property
    def disagreement(self) -> str:
        """The values found when they are not all equal, else empty."""
        values = {label: run.value for label, run in self.runs.items() if run.value is not None}
        return str(values) if len(set(values.values())) > 1 else ""

    def as_json(self) -> dict[str, Any]:
        """Every run and every figure asked for."""
        return {
            "name": self.case.name,
            "demands": [demand.as_json(self.runs) for demand in self.case.demands],
            "runs": {label: run.as_json() for label, run in self.runs.items()},
        }


OURS, PLAIN = "matchmaker", "matchmaker, scipy only"
DENSE, SPARSE, FLOW = "scipy dense", "scipy sparse", "or-tools flow"
HIGHS, PACKAGE = "plain HiGHS", "matching package"
_SEVERAL = {"seats": (2, 4), "capacity": (1, 3), "allowed": 0.03, "hours": True}


def cases(quick: bool) -> list[Case]:
    """Every case of the table; ``quick`` ones are a tenth of the size or less."""
    return [
        _tight(_size(quick, 800, 10_000)),
        _capacities(_size(quick, 500, 5_000)),
        _region(_size(quick, 2_000, 50_000), _size(quick, 1_000, 25_000)),
        _country(_size(quick, 5_000, 1_000_000), _size(quick, 500, 100_000)),
        _teams(_size(quick, 200, 2_000), _size(quick, 40, 400)),
        _many_teams(_size(quick, 400, 20_000), _size(quick, 80, 4_000)),
        *_coupled(quick),
        *_contested(quick),
        _bids(_size(quick, 100, 2_000)),
        _city(_size(quick, 200, 1_000), _size(quick, 60, 300)),
        _stability(_size(quick, 100, 4_000), _size(quick, 33, 1_300)),
    ]


def answers_jobs(quick: bool) -> dict[str, Job]:
    """Every question on rounds of a city, as a city without extras would ask it."""
    people, needs = _size(quick, 60, 300), _size(quick, 20, 100)
    limit = _size(quick, 10, 40)
    title, bound = f"{people:,} × {needs:,}", _market(people, needs, **_SEVERAL)
    given = {
        title: _market(people, needs),
        f"{title}, capacities 1–3, hours bind": bound,
        f"{title}, hours bind, at most {limit} new projects": bound | {"max_new_projects": limit},
    }
    return {each: Job("answers", market, repeats=1, numba=False) for each, market in given.items()}


def _size(quick: bool, small: int, full: int) -> int:
    return small if quick else full


def _market(people: int, needs: int, **more: Any) -> dict[str, Any]:
    return {"people": people, "needs": needs, **more}


def _tight(size: int) -> Case:
    given = _market(size, size, allowed=0.13)
    title = f"{size:,} × {size:,} tight, 13 % allowed, capacity 1"
    return Case(
        name="tight",
        title=title,
        jobs={
            OURS: Job("assignment", given),
            PLAIN: Job("assignment", given, numba=False),
            DENSE: Job("dense matrix", given, repeats=1),
        },
        demands=(
            Demand(title, "ratio", OURS, 0.20, 0.08, DENSE),
            Demand("the same, scipy only", "ratio", PLAIN, 0.50, 0.35, DENSE),
        ),
    )


def _capacities(size: int) -> Case:
    given = _market(size, size, capacity=(1, 3), allowed=0.13)
    title = f"{size:,} × {size:,}, capacities 1–3 (D on cloned rows)"
    return Case(
        name="capacities",
        title=title,
        jobs={
            OURS: Job("assignment", given),
            PLAIN: Job("assignment", given, numba=False),
            DENSE: Job("dense matrix", given),
        },
        demands=(Demand(title, "ratio", OURS, 0.10, 0.05, DENSE),),
    )


def _region(people: int, seats: int) -> Case:
    title = f"{people:,} people × {seats:,} seats, proven"
    return Case(
        name="region",
        title=title,
        jobs={OURS: Job("assignment", _market(people, seats, allowed=0.03))},
        demands=(
            Demand(title, "seconds", OURS, 6, 3),
            Demand(f"{title}: memory beyond the market", "megabytes", OURS, 200),
        ),
    )


def _country(people: int, seats: int) -> Case:
    title = f"{people:,} people × {seats:,} seats, capacities 1–3, proven"
    given = _market(people, seats, capacity=(1, 3), allowed=0.03)
    return Case(
        name="country",
        title=title,
        jobs={OURS: Job("assignment", given, repeats=1, limit=900)},
        demands=(
            Demand(title, "seconds", OURS, None, 300),
            Demand(f"{title}: memory beyond the market", "megabytes", OURS, 8_000, 3_000),
        ),
    )


def _teams(people: int, needs: int) -> Case:
    title = f"{people:,} people × {needs:,} team needs, all five levels proven"
    given = _market(people, needs, seats=(2, 4), allowed=0.03, hours=True)
    return Case(
        name="teams",
        title=title,
        jobs={OURS: Job("round", given), HIGHS: Job("levels by HiGHS", given)},
        demands=(Demand(title, "ratio", OURS, 0.5, 0.15, HIGHS),),
    )


def _many_teams(people: int, needs: int) -> Case:
    title = f"{people:,} people × {needs:,} team needs: largest gap of a level"
    given = _market(people, needs, seats=(2, 4), allowed=0.03, hours=True)
    return Case(
        name="many-teams",
        title=title,
        jobs={OURS: Job("round", given, repeats=1)},
        demands=(Demand(title, "gap", OURS, 0.1, 0),),
    )


def _coupled(quick: bool) -> list[Case]:
    """Several seats a person and hours that bind, too few people, a limit on new projects: each
    against HiGHS level by level."""
    people, needs = _size(quick, 200, 2_000), _size(quick, 40, 400)
    half, limit = people // 2, _size(quick, 10, 40)
    few = _market(_size(quick, 40, 300), _size(quick, 20, 100), **_SEVERAL, max_new_projects=limit)
    title = f"{few['people']:,} × {few['needs']:,}, hours bind, at most {limit} new projects"
    return [
        _beside_highs(
            "hours",
            f"{people:,} × {needs:,}, capacities 1–3, hours bind",
            _market(people, needs, **_SEVERAL),
        ),
        _beside_highs(
            "contested-hours",
            f"{half:,} × {needs:,}, capacities 1–3, hours bind, needs compete",
            _market(half, needs, **_SEVERAL),
        ),
        _beside_highs("limit", title, few),
    ]


def _beside_highs(name: str, title: str, given: dict[str, Any]) -> Case:
    return Case(
        name=name,
        title=title,
        jobs={OURS: Job("round", given), HIGHS: Job("levels by HiGHS", given)},
        demands=(Demand(title, "ratio", OURS, 0.5, 0.15, HIGHS),),
    )


def _contested(quick: bool) -> list[Case]:
    """Large rounds that are not simple: no rival reaches them, so their gaps are judged."""
    people, needs = _size(quick, 400, 20_000), _size(quick, 80, 4_000)
    few, limit = _size(quick, 220, 11_000), _size(quick, 40, 2_000)
    teams = {"seats": (2, 4), "allowed": 0.03, "hours": True}
    given = {
        "many-hours": (
            f"{people:,} × {needs:,}, capacities 1–3, hours bind",
            _market(people, needs, **teams, capacity=(1, 3)),
        ),
        "too-few": (f"{few:,} × {needs:,}: too few people", _market(few, needs, **teams)),
        "many-limit": (
            f"{people:,} × {needs:,}, at most {limit:,} new projects",
            _market(people, needs, **teams, max_new_projects=limit),
        ),
    }
    return [
        Case(
            name=name,
            title=title,
            jobs={OURS: Job("round", market, repeats=1, limit=900)},
            demands=tuple(
                Demand(f"{title}: gap of {words}", figure, OURS, 0.1, 0)
                for figure, words in (("count gap", "a count"), ("score gap", "the total"))
            ),
        )
        for name, (title, market) in given.items()
    ]


def _bids(size: int) -> Case:
    title = f"{size:,} × {size:,} dense bids against or-tools min-cost flow, build and solve"
    given = {"size": size}
    return Case(
        name="bids",
        title=title,
        jobs={
            OURS: Job("assign bids", given),
            PLAIN: Job("assign bids", given, numba=False),
            FLOW: Job("flow of bids", given),
        },
        demands=(Demand(title, "ratio", OURS, 1.0, 0.3, FLOW),),
    )


def _city(people: int, seats: int) -> Case:
    title = f"{people:,} × {seats:,} city, whole round with explanations"
    given = _market(people, seats, allowed=0.03)
    return Case(
        name="city",
        title=title,
        jobs={OURS: Job("explained round", given, repeats=9, numba=False)},
        demands=(Demand(title, "milliseconds", OURS, 60, 25),),
    )


def _stability(people: int, roles: int) -> Case:
    title = f"Stable matching and its check, {people:,} × {roles:,}, against `matching`"
    given = {"people": people, "roles": roles, "wanted": 20}
    return Case(
        name="stability",
        title=title,
        jobs={
            OURS: Job("deferred acceptance", given, numba=False),
            PACKAGE: Job("matching package", given),
        },
        demands=(Demand(title, "ratio", OURS, 0.01, None, PACKAGE),),
    )
