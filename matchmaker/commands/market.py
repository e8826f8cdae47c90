"""``matchmaker match``, ``verify`` and ``replay``: a market folder in, proven proposals out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NoReturn, ParamSpec

import click

from matchmaker.commands.words import (
    refusal_sentences,
    violation_sentence,
    warning_sentence,
)
from matchmaker.engine.files.folder import read_folder
from matchmaker.engine.files.tables import FolderError, Tables
from matchmaker.engine.market import Market
from matchmaker.engine.matcher import many, match
from matchmaker.engine.policy import Policy
from matchmaker.engine.recheck import recheck
from matchmaker.engine.record import (
    MEASURED,
    RECORD_FILES,
    Record,
    input_hashes,
    read_record,
    write_record,
)
from matchmaker.engine.result import Result
from matchmaker.engine.scale.choice import NAMES, named
from matchmaker.engine.scale.executors import Executor
from matchmaker.engine.scale.place import SOLVE
from matchmaker.engine.solution import Report
from matchmaker.errors import Refusal

Args = ParamSpec("Args")
DONE, NO, UNREADABLE, STOPPED = 0, 1, 2, 130
_OF_SEATS = (
    "total_score",
    "tie_waiting",
    "tie_hash",
)  # levels that prices prove for a set of needs
_PATIENCE = 5.0  # seconds between two lines that say how far a long match is
_FOLDER = click.Path(path_type=Path)
_UNREADABLE_CODES = (
    *("not_a_record", "policy_invalid", "policy_unreadable"),
    *("changes_invalid", "changes_unreadable"),
)


def says_why(command: Callable[Args, None]) -> Callable[Args, None]:
    """Refusals and unreadable files become one line each on stderr, and an exit code."""

    @wraps(command)
    def wrapped(*args: Args.args, **kwargs: Args.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt:
            leave(["stopped; nothing was written"], STOPPED)
        except Refusal as refusal:
            leave(refusal_sentences(refusal), _code_for(refusal))
        except OSError as failure:
            place = f"{failure.filename}: " if failure.filename else ""
            leave([f"{place}{failure.strerror or failure}"], UNREADABLE)

    return wrapped


def _code_for(refusal: Refusal) -> int:
    """Unreadable files are 2; readable ones with wrong content are 1."""
    if isinstance(refusal, FolderError):
        return NO if any(error.line for error in refusal.errors) else UNREADABLE
    return UNREADABLE if refusal.code in _UNREADABLE_CODES else NO


def leave(lines: list[str], code: int) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(code)


@click.command("match")
@click.argument("market", metavar="DIR", type=_FOLDER)
@click.option("--out", required=True, type=_FOLDER, help="Folder for the result; made when absent.")
@click.option(
    "--policy", "policy_file", type=_FOLDER, help="JSON file; what it leaves out is default."
)
@click.option("--pairs", is_flag=True, help="Also write pairs.csv: every allowed pair.")
@click.option(
    "--executor",
    "executor_name",
    type=click.Choice(NAMES),
    default="inline",
    show_default=True,
    help="Where the pairs of a large market are scored and priced; the result is the same.",
)
@click.option("--scheduler", help="Address of a Dask scheduler; without it, local workers.")
@click.option("--workers", type=click.IntRange(min=1), help="How many; default: one a processor.")
@says_why
def match_command(
    market: Path,
    out: Path,
    policy_file: Path | None,
    pairs: bool,
    executor_name: str,
    scheduler: str | None,
    workers: int | None,
) -> None:
    """Match the market in DIR: a folder of CSV files, an .xlsx workbook, or an .npz file.

    Stopped by Ctrl-C it leaves OUT as it was.
    """
    executor = _executor(executor_name, scheduler, workers)
    policy = _read_policy(policy_file) if policy_file else Policy()
    start = perf_counter()
    rows = read_market(market, warn=True)
    read = perf_counter() - start
    result = match(rows, policy, executor=executor, progress=_Progress())
    if executor_name != "inline" and not many(result.outcome.snapshot):
        click.echo("executor not used: the market is small enough for one process", err=True)
    _finish(result)
    measured = {"seconds": _seconds(read, result), "peak_memory_mb": peak_memory_mb()}
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as fresh:
        write_record(result, fresh, input_hashes(market), pairs=pairs, measured=measured)
        with _undisturbed():
            _take_over(Path(fresh), out)
    click.echo(summary(result))


def _executor(name: str, scheduler: str | None, workers: int | None) -> Executor:
    if scheduler and name != "dask":
        raise click.UsageError("--scheduler needs --executor dask")
    if name == "dask" and not find_spec("distributed"):
        raise click.UsageError("--executor dask needs the extra: matchmaker-city[distributed]")
    return named(name, workers=workers, scheduler=scheduler)


class _Progress:
    """Says on stderr how far a long match is, now and then."""

    def __init__(self) -> None:
        self.said = perf_counter()

    def __call__(self, stage: str, done: int, of: int) -> None:
        if stage == SOLVE:
            self.said = perf_counter()
            click.echo(f"{stage}: the best {of} pairs, round {done}", err=True)
        elif perf_counter() - self.said >= _PATIENCE:
            self.said = perf_counter()
            click.echo(f"{stage}: {done} of {of} blocks", err=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits for the end of the block."""
    before = signal(SIGINT, SIG_IGN)
    try:
        yield
    finally:
        signal(SIGINT, before)


