"""A result on disk: proposals, open needs, who waits, the receipt and the proof.

Everything but ``seconds`` and ``peak_memory_mb`` of the receipt is the same, byte for byte, each
time the same market is matched under the same policy by the same version.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from matchmaker import __version__
from matchmaker.engine.files.columns import FILES
from matchmaker.engine.files.folder import to_csv
from matchmaker.engine.files.npz import read_arrays
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.reasons import join_reasons
from matchmaker.engine.result import Result
from matchmaker.engine.scores import score_pairs
from matchmaker.engine.solution import Grounds, Prices, Solution
from matchmaker.engine.waiting import left_out, too_many
from matchmaker.errors import Refusal

FORMAT = 1
MEASURED = ("seconds", "peak_memory_mb")
TIE_RULE = "longest waiting people and groups first, then the hash of seed and ids"
PROPOSALS = ["need_id", "role_id", "professional_id", "score", *FEATURES, "reason"]
UNSTAFFED = ["need_id", "blocking_role_id", "reason", "smallest_change"]
WAITING = ["professional_id", "reason"]
PAIRS = ["professional_id", "role_id", "score"]
RECEIPT = (
    "format",
    "engine",
    "inputs",
    "policy",
    "seed",
    "as_of",
    "tie_rule",
    "levels",
    "ties",
    "bounds",
    "gaps",
    "proven",
    "worst_fit_price",
    "waiting_explained",
    "outputs",
)
RECORD_FILES = ("proposals.csv", "unstaffed.csv", "waiting.csv", "pairs.csv", "proof.npz")
_SINGLE = ("scale", "bound", "gap")
_TIES = ("waiting_", "hash_")
_PEOPLE, _GROUNDS = "choice_", "grounds_"
_SHAPES = {"start": 1, "role": 1, "weight": 2, "scale": 0}
Proof = tuple[Prices, tuple[Prices, Prices] | None, Grounds | None]


@dataclass(frozen=True)
class Record:
    """A result as read from disk: rows of text, the receipt, the proof (prices, those of the ties,
    what bounds the choice of needs), and each file's hash."""

    proposals: list[dict[str, str]]
    unstaffed: list[dict[str, str]]
    waiting: list[dict[str, str]]
    pairs: list[dict[str, str]] | None
    receipt: dict[str, Any]
    proof: Proof
    outputs: dict[str, str]


def input_hashes(path: str | Path) -> dict[str, str]:
    """File name → sha256 of every input in a market folder, or of the workbook at ``path``."""
    source = Path(path)
    if source.is_file():
        return _hashes([source])
    return _hashes([source / f"{name}.csv" for name in FILES])


def output_hashes(out: str | Path) -> dict[str, str]:
    """File name → sha256 of every file of a result, the receipt left out."""
    return _hashes([Path(out) / name for name in RECORD_FILES])


def _hashes(files: list[Path]) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}


