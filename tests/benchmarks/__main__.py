"""``python -m tests.benchmarks``: measure, say it, write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from tests.benchmarks import document, report
from tests.benchmarks.document import PARTS, Occasion
from tests.benchmarks.engine import run as engine
from tests.benchmarks.sizes import FULL, QUICK

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> int:
    """Measure as the command line says. Only whole parts at full size reach the document. Status 1
    when solvers that must agree did not."""
    given = _arguments()
    command = " ".join(["python -m tests.benchmarks", *sys.argv[1:]])
    say = _teller()
    figures: dict[str, Any] = {}
    wrong: list[str] = []
    for part in PARTS:
        if part not in given.parts:
            continue
        occasion = Occasion.now(part, command)
        with TemporaryDirectory(prefix="benchmark") as folder:
            body, found, faults = _measure(part, given.quick, given.cases, Path(folder), say)
        wrong += faults
        figures[part] = {"machine": document.machine(part), "busy": occasion.busy, **found}
        text = f"{body}\n\n{occasion.words()}"
        print(text, flush=True)
        if not given.quick and not given.cases:
            document.write(DOCUMENT, part, text)
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    for each in wrong:
        print(f"not the same total: {each}", file=sys.stderr)
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="small sizes; the document stays")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    parser.add_argument(
        "--cases",
        type=lambda text: text.split(","),
        default=[],
        metavar="A,B",
        help=f"only these of the engine ({', '.join(engine.names())}); the document stays",
    )
    given = parser.parse_args()
    given.parts = given.parts or (["engine"] if given.cases else list(PARTS))
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if unknown := set(given.cases) - set(engine.names()):
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    return given


def _measure(
    part: str, quick: bool, cases: Collection[str], folder: Path, say: engine.Say
) -> tuple[str, dict[str, Any], list[str]]:
    """A part's text, its figures, and what is wrong with its answers."""
    if part == "engine":
        measured = engine.measure(quick, cases, folder, say)
        if not quick and not cases:
            measured.draw(DOCUMENT.parent / "images")
        return measured.text(), measured.as_json(), measured.wrong()
    from tests.benchmarks import site  # the whole application: only where it is measured

    sizes = QUICK if quick else FULL
    if part == "rounds":
        rounds = site.measure_rounds(sizes, folder, say)
        return "\n\n".join(report.rounds(rounds)), asdict(rounds), []
    pages = site.measure_pages(sizes, folder, say)
    return "\n\n".join(report.pages(pages)), asdict(pages), []


def _teller() -> engine.Say:
    start = perf_counter()

    def say(words: str) -> None:
        print(f"{perf_counter() - start:6.0f} s  {words}", flush=True, file=sys.stderr)

    return say


if __name__ == "__main__":
    sys.exit(main())
