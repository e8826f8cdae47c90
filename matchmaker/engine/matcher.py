"""``match``: market and policy in, proven proposals out."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.market import Market
from matchmaker.engine.outcome import settle
from matchmaker.engine.pairs.postings import Postings
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.policy import Policy
from matchmaker.engine.result import Result
from matchmaker.engine.scale.executors import Executor
from matchmaker.engine.scale.place import Progress
from matchmaker.engine.scale.round import settle_large
from matchmaker.engine.scores import score_pairs
from matchmaker.engine.snapshot import take

_MANY = 1_000_000  # pairs to look at, above which not all that are allowed are kept


def match(
    market: Market,
    policy: Policy | None = None,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Result:
    """The best staffing of ``market`` under ``policy`` (default ``Policy()``), proven.

    ``executor``: where the pairs of a large market are scored and priced (default: threads of this
    process); the result is the same. ``progress(stage, done, of)`` is told how far that work is:
    blocks done of all, and under ``solve`` the round that begins and its number of pairs.
    Raises Refusal ``pin_unknown``, ``pin_refused`` or ``pins_impossible`` when a pin cannot hold.

    >>> result = match(Market.read("sample_data/small"))
    >>> result.levels["needs_staffed"], result.proof.proven, result.check().violations
    (5, True, ())
    >>> sum(result.proposals[0].contributions.values()) == result.proposals[0].score
    True
    """
    start = perf_counter()
    snapshot = take(market, policy or Policy())
    taken = perf_counter()
    if many(snapshot):
        outcome = settle_large(snapshot, executor=executor, progress=progress)
        seconds = {"snapshot": taken - start, "solve": perf_counter() - taken}
        return Result(outcome, seconds)
    pairs = score_pairs(snapshot)
    scored = perf_counter()
    outcome = settle(snapshot, pairs)
    seconds = {"snapshot": taken - start, "score": scored - taken}
    seconds["solve"] = perf_counter() - scored
    return Result(outcome, seconds)


def many(snapshot: Snapshot) -> bool:
    """Whether a market is so large that a round keeps only the pairs its solver had to see."""
    roles = ints(np.arange(len(snapshot.needs.role_need)))
    if len(roles) * len(snapshot.people.capacity) <= _MANY:
        return False
    return int(Postings.of(snapshot).sizes(roles).sum()) > _MANY
