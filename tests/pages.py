"""The page client: every HTML page fetched in any test is also checked as a page.

pages = Pages(app.test_client())
page = pages.get("/sign-in")
page = pages.submit(page.form(), email="a@example.jp", password="…")
assert page.text("h1") == "…"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.page_rules import faults_of, own_text, parse

REDIRECTS = (301, 302, 303, 307, 308)
SIMPLE = re.compile(r"^(?P<tag>[\w-]*)(?P<rest>(?:[.#][\w-]+|\[[\w-]+(?:=[^\]]*)?\])*)$")
PART = re.compile(r"([.#])([\w-]+)|\[([\w-]+)(?:=\"?([^\]\"]*)\"?)?\]")


class Pages:
    """A reader with a browser that keeps cookies, without scripts."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: Page | None = None

    def get(self, url: str, *, status: int = 200, follow: bool = False, **more: Any) -> Page:
        """Open an address. The status must be as expected; redirects are followed on request."""
        return self._take(self.client.get(url, **more), url, status, follow)

    def post(
        self,
        url: str,
        data: Mapping[str, Any] | None = None,
        *,
        status: int | None = None,
        follow: bool = True,
        **more: Any,
    ) -> Page:
        """Send values to an address with the token of the page last seen, unless they hold one."""
        values = dict(data or {})
        if "csrf_token" not in values and self.page is not None:
            values["csrf_token"] = self.page.token
        answer = self.client.post(url, data=values, **more)
        return self._take(answer, url, status, follow)

    def submit(
        self,
        form: Form,
        *,
        status: int | None = None,
        follow: bool = True,
        press: str | None = None,
        **values: Any,
    ) -> Page:
        """Fill a form in and send it: a list for several boxes, True or False for one, None to
        leave out. ``press`` is the name of the button, where it has one. Names the form does not
        have are an error of the test; python's ``a__b`` fills the field ``a-b``.
        """
        sent = form.filled({name.replace("__", "-"): value for name, value in values.items()})
        if press is not None:
            sent.setlist(press, [form.buttons[press]])
        if form.method == "get":
            query = urlencode(list(sent.items(multi=True)))
            return self.get(f"{form.action}?{query}", follow=follow)
        answer = self.client.post(form.action, data=sent, content_type=form.encoding)
        return self._take(answer, form.action, status, follow)

    def click(self, text: str) -> Page:
        """Follow the link with these words on the page last seen."""
        assert self.page is not None, "open a page first"
        return self.get(urljoin(self.page.url, self.page.link(text)), follow=True)

    def _take(self, answer: TestResponse, url: str, status: int | None, follow: bool) -> Page:
        while follow and answer.status_code in REDIRECTS:
            url = urljoin(url, answer.headers["Location"])
            parts = urlsplit(url)
            answer = self.client.get(parts._replace(scheme="", netloc="").geturl())
        page = Page(answer, url)
        if status is not None or page.status >= 500:
            assert page.status == (status or 200), f"{url}: {page.status}\n{page.summary()}"
        if page.is_html:
            broken = faults_of(page.tree, page.parse_errors, page.html, url)
            assert not broken, f"{url}: " + "\n".join(broken)
            self.page = page
        return page


