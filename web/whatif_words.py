"""The what-if bench in words: steps, why a trial cannot be worked out, two rounds side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.engine.answers.whatif import Side
from matchmaker.engine.policy import FEATURES, GROUP_CLASSES, Policy
from matchmaker.errors import Invalid, Refusal
from matchmaker.models import Round
from matchmaker.services import scenario_steps, scenarios, taxonomy
from matchmaker.services.reason_names import Names
from web.db import session
from web.formats import label, listing, number
from web.labels import choices, word
from web.reasons import LEVELS as SKILL_LEVELS
from web.round_words import LEVELS, pair, refusal

SHORT = {
    "pin": _l("Fix two together, or keep them apart"),
    "without_person": _l("Leave a person out"),
    "without_need": _l("Leave a need out"),
    "new_person": _l("Imagine one more person"),
    "new_need": _l("Take one more open need in"),
    "terms": _l("Let other rules hold"),
}


@dataclass(frozen=True)
class Line:
    """One measure of a round as it is and as it would be. ``values``: now first."""

    name: str
    values: tuple[str, ...]
    better: tuple[int, ...]  # against now: 1 more, -1 less, 0 the same


def step_lines(bench: scenarios.Bench) -> list[str]:
    """The steps in force, a sentence each; rules are told by what changes against before."""
    names = with_imagined(bench.names, bench.tried.steps)
    return [
        _step(bench.round, bench.tried.steps, at, names) for at in range(len(bench.tried.steps))
    ]


def _step(row: Round, steps: Sequence[dict[str, Any]], at: int, names: Names) -> str:
    step = steps[at]
    kind = step["kind"]
    if kind == "pin":
        return _("Together: %(pair)s", pair=pair((step["person"], step["role"]), names))
    if kind == "ban":
        return _("Apart: %(pair)s", pair=pair((step["person"], step["role"]), names))
    if kind == "without_person":
        return _("Without %(name)s", name=names.people.get(step["person"], step["person"]))
    if kind == "without_need":
        return _("Without “%(need)s”", need=names.needs.get(step["need"], step["need"]))
    if kind == "new_need":
        return _("With “%(need)s” besides", need=names.needs.get(step["need"], step["need"]))
    if kind == "new_person":
        return _("With %(person)s", person=names.people[step["imagined"]])
    before, after = (
        scenario_steps.terms_of(row, steps[:at]),
        scenario_steps.terms_of(row, steps[: at + 1]),
    )
    changed = _terms(Policy.from_json(before), Policy.from_json(after))
    return _("Other rules: %(what)s", what=listing(changed)) if changed else _("The same rules")


def _terms(before: Policy, after: Policy) -> list[str]:
    told = [
        _("%(name)s %(before)s → %(after)s", name=word(name, "feature"),
          before=before.weights[name], after=after.weights[name])
        for name in FEATURES if before.weights[name] != after.weights[name]
    ]  # fmt: skip
    if before.floor != after.floor:
        told.append(_("from %(floor)s points on", floor=number(after.floor)))
    if before.max_new_projects != after.max_new_projects:
        told.append(
            _("at most %(num)s new projects", num=number(after.max_new_projects))
            if after.max_new_projects
            else _("no limit on new projects")
        )
    if before.continuity != after.continuity:
        told.append(_("partners: %(which)s", which=word(after.continuity, "partners")))
    for name, text in choices("rule"):
        if getattr(before.levels, name) != getattr(after.levels, name):
            on = getattr(after.levels, name)
            told.append(_("“%(rule)s” on", rule=text) if on else _("“%(rule)s” off", rule=text))
    for name in GROUP_CLASSES:
        if before.guarantees.get(name) != after.guarantees.get(name):
            least = after.guarantees.get(name, 0)
            told.append(
                _("%(groups)s: at least %(num)s", groups=word(name, "group_class"), num=least)
            )
    return told


def with_imagined(names: Names, steps: Sequence[dict[str, Any]]) -> Names:
    """The names, and words for people who are only imagined."""
    skills = taxonomy.skills(session)
    imagined = {
        step["imagined"]: _(
            "one more person: %(skill)s (%(level)s)",
            skill=label(skills.get(step["skill"])) or step["skill"],
            level=SKILL_LEVELS[str(step["level"])],
        )
        for step in steps
        if step["kind"] == "new_person"
    }
    return replace(names, people={**names.people, **imagined})


def why_impossible(tried: scenarios.Tried, names: Names) -> list[str]:
    """Why a trial cannot be worked out, in sentences."""
    if isinstance(tried.refusal, Invalid):
        return [_("The round was changed meanwhile: some of these changes do not fit it any more.")]
    if isinstance(tried.refusal, Refusal):
        against = ";".join(str(each) for each in tried.refusal.params.get("reasons", ()))
        return refusal(tried.refusal.code, {**tried.refusal.params, "reasons": against}, names)
    return []


def other_measure(row: Round, tried: scenarios.Tried) -> bool:
    """Whether a trial weighs fits in another way than the round, so that points do not compare."""
    now, then = (Policy.from_json(scenario_steps.terms_of(row, s)) for s in ((), tried.steps))
    return (now.weights, now.continuity) != (then.weights, then.continuity)


def side_by_side(row: Round, tried: Sequence[scenarios.Tried]) -> list[Line]:
    """Every measure of a round beside the same of its trials; nothing when none can be had.
    Points under other weights are told and not called more or less."""
    worked = [(each, each.answer) for each in tried if each.answer]
    if not worked:
        return []
    sides: list[Side] = [worked[0][1].now, *(answer.then for _each, answer in worked)]
    alike = [True, *(not other_measure(row, each) for each, _answer in worked)]
    employers = [worked[0][0].employers[0], *(each.employers[1] for each, _answer in worked)]
    lines = [
        _line(_("Groups that get support"), [side.levels["groups_served"] for side in sides]),
        _line(_("Needs with a team"), [side.levels["needs_staffed"] for side in sides]),
        _line(str(LEVELS["urgent_staffed"]), [side.levels["urgent_staffed"] for side in sides]),
        _line(_("People taking part"), [side.seated for side in sides]),
        _line(str(LEVELS["seats_filled"]), [side.seats_filled for side in sides]),
        _line(str(LEVELS["total_score"]), [side.levels["total_score"] for side in sides], alike),
        _line(str(LEVELS["worst_fit"]), [side.worst_fit for side in sides], alike),
    ]
    lines += [
        _line(word(name, "group_class"), [side.served.get(name, (0, 0))[0] for side in sides])
        for name in GROUP_CLASSES
    ]
    return [*lines, _line(_("Employers (forecast)"), employers)]


def _line(name: str, values: list[int], alike: Sequence[bool] = ()) -> Line:
    better = [(value > values[0]) - (value < values[0]) for value in values]
    if alike:
        better = [each if same else 0 for each, same in zip(better, alike, strict=True)]
    return Line(name, tuple(number(value) for value in values), tuple(better))
