"""A result checked against its market alone: nothing of the solver, nothing of the solved problem.

Every chosen pair, and a seeded sample of the others, is judged and scored again by ``plain``;
limits and levels are counted from the rows by ``tally``; prices are weighed over all pairs of the
market, block by block (``verify``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.market import Market
from matchmaker.engine.pairs.formulas import pair_hash
from matchmaker.engine.pairs.postings import Postings
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.policy import Policy
from matchmaker.engine.pose import id_words, pose
from matchmaker.engine.problem import Problem
from matchmaker.engine.proof.plain import Pair, Rows
from matchmaker.engine.proof.tally import broken_limits, maximised, tally
from matchmaker.engine.proof.weigh import Block
from matchmaker.engine.scores import floored, scored
from matchmaker.engine.snapshot import take
from matchmaker.engine.solution import Grounds, Prices, Report, Solution, Violation
from matchmaker.engine.verify import verify

PEOPLE, ROLES = 16, 16  # sampled: so many people, each with so many roles
BLOCK = 2**20  # pairs that are looked at together


@dataclass(frozen=True)
class Claim:
    """What a result says: (professional id, role id) of the chosen pairs, every level's value
    (``ties`` of the receipt among them), bounds, prices."""

    pairs: tuple[tuple[str, str], ...]
    levels: Mapping[str, int]
    bounds: Mapping[str, int]
    prices: Prices
    ties: tuple[Prices, Prices] | None = None
    grounds: Grounds | None = None


def audit(market: Market, policy: Policy, claim: Claim) -> Report:
    """Everything that is wrong with ``claim`` as the result of ``market`` under ``policy``."""
    snapshot = take(market, policy)
    if faults := tuple(_unknown(claim, snapshot)):
        return Report(faults, {})
    sample = _sample(snapshot)
    wanted = {person for person, _ in (*claim.pairs, *sample)}
    rows = Rows(market, policy, wanted)
    pairs = [Pair(rows, *ids) for ids in claim.pairs]
    faults = (*_refused(pairs), *broken_limits(rows, pairs), *_levels(rows, pairs, claim))
    if faults:
        return Report(faults, {})
    return _weighed(snapshot, claim, {ids: Pair(rows, *ids) for ids in (*claim.pairs, *sample)})


def _unknown(claim: Claim, snapshot: Snapshot) -> Iterator[Violation]:
    seen: set[tuple[str, str]] = set()
    for person, role in claim.pairs:
        if person not in snapshot.person_at or role not in snapshot.role_at:
            yield Violation("pair_unknown", {"person": person, "role": role})
        elif (person, role) in seen:
            yield Violation("pair_twice", {"person": person, "role": role})
        seen.add((person, role))


def _sample(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Pairs of people and roles drawn by the round's seed, most of them not allowed."""
    draw = np.random.default_rng(snapshot.policy.seed)
    people, roles = list(snapshot.person_at), list(snapshot.role_at)
    return [
        (people[person], roles[role])
        for person in draw.permutation(len(people))[:PEOPLE]
        for role in draw.integers(0, len(roles), ROLES if roles else 0)
    ]


def _refused(pairs: list[Pair]) -> Iterator[Violation]:
    for pair in pairs:
        person, role = pair.ids
        if not pair.allowed:
            rules = tuple(sorted(pair.refusals)) or ("below_floor",)
            yield Violation("pair_not_allowed", {"person": person, "role": role, "rules": rules})


def _levels(rows: Rows, pairs: list[Pair], claim: Claim) -> Iterator[Violation]:
    found = tally(rows, pairs)
    for name in [*found, *(claim.levels.keys() - found.keys())]:
        if found.get(name) != claim.levels.get(name):
            yield Violation("level_differs", {"level": name, "found": found.get(name)})
    if list(found) != list(claim.levels):
        yield Violation("levels_differ", {"expected": tuple(found)})
    if list(claim.bounds) != maximised(rows.policy):
        yield Violation("bounds_differ", {"expected": tuple(maximised(rows.policy))})


