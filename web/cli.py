"""The installed ``matchmaker`` script: matchmaker.cli's commands, and those that need pages."""

from __future__ import annotations

import click

from matchmaker import cli


class SiteGroup(cli.LazyGroup):
    """Every command of matchmaker.cli; ``work`` here sends mail as well."""

    commands_at = cli.COMMANDS | {
        "serve": "web.commands.serve:serve_command",
        "work": "web.commands.work:work_command",
        "demo": "web.commands.demo:demo_command",
    }


@click.group(cls=SiteGroup, context_settings=cli.SETTINGS, help=cli.HELP)
@click.version_option(cli.__version__, prog_name="matchmaker")
def site() -> None:
    """Hold the commands together."""


def main() -> None:
    """Entry of the ``matchmaker`` script."""
    cli.run(site)


if __name__ == "__main__":
    main()
