"""The linear relaxation of a model in which some people's seats come as whole bundles.

Limits on hours and one seat in a need are rows that fractional answers obey only on average. Here
whoever would break them that way chooses among bundles instead, at most one; the rows that speak of
that person are gone. Pairs and bundles join as they gain at the prices found (Dantzig and Wolfe),
until none does. The bound is recomputed from rounded prices over everything that may be chosen, so
it holds whatever they are; what each pair and bundle would lose of it says which may still matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csc_array, csr_array, hstack, vstack

from matchmaker.engine.arrays import bools
from matchmaker.engine.linear.highs import Space
from matchmaker.engine.linear.model import Model
from matchmaker.engine.linear.people_rows import seats_possible
from matchmaker.engine.linear.rows import CAPACITY, LONG, MINUTES, ONCE, TORN, Floats
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.teams.bundles import MOST, Bundle, Person, at_least, best, person_of

_UNIT = 1024  # prices are whole multiples of 1/_UNIT, so that sums of them are exact
_GAIN = 2 / _UNIT  # of a column, from which it joins
_SMALL = (
    20_000  # columns, up to which it takes longer to simplify a linear program than to solve it
)
_ROUNDS = 200
_EACH = 12  # bundles of a person that join at once
NEVER = -1e15  # gained by a pair that may not be chosen
_FAKE = 30.0  # times the greatest value of a variable: what a seat filled by nobody costs


@dataclass(frozen=True)
class Packed:
    """``bound`` on every whole answer; ``value`` and ``values`` (V,) of the best fractional one.
    ``gain`` (V,): what a variable of the model is worth beyond the prices it pays; ``price``: of
    each row of the model; ``best``: person → the most that a bundle of theirs gains. ``filled``:
    every seat that had to be filled is, by somebody."""

    bound: float
    value: float
    gain: Floats
    price: Floats
    best: dict[int, float]
    filled: bool
    values: Floats | None = None


@dataclass(frozen=True)
class Listed:
    """A space whose first variables are pairs and bundles: ``makes`` (variables of the model, of
    this space) says what each stands for, ``person`` whose pair or bundle the first ones are."""

    space: Space
    makes: csc_array
    person: Ints


@dataclass
class Packing:
    """``space``: over ``model``, no pair of which has to be chosen (a pin is a level won)."""

    problem: Problem
    space: Space
    bundled: dict[int, Person] = field(default_factory=dict)
    bundles: dict[int, set[Bundle]] = field(default_factory=dict)
    columns: Bools = field(init=False)  # (pairs of the model,) of people who choose by seats
    room: Ints = field(init=False)
    joined: bool = False

    def __post_init__(self) -> None:
        model = self.model
        self.columns = np.zeros(len(model.pairs), dtype=bool)
        self.room = seats_possible(self.problem, model.pairs)
        self.person = self.problem.pair_person[model.pairs]

    @property
    def model(self) -> Model:
        """The model of the space."""
        return self.space.model

    def narrowed(self, space: Space) -> Packing:
        """The same question over a ``space`` of the same model that allows less, with everything
        that has joined so far and may still be chosen."""
        gone = np.flatnonzero(space.high[: len(self.columns)] == 0)
        lost: dict[int, set[int]] = {}
        for pair in gone[np.isin(self.person[gone], list(self.bundled))].tolist():
            who = int(self.person[pair])
            lost.setdefault(who, set()).add(pair - int(np.searchsorted(self.person, who)))
        bundles = {
            who: {one for one in some if lost.get(who, set()).isdisjoint(one)}
            for who, some in self.bundles.items()
        }
        other = Packing(self.problem, space, dict(self.bundled), bundles)
        other.columns = self.columns.copy()
        other.columns[gone] = False
        return other

    def bundle(self, people: Ints) -> None:
        """From now on ``people`` choose among bundles."""
        for person in people.tolist():
            if person not in self.bundled:
                first, last = np.searchsorted(self.person, [person, person + 1])
                held = np.arange(first, last)
                pairs = self.model.pairs[held]
                self.bundled[person] = person_of(self.problem, pairs, int(self.room[person]))
                known = np.flatnonzero(self.columns[held]).tolist()
                self.bundles[person] = {(one,) for one in known}
                self.columns[held] = False

    def relax(self, vector: Floats, enough: float = 0.0, *, whole: bool = False) -> Packed | None:
        """The best bound on ``vector`` (0 or more) that prices give, below 0 where nothing
        satisfies the rows; None where there is no telling.
        Whoever is asked too much by a fractional answer chooses among bundles from then on.
        ``enough``: how far the bound may be above the best fractional value; ``whole``: it may be
        anywhere below the next whole number."""
        found: Packed | None = None
        for _ in range(_ROUNDS):
            held, makes = self._columns()
            answer = self._linear(vector, held, makes)
            if answer is None:
                return found
            value, values, price, (chosen, filled) = answer
            packed = self._bound(vector, price, chosen, value, filled=filled)
            if packed.bound < 0:  # no whole answer is worth less than nothing
                return packed
            if found is None or not found.filled or packed.bound < found.bound:
                found = packed
            asked = self._asked_too_much(makes, values)
            joined = self._join(packed)
            self.bundle(asked)
            near = found.bound - value <= enough or (whole and found.bound < int(value + 1e-6) + 1)
            if not len(asked) and ((filled and near) or not joined):
                return replace(found, value=value, values=makes @ values)
        return found

    def _columns(self) -> tuple[list[tuple[int, Bundle]], csc_array]:
        """Who chooses which bundle, and (V, columns): what each column of the linear program stands
        for; pairs first, then these bundles, then all other variables."""
        model = self.model
        pairs, size = np.flatnonzero(self.columns), len(model.low)
        held = [(who, one) for who, some in self.bundles.items() for one in sorted(some)]
        return held, _makes(self, pairs, held, size)

    def _kept(self) -> Bools:
        """The rows of the model that still say something."""
        model = self.model
        gone = np.isin(model.row_kind, (MINUTES, LONG, ONCE, TORN))
        people = np.fromiter(self.bundled, dtype=np.int64, count=len(self.bundled))
        return bools(~gone & ~((model.row_kind == CAPACITY) & np.isin(model.row_key, people)))

    def _linear(
        self, vector: Floats, held: list[tuple[int, Bundle]], makes: csc_array
    ) -> tuple[float, Floats, tuple[Floats, Floats], tuple[dict[int, float], bool]] | None:
        """Value, columns, prices of rows and levels won, each person's price of choosing; whether
        no seat is filled by nobody."""
        model, space = self.model, self.space
        kept = np.flatnonzero(self._kept())
        who = sorted(self.bundled)
        first = makes.shape[1] - (len(model.low) - len(model.pairs)) - len(held)
        rows = [model.by_row[kept] @ makes]
        low, high = model.row_low[kept], model.row_high[kept]
        if space.cuts is not None:
            rows.append(space.cuts @ makes)
            low = np.concatenate([low, np.array(space.cut_low, float)])
            high = np.concatenate([high, np.full(len(space.cut_low), np.inf)])
        at = np.searchsorted(np.array(who), np.array([person for person, _ in held]))
        choice = (np.ones(len(held)), (at, first + np.arange(len(held))))
        rows.append(csr_array(coo_array(choice, shape=(len(who), makes.shape[1]))))
        low = np.concatenate([low, np.full(len(who), -np.inf)])
        high = np.concatenate([high, np.ones(len(who))])
        fake = np.flatnonzero(low > -np.inf)
        size = len(low)
        nobody = coo_array((np.ones(len(fake)), (fake, np.arange(len(fake)))), (size, len(fake)))
        matrix = csr_array(hstack([vstack(rows), nobody]))
        cost = np.full(len(fake), -_FAKE * max(float(np.abs(vector).max(initial=0.0)), 1.0))
        objective = np.concatenate([vector @ makes, cost])
        rest = slice(len(model.pairs), None)
        ones = np.ones(first + len(held))
        lower = np.concatenate([0 * ones, space.low[rest], np.zeros(len(fake))])
        upper = np.concatenate([ones, space.high[rest], np.full(len(fake), np.inf)])
        equal = low == high
        under, over = ~equal & np.isfinite(high), ~equal & np.isfinite(low)
        found = linprog(
            -objective,
            A_ub=vstack([matrix[under], -matrix[over]], format="csr"),
            b_ub=np.concatenate([high[under], -low[over]]),
            A_eq=matrix[equal],
            b_eq=low[equal],
            bounds=np.column_stack([lower, upper]),
            method="highs",
            options={"presolve": matrix.shape[1] > _SMALL},
        )
        if found.status != 0:
            return None
        price = np.zeros(size)
        price[equal] = -found.eqlin.marginals
        limits = found.ineqlin.marginals
        price[under] = np.maximum(-limits[: int(under.sum())], 0.0)
        price[over] -= np.maximum(-limits[int(under.sum()) :], 0.0)
        own, more = np.zeros(len(model.row_low)), len(space.cut_low)
        own[kept] = price[: len(kept)]
        chosen = dict(zip(who, price[len(kept) + more :].tolist(), strict=True))
        filled = bool(found.x[makes.shape[1] :].max(initial=0.0) < 1e-7)
        prices = _rounded(own), _rounded(price[len(kept) :][:more])
        return -found.fun, found.x[: makes.shape[1]], prices, (chosen, filled)

    def _bound(
        self,
        vector: Floats,
        price: tuple[Floats, Floats],
        chosen: dict[int, float],
        value: float,
        *,
        filled: bool,
    ) -> Packed:
        model, space = self.model, self.space
        own, extra = price
        gain = vector - own @ model.rows
        worth = float(own @ np.where(own < 0, _finite(model.row_low), _finite(model.row_high)))
        if space.cuts is not None:
            gain -= extra @ space.cuts
            worth += float(extra @ np.array(space.cut_low, float))
        gain[: len(model.pairs)][space.high[: len(model.pairs)] == 0] = NEVER
        best_of: dict[int, float] = {}
        plain = np.ones(len(gain), dtype=bool)
        for who, person in self.bundled.items():
            first = np.searchsorted(self.person, who)
            mine = slice(first, first + len(person.pairs))
            plain[mine] = False
            best_of[who], bundle = best(person, gain[mine])
            if best_of[who] > (least := chosen.get(who, 0.0) + _GAIN):
                new = {bundle, *at_least(person, gain[mine], least, _EACH)}
                self.joined = self.joined or not new <= self.bundles[who]
                self.bundles[who] |= new
        most = np.maximum(gain * space.low, gain * space.high)
        bound = worth + float(most[plain].sum()) + sum(best_of.values())
        return Packed(bound, value, gain, own, best_of, filled)

    def _asked_too_much(self, makes: csc_array, values: Floats) -> Ints:
        """People whose seats, taken one by one, break hours or sit twice in a need."""
        problem, pairs = self.problem, self.model.pairs
        taken = (makes @ values)[: len(pairs)]
        taken[~self.columns] = 0.0
        size, needs = len(problem.person_wait), max(len(problem.need_group), 1)
        asked = np.bincount(self.person, taken * problem.pair_minutes[pairs], size)
        over = asked > problem.person_minutes + 1e-6
        held = np.flatnonzero(taken > 0)
        key = self.person[held] * needs + problem.pair_need[pairs[held]]
        keys, at = np.unique(key, return_inverse=True)
        over[keys[np.bincount(at, taken[held]) > 1 + 1e-6] // needs] = True
        return np.flatnonzero(over)

    def _join(self, packed: Packed) -> bool:
        """Let pairs that gain join (bundles have); whether anything did."""
        bundles, self.joined = self.joined, False
        pairs = packed.gain[: len(self.columns)] > _GAIN
        pairs &= ~self.columns & (self.space.high[: len(pairs)] > 0)
        people = np.fromiter(self.bundled, dtype=np.int64, count=len(self.bundled))
        pairs &= ~np.isin(self.person, people)
        self.columns |= pairs
        return bundles or bool(pairs.any())

    def joined_so_far(self) -> Listed:
        """The space of the pairs and bundles that have joined."""
        held = [(who, one) for who, some in self.bundles.items() for one in sorted(some)]
        nothing = np.zeros(len(self.model.low))
        open_ = Packed(np.inf, 0.0, nothing, nothing, {}, filled=True)
        nobody = dict.fromkeys(self.bundled, 0.0)
        return self._spaced(open_, np.inf, np.flatnonzero(self.columns), held, nobody)

    def listed(self, packed: Packed, slack: float, most: int) -> Listed | None:
        """Everything that no answer above ``packed.bound - slack`` can do without: a space of pairs
        and bundles; None if these are more than ``most``."""
        model, space, gain = self.model, self.space, packed.gain
        count = len(model.pairs)
        near = (gain[:count] >= -slack) & (space.high[:count] > 0)
        people = np.fromiter(self.bundled, dtype=np.int64, count=len(self.bundled))
        near &= ~np.isin(self.person, people)
        if near.sum() > most:
            return None
        several = np.bincount(self.person[near], minlength=len(self.room)) > 1
        whole = np.flatnonzero(several & (self.room > 1))
        best_of, held = dict(packed.best), list[tuple[int, Bundle]]()
        for who in [*whole.tolist(), *self.bundled]:
            first, last = np.searchsorted(self.person, [who, who + 1])
            worth, pairs = gain[first:last], model.pairs[first:last]
            person = self.bundled.get(who) or person_of(self.problem, pairs, int(self.room[who]))
            if who not in best_of:  # what the person pays comes back: a bundle is free
                paid = (model.row_kind == CAPACITY) & (model.row_key == who)
                worth = worth + float(packed.price[paid].sum())
                best_of[who] = best(person, worth)[0]
                near[first:last] = False
            bundles = at_least(person, worth, best_of[who] - slack)
            if len(bundles) == MOST or len(held) + len(bundles) > most:
                return None
            held += [(who, one) for one in bundles]
        return self._spaced(packed, slack, np.flatnonzero(near), held, best_of)

    def _spaced(
        self,
        packed: Packed,
        slack: float,
        pairs: Ints,
        held: list[tuple[int, Bundle]],
        best_of: dict[int, float],
    ) -> Listed:
        model, space, size = self.model, self.space, len(self.space.low)
        makes = _makes(self, pairs, held, size)
        who = np.unique(np.array([person for person, _ in held], dtype=np.int64))
        people = np.array(sorted(best_of), dtype=np.int64)
        gone = np.isin(model.row_kind, (MINUTES, LONG, ONCE, TORN))
        gone |= (model.row_kind == CAPACITY) & np.isin(model.row_key, people)
        kept = np.flatnonzero(~gone)
        at = np.searchsorted(who, np.array([person for person, _ in held], dtype=np.int64))
        first = len(pairs)
        choice = (np.ones(len(held)), (at, first + np.arange(len(held))))
        rows = [
            model.by_row[kept] @ makes,
            csr_array(coo_array(choice, shape=(len(who), makes.shape[1]))),
        ]
        must = np.array([best_of[person] > slack for person in who.tolist()], dtype=float)
        gain = np.concatenate([packed.gain[: len(model.pairs)][pairs], np.zeros(len(held))])
        rest = slice(len(model.pairs), None)
        chosen = first + len(held)
        count = replace(
            model.count,
            blocks=tuple(
                (np.searchsorted(kept, row), column - len(model.pairs) + chosen)
                for row, column in model.count.blocks
            ),
        )
        others = packed.gain[rest]
        low, high = space.low[rest].copy(), space.high[rest].copy()
        decided = model.whole[rest] & (low < high) & (np.abs(others) > slack)
        low, high = (
            np.where(decided & (others > 0), high, low),
            np.where(decided & (others < 0), low, high),
        )
        listed = Model(
            pairs=np.arange(chosen),
            needs=model.needs,
            count=count,
            rows=csc_array(vstack(rows)),
            row_low=np.concatenate([model.row_low[kept], np.where(must > 0, 1.0, -np.inf)]),
            row_high=np.concatenate([model.row_high[kept], np.ones(len(who))]),
            row_kind=np.concatenate([model.row_kind[kept], np.full(len(who), CAPACITY)]),
            row_key=np.concatenate([model.row_key[kept], who]),
            low=np.concatenate([np.zeros(chosen), model.low[rest]]),
            high=np.concatenate([np.ones(chosen), model.high[rest]]),
            whole=np.concatenate([np.ones(chosen, dtype=bool), model.whole[rest]]),
            pair_role=np.zeros(chosen, dtype=np.int64),
        )
        must_pairs = (gain > slack).astype(float)
        narrowed = Space(
            listed,
            np.concatenate([must_pairs, low]),
            np.concatenate([np.ones(chosen), high]),
            None if space.cuts is None else csr_array(space.cuts @ makes),
            space.cut_low,
        )
        owner = [self.person[pairs], np.array([person for person, _ in held], dtype=np.int64)]
        return Listed(narrowed, makes, np.concatenate(owner))


def _makes(packing: Packing, pairs: Ints, held: list[tuple[int, Bundle]], size: int) -> csc_array:
    """(V, columns): ``pairs``, then the bundles ``held``, then all variables that are no pairs."""
    count = len(packing.model.pairs)
    start = {who: int(np.searchsorted(packing.person, who)) for who, _ in held}
    rows = [start[who] + seat for who, bundle in held for seat in bundle]
    column = np.repeat(np.arange(len(held)), [len(bundle) for _, bundle in held])
    rest = np.arange(count, size)
    row = np.concatenate([pairs, np.array(rows, dtype=np.int64), rest])
    first = len(pairs) + len(held)
    columns = np.concatenate(
        [np.arange(len(pairs)), len(pairs) + column, first + np.arange(len(rest))]
    )
    shape = (size, first + len(rest))
    return csc_array(coo_array((np.ones(len(row)), (row, columns)), shape=shape))


def _rounded(price: Floats) -> Floats:
    return np.rint(price * _UNIT) / _UNIT


def _finite(limit: Floats) -> Floats:
    return np.where(np.isfinite(limit), limit, 0.0)
