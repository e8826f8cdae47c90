"""What a file is, known by its content: the kinds that may be handed over, and nothing that runs.

The name only has to agree with what was found; what the browser says is not looked at.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from PIL import Image

MOST_BYTES = 8 * 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
# Ending → media type.
KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "odt": f"{_OPEN}text",
    "ods": f"{_OPEN}spreadsheet",
    "odp": f"{_OPEN}presentation",
    "txt": "text/plain",
    "csv": "text/csv",
}
_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_MACROS = ("vbaproject.bin", "basic/", "scripts/")
_PIXELS = 60_000_000  # a picture that unpacks to more is no scan or photo


def kind(name: str, content: bytes) -> str:
    """The media type of a file whose content is what its name says; "" for everything else."""
    ending = PurePosixPath(name.lower()).suffix.removeprefix(".")
    if ending not in KINDS or not _is(ending, content):
        return ""
    return KINDS[ending]


def _is(ending: str, content: bytes) -> bool:
    if ending == "pdf":
        return content.startswith(b"%PDF-")
    if ending in ("png", "jpg", "jpeg"):
        return _picture(content, "PNG" if ending == "png" else "JPEG")
    if ending in ("txt", "csv"):
        return _text(content)
    return _document(ending, content)


def _picture(content: bytes, wanted: str) -> bool:
    try:
        with Image.open(io.BytesIO(content), formats=[wanted]) as picture:
            small = picture.width * picture.height <= _PIXELS
            picture.verify()
    except Exception:
        return False
    return small


def _text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for code in ("utf-8-sig", "cp932"):
        try:
            content.decode(code)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _document(ending: str, content: bytes) -> bool:
    """A zip with the parts of its kind, and without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if any(each.lower().startswith(_MACROS) or each.lower().endswith(_MACROS[0])
                   for each in names):  # fmt: skip
                return False
            if ending in _PARTS:
                return "[Content_Types].xml" in names and _PARTS[ending] in names
            if archive.getinfo("mimetype").file_size > 200:
                return False
            return archive.read("mimetype").decode("ascii").strip() == KINDS[ending]
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, RuntimeError, NotImplementedError,
            OSError, EOFError, ValueError):  # fmt: skip
        return False
