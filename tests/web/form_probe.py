"""Forms as they stand on pages, what is sent with them, and what is wrong with the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from xml.etree.ElementTree import Element

from tests.pages import Page
from tests.web.bad_values import BAD, LONG, PLAIN

JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
Pairs = list[tuple[str, str]]


@dataclass
class Entry:
    """One field of a form: the controls with one name."""

    name: str
    kind: str
    required: bool = False
    offered: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)

    def plain(self) -> list[str]:
        """What is sent when this entry is not what the test is about."""
        if any(self.filled) or (self.filled and not self.required):
            return self.filled
        if self.kind in ("choice", "tick", "list"):
            return [value for value in self.offered if value][:1]
        return [PLAIN[self.kind]] if self.kind in PLAIN else self.filled

    def bad(self) -> tuple[str, ...]:
        """What must be refused here, nothing at all included where something is required."""
        nothing = ("",) if self.required else ()
        return BAD.get(self.kind, ()) + nothing


@dataclass
class Probe:
    """A form that is sent by POST."""

    action: str
    encoding: str
    entries: dict[str, Entry]
    buttons: Pairs

    def sent(self, changed: dict[str, str], button: tuple[str, str] | None) -> Pairs:
        """What a browser sends when the entries in ``changed`` hold one other value each."""
        pairs = [] if button is None else [button]
        for entry in self.entries.values():
            values = [changed[entry.name]] if entry.name in changed else entry.plain()
            if values == [""] and entry.kind in ("choice", "tick"):  # a list sends its blank line
                values = []
            pairs += [(entry.name, value) for value in values]
        return pairs


def probes(page: Page) -> Iterator[Probe]:
    """The forms of a page that change something."""
    for element in page.all("form"):
        if element.get("method", "get").lower() == "post":
            yield _probe(element)


def _probe(element: Element) -> Probe:
    probe = Probe(
        action=element.get("action", ""),
        encoding=element.get("enctype", "application/x-www-form-urlencoded"),
        entries={},
        buttons=[],
    )
    required = {
        name
        for box in element.iter()
        if "field" in box.get("class", "").split() and _marked(box)
        for name in _names(box)
    }
    for control in element.iter():
        _read(probe, control, required)
    return probe


def _marked(box: Element) -> bool:
    return any("mark" in part.get("class", "").split() for part in box.iter())


def _names(box: Element) -> Iterable[str]:
    return (part.get("name", "") for part in box.iter() if part.get("name"))


def _read(probe: Probe, control: Element, required: set[str]) -> None:
    name, kind = control.get("name", ""), control.get("type", "text")
    if not name or control.tag not in ("input", "select", "textarea", "button"):
        return
    if control.tag == "button" or kind == "submit":
        probe.buttons.append((name, control.get("value", "")))
        return
    fresh = Entry(name, _kind(control), name in required)
    entry = probe.entries.setdefault(name, fresh)
    value = control.get("value", "")
    if control.tag == "select":
        options = list(control.iter("option"))
        entry.offered += [option.get("value", "") for option in options]
        chosen = [option for option in options if option.get("selected") is not None]
        entry.filled += [option.get("value", "") for option in chosen or options[:1]]
    elif kind in ("checkbox", "radio"):
        entry.offered.append(value)
        if control.get("checked") is not None:
            entry.filled.append(value)
    elif kind != "file":
        entry.filled.append("".join(control.itertext()) if control.tag == "textarea" else value)


def _kind(control: Element) -> str:
    kind = control.get("type", "text")
    if control.tag == "select":
        return "list"
    if kind == "radio":
        return "choice"
    if kind == "checkbox":
        return "tick"
    if kind == "number" or control.get("inputmode") in ("numeric", "decimal"):
        return "number"
    if control.get("name") == "kana":
        return "kana"
    return kind if kind in ("email", "url", "date", "password", "hidden", "file") else "text"


def unsaid(body: str, name: str, language: str = "ja") -> str:
    """Why the error of a field is not clear, or empty where it is."""
    found = re.search(rf'id="{re.escape(name)}-error"[^>]*>(.*?)</p>', body, re.S)
    if not found:
        return "no error beside the field"
    said = unescape(re.sub("<[^>]+>", "", found[1]))
    if bool(JAPANESE.search(said)) != (language == "ja"):
        return f"the error is not in the reader's language: {said!r}"
    summary = re.search(r'class="error-summary".*?</ul>', body, re.S)
    if not summary or not re.search(rf'href="#{re.escape(name)}(-\d+)?"', summary[0]):
        return "the summary does not lead to the field"
    return ""


def said_above(body: str, language: str = "ja") -> bool:
    """Whether the summary says something in the reader's language."""
    summary = re.search(r'class="error-summary".*?<li>(.*?)</li>', body, re.S)
    return bool(summary) and bool(JAPANESE.search(summary[1])) == (language == "ja")


def lost(body: str, entry: Entry, value: str) -> bool:
    """Whether what was typed is gone from the form that is shown again."""
    if entry.kind in ("password", "choice", "tick", "list", "file") or not value:
        return False
    name = re.escape(entry.name)
    area = re.search(rf'<textarea[^>]*\bname="{name}"[^>]*>(.*?)</textarea>', body, re.S)
    box = re.search(rf'<input[^>]*\bname="{name}"[^>]*>', body)
    held = area or (box and re.search(r'\bvalue="(.*?)"', box[0], re.S))
    wanted = CONTROL.sub("", value)
    return not held or unescape(held[1]).strip() != wanted


def short(value: str) -> str:
    """A value for a failing test's words."""
    return "100,000 characters" if value == LONG else ascii(value)
