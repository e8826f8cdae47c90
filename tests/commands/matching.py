"""The command line in a test, and its CSV files read and changed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from click.testing import CliRunner, Result

from matchmaker.cli import cli
from matchmaker.engine.record import output_hashes, receipt_text


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def edit_csv(path: Path, edit) -> None:
    found = rows(path)
    header = list(found[0])
    edit(found)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def reseal(out: Path) -> None:
    """What a careful forger would do: make the receipt's hashes fit the forged files."""
    receipt = json.loads((out / "receipt.json").read_text(encoding="utf-8"))
    receipt["outputs"] = output_hashes(out)
    (out / "receipt.json").write_text(receipt_text(receipt), encoding="utf-8")