def write_record(
    result: Result,
    out: str | Path,
    inputs: Mapping[str, str],
    *,
    pairs: bool = False,
    measured: Mapping[str, Any] | None = None,
) -> None:
    """Write ``result`` into the folder ``out``; the receipt comes last.

    ``inputs``: see ``input_hashes``. ``pairs``: also every allowed pair. ``measured``: seconds
    and memory for the receipt.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "receipt.json").unlink(missing_ok=True)
    (folder / "pairs.csv").unlink(missing_ok=True)
    _write_csv(folder / "proposals.csv", PROPOSALS, proposal_rows(result))
    _write_csv(folder / "unstaffed.csv", UNSTAFFED, unstaffed_rows(result))
    _write_csv(folder / "waiting.csv", WAITING, waiting_rows(result))
    if pairs:
        _write_csv(folder / "pairs.csv", PAIRS, pair_rows(result))
    _write_proof(folder / "proof.npz", result.outcome.solution)
    receipt = receipt_of(result, inputs)
    receipt["outputs"] = output_hashes(folder)
    receipt |= measured or {}
    (folder / "receipt.json").write_text(receipt_text(receipt), encoding="utf-8", newline="")


def receipt_text(receipt: Mapping[str, Any]) -> str:
    """The one way a receipt is written."""
    return f"{json.dumps(receipt, ensure_ascii=False, indent=2)}\n"


def receipt_of(result: Result, inputs: Mapping[str, str]) -> dict[str, Any]:
    """What was matched, how, and how good it is: all of the receipt that never varies."""
    proof = result.proof
    as_of = result.policy.as_of or result.market.last_day
    return {
        "format": FORMAT,
        "engine": __version__,
        "inputs": dict(inputs),
        "policy": result.policy.to_json(),
        "seed": result.policy.seed,
        "as_of": as_of.isoformat() if as_of else None,
        "tie_rule": TIE_RULE,
        "levels": result.levels,
        "ties": result.ties,
        "bounds": proof.bounds,
        "gaps": proof.gaps,
        "proven": proof.proven,
        "worst_fit_price": result.outcome.solution.worst_fit_price,
        "waiting_explained": not too_many(left_out(result.outcome)),
    }


def proposal_rows(result: Result) -> list[list[str]]:
    """Rows of ``proposals.csv``."""
    return [
        [
            row.need_id,
            row.role_id,
            row.professional_id,
            str(row.score),
            *(str(row.contributions[name]) for name in FEATURES),
            join_reasons(row.reasons),
        ]
        for row in result.proposals
    ]


def unstaffed_rows(result: Result) -> list[list[str]]:
    """Rows of ``unstaffed.csv``."""
    return [
        [row.need_id, row.role_id, join_reasons(row.reasons), str(row.change or "")]
        for row in result.unstaffed
    ]


def waiting_rows(result: Result) -> list[list[str]]:
    """Rows of ``waiting.csv``; of too many, the reasons are left blank (see the receipt)."""
    people = left_out(result.outcome)
    if too_many(people):
        return [[each, ""] for each in result.market.ids("professionals", people)]
    return [[row.professional_id, join_reasons(row.reasons)] for row in result.waiting]


def pair_rows(result: Result) -> list[list[str]]:
    """Rows of ``pairs.csv``."""
    outcome = result.outcome
    pairs = outcome.pairs if outcome.complete else score_pairs(outcome.snapshot)
    people = result.market.ids("professionals", pairs.person)
    roles = result.market.ids("roles", pairs.role)
    return [list(row) for row in zip(people, roles, map(str, pairs.score.tolist()), strict=True)]


def _write_csv(path: Path, header: list[str], rows: list[list[str]]) -> None:
    path.write_text(to_csv(header, rows), encoding="utf-8", newline="")


def _write_proof(path: Path, solution: Solution) -> None:
    """The prices of the total score, and with a prefix those of the tie levels and of the people
    for the choice of needs, and the other numbers that bound this choice."""
    parts = dict(zip(("", *_TIES), (solution.prices, *(solution.ties or ())), strict=False))
    if grounds := solution.grounds:
        parts[_PEOPLE] = grounds.prices
    arrays: dict[str, Any] = {
        prefix + each.name: np.asarray(getattr(prices, each.name))
        for prefix, prices in parts.items()
        for each in fields(Prices)
    }
    if grounds:
        arrays |= {_GROUNDS + name: np.asarray(getattr(grounds, name)) for name in _SHAPES}
    with path.open("wb") as file:
        np.savez(file, **arrays)


def read_record(out: str | Path) -> Record:
    """The result in the folder ``out``. Raises ``Refusal`` ``not_a_record`` (file) when a file
    is not written as ``write_record`` writes, ``OSError`` when one is absent."""
    folder = Path(out)
    receipt = _read_receipt(folder / "receipt.json")
    has_pairs = (folder / "pairs.csv").is_file()
    return Record(
        proposals=_read_csv(folder / "proposals.csv", PROPOSALS),
        unstaffed=_read_csv(folder / "unstaffed.csv", UNSTAFFED),
        waiting=_read_csv(folder / "waiting.csv", WAITING),
        pairs=_read_csv(folder / "pairs.csv", PAIRS) if has_pairs else None,
        receipt=receipt,
        proof=_read_proof(folder / "proof.npz"),
        outputs=output_hashes(folder),
    )


def _read_receipt(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8")
        receipt = json.loads(text)
    except ValueError:
        raise Refusal("not_a_record", file=path.name) from None
    if not isinstance(receipt, dict) or receipt.get("format") != FORMAT:
        raise Refusal("not_a_record", file=path.name)
    if text != receipt_text(receipt | {"format": FORMAT}):  # yes is no 1
        raise Refusal("not_a_record", file=path.name)
    for name in ("inputs", "outputs", "policy", "levels", "ties", "bounds", "gaps"):
        if not isinstance(receipt.get(name), dict):
            raise Refusal("not_a_record", file=path.name)
    return receipt


def _read_csv(path: Path, header: list[str]) -> list[dict[str, str]]:
    try:
        text = path.read_bytes().decode("utf-8")
        rows = list(csv.reader(text.splitlines(), strict=True))
    except (ValueError, csv.Error):
        raise Refusal("not_a_record", file=path.name) from None
    if not rows or rows[0] != header or any(len(row) != len(header) for row in rows):
        raise Refusal("not_a_record", file=path.name)
    if text != to_csv(header, rows[1:]):
        raise Refusal("not_a_record", file=path.name)
    return [dict(zip(header, row, strict=True)) for row in rows[1:]]


def _read_proof(path: Path) -> Proof:
    try:
        values = read_arrays(path)
    except OSError:
        values = None
    if values is None:
        raise Refusal("not_a_record", file=path.name)
    names = [each.name for each in fields(Prices)]
    ties = _TIES if _TIES[0] + names[0] in values else ()
    people = (_PEOPLE,) if _PEOPLE + names[0] in values else ()
    others = {_GROUNDS + name for name in _SHAPES} if people else set[str]()
    expected = {prefix + name for prefix in ("", *ties, *people) for name in names} | others
    if set(values) != expected:
        raise Refusal("not_a_record", file=path.name)
    found = {p: _prices({n: values[p + n] for n in names}, path) for p in ("", *ties, *people)}
    grounds = _grounds(found[_PEOPLE], values, path) if people else None
    return found[""], (found[ties[0]], found[ties[1]]) if ties else None, grounds


def _grounds(prices: Prices, values: dict[str, Any], path: Path) -> Grounds:
    given = {name: values[_GROUNDS + name] for name in _SHAPES}
    if any(each.dtype != np.int64 or each.ndim != _SHAPES[name] for name, each in given.items()):
        raise Refusal("not_a_record", file=path.name)
    return Grounds(prices, **(given | {"scale": int(given["scale"])}))


def _prices(values: dict[str, Any], path: Path) -> Prices:
    if any(
        value.dtype != np.int64 or value.ndim != (name not in _SINGLE)
        for name, value in values.items()
    ):
        raise Refusal("not_a_record", file=path.name)
    plain: dict[str, Any] = {
        name: int(value) if name in _SINGLE else value for name, value in values.items()
    }
    return Prices(**plain)
