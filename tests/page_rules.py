"""What every page must be: the rules that the page client checks on each page it fetches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import html5lib

from web import catalogues

CONTROLS = ("input", "select", "textarea", "progress", "meter")
UNLABELLED = ("hidden", "submit", "button", "reset", "image")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
POINTERS = ("aria-describedby", "aria-labelledby", "aria-controls", "for")
LEFTOVER = re.compile(r"\{\{|\}\}|\{%|%\}|%\(\w+\)|<Undefined|LazyString|datetime\.\w+\(")
DATA_BLOCK = "application/ld+json"


def parse(html: str) -> tuple[Element, list[str]]:
    """The document's tree, and what an HTML5 parser finds wrong with it."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    errors = [f"line {line}: {code} {params}" for (line, _at), code, params in parser.errors]
    return tree, errors


def faults(html: str, url: str = "/") -> list[str]:
    """Everything on a page that breaks a rule, a line each."""
    return faults_of(*parse(html), html, url)


def faults_of(tree: Element, errors: list[str], html: str, url: str) -> list[str]:
    """The same for a page that is parsed already."""
    said = list(errors)
    if not html.lstrip().lower().startswith("<!doctype html>"):
        said.append("no doctype")
    for rule in (_head, _headings, _ids, _names, _inline, _forms, _targets, _leftovers):
        said += rule(tree)
    said += _language(tree, url)
    return said


def own_text(element: Element) -> str:
    """All text within an element, spaces single."""
    return " ".join("".join(element.itertext()).split())


def spoken(element: Element) -> str:
    """The name an element is read out with, as far as it stands in the page itself."""
    parts = [element.get("aria-label", ""), own_text(element), element.get("title", "")]
    parts += [image.get("alt", "") for image in element.iter("img")]
    parts += [drawing.get("aria-label", "") for drawing in element.iter("svg")]
    return "".join(parts).strip()


def _head(tree: Element) -> Iterator[str]:
    title = tree.find("head/title")
    words = own_text(title) if title is not None else ""
    if not words.split("|")[0].strip():
        yield "the title is empty"
    for link in tree.iter("link"):
        if urlsplit(link.get("href", "")).netloc and link.get("rel") == "stylesheet":
            yield f"a style sheet of somebody else: {link.get('href')}"


def _language(tree: Element, url: str) -> Iterator[str]:
    code = tree.get("lang")
    if code not in ("ja", "en"):
        yield f"the language of the page is {code!r}"
    wanted = parse_qs(urlsplit(url).query).get("lang", [code])[-1]
    if wanted in ("ja", "en") and wanted != code:
        yield f"asked for {wanted}, the page says {code}"


def _headings(tree: Element) -> Iterator[str]:
    levels = [int(element.tag[1]) for element in tree.iter() if element.tag in HEADINGS]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} h1 elements"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading jumps from h{before} to h{after}"
    for element in tree.iter():
        if element.tag in HEADINGS and not spoken(element):
            yield f"an empty {element.tag}"


def _ids(tree: Element) -> Iterator[str]:
    seen: set[str] = set()
    for element in tree.iter():
        name = element.get("id")
        if name is None:
            continue
        if name in seen or not name or " " in name:
            yield f"the id {name!r} is not unique"
        seen.add(name)
    for element in tree.iter():
        for pointer in POINTERS:
            for name in element.get(pointer, "").split():
                if name not in seen:
                    yield f"{pointer} points to {name!r}, which is not there"


def _names(tree: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in tree.iter("label") if own_text(label)}
    within = {id(part) for label in tree.iter("label") for part in label.iter()}
    for element in tree.iter():
        named = element.get("aria-label") or element.get("aria-labelledby")
        if element.tag in CONTROLS and element.get("type") not in UNLABELLED:
            if not (named or element.get("id") in labelled or id(element) in within):
                yield f"no label for {element.tag} {element.get('name')!r}"
        elif element.tag in ("a", "button", "summary") and not (named or spoken(element)):
            yield f"{element.tag} without words: {element.get('href') or element.get('name')}"
        elif element.tag == "img" and element.get("alt") is None:
            yield f"no alt for the image {element.get('src')}"
        elif element.tag == "fieldset" and (
            element.find("legend") is None or not own_text(element.find("legend"))  # type: ignore[arg-type]
        ):
            yield "a fieldset without a legend"
        elif element.tag == "table" and element.find("caption") is None:
            yield "a table without a caption"


def _inline(tree: Element) -> Iterator[str]:
    for element in tree.iter():
        if element.tag == "style":
            yield "an inline style element"
        if element.tag == "script" and element.get("type") != DATA_BLOCK:
            source = element.get("src", "")
            if not source or urlsplit(source).netloc:
                yield f"an inline script or one of somebody else: {source!r}"
        for name in element.keys():  # noqa: SIM118 - an Element's iterator gives its children
            if name == "style" or name.startswith("on"):
                yield f"{element.tag} with the attribute {name}"


def _forms(tree: Element) -> Iterator[str]:
    for form in tree.iter("form"):
        if not form.get("action"):
            yield "a form without an action"
        tokens = [field for field in form.iter("input") if field.get("name") == "csrf_token"]
        posts = form.get("method", "get").lower() == "post"
        if posts and not any(field.get("value") for field in tokens):
            yield f"a form without a CSRF token: {form.get('action')}"
        if not posts and tokens:
            yield f"a CSRF token in an address: {form.get('action')}"


def _targets(tree: Element) -> Iterator[str]:
    present = {element.get("id") for element in tree.iter()}
    for link in tree.iter("a"):
        href = link.get("href")
        if not href or href == "#":
            yield f"a link that leads nowhere: {own_text(link)!r}"
        elif href.startswith("#") and href[1:] not in present:
            yield f"a link to {href}, which is not there"
        elif href.lower().startswith("javascript:"):
            yield f"a link that is a script: {href}"


def _leftovers(tree: Element) -> Iterator[str]:
    untranslated = _english_ids() if tree.get("lang") == "ja" else frozenset()
    for text in _texts(tree):
        if LEFTOVER.search(text) or text == "None":
            yield f"something was left unfilled: {text[:80]!r}"
        elif text in untranslated:
            yield f"not in the language of the page: {text[:80]!r}"


def _texts(element: Element, foreign: bool = False) -> Iterator[str]:
    """Every piece of text that is in the page's own language."""
    if element.tag in ("script", "code", "pre", "textarea"):
        return
    if element.text and not foreign and element.text.strip():
        yield " ".join(element.text.split())
    for part in element:
        yield from _texts(part, foreign or part.get("lang") is not None)
        if part.tail and not foreign and part.tail.strip():
            yield " ".join(part.tail.split())


@cache
def _english_ids() -> frozenset[str]:
    """Message ids that have a Japanese sentence: none may stand on a Japanese page as it is."""
    return frozenset(
        message.id
        for message in catalogues.read("ja")
        if isinstance(message.id, str)
        and " " in message.id
        and message.string
        and message.string != message.id
    )
