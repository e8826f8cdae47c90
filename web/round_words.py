"""Rounds in words: stages, failures, levels, proofs, what a change would cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from matchmaker.engine.answers.difference import Difference
from matchmaker.engine.reasons import parse_reasons
from matchmaker.models import ProposalState, Reply, Round
from matchmaker.services.board_teams import Seat
from matchmaker.services.questions import Others
from matchmaker.services.reason_names import Names
from web.formats import listing, number, plain_date, within
from web.move_words import moves
from web.reasons import join, sentence

STAGES: Mapping[str, Any] = {
    "waiting": _l("Waiting for its turn"),
    "reading": _l("Reading profiles and needs"),
    "rules": _l("Applying the rules"),
    "scores": _l("Scoring every possible pair"),
    "solving": _l("Finding the best combination"),
    "explaining": _l("Working out the reasons"),
    "checking": _l("Checking the result a second time"),
    "storing": _l("Storing the proposals"),
}
REJECT_REASONS: Mapping[str, Any] = {
    "skills_doubtful": _l("I doubt that the skills suffice"),
    "too_much_now": _l("It would be too much for this person now"),
    "relation": _l("Their relation speaks against it"),
    "group_not_ready": _l("The group is not ready yet"),
    "person_asked": _l("The person asked for something else"),
    "better_person": _l("Somebody else suits better"),
    "other": _l("Another reason"),
}
ENDS: Mapping[str, Any] = {
    **REJECT_REASONS,
    "recomputed": _l("The round was worked out anew"),
    "ban_lifted": _l("The rejection was taken back"),
    "round_cancelled": _l("The round was cancelled"),
}
LEVELS: Mapping[str, Any] = {
    "guarantees_met": _l("Groups that were promised support and get it"),
    "groups_served": _l("Groups that get support"),
    "needs_staffed": _l("Needs with a team"),
    "urgent_staffed": _l("Urgent needs with a team"),
    "important_staffed": _l("Important needs with a team"),
    "ordinary_staffed": _l("Other needs with a team"),
    "reserved_seats": _l("Seats kept as companies pledged"),
    "new_employers": _l("Employers new to the programme"),
    "worst_fit": _l("Fit of the need that is served worst"),
    "seats_filled": _l("Seats filled"),
    "total_score": _l("Total of all fits"),
    "tie_waiting": _l("Days waited by those who are served"),
    "tie_hash": _l("Lot drawn from the round's number"),
}
URGENCIES = ("urgent_staffed", "important_staffed", "ordinary_staffed")
# Points of the total, of which one seat that suits in full has 10,000.
HARDLY, A_LITTLE = 300, 2_000
# Said in other words already, or of no weight when a level before them decides.
NOT_BESIDES = ("needs_staffed", "seats_filled", "tie_waiting", "tie_hash")
PROOFS: Mapping[str, Any] = {
    "count": _l("counted: more does not exist"),
    "prices": _l(
        "checked by prices: each person and each seat is given a price so that no pair is worth "
        "more than its two prices. All prices together are exactly this total, so no other "
        "combination can reach more."
    ),
    "search": _l("searched completely"),
}


# What became of a seat that nobody said no to.
ENDED = {
    ProposalState.DECLINED: _l("It was declined."),
    ProposalState.EXPIRED: _l("Not everybody answered in time; the invitation ended by itself."),
    ProposalState.WITHDRAWN: _l("It was taken back."),
    ProposalState.REPLACED: _l("The round was worked out again since, without this seat."),
}


def stage(code: str) -> str:
    """What is being done while a round is computed."""
    return str(STAGES.get(code, STAGES["waiting"]))


def failure(row: Round, names: Names) -> list[str]:
    """Why a round could not be computed, in sentences."""
    return refusal(row.failure.get("code", ""), row.failure.get("params", {}), names)


def refusal(code: str, params: Mapping[str, Any], names: Names) -> list[str]:
    """Why pins cannot hold, or that something broke, in sentences."""
    if code == "pins_impossible":
        pairs = listing(pair(each, names) for each in params.get("pins", ()))
        return [
            _("These fixed pairs cannot all hold: %(pairs)s.", pairs=pairs),
            _("Please take one of them back, then work the round out again."),
        ]
    if code == "pin_refused":
        told = [_("%(pair)s was fixed, but a rule speaks against it:", pair=_pin(params, names))]
        return told + [sentence(each, names) for each in parse_reasons(params.get("reasons", ""))]
    if code == "pin_unknown":
        text = _(
            "%(pair)s was fixed, but this person or role is no longer in the round.",
            pair=_pin(params, names),
        )
        return [text]
    return [
        _("Something went wrong on our side. What was stored before is still there."),
        _("Please try once more. If it fails again, please tell the administrator."),
    ]


def _pin(params: Mapping[str, Any], names: Names) -> str:
    return pair((params.get("person", ""), params.get("role", "")), names)


def pair(each: Iterable[str], names: Names) -> str:
    """A person on a role, in words."""
    person, role = each
    title, need = names.roles.get(role, (role, ""))
    return _(
        "%(person)s as “%(role)s” for “%(need)s”",
        person=names.people.get(person, person),
        role=title,
        need=need,
    )


def ending(seat: Seat) -> str:
    """How a seat came to its end, in a sentence."""
    proposal, name = seat.proposal, seat.person.name
    if proposal.professional_reply == Reply.DECLINED:
        return _("%(name)s declined.", name=name) + _said_on(proposal.professional_replied_at)
    if proposal.group_reply == Reply.DECLINED:
        return _("The group declined.") + _said_on(proposal.group_replied_at)
    return str(ENDED[ProposalState(proposal.state)])


def _said_on(at: datetime | None) -> str:
    return _(" (%(date)s)", date=plain_date(at)) if at else ""


def cost(difference: Difference, names: Names) -> list[str]:
    """What another person on a seat would mean for the round, in sentences."""
    if not difference.possible:
        told = [sentence(each, names) for each in difference.refusals]
        if difference.clashing_pins:
            pins = listing(pair(each, names) for each in difference.clashing_pins)
            told.append(_("It cannot be together with what was fixed: %(pins)s.", pins=pins))
        return told or [_("There is no combination with this person here.")]
    told = [_whole(difference), *_besides(difference)]
    if not difference.proven:
        told.append(_("It is not proven that there is no better round with this person here."))
    for need in difference.unstaffed:
        told.append(_("“%(need)s” would lose its team.", need=names.needs.get(need, need)))
    for need in difference.staffed:
        told.append(_("“%(need)s” would find a team.", need=names.needs.get(need, need)))
    return told


def cost_text(difference: Difference | None, names: Names) -> str:
    """The same as one text, with how many people would change seats."""
    if difference is None:
        return ""
    told = cost(difference, names)
    if len(difference.moves) > 1:
        changes = ngettext(
            "%(num)s person would change seats.",
            "%(num)s people would change seats.",
            len(difference.moves),
        )
        told.append(changes)
    return join(told)


def costs(others: Others) -> dict[str, str]:
    """Person → what giving them the seat would cost the whole, where it was worked out."""
    return {
        each.person.id: cost_text(each.cost, others.names) for each in others.rivals if each.cost
    }


def _whole(difference: Difference) -> str:
    level = difference.decided_by
    if level is None:
        return _("Nothing would be lost: the round would be just as good.")
    loss = (difference.loss or {})[level]
    if loss < 0:
        return _("The round would do better at “%(level)s”.", level=LEVELS[level])
    if level == "groups_served":
        return ngettext(
            "%(num)s group fewer would get support.",
            "%(num)s groups fewer would get support.",
            loss,
        )
    if level in ("needs_staffed", *URGENCIES):
        return ngettext(
            "%(num)s need fewer would find a team (%(level)s).",
            "%(num)s needs fewer would find a team (%(level)s).",
            loss,
            level=LEVELS[level],
        )
    if level == "total_score":
        empty = (difference.loss or {}).get("seats_filled", 0)
        if empty > 0:
            return ngettext(
                "%(num)s seat would stay empty.", "%(num)s seats would stay empty.", empty
            )
        return _less_well(loss)
    if level == "tie_waiting":
        return _("Just as good, but those who waited longer (%(days)s days) come first.", days=loss)
    if level == "tie_hash":
        return _("Just as good in every respect; the published lot decided between them.")
    return _("%(level)s: %(loss)s less.", level=LEVELS[level], loss=number(loss))


def _besides(difference: Difference) -> list[str]:
    """What else would be less or more, after the level that decides."""
    if difference.decided_by in (None, "tie_waiting", "tie_hash"):
        return []
    return [
        _beside(name, loss)
        for name, loss in (difference.loss or {}).items()
        if loss and name != difference.decided_by and name not in NOT_BESIDES
    ]


def _beside(name: str, loss: int) -> str:
    if name == "total_score":
        return _less_well(loss)
    if name == "worst_fit":
        return (
            _("The need that is served worst would have people who suit less well.")
            if loss > 0
            else _("The need that is served worst would have people who suit better.")
        )
    if loss > 0:
        return _("%(level)s: %(loss)s less.", level=LEVELS[name], loss=number(loss))
    return _("%(level)s: %(gain)s more.", level=LEVELS[name], gain=number(-loss))


def _less_well(loss: int) -> str:
    """A fall or rise of the total in words: measured by the full fit of one seat. The points stand
    in the table, level by level."""
    if loss < 0:
        return _("All in all, people and needs would suit better.")
    if loss <= HARDLY:
        return _("All in all, people and needs would suit hardly less well.")
    if loss <= A_LITTLE:
        return _("All in all, people and needs would suit a little less well.")
    return _("All in all, people and needs would suit clearly less well.")


@dataclass(frozen=True)
class LevelCost:
    """A level as the round has it, as it would be, and by how much that is more or less."""

    name: str
    now: str
    then: str
    step: str


def level_costs(row: Round, difference: Difference) -> list[LevelCost]:
    """Level by level what another person on a seat would make of the round."""
    values = {**row.levels, **row.proof.get("ties", {})}
    return [
        LevelCost(
            str(LEVELS[name]),
            number(values[name]),
            number(values[name] - loss),
            _("the same") if not loss else f"{'−' if loss > 0 else '+'}{number(abs(loss))}",
        )
        for name, loss in (difference.loss or {}).items()
        if name in values and name != "tie_hash"
    ]


def changed(row: Round, names: Names) -> dict[str, list[Any]] | None:
    """What the last computation changed against the one before; None when there was none."""
    found = row.measures.get("changed")
    if not found:
        return None
    return {
        "moves": moves(found["added"], found["removed"], names),
        "staffed": [names.needs.get(each, each) for each in found["staffed"]],
        "unstaffed": [names.needs.get(each, each) for each in found["unstaffed"]],
    }


@dataclass(frozen=True)
class LevelRow:
    """A level of the proof in words. ``bound`` is None where the value is no level of its own."""

    name: str
    value: int
    bound: int | None
    how: str


def level_rows(row: Round) -> list[LevelRow]:
    """What was compared, in the published order, with how each value is known to be the best."""
    values = {**row.levels, **row.proof.get("ties", {})}
    bounds, proofs = row.proof.get("bounds", {}), row.proof.get("proofs", {})
    return [
        LevelRow(
            name=str(LEVELS[name]),
            value=values[name],
            bound=bounds.get(name),
            how=_how(name, values, bounds, proofs),
        )
        for name in LEVELS
        if name in values
    ]


def _how(
    name: str, values: Mapping[str, int], bounds: Mapping[str, int], proofs: Mapping[str, str]
) -> str:
    if name not in bounds:
        return _follows(name, values)
    if bounds[name] != values[name]:
        return _("not proven: a better value may exist, up to the one beside it")
    return str(PROOFS.get(proofs.get(name, ""), ""))


def _follows(name: str, values: Mapping[str, int]) -> str:
    """Why a value without a bound stands in the table all the same."""
    if name == "needs_staffed":
        parts = [within(LEVELS[each]) for each in URGENCIES if each in values]
        return _("not a level of its own: the sum of %(levels)s", levels=listing(parts))
    if name == "seats_filled":
        return _("not a level of its own: follows from the teams and the total of all fits")
    return ""
