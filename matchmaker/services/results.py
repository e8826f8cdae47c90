"""Questions about a computed round, answered by solving again from what was kept with it.

The engine's result is rebuilt from the kept snapshot (the same input gives the same result) and
held for a while, because a coordinator asks several questions about one round.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from matchmaker.engine.answers.difference import Difference
from matchmaker.engine.answers.whatif import WhatIf, what_if
from matchmaker.engine.answers.why import Why
from matchmaker.engine.answers.why import why as engine_why
from matchmaker.engine.matcher import match
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.result import Explanation, Result
from matchmaker.errors import Conflict, NotFound, Refusal
from matchmaker.models import Round
from matchmaker.services.snapshots import unpack

Answered = TypeVar("Answered")
KEPT_ROUNDS, KEPT_ANSWERS = 4, 500
MOST_RANKED = 20_000  # allowed pairs of a round whose alternatives are all tried at once


class _Shelf:
    """The last few rounds that were asked about, and the answers given."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.results: OrderedDict[str, Result] = OrderedDict()
        self.answers: OrderedDict[tuple[str, ...], Any] = OrderedDict()

    def result(self, row: Round) -> Result:
        with self.lock:
            if row.inputs_hash not in self.results:
                if row.snapshot is None:
                    raise Conflict("round_not_computed")
                self.results[row.inputs_hash] = match(*unpack(row.snapshot))
                while len(self.results) > KEPT_ROUNDS:
                    self.results.popitem(last=False)
            self.results.move_to_end(row.inputs_hash)
            return self.results[row.inputs_hash]

    def answer(self, row: Round, key: tuple[str, ...], ask: Callable[[Result], Any]) -> Any:
        """What ``ask`` finds of a round, kept under ``key``."""
        key = (row.inputs_hash, *key)
        with self.lock:
            if key in self.answers:
                return self.answers[key]
        answer = ask(self.result(row))
        with self.lock:
            self.answers[key] = answer
            while len(self.answers) > KEPT_ANSWERS:
                self.answers.popitem(last=False)
        return answer


_shelf = _Shelf()


def result_of(row: Round) -> Result:
    """The engine's result of a computed round; refused (``round_not_computed``) before."""
    return _shelf.result(row)


def ask(row: Round, name: str, question: Callable[[Outcome], Answered]) -> Answered:
    """What ``question`` finds of a whole round; kept under ``name``, so that it is worked out once
    for a computation and not again for every look at a page."""
    answer: Answered = _shelf.answer(row, (name,), lambda result: question(result.outcome))
    return answer


def seats(row: Round) -> set[tuple[str, str]]:
    """(professional, role) of every seat that the computation filled."""
    outcome = result_of(row).outcome
    return {outcome.pair_ids(int(pair)) for pair in outcome.solution.pairs}


def explain(row: Round, *, professional_id: str, role_id: str) -> Explanation:
    """Score, contributions, strengths, gaps and refusals of any pair of the round."""
    try:
        return result_of(row).explain(professional_id, role_id)
    except Refusal as unknown:
        raise NotFound("pair_not_in_round") from unknown


def why_not(row: Round, *, professional_id: str, role_id: str) -> Difference:
    """What putting this person on this role would cost the round, exactly, by solving again."""
    try:
        answer: Difference = _shelf.answer(
            row,
            ("why_not", professional_id, role_id),
            lambda result: result.why_not(professional_id, role_id),
        )
        return answer
    except Refusal as unknown:
        if unknown.code == "unknown_pair":
            raise NotFound("pair_not_in_round") from unknown
        raise


def why(row: Round, *, professional_id: str, role_id: str) -> Why | None:
    """Who else it could be, those first who would cost the whole least; each by solving again.
    None for a pair that the round's last computation does not have, and for a round so large that
    only one person at a time is asked about (``why_not``)."""
    if len(result_of(row).outcome.pairs.score) > MOST_RANKED:
        return None
    try:
        answer: Why = _shelf.answer(
            row,
            ("why", professional_id, role_id),
            lambda result: engine_why(result.outcome.whole, professional_id, role_id),
        )
    except Refusal:
        return None
    return answer


def try_out(row: Round, changes: Sequence[dict[str, Any]]) -> WhatIf:
    """The round with ``changes`` (as in the engine's ``edits``) one after another, beside what it
    is. Raises ``Invalid`` ``changes_invalid``, and Refusal for pins that cannot hold."""
    given = json.dumps(list(changes), sort_keys=True)
    answer: WhatIf = _shelf.answer(
        row, ("what_if", given), lambda result: what_if(result.outcome.whole, json.loads(given))
    )
    return answer


def runners_up(row: Round, *, role_id: str, most: int = 12) -> list[tuple[str, int]]:
    """(professional, score) of everybody allowed on a role, best first."""
    outcome = result_of(row).outcome
    role = outcome.snapshot.role_at.get(role_id)
    if role is None:
        raise NotFound("pair_not_in_round")
    at = (outcome.pairs.role == role).nonzero()[0]
    scored = [(outcome.pair_ids(int(pair))[0], int(outcome.pairs.score[pair])) for pair in at]
    return sorted(scored, key=lambda each: (-each[1], each[0]))[:most]