def _take_over(fresh: Path, out: Path) -> None:
    """Put a whole new result in the place of an old one; the receipt goes first and comes last."""
    out.mkdir(exist_ok=True)
    names = ("receipt.json", *RECORD_FILES)
    for name in names:
        (out / name).unlink(missing_ok=True)
    for name in reversed(names):
        if (fresh / name).is_file():
            (fresh / name).replace(out / name)


def _finish(result: Result) -> None:
    """Work out every table, so that each stage has its seconds."""
    for table in ("proposals", "unstaffed", "waiting"):
        getattr(result, table)


def _seconds(read: float, result: Result) -> dict[str, float]:
    stages = {"read": read, **result.seconds}
    stages["total"] = sum(stages.values())
    return {name: round(value, 4) for name, value in stages.items()}


def summary(result: Result) -> str:
    """What a round came to, in a few lines."""
    levels, market = result.levels, result.market
    people = len(market.professionals) - len(result.waiting)
    lines = [
        f"{levels['needs_staffed']} of {len(market.needs)} needs staffed,"
        f" for {levels['groups_served']} groups",
        f"{people} of {len(market.professionals)} professionals on {levels['seats_filled']} seats,"
        f" total score {levels['total_score']}",
        *_promises(result),
        "proven best at every level" if result.proof.proven else _gaps(result.proof.gaps),
    ]
    return "\n".join(lines)


def _promises(result: Result) -> Iterator[str]:
    """A line where the promises of the policy are not kept in full."""
    promised = sum(result.policy.guarantees.values())
    kept = result.levels.get("guarantees_met", promised)
    if kept < promised:
        yield f"promises to groups kept for {kept} of {promised}"


def _gaps(gaps: Mapping[str, int]) -> str:
    shown = ", ".join(f"{name} {gap}" for name, gap in gaps.items() if gap)
    return f"not proven best; gap at {shown}"


@click.command("verify")
@click.argument("out", type=_FOLDER)
@click.option("--market", required=True, type=_FOLDER, help="The market that was matched.")
@says_why
def verify_command(out: Path, market: Path) -> None:
    """Check the result in OUT against its market, without solving anything."""
    record = read_record(out)
    report = sound(record, market, read_market(market))
    count = len(record.proposals)
    click.echo(
        f"verified: {count} proposals, their scores and constraints, the value of each level"
    )
    for line in _grounds(report.proofs, record.receipt["gaps"]):
        click.echo(line)


