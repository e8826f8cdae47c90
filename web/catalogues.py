"""The catalogues: ``python -m web.catalogues update`` or ``check``.

Message ids are English sentences. ``update`` adds new ones to both catalogues and drops unused
ones; ``check`` (part of lint) fails on anything missing, unused, untranslated, or whose
placeholders differ.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parent
LANGUAGES = ("ja", "en")
METHODS = [("**.py", "python"), ("templates/**", "jinja2")]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def path(language: str) -> Path:
    """The catalogue of a language."""
    return WEB / "translations" / language / "LC_MESSAGES" / "messages.po"


def extracted() -> Catalog:
    """Every message the pages and the code of ``web`` speak, with the files it stands in."""
    catalog = Catalog(domain="messages", project="Matchmaker")
    found = extract_from_dir(str(WEB), METHODS, keywords=KEYWORDS, strip_comment_tags=True)
    for filename, _line, message, _comments, context in found:
        catalog.add(message, None, [(f"web/{filename}", None)], context=context)
    return catalog


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands."""
    if not path(language).exists():
        return Catalog(locale=language, domain="messages")
    with path(language).open("rb") as file:
        return read_po(file, locale=language, domain="messages")


def strings(message: Message) -> tuple[str, ...]:
    """All translated forms of a message; empty strings where one is missing."""
    value = message.string
    return (value or "",) if isinstance(value, str | None) else tuple(text or "" for text in value)


def updated(language: str) -> bytes:
    """The catalogue brought up to date; English speaks for itself."""
    known = read(language)
    fresh = Catalog(locale=language, domain="messages", project="Matchmaker", fuzzy=False)
    for message in extracted():
        if not message.id:
            continue
        before = known.get(message.id, message.context)
        text = before.string if before is not None else None
        if language == "en" and not (before is not None and all(strings(before))):
            text = message.id
        places = sorted({(filename, None) for filename, _line in message.locations})
        fresh.add(message.id, text, places, message.flags - {"fuzzy"}, context=message.context)
    target = io.BytesIO()
    write_po(target, fresh, width=100, sort_output=True, omit_header=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {language}\\n"\n'
        f'"Plural-Forms: {fresh.plural_forms}\\n"\n\n'
    )
    return header.encode() + target.getvalue()


def faults(language: str) -> list[str]:
    """What is wrong with a catalogue, a line each."""
    known, found = read(language), extracted()
    said = []
    for message in found:
        entry = known.get(message.id, message.context) if message.id else None
        if not message.id:
            continue
        if entry is None or not all(strings(entry)) or entry.fuzzy:
            said.append(f"{language}: not translated: {message.id!r}")
            continue
        ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
        wanted = set().union(*(PLACEHOLDER.findall(text) for text in ids))
        for text in strings(entry):
            unknown = set(PLACEHOLDER.findall(text)) - wanted
            if unknown:
                said.append(f"{language}: unknown placeholder {unknown} in {text!r}")
        if len(ids) == 1 and wanted - set(PLACEHOLDER.findall(strings(entry)[0])):
            said.append(f"{language}: a placeholder is missing in {strings(entry)[0]!r}")
    for entry in known:
        if entry.id and found.get(entry.id, entry.context) is None:
            said.append(f"{language}: no longer used: {entry.id!r}")
    return said


def main(words: list[str]) -> int:
    """``update`` or ``check``; exit status 1 when something is missing."""
    if words == ["update"]:
        for language in LANGUAGES:
            path(language).parent.mkdir(parents=True, exist_ok=True)
            path(language).write_bytes(updated(language))
    elif words != ["check"]:
        print("usage: python -m web.catalogues update|check", file=sys.stderr)
        return 2
    said = [fault for language in LANGUAGES for fault in faults(language)]
    for fault in said:
        print(fault, file=sys.stderr)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
