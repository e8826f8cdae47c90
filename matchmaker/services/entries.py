"""Kinds of entries: what a person typed or chose becomes a value, or is refused with a code.

Use them in a command as ``name: Annotated[str, ShortText(80)]``; the ready-made ones at the end
are types of their own. A code comes with the parameters its sentence needs.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from matchmaker.text import clean, text_fault

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("am", "pm", "eve")
SLOTS = tuple(f"{day}-{part}" for day in DAYS for part in PARTS)
LANGUAGES = ("ja", "en", "zh", "ko", "pt", "es", "vi", "tl", "id", "ne", "th", "fr", "de")

_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,6})?")
_LONG = re.compile(r"[+-]?[0-9]{10,}(\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_PHONE = re.compile(r"(?=(?:[^0-9]*[0-9]){8,15}[^0-9]*$)[0-9+() -]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
_CODE = re.compile(r"[^\W_][\w.\-]{0,63}")
_KANA = re.compile("[ぁ-ゖー・゠ 　0-9０-９-]+")
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_YES, _NO = ("yes", "y", "true", "on", "1"), ("no", "n", "false", "off", "0")
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)


def fault(code: str, **params: Any) -> PydanticCustomError:
    """An error to raise from a validator. ``field`` among the parameters names another field."""
    return PydanticCustomError(code, code, params)


def _plain(value: Any, code: str) -> str:
    if not isinstance(value, str):
        raise fault(code)
    return unicodedata.normalize("NFKC", value).strip()


def _figures(value: Any) -> str:
    """A number as somebody wrote it, in plain digits: ``１８，６４４`` and ``18,644`` as 18644."""
    plain = _plain(value, "not_a_number")
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


class Kind(ABC):
    """One kind of entry; pydantic calls ``read`` with whatever was sent."""

    @abstractmethod
    def read(self, value: Any) -> Any:
        """The value of an entry; raises ``fault``."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)


@dataclass(frozen=True)
class ShortText(Kind):
    """One line of ``least`` to ``most`` characters that can be printed and posted."""

    most: int
    least: int = 0
    lines = False

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise fault("not_text")
        text = clean(value)
        if code := text_fault(text, lines=self.lines):
            raise fault(code)
        if len(text) > self.most:
            raise fault("too_long", max=self.most)
        if len(text) < self.least:
            raise fault("too_short", min=self.least)
        return text


@dataclass(frozen=True)
class LongText(ShortText):
    """Text of several lines."""

    lines = True


@dataclass(frozen=True)
class KanaText(ShortText):
    """A reading in kana; katakana is kept as hiragana, so that names sort together."""

    def read(self, value: Any) -> str:
        text = super().read(value).translate(_TO_HIRAGANA)
        if text and not _KANA.fullmatch(text):
            raise fault("kana_only")
        return text


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number from ``low`` to ``high``; full-width digits and commas are fine."""

    low: int
    high: int

    def read(self, value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            number = value
        elif _WHOLE.fullmatch(plain := _figures(value)):
            number = int(plain)
        elif _LONG.fullmatch(plain):
            raise fault("out_of_range", min=self.low, max=self.high)
        else:
            raise fault("not_a_whole_number" if _DECIMAL.fullmatch(plain) else "not_a_number")
        _refuse_outside(number, self.low, self.high)
        return number


@dataclass(frozen=True)
class Number(Kind):
    """A number from ``low`` to ``high``, with at most six decimals."""

    low: float
    high: float

    def read(self, value: Any) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            number = float(value)
        elif _DECIMAL.fullmatch(plain := _figures(value)):
            number = float(plain)
        elif _LONG.fullmatch(plain):
            raise fault("out_of_range", min=self.low, max=self.high)
        else:
            raise fault("not_a_number")
        _refuse_outside(number, self.low, self.high)
        return number + 0.0


def _refuse_outside(number: float, low: float, high: float) -> None:
    if not low <= number <= high:
        raise fault("out_of_range", min=low, max=high)


class PhoneText(ShortText):
    """A telephone number: digits with the signs that are written between them."""

    def read(self, value: Any) -> str:
        plain = super().read(unicodedata.normalize("NFKC", value) if isinstance(value, str) else "")
        plain = re.sub("[‐-―−ー]", "-", plain)
        if plain and not _PHONE.fullmatch(plain):
            raise fault("not_a_phone")
        return plain


class Day(Kind):
    """A date written 2026-11-23."""

    def read(self, value: Any) -> date:
        if type(value) is date:
            return value
        plain = _plain(value, "not_a_date")
        try:
            day = date.fromisoformat(plain) if _DATE.fullmatch(plain) else None
        except ValueError:
            day = None
        if day is None or not _EARLIEST <= day <= _LATEST:
            raise fault("not_a_date")
        return day


@dataclass(frozen=True)
class Choice(Kind):
    """One of the words of a list."""

    words: tuple[str, ...]

    def __init__(self, words: Iterable[str]) -> None:
        object.__setattr__(self, "words", tuple(str(word) for word in words))

    def read(self, value: Any) -> str:
        if value not in self.words:
            raise fault("not_in_list")
        return str(value)


@dataclass(frozen=True, init=False)
class Choices(Choice):
    """Several of the words of a list, each once, in the order of the list."""

    def read(self, value: Any) -> Any:
        if not isinstance(value, (list, tuple, set, frozenset)):
            raise fault("not_in_list")
        if any(item not in self.words for item in value):
            raise fault("not_in_list")
        return [word for word in self.words if word in value]


@dataclass(frozen=True)
class Codes(Kind):
    """Codes of the taxonomy, each once; whether they exist is for the service to say."""

    most: int = 200

    def read(self, value: Any) -> list[str]:
        if not isinstance(value, (list, tuple, set, frozenset)):
            raise fault("not_in_list")
        if len(value) > self.most:
            raise fault("too_many", max=self.most)
        return list(dict.fromkeys(CodeText().read(item) for item in value))


class CodeText(Kind):
    """An identifier or a code of the taxonomy."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            raise fault("not_in_list")
        return value


