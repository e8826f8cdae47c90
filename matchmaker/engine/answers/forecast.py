"""What the round does to the plan's main indicator: distinct employers of pro bono workers.

What is assumed: an employer is the company a professional names; it has taken part when one of
its people is in the history; it takes part when one of its people accepts a seat and the project
is agreed. Employers known only as a number carried over from before are not among these rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matchmaker.engine.outcome import Outcome

Pair = tuple[str, str]


@dataclass(frozen=True)
class NewEmployer:
    """An employer that would take part for the first time, and the proposals that would do it."""

    company_id: str
    proposals: tuple[Pair, ...]


@dataclass(frozen=True)
class Open:
    """A proposal still to be accepted: the count if it alone is accepted of those still open, and
    if it alone is not."""

    person_id: str
    role_id: str
    alone: int
    without: int


@dataclass(frozen=True)
class Forecast:
    """Distinct employers ``before`` the round; ``low`` when nothing more is accepted, ``high``
    when everything is. ``new``: employers new through this round. ``open``: proposals that are
    not accepted yet."""

    before: int
    low: int
    high: int
    new: tuple[NewEmployer, ...]
    open: tuple[Open, ...]


def forecast(outcome: Outcome, accepted: Iterable[Pair] = ()) -> Forecast:
    """The indicator with and without each proposal. ``accepted``: proposals that are certain."""
    market = outcome.snapshot.market
    company = {row.id: row.company_id for row in market.professionals}
    known = {company[row.professional_id] for row in market.history} - {""}
    seats = sorted(outcome.pair_ids(int(pair)) for pair in outcome.solution.pairs)
    certain = set(accepted)
    sure = {company[person] for person, role in seats if (person, role) in certain} - {""} | known
    through: dict[str, list[Pair]] = {}
    for person, role in seats:
        if company[person] and company[person] not in known:
            through.setdefault(company[person], []).append((person, role))
    high = len(known) + len(through)
    return Forecast(
        before=len(known),
        low=len(sure),
        high=high,
        new=tuple(NewEmployer(name, tuple(pairs)) for name, pairs in sorted(through.items())),
        open=tuple(
            Open(
                person,
                role,
                alone=len(sure | {company[person]} - {""}),
                without=high - (len(through.get(company[person], ())) == 1),
            )
            for person, role in seats
            if (person, role) not in certain
        ),
    )
