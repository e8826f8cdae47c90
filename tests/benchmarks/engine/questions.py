"""The questions of ``matchmaker ask``, each asked of several people, pairs or needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from matchmaker.engine.answers.fair import fairness
from matchmaker.engine.answers.forecast import forecast
from matchmaker.engine.answers.recruit import recruit
from matchmaker.engine.answers.repair import repair
from matchmaker.engine.answers.stable import stability
from matchmaker.engine.answers.sure import sure
from matchmaker.engine.answers.unfilled import unfilled
from matchmaker.engine.answers.whatif import what_if
from matchmaker.engine.answers.why import why
from matchmaker.engine.answers.whynot import why_not
from matchmaker.engine.result import Result

SEVERAL = 5
Act = Callable[[], Any]


def questions(result: Result) -> Iterator[tuple[str, Act]]:
    """(question, act), the same question several times with other people, pairs or needs."""
    outcome = result.outcome
    placed = [(row.professional_id, row.role_id) for row in result.proposals][::7][:SEVERAL]
    problem, chosen = outcome.problem, outcome.solution.pairs
    others = np.setdiff1d(np.arange(len(problem.pair_role)), chosen)
    could = [outcome.pair_ids(pair) for pair in others[:: len(others) // SEVERAL + 1].tolist()]
    left = [row.need_id for row in result.unstaffed][:SEVERAL]
    for person, role in placed:
        yield "why", lambda person=person, role=role: why(outcome, person, role)
    for one, two in pairwise(placed):
        yield "why-not", lambda one=one, two=two: why_not(outcome, one[0], two[1])
    for person, role in could:
        yield "why-not, allowed", lambda person=person, role=role: why_not(outcome, person, role)
    for need in left:
        yield "unfilled", lambda need=need: unfilled(outcome, need)
    for pair in placed:
        yield "sure, one pair", lambda pair=pair: sure(outcome, [pair])
    for person, _ in placed:
        yield "repair", lambda person=person: repair(outcome, person)
    for pair in placed:
        ban = {"policy": {"bans": [list(pair)]}}
        yield "what-if, a ban", lambda ban=ban: what_if(outcome, ban)
    weights = {"policy": {"weights": {"wishes": 20}}}
    yield "what-if, a weight", lambda: what_if(outcome, weights)
    yield "sure, every pair", lambda: sure(outcome)
    yield "recruit", lambda: recruit(outcome)
    yield "fair", lambda: fairness(outcome)
    yield "stable", lambda: stability(outcome)
    yield "forecast", lambda: forecast(outcome)
