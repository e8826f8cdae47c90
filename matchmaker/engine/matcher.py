"""``match``: market and policy in, proven proposals out."""

from __future__ import annotations

from time import perf_counter

from matchmaker.engine.market import Market
from matchmaker.engine.outcome import settle
from matchmaker.engine.policy import Policy
from matchmaker.engine.result import Result
from matchmaker.engine.scores import score_pairs
from matchmaker.engine.snapshot import take


def match(market: Market, policy: Policy | None = None) -> Result:
    """The best staffing of ``market`` under ``policy`` (default ``Policy()``), proven.

    Raises Refusal ``pin_unknown``, ``pin_refused`` or ``pins_impossible`` when a pin cannot hold.
    """
    start = perf_counter()
    snapshot = take(market, policy or Policy())
    taken = perf_counter()
    pairs = score_pairs(snapshot)
    scored = perf_counter()
    outcome = settle(snapshot, pairs)
    seconds = {"snapshot": taken - start, "score": scored - taken}
    seconds["solve"] = perf_counter() - scored
    return Result(outcome, seconds)
