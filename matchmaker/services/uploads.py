"""What was uploaded or named on the command line: a zip, a workbook, or CSV files; as texts.

Files are known by their content and by the names of the market folder, never by what the browser
says they are.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from matchmaker.engine.files.columns import FILES
from matchmaker.engine.files.folder import RawFiles, read_files
from matchmaker.engine.files.tables import CellError
from matchmaker.errors import FieldError, Invalid
from matchmaker.services.workbooks import MOST_BYTES, read_sheets

MOST_FILES = 100
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


@dataclass
class Upload:
    """The texts found, and the names of files that belong to no part of a market folder."""

    raw: RawFiles
    left_out: list[str] = field(default_factory=list)


def pack_files(files: Iterable[tuple[str, bytes]]) -> tuple[str, bytes]:
    """One name and one content for what a form sent: a single file as it is, several as a zip.

    Refused (``Invalid``, field ``files``): nothing chosen, or too many files.
    """
    chosen = [(name, content) for name, content in files if name]
    if not chosen:
        raise Invalid([FieldError("files", "missing")])
    if len(chosen) > MOST_FILES:
        raise Invalid([FieldError("files", "too_many", {"max": MOST_FILES})])
    if len(chosen) == 1 and chosen[0][1].startswith((_ZIP, _EMPTY_ZIP)):
        return _base(chosen[0][0]), chosen[0][1]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in chosen:
            archive.writestr(zipfile.ZipInfo(_base(name) or "unnamed"), content)
    return ", ".join(_base(name) for name, _ in chosen), out.getvalue()


def read_upload(content: bytes) -> Upload:
    """The texts of a zip or workbook; what cannot be opened is one fault of the whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "xl/workbook.xml" in archive.namelist():
                return Upload(read_sheets(content))
            return _read_zip(archive)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        return Upload(RawFiles(faults=[CellError("upload", 0, "", "", "file_unreadable")]))


def read_path(path: Path) -> Upload:
    """A market folder, a zip or a workbook on this machine. ``OSError`` when it is not there."""
    if not path.is_dir():
        _, content = pack_files([(path.name, path.read_bytes())])
        return read_upload(content)
    found = sorted(path.glob("*.csv"))
    known = {file.stem.lower(): file for file in found if file.stem.lower() in FILES}
    raw = read_files({name: file.read_bytes() for name, file in known.items()})
    if not known:
        raw.faults.append(CellError(path.name, 0, "", "", "no_market_files"))
    return Upload(raw, [file.name for file in found if file.stem.lower() not in FILES])


def _read_zip(archive: zipfile.ZipFile) -> Upload:
    entries = [entry for entry in archive.infolist() if not _ignored(entry)]
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES or total > MOST_BYTES:
        return Upload(RawFiles(faults=[CellError("upload", 0, "", "", "file_too_large")]))
    contents: dict[str, bytes] = {}
    left_out: list[str] = []
    faults: list[CellError] = []
    for entry in entries:
        name = _base(entry.filename)
        stem = name.lower().removesuffix(".csv")
        if stem not in FILES or not name.lower().endswith(".csv"):
            inner = _workbook_inside(archive, entry)
            if inner is not None and len(entries) == 1:
                return Upload(inner)
            left_out.append(name)
        elif stem in contents:
            faults.append(CellError(f"{stem}.csv", 0, "", "", "file_twice"))
        else:
            contents[stem] = archive.read(entry)
    raw = read_files(contents)
    raw.faults += faults
    if not contents:
        raw.faults.append(CellError("upload", 0, "", "", "no_market_files"))
    return Upload(raw, left_out)


def _workbook_inside(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> RawFiles | None:
    return read_sheets(archive.read(entry)) if entry.filename.endswith(".xlsx") else None


def _ignored(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    return entry.is_dir() or "__MACOSX" in path.parts or path.name.startswith(".")


def _base(name: str) -> str:
    plain = "".join(char for char in name if char.isprintable())
    return PurePosixPath(plain.replace("\\", "/")).name[:150]
