"""The engine's measurements compare like with like, and tell when they do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matchmaker.engine.solution import Levels
from tests.benchmarks.engine import growth, plots, rivals, tables
from tests.benchmarks.engine.cases import DENSE, OURS, Case, Demand, Judged, cases
from tests.benchmarks.engine.child import Job, run_apart
from tests.benchmarks.engine.contenders import CONTENDERS
from tests.benchmarks.engine.growth import Point, Series
from tests.benchmarks.engine.highs_levels import LEVELS, levels_by_highs
from tests.benchmarks.engine.measure import Answer, Ready, Run, measured
from tests.engine.oracle import best_by_trying
from tests.engine.problems import random_problem

RATIO = Demand("a case", "ratio", OURS, 0.5, 0.1, DENSE)
SIZES = (100, 200, 400)


@pytest.mark.parametrize("seed", range(5))
def test_all_rivals_find_the_same_total(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(1, 20, (12, 9)) * (rng.random((12, 9)) < 0.4)
    seat, person = np.nonzero(values)
    capacity = rng.integers(0, 3, 9)
    arcs = rivals.Arcs(seat, person, values[seat, person], 12, capacity)
    assert rivals.dense(rivals.full_matrix_of(arcs)) == rivals.sparse(arcs)
    pytest.importorskip("ortools", reason="or-tools comes with make bench")
    assert rivals.flow(arcs) == rivals.sparse(arcs)


@pytest.mark.parametrize("seed", range(20))
def test_plain_highs_finds_what_trying_everything_finds(seed: int) -> None:
    problem = random_problem(seed)
    best = best_by_trying(problem, Levels())
    assert best is not None
    assert levels_by_highs(problem, 60) == {name: best[name] for name in LEVELS}


def test_the_engine_and_the_dense_rival_agree_on_a_small_market() -> None:
    given = {"people": 60, "needs": 50, "capacity": (1, 2)}
    ours = CONTENDERS["assignment"](given).act()
    assert ours.proven
    assert ours.value == CONTENDERS["dense matrix"](given).act().value


def test_memory_is_what_was_held_at_the_highest() -> None:
    def act() -> Answer:
        block = np.ones(10_000_000)  # 80 MB, gone at the end
        return Answer(int(block[0]))

    run = measured("a block", lambda: Ready(act), 2)
    assert all(70 < peak < 120 for peak in run.peaks)
    assert len(run.wall) == 2


def test_without_numba_means_that_it_cannot_be_imported() -> None:
    run = run_apart(Job("assign bids", {"size": 8}, repeats=1, numba=False))
    assert (run.failure, run.compiled, run.proven) == ("", False, True)


def test_a_contender_without_an_answer_says_why() -> None:
    assert "KeyError" in run_apart(Job("nobody")).failure
    assert run_apart(Job("assign bids", {"size": 8}, limit=0.01)).failure == "no answer in 0 s"


def test_figures_are_judged() -> None:
    ours, rival = Run(OURS, [1.0], [1.0], [5.0], 7, True), Run(DENSE, [4.0], [2.0], [9.0], 7)
    runs = {OURS: ours, DENSE: rival}
    assert RATIO.value(runs) == 0.25
    assert RATIO.value(runs, processor=True) == 0.5
    assert RATIO.reached(runs) == "must"
    assert replace(RATIO, aim=0.3).reached(runs) == "aim"
    assert replace(RATIO, must=0.2).reached(runs) == "missed"
    assert RATIO.reached({**runs, OURS: replace(ours, proven=False)}) == "missed: not proven"
    failed = Run(DENSE, failure="no answer in 60 s")
    assert RATIO.reached({**runs, DENSE: failed}) == "not measured: no answer in 60 s"


def test_totals_that_differ_are_told() -> None:
    runs = {OURS: Run(OURS, [1.0], [1.0], [5.0], 7), DENSE: Run(DENSE, [4.0], [2.0], [9.0], 8)}
    judged = Judged(Case("a", "a case", {}, (RATIO,)), runs)
    assert "7" in judged.disagreement
    assert "Totals that differ" in "\n".join(tables.demands([judged]))
    assert not replace(judged, runs={OURS: runs[OURS]}).disagreement


def test_growth_is_fitted_and_drawn(tmp_path: Path) -> None:
    each = Series("slack", "words", {}, SIZES, 2.5)
    points = [
        Point("slack", label, size, 50 * size, Run(label, [size**2 / 1e6], [0.1], [1.0], 3))
        for label in growth.JOBS
        for size in SIZES
    ]
    assert growth.per_doubling(growth.line(points, "slack", OURS)) == pytest.approx(4)
    assert list(growth.disagreements(points)) == []
    assert "**missed**" in "\n".join(tables.growth([each], points))
    pytest.importorskip("matplotlib", reason="matplotlib comes with make bench")
    plots.draw(each, points, tmp_path / "plot.svg")
    text = (tmp_path / "plot.svg").read_text(encoding="utf-8")
    assert "The core in slack markets" in text  # text, not outlines


def test_every_case_has_its_contenders() -> None:
    for case in cases(quick=True):
        assert {job.contender for job in case.jobs.values()} <= set(CONTENDERS)
        assert {demand.ours for demand in case.demands} <= set(case.jobs)
