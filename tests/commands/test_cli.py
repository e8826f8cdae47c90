"""The script itself: what it writes where."""

from __future__ import annotations

import subprocess
import sys

NOISY = """
import os, click
from matchmaker import cli
@click.group(invoke_without_command=True)
def noisy():
    os.write(1, b"a library speaks")
    click.echo("答え")
cli.run(noisy)
"""


def test_standard_output_is_the_answer_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", NOISY], capture_output=True, encoding="utf-8"
    )
    assert (done.stdout, done.stderr) == ("答え\n", "a library speaks")
