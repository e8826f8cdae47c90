"""Reason codes of the engine → sentences. ``matchmaker/engine/reasons.py`` lists the codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.engine.reasons import Reason, parse_reasons
from matchmaker.models import Skill
from matchmaker.services.reason_names import Names, parsed
from web.formats import label, listing, number, plain_date, slots

SENTENCES: Mapping[str, Any] = {
    # what fits
    "skill": _l("Brings %(skill)s (%(level)s)."),
    "language": _l("Speaks %(language)s."),
    "hours": _l("Has %(offers)s hours a week for the %(asks)s asked."),
    "slot": _l("Is also free on %(slot)s."),
    "remote": _l("Can take part online."),
    "near": _l("Lives about %(km)s km away."),
    "field": _l("Cares about “%(field)s”."),
    "wish": _l("This was wish number %(rank)s."),
    "any_project": _l("Said that any project is fine."),
    "new_partner": _l("Would meet this group for the first time."),
    "earlier_partner": _l("Has worked with this group before."),
    "pinned": _l("A coordinator fixed this pair."),
    # what is missing
    "skill_below": _l("%(skill)s: %(level)s, where %(asked)s was hoped for."),
    "skill_near": _l("No experience of %(skill)s, but of the related %(other)s (%(level)s)."),
    "skill_absent": _l("No experience of %(skill)s yet."),
    "hours_tight": _l("Hours are tight: %(offers)s a week for the %(asks)s asked."),
    "hours_unknown": _l("Did not say how many hours; the role asks %(asks)s a week."),
    "slots_few": _l("Meeting times that suit: only %(common)s of %(asked)s."),
    "slots_unknown": _l("Did not say when meetings would suit."),
    "dates_partly": _l("Is available for %(percent)s%% of the period."),
    "far": _l("Lives about %(km)s km away, within reach but not close."),
    "hybrid_remote": _l("Would take part online where others meet in person."),
    "place_unknown": _l("The distance is not known."),
    "field_none": _l("Named other fields of activity."),
    "worked_before": _l("Has worked with this group before; new partners come first."),
    "not_worked_before": _l("Is new to this group."),
    # what forbids a pair
    "skill_missing": _l("%(skill)s is essential at “%(asked)s” or above; this person: %(level)s."),
    "hours_short": _l("The role asks %(asks)s hours a week; %(offers)s are offered."),
    "dates_apart": _l("The dates do not meet: %(starts)s–%(ends)s against %(from)s–%(until)s."),
    "no_common_slot": _l("No meeting time suits both: %(asked)s against %(offered)s."),
    "out_of_reach": _l("%(why)s"),
    "language_missing": _l("%(language)s is needed."),
    "conflict": _l("One side asked not to be put together with %(group)s."),
    "declined_before": _l("One of the two declined this before."),
    "wish_zero": _l("This person asked not to be given this need."),
    "capacity_used": _l("This person has no room for another project now."),
    "not_verified": _l("This person has not been checked yet."),
    "banned": _l("A coordinator set this pair aside."),
    "below_floor": _l("The pair scores %(score)s; proposals begin at %(floor)s."),
    # why a need has no team
    "no_roles": _l("The need has no role yet."),
    "nobody_has": _l("Nobody offers %(skill)s at “%(level)s” or above (highest so far: %(best)s)."),
    "nobody_has_all": _l("Nobody brings all of these together: %(skills)s."),
    "too_few": _l("“%(role)s”: %(people)s possible, %(seats)s needed."),
    "refused": _l("%(people)s with the skills cannot come: %(rule)s."),
    "team_clash": _l("Every role has somebody, but not enough different people for all of them."),
    "needed_elsewhere": _l("The people who could help are needed more for “%(need)s”."),
    "limit_reached": _l("The limit of %(limit)s new projects is reached."),
    # why a person waits
    "no_allowed_pair": _l("No role suits the conditions this time."),
    "nearest": _l("The nearest was “%(role)s”: %(rule)s."),
    "seat_taken": _l(
        "“%(role)s” went to %(holder)s, who fits better (%(theirs)s against %(mine)s)."
    ),
    "need_unstaffed": _l("The best need, “%(need)s”, did not find a whole team."),
    "seat_pinned": _l("A coordinator fixed %(holder)s for “%(role)s”."),
    "tie_lost": _l("“%(role)s” went to %(holder)s by the tie rule; both fit equally well."),
    "no_needs": _l("There was no need in this round."),
    # what would help
    "allow_remote": _l("Let people take part online as well."),
    "allow_onsite": _l("Let people meet in person as well."),
    "add_slot": _l("Also meet on %(slot)s."),
    "move_dates": _l("Widen the period by %(days)s days, to %(starts)s–%(ends)s."),
    "ask_fewer_hours": _l("“%(role)s”: ask %(hours)s h a week less, that is %(asks)s h."),
    "drop_language": _l("Do without %(language)s."),
    "lower_level": _l("“%(role)s”: accept %(skill)s at “%(level)s”."),
    "make_preferred": _l("“%(role)s”: welcome %(skill)s instead of requiring it."),
    "make_optional": _l("Let “%(role)s” stay empty."),
    "one_seat_less": _l("“%(role)s”: one seat less, that is %(seats)s."),
    "recruit": _l("Find %(people)s more with %(skills)s."),
    "raise_limit": _l("Allow %(limit)s new projects."),
    "lower_floor": _l("Accept proposals from %(floor)s points."),
    "add_role": _l("Describe a role."),
    # what would open a seat to somebody who waits
    "check_profile": _l("Once this profile is checked, “%(role)s” would be theirs."),
    "offer_slot": _l("Free on %(slot)s as well: then “%(role)s” would be theirs."),
    "join_online": _l("Ready to take part online as well: then “%(role)s” would be theirs."),
    "join_in_person": _l("Ready to come in person as well: then “%(role)s” would be theirs."),
    "any_would_do": _l("If any project is fine: then “%(role)s” would be theirs."),
    "offer_hours": _l(
        "%(hours)s h a week more, that is %(offers)s h: then “%(role)s” would be theirs."
    ),
    "available_from": _l("Available from %(from)s: then “%(role)s” would be theirs."),
    "available_until": _l("Available until %(until)s: then “%(role)s” would be theirs."),
    "go_farther": _l("Ready to go as far as %(km)s km: then “%(role)s” would be theirs."),
    "more_projects": _l("Room for one more project: then “%(role)s” would be theirs."),
    "learn_skill": _l("%(skill)s at “%(level)s”: then “%(role)s” would be theirs."),
}
# A rule as a short phrase, inside other sentences.
RULES: Mapping[str, Any] = {
    "skill_missing": _l("an essential skill is missing"),
    "hours_short": _l("too few hours"),
    "dates_apart": _l("the dates do not meet"),
    "no_common_slot": _l("no common meeting time"),
    "out_of_reach": _l("out of reach"),
    "language_missing": _l("a language is missing"),
    "conflict": _l("one side asked not to be together"),
    "declined_before": _l("declined before"),
    "wish_zero": _l("asked not to be given it"),
    "capacity_used": _l("no room for another project"),
    "not_verified": _l("not checked yet"),
    "banned": _l("set aside by a coordinator"),
    "below_floor": _l("fits too little"),
}
LEVELS = {
    "0": _l("none"),
    "1": _l("learning"),
    "2": _l("working"),
    "3": _l("expert"),
    "4": _l("leads others"),
}


def init_reasons(app: Flask) -> None:
    """The template globals ``reason``, ``reason_list``, ``why_fits`` and ``what_is_missing``."""
    app.jinja_env.globals.update(
        reason=sentence,
        reason_list=sentences,
        why_fits=why_fits,
        what_is_missing=gaps,
        mailed_reason=mailed,
    )


def sentence(reason: Reason | str, names: Names, need: str = "") -> str:
    """One reason as a sentence in the reader's language. ``need``: the title of the need it stands
    under, so that a role of that need is named without it."""
    each = parse_reasons(reason)[0] if isinstance(reason, str) else reason
    if each.code == "out_of_reach":
        return _reach(each.params)
    if each.code == "near" and not float(each.params["km"]):
        return _("Lives in the same district.")
    text = str(SENTENCES[each.code])
    values = {name: _value(each, name, value, names) for name, value in each.params.items()}
    role = names.roles.get(each.params.get("role", ""))
    if role and role[1] == need:
        values["role"] = role[0]
    return text % values


def mailed(
    change: str, skills: Mapping[str, Sequence[str]], roles: Mapping[str, Sequence[str]], need: str
) -> str:
    """A reason in a message, with the names that were kept with it: skill → its label in Japanese
    and English, role → its title and the title of its need."""
    names = Names(
        skills={
            code: Skill(code=code, label_ja=ja, label_en=en) for code, (ja, en) in skills.items()
        },
        roles={role: (title, of_need) for role, (title, of_need) in roles.items()},
    )
    return sentence(change, names, need)


def sentences(reasons: Iterable[Reason], names: Names, need: str = "") -> list[str]:
    """Several reasons; needs whose teams are preferred are told in one sentence."""
    reasons = list(reasons)
    preferred = [each.params["need"] for each in reasons if each.code == "needed_elsewhere"]
    told = [sentence(each, names, need) for each in reasons if each.code != "needed_elsewhere"]
    if preferred:
        shown = listing(_("“%(need)s”", need=names.needs.get(each, each)) for each in preferred)
        told.append(_("The people who could help are needed more for %(needs)s.", needs=shown))
    return told


def why_fits(texts: Iterable[Any], names: Names, most: int = 5) -> str:
    """What fits, as a few sentences; skills, meeting times and fields are told together."""
    reasons = parsed(texts)
    told = []
    if skills := [each.params for each in reasons if each.code == "skill"]:
        shown = listing(
            _("%(skill)s (%(level)s)", skill=_skill(p["skill"], names), level=LEVELS[p["level"]])
            for p in skills
        )
        told.append(_("Brings %(skills)s.", skills=shown))
    if times := [each.params["slot"] for each in reasons if each.code == "slot"]:
        told.append(_("Is also free on %(slots)s.", slots=slots(times)))
    if fields := [each.params["field"] for each in reasons if each.code == "field"]:
        shown = listing(_field(code, names) for code in fields)
        told.append(_("Cares about %(fields)s.", fields=shown))
    rest = [each for each in reasons if each.code not in ("skill", "slot", "field")]
    told += [sentence(each, names) for each in sorted(rest, key=_weight)]
    return join(told[:most])


def gaps(texts: Iterable[Any], names: Names, most: int = 4) -> str:
    """What is missing, as a few sentences."""
    return join([sentence(each, names) for each in parsed(texts)][:most])


# What tells a reader most comes first.
_ORDER = ("pinned", "wish", "earlier_partner", "language", "near", "remote", "hours")


def _weight(reason: Reason) -> int:
    return _ORDER.index(reason.code) if reason.code in _ORDER else len(_ORDER)


def join(sentences: list[str]) -> str:
    """Several sentences as one text of the reader's language."""
    return ("" if str(get_locale()).startswith("ja") else " ").join(sentences)


