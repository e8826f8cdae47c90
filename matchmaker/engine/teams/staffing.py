"""Which needs to staff, for the counting levels alone: a small question, made exact by cuts.

It knows needs, groups, guarantees and the limit, not people. Each answer is tried against the
flow of people to seats; a shortage becomes a row, and the question is asked again. So its best
value can never be below the true one; once its answer can be seated, it is the true one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import numpy as np

from matchmaker.engine.linear.highs import Answer, Space, search
from matchmaker.engine.linear.model import Model
from matchmaker.engine.linear.rows import COUNT, LIMIT, Floats
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.teams.hall import Hall, Shortage


@dataclass
class Master:
    """``space``: the needs and what counts them, narrowed as levels are won; ``columns``: where
    its variables stand in the whole model. ``shortages``: all found so far."""

    hall: Hall
    model: Model
    columns: Ints
    space: Space
    shortages: list[Shortage]
    pairs: Ints
    time_limit: float | None = None
    rounds: int | None = None
    gap: float = 0.0

    def best(self, objective: Floats) -> Answer:
        """The greatest value of ``objective`` (over the whole model) of any needs that people can
        be found for; ``pairs`` then seats them, weekly minutes aside."""
        return self.ask(objective[self.columns])

    def ask(self, objective: Floats) -> Answer:
        """The same for an objective over the variables of this question alone; after ``rounds`` of
        cuts, where that is limited, one that is not finished: people are not found for all."""
        for _ in count() if self.rounds is None else range(self.rounds):
            answer = search(self.space, objective, self.time_limit, self.gap)
            if answer.values is None:
                return answer
            found, pairs = self.hall.shortages(self.staffed(answer.values))
            if not found:
                self.pairs = pairs
                return answer
            self.shortages += found
            for shortage in found:
                self.space = self.space.won(self._row(shortage), -shortage.people)
        return Answer(answer.values, answer.bound, finished=False)

    def win(self, objective: Floats, value: int) -> None:
        """From now on ``objective`` is at least ``value``."""
        self.space = self.space.won(objective[self.columns], value)

    def exclude(self, staffed: Bools) -> None:
        """From now on, other needs than exactly the ``staffed`` ones."""
        inside = staffed[self.model.needs]
        row = np.zeros(len(self.space.low))
        row[: len(inside)] = np.where(inside, -1.0, 1.0)
        self.space = self.space.won(row, 1 - int(inside.sum()))

    def staffed(self, values: Floats) -> Bools:
        """(N,) the needs that ``values`` staff."""
        staffed = np.zeros(len(self.hall.problem.need_group), dtype=bool)
        staffed[self.model.needs[values[: len(self.model.needs)] > 0.5]] = True
        return staffed

    def _row(self, shortage: Shortage) -> Floats:
        row = np.zeros(len(self.space.low))
        row[: len(self.model.needs)] = -shortage.seats[self.model.needs]
        return row


def master(hall: Hall, space: Space, time_limit: float | None) -> Master:
    """The question which needs to staff, with the limits that ``space`` sets to them."""
    model = space.model
    counts = [model.count.group[model.count.group >= 0], model.count.guarantee]
    needs = len(model.pairs) + np.arange(len(model.needs))
    columns = np.unique(np.concatenate([needs, *counts]))
    about = model.rows[:, columns]
    others = np.setdiff1d(np.arange(len(model.low)), columns)
    only = (abs(model.rows[:, others]).sum(axis=1) == 0) & np.isin(model.row_kind, (COUNT, LIMIT))
    kept = np.flatnonzero(only)
    small = Model(
        pairs=model.pairs[:0],
        needs=model.needs,
        count=model.count.within(columns, kept),
        rows=about.tocsr()[kept].tocsc(),
        row_low=model.row_low[kept],
        row_high=model.row_high[kept],
        row_kind=model.row_kind[kept],
        row_key=model.row_key[kept],
        low=model.low[columns],
        high=model.high[columns],
        whole=model.whole[columns],
        pair_role=model.pair_role[:0],
    )
    narrowed = Space(small, space.low[columns], space.high[columns])
    return Master(hall, model, columns, narrowed, [], hall.pairs[:0], time_limit)