@dataclass(frozen=True)
class LevelMap(Kind):
    """Skill code → level 1 (learning), 2 (working), 3 (expert), 4 (leads others)."""

    most: int = 60

    def read(self, value: Any) -> dict[str, int]:
        if not isinstance(value, Mapping):
            raise fault("not_in_list")
        if len(value) > self.most:
            raise fault("too_many", max=self.most)
        level = Whole(1, 4)
        return {CodeText().read(code): level.read(given) for code, given in value.items()}


class FlagEntry(Kind):
    """Yes or no; a tick box that was not sent is no."""

    def read(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        word = value.strip().lower() if isinstance(value, str) else ""
        if word not in _YES and word not in _NO:
            raise fault("not_in_list")
        return word in _YES


class EmailEntry(Kind):
    """An e-mail address, its domain in lower case; whether it exists is for a mail to show."""

    def read(self, value: Any) -> str:
        plain = _plain(value, "not_an_email")
        if len(plain) > 254:
            raise fault("too_long", max=254)
        if code := text_fault(plain):
            raise fault(code)
        try:
            return validate_email(plain, check_deliverability=False).normalized
        except EmailNotValidError:
            raise fault("not_an_email") from None


@dataclass(frozen=True)
class WebAddressEntry(Kind):
    """An address on the web: http or https, with a host and nobody's password."""

    most: int = 400

    def read(self, value: Any) -> str:
        text = ShortText(self.most).read(value)
        try:
            parts = urlsplit(text)
            fine = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
            fine = fine and not parts.username and (parts.port or 1) > 0 and " " not in text
        except ValueError:
            fine = False
        if not fine:
            raise fault("not_a_url")
        return text


class ClockEntry(Kind):
    """A time of day written 18:30."""

    def read(self, value: Any) -> str:
        plain = _plain(value, "not_a_time")
        if not _CLOCK.fullmatch(plain):
            raise fault("not_a_time")
        return plain.zfill(5)


class VersionEntry(Kind):
    """The version of a record that a page was made from."""

    def read(self, value: Any) -> int:
        try:
            return int(Whole(1, 999_999_999).read(value))
        except PydanticCustomError:
            raise fault("stale") from None


Kana = Annotated[str, KanaText(80)]
EmailText = Annotated[str, EmailEntry()]
WebAddress = Annotated[str, WebAddressEntry()]
Code = Annotated[str, CodeText()]
CodeList = Annotated[list[str], Codes()]
Date = Annotated[date, Day()]
ClockTime = Annotated[str, ClockEntry()]
Flag = Annotated[bool, FlagEntry()]
Hours = Annotated[float, Number(0, 60)]  # a week
Kilometres = Annotated[float, Number(0, 500)]
Level = Annotated[int, Whole(1, 4)]
Levels = Annotated[dict[str, int], LevelMap()]
Slots = Annotated[list[str], Choices(SLOTS)]
Languages = Annotated[list[str], Choices(LANGUAGES)]
Version = Annotated[int, VersionEntry()]