def _reach(params: Mapping[str, str]) -> str:
    if params["why"] == "remote_only":
        return _("The work is in person; this person takes part online only.")
    if params["why"] == "onsite_only":
        return _("The work is online; this person takes part in person only.")
    return _(
        "It is %(km)s km away; this person goes as far as %(reach)s km.",
        km=params["km"],
        reach=params["reach"],
    )


def _value(reason: Reason, name: str, value: str, names: Names) -> str:
    if name in ("skill", "other"):
        return _skill(value, names)
    if name == "skills":
        return listing(_skill_at(each, names) for each in value.split("+"))
    if name in ("level", "best") or (name == "asked" and reason.code in _SKILL_LEVELS):
        return str(LEVELS.get(value, value))
    if name == "slot" or (name in ("asked", "offered") and reason.code == "no_common_slot"):
        return slots(value.split("+"))
    if name in ("starts", "ends", "from", "until"):
        return "" if value == "-" else plain_date(date.fromisoformat(value))
    if name in ("theirs", "mine", "score", "floor"):
        return number(float(value))
    return _NAMED[name](value, names) if name in _NAMED else value


_SKILL_LEVELS = ("skill_below", "skill_absent", "skill_missing")


def _skill(code: str, names: Names) -> str:
    row = names.skills.get(code)
    return label(row) if row else code


def _skill_at(text: str, names: Names) -> str:
    code, _dot, level = text.rpartition(".")
    if not code or level not in LEVELS:
        return _skill(text, names)
    return _("%(skill)s (%(level)s)", skill=_skill(code, names), level=LEVELS[level])


def _field(code: str, names: Names) -> str:
    row = names.fields.get(code)
    return label(row) if row else code


def _role(role_id: str, names: Names) -> str:
    if role_id not in names.roles:
        return role_id
    title, need = names.roles[role_id]
    return _("%(role)s, %(need)s", role=title, need=need)


def _language(code: str, _names: Names) -> str:
    locale = get_locale()
    return str(locale.languages.get(code, code)) if locale else code


def _rules(text: str, _names: Names) -> str:
    return listing(RULES.get(code, code) for code in text.split("+"))


_NAMED = {
    "field": _field,
    "role": _role,
    "language": _language,
    "rule": _rules,
    "holder": lambda value, names: names.people.get(value, value),
    "group": lambda value, names: names.groups.get(value, value),
    "need": lambda value, names: names.needs.get(value, value),
}
