"""Who takes part: each makes its input from what is given and hands back what is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any
from zlib import crc32

import numpy as np

from matchmaker.engine import Policy, assign, match
from matchmaker.engine.pose import pose
from matchmaker.engine.problem import Ints
from matchmaker.engine.result import Result
from matchmaker.engine.scale.place import place
from matchmaker.engine.scores import score_pairs
from matchmaker.engine.snapshot import take
from matchmaker.engine.solution import COUNTED
from tests.benchmarks.clock import both_clocks
from tests.benchmarks.engine import instances, rivals
from tests.benchmarks.engine.highs_levels import levels_by_highs
from tests.benchmarks.engine.measure import MEGABYTE, Answer, Ready
from tests.benchmarks.engine.questions import questions
from tests.benchmarks.engine.rivals import Arcs

Given = Mapping[str, Any]
HIGHS_SECONDS = 150.0  # for one level


def assignment(given: Given) -> Ready:
    """Ours: from a market to proven pairs of people and seats; snapshot, scores, proof included."""
    market = instances.market(given)

    def act() -> Answer:
        found = place(take(market, Policy()))
        return Answer(
            found.value,
            found.proven,
            {"seated": len(found.person), "rounds": found.rounds, "kept": found.pairs},
        )

    return Ready(act)


def whole_round(given: Given) -> Ready:
    """Ours: a round with all levels and the tie rule, from the market to the proof."""
    market, policy = instances.market(given), instances.policy(given)

    def act() -> Answer:
        result = match(market, policy)
        return Answer(result.levels["total_score"], result.proof.proven, _size_of(result))

    return Ready(act)


def explained_round(given: Given) -> Ready:
    """Ours: a round, and every table with its reasons."""
    market = instances.market(given)

    def act() -> Answer:
        result = match(market, Policy())
        tables = {
            "proposals": len(result.proposals),
            "unstaffed": len(result.unstaffed),
            "waiting": len(result.waiting),
        }
        return Answer(None, result.proof.proven, _size_of(result) | tables)

    return Ready(act)


def answers(given: Given) -> Ready:
    """Ours: every question on a round that is solved before; milliseconds of processor time."""
    result = match(instances.market(given), instances.policy(given))

    def act() -> Answer:
        taken: dict[str, list[float]] = {}
        failures = {}
        for name, question in questions(result):
            try:
                _, used = both_clocks(question, 1)
            except Exception as error:  # the table says which question has no answer
                failures[name] = repr(error)[:120]
                continue
            taken.setdefault(name, []).append(round(used[0] * 1000, 1))
        return Answer(None, None, {"milliseconds": taken, "failures": failures})

    return Ready(act)


def _size_of(result: Result) -> dict[str, Any]:
    levels = result.outcome.solution.levels
    percent = {name: 100 * gap / max(levels[name], 1) for name, gap in result.proof.gaps.items()}
    return {
        "levels": dict(levels),
        "gap": max(percent.values(), default=0.0),
        "count gap": max((percent[name] for name in COUNTED if name in percent), default=0.0),
        "score gap": percent["total_score"],
        "seconds": dict(result.seconds),
    }


def dense_matrix(given: Given) -> Ready:
    """D: scipy's dense solver on the matrix of the engine's scores, which is made beforehand."""
    matrix = instances.full_matrix(take(instances.market(given), Policy()))
    share = round(float(np.count_nonzero(matrix) / matrix.size), 4)

    def act() -> Answer:
        return Answer(rivals.dense(matrix), None, {"shape": matrix.shape, "allowed": share})

    return Ready(act, matrix.nbytes / MEGABYTE)


def highs(given: Given) -> Ready:
    """HiGHS on the posed round, level by level; making and scoring the pairs is not counted."""
    snapshot = take(instances.market(given), instances.policy(given))
    problem = pose(snapshot, score_pairs(snapshot))

    def act() -> Answer:
        best = levels_by_highs(problem, HIGHS_SECONDS)
        return Answer(best["total_score"], True, {"levels": best, "pairs": len(problem.pair_role)})

    return Ready(act)


def assign_bids(given: Given) -> Ready:
    """Ours: ``assign`` on a full table of bids."""
    table = instances.bids(**given)

    def act() -> Answer:
        found = assign(table)
        return Answer(round(found.value), found.proven)

    return Ready(act)


def flow_of_bids(given: Given) -> Ready:
    """or-tools on the same table: network built and solved."""
    table = instances.bids(**given)

    def act() -> Answer:
        seats, people = table.shape
        seat, person = np.divmod(np.arange(table.size), people)
        return Answer(rivals.flow(Arcs(seat, person, table.ravel(), seats, _ones(people))))

    return Ready(act)


def _ones(count: int) -> Ints:
    return np.ones(count, dtype=np.int64)


def deferred(given: Given) -> Ready:
    """Ours: the same lists put in order, deferred acceptance, and the check that it is stable."""
    from matchmaker.engine.answers.acceptance import blocking, deferred_acceptance, wanted

    lists = instances.wish_lists(**given)

    def act() -> Answer:
        asked = wanted(*lists)
        got = deferred_acceptance(asked)
        seated = np.flatnonzero(got >= 0)
        found = list(zip(seated.tolist(), asked.role[got[seated]].tolist(), strict=True))
        return _stable(found, not len(blocking(asked, got)))

    return Ready(act)


def _stable(found: list[tuple[int, int]], proven: bool | None) -> Answer:
    return Answer(crc32(repr(sorted(found)).encode()), proven, {"seated": len(found)})


def matching_package(given: Given) -> Ready:
    """The ``matching`` package: create, solve, check."""
    people, roles, room = instances.wish_lists(**given)

    def act() -> Answer:
        return _stable(rivals.stable_by_package(people, roles, room), None)

    return Ready(act)


def make_arcs(given: Given) -> Ready:
    """Not a contender: writes the arcs that the contenders of one size share to a file."""

    def act() -> Answer:
        snapshot = take(instances.market(given["market"]), Policy())
        arcs = instances.best_arcs(snapshot, given["best"])
        np.savez(given["file"], **arcs._asdict())
        return Answer(None, None, {"arcs": len(arcs.seat)})

    return Ready(act)


def _read(given: Given) -> Arcs:
    with np.load(given["file"]) as stored:
        return Arcs(
            stored["seat"],
            stored["person"],
            stored["value"],
            int(stored["seats"]),
            stored["capacity"],
        )


def core(given: Given) -> Ready:
    """Ours: the core on shared arcs, with its prices; compiled where numba can be imported."""
    from matchmaker.engine.core import Arcs as CoreArcs
    from matchmaker.engine.core import optimum

    arcs = _read(given)
    start = np.searchsorted(arcs.seat, np.arange(arcs.seats + 1))
    backend = "numba" if find_spec("numba") else "scipy"

    def act() -> Answer:
        asked = CoreArcs(start, arcs.person, arcs.value, _ones(arcs.seats), arcs.capacity)
        found = optimum(asked, backend=backend)
        return Answer(int(found.value), found.proven)

    return Ready(act)


def _on_arcs(solver: Callable[[Arcs], int]) -> Callable[[Given], Ready]:
    """A rival that solves the shared arcs; putting them into its own form is counted."""

    def prepare(given: Given) -> Ready:
        arcs = _read(given)
        return Ready(lambda: Answer(solver(arcs)))

    return prepare


def _dense_arcs(given: Given) -> Ready:
    """scipy's dense solver on the shared arcs; filling the matrix is not counted, as for D."""
    matrix = rivals.full_matrix_of(_read(given))
    return Ready(lambda: Answer(rivals.dense(matrix)), matrix.nbytes / MEGABYTE)


CONTENDERS: dict[str, Callable[[Given], Ready]] = {
    "assignment": assignment,
    "round": whole_round,
    "answers": answers,
    "explained round": explained_round,
    "dense matrix": dense_matrix,
    "levels by HiGHS": highs,
    "assign bids": assign_bids,
    "flow of bids": flow_of_bids,
    "deferred acceptance": deferred,
    "matching package": matching_package,
    "make arcs": make_arcs,
    "core": core,
    "sparse arcs": _on_arcs(rivals.sparse),
    "flow of arcs": _on_arcs(rivals.flow),
    "dense arcs": _dense_arcs,
}
