"""What tells that two records may be the same person, group or employer: their marks.

A mark is a kind (name, reading, e-mail, telephone, address on the web) and a folded value: NFKC,
one case, hiragana, without spaces, without the legal form, old shapes of characters as the usual
ones. Two records with a mark in common are alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from matchmaker.models import Company, Group, Professional
from matchmaker.services.employers import company_key
from matchmaker.text import search_key

Mark = tuple[str, str]
_FORMS = re.compile("特定非営利活動法人|認定npo法人|npo法人|一般社団法人|公益社団法人|任意団体")
_PHONE = re.compile(r"0\d{9,10}")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[-‐‑–—ー−()\s]+(?=\d)")


def marks(row: Any) -> frozenset[Mark]:
    """The marks of a person, a group or an employer."""
    return frozenset((kind, value) for kind, value in _READ[type(row)](row) if value)


def in_common(one: Any, other: Any) -> tuple[str, ...]:
    """Kinds of the marks that two records share, in a fixed order."""
    shared = {kind for kind, _value in marks(one) & marks(other)}
    return tuple(kind for kind in KINDS if kind in shared)


KINDS = ("email", "phone", "name", "kana", "website")


def bare(text: str) -> str:
    """A name folded for comparison."""
    return search_key(text).replace(" ", "").replace("・", "")


def core(text: str) -> str:
    """The name of a group without its legal form; the whole where nothing else is left."""
    whole = bare(text)
    return _FORMS.sub("", whole) or whole


def phones(text: str) -> set[str]:
    """Telephone numbers in a text, digits only."""
    joined = _BETWEEN_DIGITS.sub("", search_key(text).replace("+81", "0"))
    return set(_PHONE.findall(joined))


def site(address: str) -> str:
    """An address on the web without what may be written or left out."""
    plain = re.sub(r"^https?://(www\.)?", "", address.strip().casefold())
    return plain.rstrip("/")


def _person(row: Professional) -> Iterator[Mark]:
    yield "name", bare(row.name)
    yield "kana", bare(row.kana)
    yield "email", row.email.casefold()
    yield from (("phone", number) for number in phones(row.phone))


def _group(row: Group) -> Iterator[Mark]:
    yield "name", core(row.name)
    yield "kana", bare(row.kana)
    yield "email", row.contact_email.casefold()
    yield "website", site(row.website)
    yield from (("phone", number) for number in phones(row.contact_note))


def _company(row: Company) -> Iterator[Mark]:
    yield "name", core(company_key(row.name))
    yield "kana", bare(row.kana)


_READ: dict[type[Any], Any] = {Professional: _person, Group: _group, Company: _company}