def _weighed(snapshot: Snapshot, claim: Claim, judged: dict[tuple[str, str], Pair]) -> Report:
    at = sorted((snapshot.person_at[p], snapshot.role_at[r]) for p, r in claim.pairs)
    chosen = floored(snapshot, ints([p for p, _ in at]), ints([r for _, r in at]))
    problem = pose(snapshot, chosen)
    staffed = np.bincount(problem.pair_need, minlength=len(problem.need_group)) > 0
    every, levels, bounds = ints(np.arange(len(chosen.score))), claim.levels, claim.bounds
    proof: dict[str, Any] = {"ties": claim.ties, "grounds": claim.grounds}
    solution = Solution(every, staffed, dict(levels), dict(bounds), claim.prices, **proof)
    second = _Second(snapshot, judged)
    report = verify(problem, solution, second.watch(blocks(snapshot)))
    faults = [_with_ids(snapshot, problem, fault) for fault in report.violations]
    if all(fault.code != "malformed" for fault in faults):  # else no block was looked at
        faults += second.faults()
    return Report(tuple(faults), {} if faults else report.proofs)


def blocks(snapshot: Snapshot, most: int = BLOCK) -> Iterator[Block]:
    """All allowed pairs with their scores and hashes; a need's pairs are in one block.

    About ``most`` pairs are looked at together, or those of one need when they are more.
    """
    postings, words = Postings.of(snapshot), id_words(snapshot)
    need = snapshot.needs.role_need
    roles = ints(np.argsort(need, kind="stable"))
    upto = np.cumsum(np.bincount(need, postings.sizes(np.arange(len(need)))))
    bundle = (upto // most)[need[roles]]
    for part in np.split(roles, np.flatnonzero(np.diff(bundle)) + 1):
        pairs = scored(snapshot, part, postings)
        hashes = pair_hash(words[0][pairs.person], words[1][pairs.role])
        yield Block(pairs.person, pairs.role, pairs.score, ints(hashes))


class _Second:
    """Compares the pairs that are weighed with the second judgement of some of them."""

    def __init__(self, snapshot: Snapshot, judged: Mapping[tuple[str, str], Pair]) -> None:
        self.roles = len(snapshot.role_at)
        self.expected = {
            snapshot.person_at[person] * self.roles + snapshot.role_at[role]: pair
            for (person, role), pair in judged.items()
        }
        self.keys, self.seen = ints(sorted(self.expected)), set[int]()
        self.wrong: list[Pair] = []

    def watch(self, found: Iterable[Block]) -> Iterator[Block]:
        """The same blocks, each looked at as it goes by."""
        for block in found:
            key = block.person * self.roles + block.role
            for at in np.flatnonzero(np.isin(key, self.keys)).tolist():
                pair = self.expected[int(key[at])]
                self.seen.add(int(key[at]))
                told = int(block.score[at]), int(block.hash[at])
                if not pair.allowed or told != (pair.score, pair.hash):
                    self.wrong.append(pair)
            yield block

    def faults(self) -> Iterator[Violation]:
        """Pairs that the two judge or score differently, once every block went by."""
        unseen = [pair for key, pair in self.expected.items() if key not in self.seen]
        for pair in self.wrong + [each for each in unseen if each.allowed]:
            yield Violation("scorers_disagree", {"person": pair.ids[0], "role": pair.ids[1]})


def _with_ids(snapshot: Snapshot, problem: Problem, fault: Violation) -> Violation:
    """Positions in the parameters of a violation become ids."""
    market, params = snapshot.market, dict(fault.params)
    if "pair" in params:
        pair = params.pop("pair")
        params |= {"person": int(problem.pair_person[pair]), "role": int(problem.pair_role[pair])}
    rows = {"person": market.professionals, "role": market.roles, "need": market.needs}
    for name, table in rows.items():
        if isinstance(params.get(name), int):
            params[name] = table[params[name]].id
    return Violation(fault.code, params)
