"""A result on disk, checked against its market without solving anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.audit import Claim, audit
from matchmaker.engine.explain import pair_reasons
from matchmaker.engine.market import Market
from matchmaker.engine.matcher import many
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import Policy
from matchmaker.engine.pose import pose
from matchmaker.engine.proof.plain import Pair, Rows
from matchmaker.engine.reasons import CATALOGUE, CHANGE, join_reasons, parse_reasons
from matchmaker.engine.record import MEASURED, RECEIPT, TIE_RULE, Record
from matchmaker.engine.scores import floored, score_pairs
from matchmaker.engine.snapshot import take
from matchmaker.engine.solution import Report, Solution, Violation
from matchmaker.engine.unstaffed import blocking_role, unstaffed_reasons
from matchmaker.engine.waiting import Queue, left_out, too_many


def recheck(record: Record, market: Market, inputs: Mapping[str, str]) -> Report:
    """Every way in which ``record`` is not the proven result of ``market``.

    ``inputs``: hashes of the market's files as they are now. Pairs, limits, levels and prices are
    checked by ``audit``; contributions, reasons and tables are worked out anew.
    Raises what ``Policy.from_json`` raises when the policy itself is not valid.
    """
    policy = Policy.from_json(record.receipt["policy"])
    faults = [*_files(record, inputs), *_receipt(record, market, policy), *_order(record)]
    report = audit(market, policy, _claim(record))
    if report.violations:
        return Report((*faults, *report.violations), {})
    outcome = outcome_of(record, market, policy)
    faults += [*_proposals(record, outcome), *_pairs(record, outcome)]
    faults += [*_unstaffed(record, outcome), *_left_out(record, outcome)]
    return Report(tuple(faults), {} if faults else report.proofs)


def _claim(record: Record) -> Claim:
    receipt = record.receipt
    pairs = tuple((row["professional_id"], row["role_id"]) for row in record.proposals)
    levels = _counts(receipt["levels"], receipt["ties"])
    return Claim(pairs, levels, _counts(receipt["bounds"]), *record.proof)


def outcome_of(record: Record, market: Market, policy: Policy) -> Outcome:
    """The claimed staffing, once ``recheck`` found it sound, as a round that can be asked about:
    posed again, not solved again. Of a large market it keeps the chosen pairs alone."""
    snapshot, claim = take(market, policy), _claim(record)
    at = sorted((snapshot.person_at[p], snapshot.role_at[r]) for p, r in claim.pairs)
    who, where = ints([person for person, _ in at]), ints([role for _, role in at])
    complete = not many(snapshot)
    pairs = score_pairs(snapshot) if complete else floored(snapshot, who, where)
    problem, roles = pose(snapshot, pairs), len(snapshot.role_at)
    chosen = np.flatnonzero(np.isin(pairs.person * roles + pairs.role, who * roles + where))
    staffed = np.bincount(problem.pair_need[chosen], minlength=len(problem.need_group)) > 0
    levels, bounds = dict(claim.levels), dict(claim.bounds)
    proof: dict[str, Any] = {"ties": claim.ties, "grounds": claim.grounds}
    solution = Solution(chosen, staffed, levels, bounds, claim.prices, **proof)
    return Outcome(snapshot, pairs, problem, solution, complete)


def _files(record: Record, inputs: Mapping[str, str]) -> Iterator[Violation]:
    for code, now in (("input_differs", inputs), ("output_differs", record.outputs)):
        claimed = record.receipt[code.replace("_differs", "s")]
        for name in sorted(set(claimed) | set(now)):
            if claimed.get(name) != now.get(name):
                yield Violation(code, {"file": name})


def _order(record: Record) -> Iterator[Violation]:
    """Rows are sorted by their keys, each key once."""
    tables = {
        "proposals.csv": (record.proposals, ("need_id", "role_id", "professional_id")),
        "unstaffed.csv": (record.unstaffed, ("need_id",)),
        "waiting.csv": (record.waiting, ("professional_id",)),
        "pairs.csv": (record.pairs or [], ("professional_id", "role_id")),
    }
    for name, (rows, key) in tables.items():
        keys = [tuple(row[column] for column in key) for row in rows]
        if keys != sorted(set(keys)):
            yield Violation("rows_out_of_order", {"file": name})


def _proposals(record: Record, outcome: Outcome) -> Iterator[Violation]:
    snapshot = outcome.snapshot
    rows = Rows(snapshot.market, snapshot.policy, {r["professional_id"] for r in record.proposals})
    for row in record.proposals:
        pair = Pair(rows, row["professional_id"], row["role_id"])
        ids = {"person": pair.ids[0], "role": pair.ids[1]}
        if row["need_id"] != pair.need.id:
            yield Violation("need_differs", ids)
        if row["score"] != str(pair.score):
            yield Violation("score_differs", {**ids, "found": pair.score, "claimed": row["score"]})
        for name, value in pair.contributions.items():
            if row[name] != str(value):
                yield Violation("contribution_differs", {**ids, "feature": name, "found": value})
        if row["reason"] != join_reasons(pair_reasons(snapshot, *outcome.positions(*pair.ids))):
            yield Violation("reason_differs", ids)


def _unstaffed(record: Record, outcome: Outcome) -> Iterator[Violation]:
    """The smallest changes come from solving again, so only ``replay`` checks those."""
    claimed = {row["need_id"]: row for row in record.unstaffed}
    found = {outcome.need_id(int(at)): int(at) for at in np.flatnonzero(~outcome.solution.staffed)}
    for need in sorted(claimed.keys() ^ found.keys()):
        known = need in found
        yield Violation("need_left_unexplained" if known else "need_not_unstaffed", {"need": need})
    for need in sorted(claimed.keys() & found.keys()):
        row, role = claimed[need], blocking_role(outcome, found[need])
        blocking = "" if role is None else outcome.role_id(role)
        reasons = join_reasons(unstaffed_reasons(outcome, found[need]))
        if (row["blocking_role_id"], row["reason"]) != (blocking, reasons):
            yield Violation("reason_differs", {"need": need})
        if not _is_change(row["smallest_change"]):
            yield Violation("not_a_change", {"need": need})


def _is_change(text: str) -> bool:
    try:
        changes = parse_reasons(text)
    except (KeyError, ValueError):
        return False
    proper = [CATALOGUE[each.code].kind == CHANGE for each in changes]
    return all(proper) and len(proper) < 2 and join_reasons(changes) == text


def _left_out(record: Record, outcome: Outcome) -> Iterator[Violation]:
    claimed = {row["professional_id"]: row["reason"] for row in record.waiting}
    queue, found, people = Queue(outcome), dict[str, str](), left_out(outcome)
    explained = not too_many(people)
    if record.receipt.get("waiting_explained") is not explained:
        yield Violation("receipt_differs")
    for part in queue.parts(people):
        texts = map(join_reasons, queue.reasons(part)) if explained else [""] * len(part)
        found |= zip(outcome.snapshot.market.ids("professionals", part), texts, strict=True)
    for person in sorted(claimed.keys() | found.keys()):
        if claimed.get(person) != found.get(person):
            yield Violation("waiting_differs", {"person": person})


def _pairs(record: Record, outcome: Outcome) -> Iterator[Violation]:
    if record.pairs is None:
        return
    pairs = outcome.pairs if outcome.complete else score_pairs(outcome.snapshot)
    market, scores = outcome.snapshot.market, map(str, pairs.score.tolist())
    ids = market.ids("professionals", pairs.person), market.ids("roles", pairs.role)
    found = set(zip(*ids, scores, strict=True))
    claimed = {(row["professional_id"], row["role_id"], row["score"]) for row in record.pairs}
    for person, role, _ in sorted(found ^ claimed):
        yield Violation("pairs_differ", {"person": person, "role": role})


def _receipt(record: Record, market: Market, policy: Policy) -> Iterator[Violation]:
    receipt, as_of = record.receipt, policy.as_of or market.last_day
    values, bounds = _counts(receipt["levels"], receipt["ties"]), _counts(receipt["bounds"])
    gaps = {name: bound - values[name] for name, bound in bounds.items() if name in values}
    if gaps != _counts(receipt["gaps"]) or receipt.get("proven") is not (not any(gaps.values())):
        yield Violation("gaps_differ")
    fixed = {"policy": policy.to_json(), "seed": policy.seed, "tie_rule": TIE_RULE}
    fixed["as_of"] = as_of.isoformat() if as_of else None
    for name, value in fixed.items():
        if receipt.get(name) != value:
            yield Violation(f"{name}_differs")
    if tuple(name for name in receipt if name not in MEASURED) != RECEIPT:
        yield Violation("receipt_differs")
    price = receipt.get("worst_fit_price")
    if price is not None and not (policy.levels.worst_fit and _count(price) >= 0):
        yield Violation("worst_fit_price_differs")
    if set(receipt["ties"]) != {"tie_waiting", "tie_hash"}:
        yield Violation("ties_differ")


def _counts(*parts: Mapping[str, Any]) -> dict[str, int]:
    """Whole numbers only; anything else counts as -1, which no level can have."""
    return {name: _count(value) for part in parts for name, value in part.items()}


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
