"""A result on disk, checked against its market without solving anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.explain import pair_reasons
from matchmaker.engine.features import feature_stack
from matchmaker.engine.market import Market
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import FEATURES, Policy
from matchmaker.engine.pose import pair_at, pose
from matchmaker.engine.problem import Ints, Problem
from matchmaker.engine.reasons import join_reasons
from matchmaker.engine.record import Record
from matchmaker.engine.scores import Pairs, contributions, score_pairs
from matchmaker.engine.shapes import Snapshot
from matchmaker.engine.snapshot import take
from matchmaker.engine.solution import Report, Solution, Violation
from matchmaker.engine.unstaffed import blocking_role, unstaffed_reasons
from matchmaker.engine.verify import verify
from matchmaker.engine.waiting import left_out, waiting_reasons


def recheck(record: Record, market: Market, inputs: Mapping[str, str]) -> Report:
    """Every way in which ``record`` is not the proven result of ``market``.

    ``inputs``: hashes of the market's files as they are now. Scores, contributions and reasons
    are worked out anew; the staffing, its levels and prices are checked by ``engine.verify``.
    Raises what ``Policy.from_json`` and ``pose`` raise when the policy itself is not valid.
    """
    snapshot = take(market, Policy.from_json(record.receipt["policy"]))
    pairs = score_pairs(snapshot)
    problem = pose(snapshot, pairs)
    faults = [
        *_files(record, inputs),
        *_proposals(record, snapshot, pairs),
        *_unstaffed(record, snapshot),
        *_pairs(record, snapshot, pairs),
        *_receipt(record),
    ]
    if any(fault.code in ("pair_unknown", "pair_not_allowed", "pair_twice") for fault in faults):
        return Report(tuple(faults), {})
    outcome = Outcome(snapshot, pairs, problem, _solution(record, snapshot, pairs, problem))
    report = verify(problem, outcome.solution)
    faults += [_with_ids(snapshot, pairs, fault) for fault in report.violations]
    if not report.violations:
        faults += [*_open_needs(record, outcome), *_left_out(record, outcome)]
    return Report(tuple(faults), {} if faults else report.proofs)


def _files(record: Record, inputs: Mapping[str, str]) -> Iterator[Violation]:
    for code, now in (("input_differs", inputs), ("output_differs", record.outputs)):
        claimed = record.receipt[code.replace("_differs", "s")]
        for name in sorted(set(claimed) | set(now)):
            if claimed.get(name) != now.get(name):
                yield Violation(code, {"file": name})


def _proposals(record: Record, snapshot: Snapshot, pairs: Pairs) -> Iterator[Violation]:
    seen: set[tuple[str, str]] = set()
    for row in record.proposals:
        ids = {"person": row["professional_id"], "role": row["role_id"]}
        person = snapshot.person_at.get(ids["person"])
        role = snapshot.role_at.get(ids["role"])
        if person is None or role is None:
            yield Violation("pair_unknown", ids)
            continue
        if (ids["person"], ids["role"]) in seen:
            yield Violation("pair_twice", ids)
        seen.add((ids["person"], ids["role"]))
        if row["need_id"] != snapshot.market.roles[role].need_id:
            yield Violation("need_differs", ids)
        at = pair_at(pairs, person, role)
        if at is None:
            yield Violation("pair_not_allowed", ids)
        else:
            yield from _parts(row, ids, snapshot, int(pairs.score[at]), (person, role))


def _parts(
    row: Mapping[str, str],
    ids: dict[str, str],
    snapshot: Snapshot,
    score: int,
    pair: tuple[int, int],
) -> Iterator[Violation]:
    if row["score"] != str(score):
        yield Violation("score_differs", {**ids, "found": score, "claimed": row["score"]})
    stack = feature_stack(snapshot, ints([pair[0]]), ints([pair[1]]))
    parts = contributions(stack, snapshot.policy.counted_weights)[:, 0]
    for name, value in zip(FEATURES, parts, strict=True):
        if row[name] != str(value):
            yield Violation("contribution_differs", {**ids, "feature": name, "found": int(value)})
    if row["reason"] != join_reasons(pair_reasons(snapshot, *pair)):
        yield Violation("reason_differs", ids)


def _unstaffed(record: Record, snapshot: Snapshot) -> Iterator[Violation]:
    staffed = {row["need_id"] for row in record.proposals}
    claimed = [row["need_id"] for row in record.unstaffed]
    for need in sorted(set(snapshot.need_at) - staffed - set(claimed)):
        yield Violation("need_left_unexplained", {"need": need})
    for need in sorted(set(claimed)):
        if need in staffed or need not in snapshot.need_at or claimed.count(need) > 1:
            yield Violation("need_not_unstaffed", {"need": need})


def _open_needs(record: Record, outcome: Outcome) -> Iterator[Violation]:
    """The smallest changes come from solving again, so only ``replay`` checks those."""
    for row in record.unstaffed:
        need = outcome.snapshot.need_at.get(row["need_id"])
        if need is None:
            continue
        role = blocking_role(outcome, need)
        blocking = "" if role is None else outcome.role_id(role)
        reasons = join_reasons(unstaffed_reasons(outcome, need))
        if (row["blocking_role_id"], row["reason"]) != (blocking, reasons):
            yield Violation("reason_differs", {"need": row["need_id"]})


def _left_out(record: Record, outcome: Outcome) -> Iterator[Violation]:
    claimed = {row["professional_id"]: row["reason"] for row in record.waiting}
    found = {
        outcome.person_id(int(person)): join_reasons(waiting_reasons(outcome, int(person)))
        for person in left_out(outcome)
    }
    for person in sorted(claimed.keys() | found.keys()):
        if claimed.get(person) != found.get(person):
            yield Violation("waiting_differs", {"person": person})


def _pairs(record: Record, snapshot: Snapshot, pairs: Pairs) -> Iterator[Violation]:
    if record.pairs is None:
        return
    market = snapshot.market
    columns = zip(pairs.person.tolist(), pairs.role.tolist(), pairs.score.tolist(), strict=True)
    found = {
        (market.professionals[person].id, market.roles[role].id, str(score))
        for person, role, score in columns
    }
    claimed = {(row["professional_id"], row["role_id"], row["score"]) for row in record.pairs}
    for person, role, _ in sorted(found ^ claimed):
        yield Violation("pairs_differ", {"person": person, "role": role})


def _receipt(record: Record) -> Iterator[Violation]:
    receipt = record.receipt
    values = {**receipt["levels"], **receipt["ties"]}
    gaps = {
        name: bound - values[name] for name, bound in receipt["bounds"].items() if name in values
    }
    if gaps != receipt["gaps"] or receipt.get("proven") != (not any(gaps.values())):
        yield Violation("gaps_differ")
    if receipt.get("seed") != receipt["policy"].get("seed"):
        yield Violation("seed_differs")


def _solution(record: Record, snapshot: Snapshot, pairs: Pairs, problem: Problem) -> Solution:
    chosen = _chosen(record, snapshot, pairs)
    staffed = np.zeros(len(problem.need_group), dtype=bool)
    staffed[problem.pair_need[chosen]] = True
    receipt = record.receipt
    return Solution(
        pairs=chosen,
        staffed=staffed,
        levels=_counts(receipt["levels"], receipt["ties"]),
        bounds=_counts(receipt["bounds"]),
        prices=record.prices,
    )


def _chosen(record: Record, snapshot: Snapshot, pairs: Pairs) -> Ints:
    found = (
        pair_at(pairs, snapshot.person_at[row["professional_id"]], snapshot.role_at[row["role_id"]])
        for row in record.proposals
    )
    return ints(sorted(at for at in found if at is not None))


def _counts(*parts: Mapping[str, Any]) -> dict[str, int]:
    """Whole numbers only; anything else counts as -1, which no level can have."""
    return {
        name: value if isinstance(value, int) and not isinstance(value, bool) else -1
        for part in parts
        for name, value in part.items()
    }


def _with_ids(snapshot: Snapshot, pairs: Pairs, fault: Violation) -> Violation:
    """Positions in the parameters of a violation become ids."""
    market, params = snapshot.market, dict(fault.params)
    if "pair" in params:
        pair = params.pop("pair")
        params |= {"person": int(pairs.person[pair]), "role": int(pairs.role[pair])}
    rows = {"person": market.professionals, "role": market.roles, "need": market.needs}
    for name, table in rows.items():
        if isinstance(params.get(name), int):
            params[name] = table[params[name]].id
    return Violation(fault.code, params)