def sound(record: Record, source: Path, market: Market) -> Report:
    """The report on a result without a fault; with one, every fault is told and the command ends.
    Of another market than the one that was matched nothing more is told."""
    report = recheck(record, market, input_hashes(source))
    other = [fault for fault in report.violations if fault.code == "input_differs"]
    if faults := other or report.violations:
        leave([violation_sentence(fault) for fault in faults], NO)
    return report


def _grounds(proofs: Mapping[str, str], gaps: Mapping[str, int]) -> Iterator[str]:
    """Why each level can be no higher, and what nothing but the search says. Where that is so of
    the needs chosen, prices of later levels speak of these needs alone."""
    searched = proofs.get("staffed_set") == "search"
    told = {
        name: "these" if searched and how == "prices" and name in _OF_SEATS else how
        for name, how in proofs.items()
    }
    grounds = {
        "count": "proven best here by counting",
        "prices": "proven best here by prices",
        "these": "proven best here by prices, as long as these needs are staffed",
        "search": "rest on the exact search, which replay repeats",
    }
    for ground, words in grounds.items():
        names = [name for name, how in told.items() if how == ground and not gaps.get(name)]
        if names:
            yield f"{words}: {', '.join(name.replace('_', ' ') for name in names)}"
    if any(gaps.values()):
        yield _gaps(gaps)
    bounded = [name for name, gap in gaps.items() if gap and proofs.get(name) != "search"]
    if bounded:
        named = ", ".join(name.replace("_", " ") for name in bounded)
        yield f"shown here that these gaps leave no more: {named}"


@click.command("replay")
@click.argument("out", type=_FOLDER)
@click.option("--market", required=True, type=_FOLDER, help="The market that was matched.")
@says_why
def replay_command(out: Path, market: Path) -> None:
    """Match again as in OUT and compare byte for byte (all but seconds and memory)."""
    record = read_record(out)
    if faults := list(_changed_inputs(record, market)):
        leave(faults, NO)
    rows = read_market(market)
    result = match(rows, Policy.from_json(record.receipt["policy"]))
    with TemporaryDirectory() as again:
        write_record(result, again, input_hashes(market), pairs=record.pairs is not None)
        faults = _differences(out, Path(again), record.receipt)
    if faults:
        leave(faults, NO)
    click.echo("replayed: the same bytes")


def _changed_inputs(record: Record, market: Path) -> list[str]:
    now, then = input_hashes(market), record.receipt["inputs"]
    return [
        f"{name}: not the file that was matched"
        for name in sorted(set(now) | set(then))
        if now.get(name) != then.get(name)
    ]


def _differences(out: Path, again: Path, receipt: dict[str, Any]) -> list[str]:
    faults = []
    for name in RECORD_FILES:
        before, after = out / name, again / name
        if before.is_file() != after.is_file():
            faults.append(f"{name}: only in {'the result' if before.is_file() else 'the replay'}")
        elif before.is_file() and before.read_bytes() != after.read_bytes():
            faults.append(f"{name}: differs")
    fresh = json.loads((again / "receipt.json").read_text(encoding="utf-8"))
    for name in sorted((set(receipt) | set(fresh)) - set(MEASURED)):
        if receipt.get(name) != fresh.get(name):
            faults.append(f"receipt.json: {name} differs")
    return faults


def read_market(source: Path, *, warn: bool = False) -> Market:
    """The market in a folder, a workbook or a file of columns. ``warn``: say what was left out."""
    if source.suffix.lower() == ".npz" and source.is_file():
        return Market.read(source)
    tables = read_tables(source)
    for warning in tables.warnings if warn else ():
        click.echo(warning_sentence(warning), err=True)
    return Market.from_tables(tables)


def read_tables(source: Path) -> Tables:
    if source.suffix.lower() == ".xlsx" and source.is_file():
        from matchmaker.services.workbooks import read_workbook

        return read_workbook(source)
    return read_folder(source)


def _read_policy(path: Path) -> Policy:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise Refusal("policy_unreadable", file=str(path)) from None
    return Policy.from_json(data)


def peak_memory_mb() -> float | None:
    """The most memory this process has held, in MB; None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1)