class Page:
    """What came back: a checked page, or a file."""

    def __init__(self, answer: TestResponse, url: str) -> None:
        self.answer = answer
        self.url = url
        self.status = answer.status_code
        self.headers = answer.headers
        self.is_html = answer.mimetype == "text/html" and self.status not in REDIRECTS
        self.html = answer.get_data(as_text=True) if self.is_html else ""
        self.tree, self.parse_errors = parse(self.html) if self.is_html else (Element("html"), [])

    @property
    def path(self) -> str:
        """The path of the page, without the query."""
        return urlsplit(self.url).path

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers.get("Location", "")

    @property
    def title(self) -> str:
        """The words of the title."""
        return self.text("title")

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.tree.get("lang", "")

    @property
    def token(self) -> str:
        """The CSRF token of the page's forms, or empty."""
        tokens = self.all("input[name=csrf_token]")
        return tokens[0].get("value", "") if tokens else ""

    @property
    def errors(self) -> list[str]:
        """What the error summary says."""
        return self.texts(".error-summary li")

    @property
    def flashes(self) -> list[str]:
        """What notices say, such as what the last act led to."""
        return self.texts(".notice")

    def all(self, selector: str) -> list[Element]:
        """Every element a simple selector finds (tag, .class, #id, [name=value], descendants)."""
        found = [self.tree]
        for step in selector.split():
            inner = (part for element in found for part in element.iter() if part is not element)
            found = list({id(part): part for part in inner if _matches(part, step)}.values())
        return found

    def find(self, selector: str) -> Element:
        """The one element a selector finds."""
        found = self.all(selector)
        assert found, f"{self.url} has no {selector}\n{self.summary()}"
        return found[0]

    def text(self, selector: str = "main") -> str:
        """The text of the first element a selector finds, spaces single."""
        return own_text(self.find(selector))

    def texts(self, selector: str) -> list[str]:
        """The texts of every element a selector finds."""
        return [own_text(element) for element in self.all(selector)]

    def link(self, text: str) -> str:
        """The address behind a link with these words (or that contains them)."""
        links = [(own_text(link), link.get("href", "")) for link in self.all("a")]
        exact = [href for words, href in links if words == text]
        near = [href for words, href in links if text in words]
        assert exact or near, f"{self.url} has no link {text!r}: {[words for words, _ in links]}"
        return (exact or near)[0]

    @property
    def forms(self) -> list[Form]:
        """Every form of the main part of the page."""
        return [Form.of(element, self.url) for element in self.all("main form")]

    def form(self, action: str = "", *, button: str = "") -> Form:
        """The form whose address contains ``action`` and one of whose buttons says ``button``."""
        for found in self.forms:
            said = any(button in words for words in found.words)
            if action in found.action and (not button or said):
                return found
        raise AssertionError(f"{self.url} has no form {action!r} {button!r}\n{self.summary()}")

    def summary(self) -> str:
        """What stands on the page, shortened, for a failing test."""
        return own_text(self.tree)[:1500] if self.is_html else repr(self.answer.data[:500])


@dataclass
class Form:
    """A form as it stands on the page, with what is already filled in."""

    action: str
    method: str
    encoding: str
    values: MultiDict[str, Any]
    boxes: dict[str, list[str]] = field(default_factory=dict)  # name → values it may take
    singles: set[str] = field(default_factory=set)
    buttons: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, element: Element, url: str) -> Form:
        """Read a form element."""
        form = cls(
            action=urljoin(url, element.get("action", "")),
            method=element.get("method", "get").lower(),
            encoding=element.get("enctype", "application/x-www-form-urlencoded"),
            values=MultiDict(),
        )
        for control in element.iter():
            form._read(control)
        return form

    def _read(self, control: Element) -> None:
        name, kind = control.get("name", ""), control.get("type", "text")
        if control.tag == "button" or (control.tag == "input" and kind == "submit"):
            self.words.append(own_text(control) or control.get("value", ""))
            if name:
                self.buttons[name] = control.get("value", "")
        elif not name or control.get("disabled") is not None:
            return
        elif kind in ("checkbox", "radio"):
            self.boxes.setdefault(name, []).append(control.get("value", "on"))
            if control.get("checked") is not None:
                self.values.add(name, control.get("value", "on"))
        elif control.tag == "select":
            self._read_select(name, control)
        elif control.tag in ("input", "textarea"):
            self.singles.add(name)
            given = control.get("value", "") if control.tag == "input" else _typed(control)
            if kind != "file":
                self.values.add(name, given)

    def _read_select(self, name: str, control: Element) -> None:
        options = list(control.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        self.boxes[name] = [option.get("value", own_text(option)) for option in options]
        if control.get("multiple") is None:
            chosen = chosen[-1:] or options[:1]
        for option in chosen:
            self.values.add(name, option.get("value", own_text(option)))

    def filled(self, wanted: Mapping[str, Any]) -> MultiDict[str, Any]:
        """The values that a browser would send."""
        sent = self.values.copy()
        for name, value in wanted.items():
            assert name in self.boxes or name in self.singles, (
                f"the form has no {name!r}, only {sorted({*self.boxes, *self.singles})}"
            )
            sent.setlist(name, list(self._sendable(name, value)))
        return sent

    def _sendable(self, name: str, value: Any) -> Iterator[Any]:
        if value is True and name in self.boxes:
            yield self.boxes[name][0]
        elif isinstance(value, list | tuple | set | frozenset) and name in self.boxes:
            yield from (str(item) for item in value)
        elif value is not None and value is not False:
            yield value if hasattr(value, "read") or isinstance(value, tuple) else str(value)


def _typed(control: Element) -> str:
    return "".join(control.itertext())


def _matches(element: Element, step: str) -> bool:
    simple = SIMPLE.match(step)
    assert simple, f"not a selector this client knows: {step!r}"
    if simple["tag"] and element.tag != simple["tag"]:
        return False
    for mark, word, name, value in PART.findall(simple["rest"]):
        if mark == "." and word not in element.get("class", "").split():
            return False
        if mark == "#" and element.get("id") != word:
            return False
        if name and (element.get(name) is None or (value and element.get(name) != value)):
            return False
    return True
