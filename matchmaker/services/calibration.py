"""Does a higher predicted fit go with better work? Predicted scores against later ratings.

For each band of the predicted score: of how many ratings, how many were good (4 or 5 of 5), and the
interval in which the true share lies with 95 % confidence (Wilson's score interval). Below
``LEAST`` ratings no share is given. A professional's case is their own seat; the group rates the
project as a whole, so its case is a project, with the mean score of its team. People are neither
named nor ranked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from sqlmodel import Session, col

from matchmaker.db import wide_select
from matchmaker.models import Outcome, ProjectMember, Proposal, Side
from matchmaker.services.actors import Actor, require_coordinator

LEAST = 5
GOOD = 4
_Z = 1.959964  # of the normal distribution, for 95 %
QUESTIONS = ("goal", "relation")


@dataclass(frozen=True)
class Share:
    """Of ``cases`` ratings, ``good`` were good; no share below ``LEAST`` cases."""

    cases: int
    good: int

    @property
    def told(self) -> bool:
        """Whether there are enough cases to say anything."""
        return self.cases >= LEAST

    @property
    def share(self) -> float | None:
        """0 to 1."""
        return self.good / self.cases if self.told else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval of the share."""
        if not self.told:
            return None
        share, cases, z2 = self.good / self.cases, self.cases, _Z * _Z
        middle = (share + z2 / (2 * cases)) / (1 + z2 / cases)
        half = _Z / (1 + z2 / cases) * sqrt(share * (1 - share) / cases + z2 / (4 * cases**2))
        return max(middle - half, 0.0), min(middle + half, 1.0)


@dataclass(frozen=True)
class Band:
    """Predicted scores from ``lowest`` up to the next band: (side, question) → share."""

    lowest: int
    shares: dict[tuple[str, str], Share]


@dataclass(frozen=True)
class Calibration:
    """The bands, highest first, and the number of cases of each side."""

    bands: tuple[Band, ...]
    professionals: int
    projects: int

    @property
    def told(self) -> bool:
        """Whether any band has enough cases."""
        return any(share.told for band in self.bands for share in band.shares.values())


@dataclass(frozen=True)
class _Case:
    score: float
    ratings: dict[str, int | None]


def calibration(session: Session, *, actor: Actor, bands: Sequence[int]) -> Calibration:
    """Ratings by band; ``bands``: the lowest score of each, highest first.

    Refused: ``coordinators_only``.
    """
    require_coordinator(actor)
    scores: dict[str, int] = {}
    teams: dict[str, list[int]] = defaultdict(list)
    rows = session.execute(
        wide_select(ProjectMember.id, ProjectMember.project_id, Proposal.score).join(
            Proposal, col(Proposal.id) == ProjectMember.proposal_id
        )
    )
    for member_id, project_id, score in rows:
        scores[member_id] = score
        teams[project_id].append(score)
    own: list[_Case] = []
    groups: list[_Case] = []
    said = session.execute(
        wide_select(
            Outcome.side, Outcome.project_id, Outcome.member_id, Outcome.goal, Outcome.relation
        )
    )
    for side, project_id, member_id, goal, relation in said:
        ratings = {"goal": goal, "relation": relation}
        if side == Side.GROUP and project_id in teams:
            team = teams[project_id]
            groups.append(_Case(sum(team) / len(team), ratings))
        elif side == Side.PROFESSIONAL and member_id in scores:
            own.append(_Case(scores[member_id], ratings))
    found = {Side.PROFESSIONAL: own, Side.GROUP: groups}
    return Calibration(
        tuple(
            Band(lowest, _shares(found, lowest, highest))
            for lowest, highest in zip(bands, (float("inf"), *bands), strict=False)
        ),
        len(own),
        len(groups),
    )


def _shares(
    found: dict[Side, list[_Case]], lowest: float, highest: float
) -> dict[tuple[str, str], Share]:
    return {
        (side.value, question): _share(
            case.ratings[question] for case in cases if lowest <= case.score < highest
        )
        for side, cases in found.items()
        for question in QUESTIONS
    }


def _share(ratings: Iterable[int | None]) -> Share:
    given = [rating for rating in ratings if rating is not None]
    return Share(len(given), sum(rating >= GOOD for rating in given))
