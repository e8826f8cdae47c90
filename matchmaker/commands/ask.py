"""``matchmaker ask``: questions about a result that was written, answered by solving again.

With ``--json`` an answer is one object: ``question``, its ``arguments``, and ``answer``, whose keys
are the fields of the answer's class in ``matchmaker.engine.answers``. A reason is an object of
``code``, ``params`` and ``text`` (as in the result's files).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import click

from matchmaker.commands.market import NO, leave, read_market, says_why, sound
from matchmaker.commands.telling import tell
from matchmaker.engine.answers.fair import fairness
from matchmaker.engine.answers.forecast import forecast
from matchmaker.engine.answers.recruit import recruit
from matchmaker.engine.answers.repair import repair
from matchmaker.engine.answers.seatless import seatless
from matchmaker.engine.answers.stable import stability
from matchmaker.engine.answers.sure import sure
from matchmaker.engine.answers.unfilled import unfilled
from matchmaker.engine.answers.whatif import what_if
from matchmaker.engine.answers.why import why
from matchmaker.engine.answers.whynot import why_not
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import Policy
from matchmaker.engine.reasons import Reason
from matchmaker.engine.recheck import outcome_of
from matchmaker.engine.record import read_record
from matchmaker.errors import Refusal

_PATH = click.Path(path_type=Path)
_EXPLAINED = {
    "PERSON": "PERSON: the id of a professional, as in professionals.csv.",
    "ROLE": "ROLE: the id of a role, as in roles.csv.",
    "NEED": "NEED: the id of a need without a team, as in unstaffed.csv of OUT.",
    "FILE": "FILE: changes in JSON; docs/engine.md says what it may hold.",
}
_ELSEWHERE = "OUT, --market and --json: see matchmaker ask --help."


@dataclass(frozen=True)
class Round:
    """A result that was read back, and how to print answers about it."""

    outcome: Outcome
    as_json: bool


class _Questions(click.Group):
    """``OUT QUESTION --help`` is about that question: the options of ``ask`` may come last, so
    the group would take the word for itself."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = [self.commands[word] for word in args[1:] if word in self.commands]
        if named and {*ctx.help_option_names} & {*args}:
            with click.Context(named[0], ctx, named[0].name) as question:
                click.echo(question.get_help())
                ctx.exit()
        return super().parse_args(ctx, args)


