"""Answers about a round as readable English: one line for each fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from matchmaker.commands.reasoned import told
from matchmaker.engine.answers.difference import Difference, Move
from matchmaker.engine.answers.fair import Fairness
from matchmaker.engine.answers.forecast import Forecast
from matchmaker.engine.answers.recruit import Profile, Recruiting
from matchmaker.engine.answers.repair import Repair
from matchmaker.engine.answers.stable import Stability
from matchmaker.engine.answers.sure import Sureness
from matchmaker.engine.answers.unfilled import Unfilled
from matchmaker.engine.answers.whatif import Side, WhatIf
from matchmaker.engine.answers.why import Why
from matchmaker.engine.reasons import Reason

_DRAW = "tie_hash"  # its numbers mean nothing to a reader


def tell(answer: Any) -> Iterator[str]:
    """The lines that say an answer, whichever question it answers."""
    if isinstance(answer, tuple):
        for each in answer:
            yield from tell(each)
        return
    yield from _TELLERS[type(answer)](answer)


def _difference(answer: Difference) -> Iterator[str]:
    if not answer.possible:
        yield "not possible"
    for reason in answer.refusals:
        yield f"  against it: {told(reason)}"
    for person, role in answer.clashing_pins:
        yield f"  cannot be together with the pin of {person} on {role}"
    if not answer.possible:
        return
    yield _decided(answer)
    yield from (f"  {line}" for line in _levels(answer.loss or {}))
    for need in answer.unstaffed:
        yield f"  {need} loses its team"
    for need in answer.staffed:
        yield f"  {need} gets a team"
    yield from (f"  {_move(move)}" for move in answer.moves)


def _decided(answer: Difference) -> str:
    if answer.decided_by is None:
        return "costs nothing at any level"
    if answer.decided_by == _DRAW:
        return "costs nothing but the draw between equals"
    loss = (answer.loss or {})[answer.decided_by]
    verb = "loses" if loss > 0 else "gains"
    proof = "" if answer.proven else " (not proven best)"
    return f"{verb} {abs(loss)} at {_name(answer.decided_by)}{proof}"


def _levels(loss: dict[str, int]) -> Iterator[str]:
    for name, value in loss.items():
        if value and name != _DRAW:
            yield f"{_name(name)}: {-value:+d}"


def _name(level: str) -> str:
    return level.replace("_", " ")


def _move(move: Move) -> str:
    ways = [f"leaves {role}" for role in move.left] + [f"takes {role}" for role in move.taken]
    verdict = "gains" if move.gains else "loses" if move.loses else "the same"
    return f"{move.person_id} {', '.join(ways)}: score {move.before} to {move.after}, {verdict}"


def _why(answer: Why) -> Iterator[str]:
    yield f"{answer.person_id} on {answer.role_id} of {answer.need_id}: score {answer.score}"
    parts = (f"{name} {value}" for name, value in answer.contributions.items())
    yield f"made of {', '.join(parts)}"
    yield from (f"fits: {told(reason)}" for reason in answer.strengths)
    yield from (f"missing: {told(reason)}" for reason in answer.gaps)
    yield f"{answer.tried} of {answer.allowed} other people tried on this seat, cheapest first:"
    for each in answer.alternatives:
        yield f"  {each.person_id} (score {each.score}): {_decided(each.cost)}"
    yield f"without this pair the round {_decided(answer.without)}"


def _unfilled(answer: Unfilled) -> Iterator[str]:
    blocked = f"blocked at {answer.role_id}" if answer.role_id else "without any role"
    yield f"{answer.need_id}: {blocked}"
    yield from (f"because: {told(reason)}" for reason in answer.reasons)
    yield from (f"one change fills it: {told(reason)}" for reason in answer.single)
    for one, two in answer.pairs:
        yield f"two changes fill it: {told(one)}; and {told(two)}"
    if not (answer.single or answer.pairs):
        yield "no single change and no pair of changes fills it"
    rest = "all were looked at" if answer.complete else "more pairs were left untried"
    yield f"changes and pairs solved for: {answer.tried}; {rest}"


def _profile(profile: Profile) -> str:
    skills = ", ".join(f"{code} level {level}" for code, level in profile.skills) or "anybody"
    when = profile.slot or "any time"
    return f"{skills}; {when}; {profile.mode}; {profile.hours} h a week"


def _recruiting(answer: Recruiting) -> Iterator[str]:
    tried, helpful = answer.considered, len(answer.alone)
    yield f"{tried} of {answer.possible} profiles tried; {helpful} would get a need its team"
    for each in answer.alone:
        which = "one of " if len(each.needs) > 1 else ""
        yield f"  {_profile(each.profile)}: a team for {which}{_joined(each.needs)}"
    for best in answer.together:
        yield f"the best {best.people} together staff {_joined(best.staffed)}:"
        yield from (f"  {role}: {_profile(profile)}" for profile, role in best.seats)
        yield from (f"  {line}" for line in _levels(best.loss))


def _joined(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing more"


def _what_if(answer: WhatIf) -> Iterator[str]:
    yield from _difference(answer.difference)
    yield "now and then:"
    for name, now, then in zip(_FACTS, _facts(answer.now), _facts(answer.then), strict=True):
        yield f"  {name}: {now} to {then}"
    for name, (served, groups) in answer.now.served.items():
        after, of = answer.then.served[name]
        yield f"  groups served, {_name(name)}: {served} of {groups} to {after} of {of}"


_FACTS = ("people seated", "needs staffed", "seats filled", "total score", "worst fit", "employers")


def _facts(side: Side) -> tuple[str, ...]:
    return (
        f"{side.seated} of {side.people}",
        f"{side.levels['needs_staffed']} of {side.needs}",
        str(side.seats_filled),
        str(side.levels["total_score"]),
        str(side.worst_fit),
        str(side.employers),
    )


def _sure(answer: Sureness) -> Iterator[str]:
    lost = [f"{each.feature} {each.percent:+d} %" for each in answer.trials if not each.holds]
    verdict = "holds when any weight moves by 25 %" if answer.holds else f"goes at {_joined(lost)}"
    yield f"{answer.person_id} on {answer.role_id}: {verdict}"
    for each in answer.nearest:
        yield f"  nearest break: {each.feature} {each.change:+d}, to {each.weight}"
    if not answer.nearest:
        reach = ", ".join(f"{name} ±{most}" for name, most in answer.reach.items())
        yield f"  no single weight breaks it within {reach}"


def _repair(answer: Repair) -> Iterator[str]:
    yield f"without {answer.person_id}: {_joined(answer.reopened)} reopened"
    proof = "no repair keeps more" if answer.proven else "not proven best"
    yield f"{answer.kept} of {answer.accepted} other seats stay as they are; {proof}"
    yield from (f"  changed: {_move(move)}" for move in answer.disturbed)
    yield from (f"  new: {_move(move)}" for move in answer.joining)
    yield from _difference(answer.difference)


def _fair(answer: Fairness) -> Iterator[str]:
    for each in answer.served:
        promised = "" if each.guaranteed is None else f", {each.guaranteed} guaranteed"
        yield f"groups served, {_name(each.name)}: {each.served} of {each.groups}{promised}"
        if each.price:
            yield f"  without the guarantee the round {_decided(each.price)}"
            yield from (f"    {line}" for line in _levels(each.price.loss or {}))
    if answer.worst_need:
        yield f"served worst: {answer.worst_need}, fit {answer.worst_fit}"
        if "worst_fit" not in answer.switched and answer.raised_fit == answer.worst_fit:
            yield "the worst fit can be no higher"
        elif "worst_fit" not in answer.switched:
            yield f"the worst fit can be {answer.raised_fit}: {_decided(answer.raising)}"
    for name, price in answer.switched.items():
        yield f"without the level {_name(name)} the round {_decided(price)}"
        yield from (f"  {line}" for line in _levels(price.loss or {}))
    yield f"{len(answer.envy)} people would rather hold a seat of others by their own scores"
    for envy in answer.envy[:10]:
        gap = f"{envy.score} against {envy.held}"
        yield f"  {envy.person_id}: {envy.role_id} of {_joined(envy.holders)} ({gap})"
    for who, days, longest in (
        ("groups", answer.group_days, answer.longest_group),
        ("people", answer.person_days, answer.longest_person),
    ):
        yield f"days waited by {who}: {days[0]} end, {days[1]} go on; longest {longest}"


def _stable(answer: Stability) -> Iterator[str]:
    if answer.stable:
        yield f"stable: none of {answer.allowed} allowed pairs would rather be together"
        return
    yield f"{len(answer.blocking)} of {answer.allowed} allowed pairs would rather be together:"
    for each in answer.blocking:
        leaving = f", leaving {each.gives_up}" if each.gives_up else ""
        instead = f" instead of {each.displaces}" if each.displaces else ""
        yield f"  {each.person_id} on {each.role_id} (score {each.score}){instead}{leaving}"


def _forecast(answer: Forecast) -> Iterator[str]:
    yield f"{answer.before} employers have taken part so far"
    yield f"with this round: {answer.low} to {answer.high}, as proposals are accepted"
    for each in answer.new:
        who = _joined(f"{person} on {role}" for person, role in each.proposals)
        yield f"  new: {each.company_id} through {who}"
    yield "an employer counts once one of its people accepts a seat and the project is agreed"


_TELLERS: dict[type, Callable[[Any], Iterator[str]]] = {
    Difference: _difference,
    Why: _why,
    Unfilled: _unfilled,
    Recruiting: _recruiting,
    WhatIf: _what_if,
    Sureness: _sure,
    Repair: _repair,
    Fairness: _fair,
    Stability: _stable,
    Forecast: _forecast,
    Reason: lambda answer: iter((told(answer),)),
}
