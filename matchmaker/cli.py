"""The command group. Each command is loaded when it is called, so that a start stays quick."""

from __future__ import annotations

import importlib
import os
import sys

import click

from matchmaker import __version__
from matchmaker.errors import Invalid, Refusal

# command -> where it lives; the web adds its own in web/cli.py
COMMANDS = {
    "match": "matchmaker.commands.market:match_command",
    "verify": "matchmaker.commands.market:verify_command",
    "replay": "matchmaker.commands.market:replay_command",
    "ask": "matchmaker.commands.ask:ask_group",
    "sample": "matchmaker.commands.sample:sample_command",
    "db": "matchmaker.commands.database:db_group",
    "backup": "matchmaker.commands.database:backup_command",
    "restore": "matchmaker.commands.database:restore_command",
    "import": "matchmaker.commands.exchange:import_command",
    "export": "matchmaker.commands.exchange:export_command",
    "round": "matchmaker.commands.rounds:round_group",
    "report": "matchmaker.commands.reports:report_command",
    "work": "matchmaker.commands.work:work_command",
    "mail": "matchmaker.commands.mail:mail_group",
    "admin": "matchmaker.commands.admin:admin_group",
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is needed."""

    commands_at: dict[str, str] = COMMANDS

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self.commands_at.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


SETTINGS = {"help_option_names": ["-h", "--help"]}
HELP = "Pro bono matching for cities: who helps whom, proven best and explained."


@click.group(cls=LazyGroup, context_settings=SETTINGS, help=HELP)
@click.version_option(__version__, prog_name="matchmaker")
def cli() -> None:
    """Hold the commands together."""


def run(group: click.Group) -> None:
    """Run ``group``: exit 0 done, 1 the answer is no, 2 wrong usage or unreadable input."""
    _keep_to_the_answer()
    try:
        group.main(prog_name="matchmaker", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except Invalid as refusal:
        for fault in refusal.errors:
            click.echo(f"{fault.field}: {fault.code} {fault.params or ''}".rstrip(), err=True)
        sys.exit(1)
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    except OSError as failure:
        place = f"{failure.filename}: " if failure.filename else ""
        click.echo(f"{place}{failure.strerror or failure}", err=True)
        sys.exit(2)


def _keep_to_the_answer() -> None:
    """Standard output is the answer alone, for programs to read: what a library prints past Python
    (HiGHS does, now and then) goes to standard error."""
    if sys.stdout is not sys.__stdout__ or sys.stdout is None or sys.stderr is None:
        return
    sys.stdout.flush()
    own = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    encoding, errors = sys.stdout.encoding, sys.stdout.errors
    sys.stdout = os.fdopen(own, "w", 1 if os.isatty(own) else -1, encoding, errors)


def main() -> None:
    """Entry of ``python -m matchmaker``."""
    run(cli)