@click.group(
    "ask",
    cls=_Questions,
    subcommand_metavar="QUESTION …",
    context_settings={"allow_interspersed_args": True},  # --market and --json may come last
)
@click.argument("out", type=_PATH)
@click.option("--market", required=True, type=_PATH, help="The market that was matched.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
@click.pass_context
@says_why
def ask_group(context: click.Context, out: Path, market: Path, as_json: bool) -> None:
    """Ask about the result in OUT, which is checked against its market first.

    Each answer is found by solving the round again. QUESTION is one of the commands below.
    """
    record, rows = read_record(out), read_market(market)
    sound(record, market, rows)
    outcome = outcome_of(record, rows, Policy.from_json(record.receipt["policy"])).whole
    context.obj = Round(outcome, as_json)


def _known(asked: Round, person: str, role: str) -> None:
    """End the command with a line for each id that the round does not have."""
    snapshot = asked.outcome.snapshot
    missing = [] if person in snapshot.person_at else [f"unknown person: {person}"]
    missing += [] if role in snapshot.role_at else [f"unknown role: {role}"]
    if missing:
        leave(missing, NO)


def _say(asked: Round, question: str, arguments: Iterable[str], answer: Any) -> None:
    if asked.as_json:
        shown = {"question": question, "arguments": list(arguments), "answer": plain(answer)}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    click.echo("\n".join(tell(answer)) or "the round has no proposals")


def plain(value: Any) -> Any:
    """An answer as plain values, ready for JSON."""
    if isinstance(value, Reason):
        return {"code": value.code, "params": value.params, "text": str(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def _help(*arguments: str) -> str:
    """The end of a question's help: what each argument is."""
    return "\n\n".join([*(_EXPLAINED[name] for name in arguments), _ELSEWHERE])


def _about_pair(name: str, answer: Callable[[Outcome, str, str], Any], text: str) -> None:
    @ask_group.command(name, help=text, epilog=_help("PERSON", "ROLE"))
    @click.argument("person")
    @click.argument("role")
    @click.pass_obj
    @says_why
    def command(asked: Round, person: str, role: str) -> None:
        _known(asked, person, role)
        _say(asked, name, (person, role), answer(asked.outcome, person, role))


def _about_one(name: str, what: str, answer: Callable[[Outcome, str], Any], text: str) -> None:
    @ask_group.command(name, help=text, epilog=_help(what))
    @click.argument("which", metavar=what)
    @click.pass_obj
    @says_why
    def command(asked: Round, which: str) -> None:
        _say(asked, name, (which,), answer(asked.outcome, which))


def _about_all(name: str, answer: Callable[[Outcome], Any], text: str) -> None:
    @ask_group.command(name, help=text, epilog=_help())
    @click.pass_obj
    @says_why
    def command(asked: Round) -> None:
        _say(asked, name, (), answer(asked.outcome))


_about_pair("why", why, "Why PERSON is on ROLE, and who else it could be at what cost.")
_about_one("unfilled", "NEED", unfilled, "Every smallest change that would fill NEED.")
_about_one("waiting", "PERSON", seatless, "Why PERSON has no seat this time.")
_about_one("repair", "PERSON", repair, "PERSON left: the way on that disturbs fewest others.")
_about_all("recruit", recruit, "Whom to recruit, and which needs that would unlock.")
_about_all("fair", fairness, "Who is served, how well, and what more would cost.")
_about_all("stable", stability, "Who would rather be together than as the round has it.")
_about_all("forecast", forecast, "What the round does to the number of employers taking part.")


@ask_group.command("why-not", epilog=_help("PERSON", "ROLE"))
@click.argument("person")
@click.argument("role")
@click.pass_obj
@says_why
def why_not_command(asked: Round, person: str, role: str) -> None:
    """What putting PERSON on ROLE would cost, and whom."""
    _known(asked, person, role)
    if not asked.as_json and _proposed(asked.outcome, person, role):
        click.echo("this pair is proposed already")
    else:
        _say(asked, "why-not", (person, role), why_not(asked.outcome, person, role))


def _proposed(outcome: Outcome, person: str, role: str) -> bool:
    return outcome.pair_at(*outcome.positions(person, role)) in outcome.solution.pairs.tolist()


@ask_group.command("sure", epilog=_help("PERSON", "ROLE"))
@click.argument("person", required=False)
@click.argument("role", required=False)
@click.pass_obj
@says_why
def sure_command(asked: Round, person: str | None, role: str | None) -> None:
    """How sure PERSON on ROLE is when weights move; without them, how sure each proposal is."""
    if person is None:
        _say(asked, "sure", (), sure(asked.outcome))
    elif role is None:
        raise click.UsageError("sure takes a PERSON and a ROLE, or neither")
    else:
        _known(asked, person, role)
        _say(asked, "sure", (person, role), sure(asked.outcome, [(person, role)]))


@ask_group.command("what-if", epilog=_help("FILE"))
@click.argument("file", type=_PATH)
@click.pass_obj
@says_why
def what_if_command(asked: Round, file: Path) -> None:
    """What the changes in FILE would do."""
    changes = _read_changes(file)
    _say(asked, "what-if", (str(file),), what_if(asked.outcome, changes))


def _read_changes(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as fault:
        at = f"line {fault.lineno}, column {fault.colno}"
    except UnicodeDecodeError as fault:
        at = f"byte {fault.start}"
    raise Refusal("changes_unreadable", file=str(file), at=at, expected="JSON in UTF-8")
