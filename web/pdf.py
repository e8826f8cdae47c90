"""Papers as PDF: a list of blocks becomes a tagged document (PDF/UA-1) in one typeface.

A paper's words go through the catalogues like those of a page; what people wrote goes in as data,
so it stays inert. The same paper gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from flask import Response, current_app

from web.i18n import language
from web.mail import site_name

FOLDER = Path(__file__).parent / "papers"
PDF = "application/pdf"
MISSING = "〓"  # what a printer sets for a character the typeface lacks
Block = dict[str, Any]


@dataclass(frozen=True)
class Paper:
    """A document. ``made_on`` is its date; ``large`` sets it for eyes that need it."""

    title: str
    blocks: Sequence[Block]
    made_on: date
    large: bool = False
    language: str = ""  # the reader's, unless another is named


def heading(text: str, level: int = 2) -> Block:
    """A heading; the title of the paper is level 1."""
    return {"kind": "heading", "level": level, "text": text}


def text(words: str, kind: str = "text") -> Block:
    """Paragraphs (an empty line between), as ``text``, ``lead``, ``small``, ``right``, ``note``."""
    return {"kind": kind, "text": words}


def items(words: Iterable[str], kind: str = "items") -> Block:
    """A list: ``items``, ``ordered``, ``options`` to tick, ``blanks`` to fill in."""
    return {"kind": kind, "items": list(words)}


def table(columns: Sequence[tuple[str, int, bool]], rows: Iterable[Sequence[str]]) -> Block:
    """A table; a column is (head, share of the width, numeric)."""
    return {
        "kind": "table",
        "head": [head for head, _width, _numeric in columns],
        "widths": [width for _head, width, _numeric in columns],
        "numeric": [numeric for _head, _width, numeric in columns],
        "rows": [list(row) for row in rows],
    }


def facts(rows: Iterable[tuple[str, str]], width: int = 3) -> Block:
    """Labels and their values; ``width`` tenths go to the labels."""
    return {"kind": "facts", "rows": [list(row) for row in rows], "width": width}


def picture(svg: str, alt: str, width: float) -> Block:
    """A picture ``width`` millimetres wide, with the words for those who cannot see it."""
    return {"kind": "picture", "svg": svg, "alt": alt, "width": width}


def beside(left: Block, right: Block) -> Block:
    """A picture and what belongs to it, side by side on one page."""
    return {"kind": "beside", "left": left, "right": right}


NEW_PAGE: Block = {"kind": "page"}


def render(paper: Paper, *, footer: str = "", form: str = "pdf") -> bytes:
    """The paper's bytes (``form``: ``pdf``, or ``png`` of its first page)."""
    spoken = paper.language or language()
    site = site_name(current_app.config["SETTINGS"], spoken)
    content = {
        "title": paper.title,
        "site": site,
        "footer": footer or site,
        "language": spoken,
        "large": paper.large,
        "blocks": list(paper.blocks),
    }
    return compiled("document.typ", content, paper.made_on, form=form)


def compiled(layout: str, content: Block, made_on: date, *, form: str = "pdf") -> bytes:
    """What a layout of ``FOLDER`` makes of ``content``, as a tagged PDF or the first page's PNG."""
    made = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC)
    compiler = typst.Compiler(font_paths=_typeface(), root=str(FOLDER))
    made_of = {"paper": json.dumps(_printable(content), ensure_ascii=False)}
    standards: list[typst.PDFStandard] = ["ua-1"] if form == "pdf" else []
    found = compiler.compile(
        str(FOLDER / layout),
        format="pdf" if form == "pdf" else "png",
        sys_inputs=made_of,
        pdf_standards=standards,
        timestamp=made,
    )
    first = found[0] if isinstance(found, list) else found
    assert first is not None  # without a file to write to, the bytes come back
    return first


def download(paper: Paper, name: str, *, footer: str = "") -> Response:
    """The paper as an answer that browsers show, and save as ``name``."""
    response = Response(render(paper, footer=footer), mimetype=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@cache
def _typeface() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)]
    )


def _printable(value: Any) -> Any:
    """``value`` with every character that the typeface lacks replaced."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return "".join(char if _covered(char) else MISSING for char in value)
    if isinstance(value, list):
        return [_printable(each) for each in value]
    if isinstance(value, dict):
        kept = ("svg", "kind", "code")
        return {name: each if name in kept else _printable(each) for name, each in value.items()}
    return value


@cache
def _covered(char: str) -> bool:
    """The typeface was cut to what these codes hold, Latin, and some signs."""
    if char < "\u017f" or "\u2010" <= char < "\u2030" or "\u2190" <= char < "\u219a":
        return True
    for code in ("cp932", "shift_jis_2004"):
        try:
            char.encode(code)
        except UnicodeEncodeError:
            continue
        return True
    return False
