"""Passwords: which are accepted, how they are kept and checked."""

from __future__ import annotations

import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

from matchmaker.errors import FieldError, Invalid

SHORTEST, LONGEST = 10, 200
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_CHEAP = PasswordHasher.from_parameters(CHEAPEST)
# Checked where there is no account, so that the answer takes as long as with one.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$4b8l4pXx2wQHqkJkXkq0Zg"
    "$kqk4Vv3pF9Zx0m5mJ0nqk8kS0Jt4o8jv4mQ0Jw1m3nY"
)
# What is left of the most used passwords once digits and signs around them are taken away.
_COMMON = """
password passwort passw0rd p@ssword p@ssw0rd pass passpass passcode pasuwaado qwerty qwertyuiop
qwertyui asdfghjkl asdfgh zxcvbnm qazwsx qazwsxedc letmein welcome iloveyou monkey dragon
sunshine princess football baseball superman batman master admin administrator root user
login changeme secret default abc abcd abcde abcdef abcdefg abcdefgh abcdefghij test testtest
guest hello helloworld freedom whatever trustno michael jordan shadow killer pokemon doraemon
sakura yamada tanaka suzuki sato takahashi nihon japan tokyo yokkaichi probono matchmaker
konnichiwa arigatou arigato aishiteru himitsu anshin computer internet google facebook
パスワード ぱすわーど よっかいち 四日市 プロボノ さくら
"""
_COMMON_WORDS = frozenset(_COMMON.split())
_ROWS = (
    "0123456789",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
)


def refuse_weak(password: str, *, email: str = "", field: str = "password") -> None:
    """Refuse a password that is short, long, guessed first by anyone, or the e-mail address.

    Codes: ``missing``, ``too_short`` (min), ``too_long`` (max), ``password_common``,
    ``password_is_email``.
    """
    fault = _fault(_normal(password), email.strip().casefold())
    if fault:
        code, params = fault
        raise Invalid([FieldError(field, code, params)])


def _fault(password: str, email: str) -> tuple[str, dict[str, int]] | None:
    if not password:
        return "missing", {}
    if len(password) < SHORTEST:
        return "too_short", {"min": SHORTEST}
    if len(password) > LONGEST:
        return "too_long", {"max": LONGEST}
    folded = password.casefold()
    if email and (folded == email or folded == email.partition("@")[0]):
        return "password_is_email", {}
    return ("password_common", {}) if _guessed_first(folded) else None


def _guessed_first(folded: str) -> bool:
    core = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", folded)
    plain = core.translate(str.maketrans("013457@$!", "oieastasi"))
    if (
        (not core and len(folded) < 16)
        or core in _COMMON
        or plain in _COMMON
        or len(set(folded)) < 4
    ):
        return True
    if any(folded in row * 3 or folded in (row * 3)[::-1] for row in _ROWS):
        return True
    return any(folded == folded[:size] * (len(folded) // size) for size in range(1, 6))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def hashed(password: str, *, cheap: bool = False) -> str:
    """The argon2id hash to keep (RFC 9106, low memory; ``cheap`` for tests only)."""
    return (_CHEAP if cheap else _HASHER).hash(_normal(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether ``password`` is the one kept; the same work when there is none."""
    try:
        return _HASHER.verify(kept or _NOBODY, _normal(password[:LONGEST])) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False
