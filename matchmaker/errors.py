"""Refusals: what a service or the engine says when it does not do what was asked.

A refusal carries a code and parameters, never a sentence; ``web`` turns both into Japanese or
English, the command line into English.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any


class Refusal(Exception):
    """An act was refused. ``code`` names why, ``params`` fill the sentence shown to the reader."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code, params)

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({shown})" if shown else self.code


class NotFound(Refusal):
    """The record does not exist, or the actor may not know that it does."""


class Forbidden(Refusal):
    """The actor may see the record but not do this with it."""


class Conflict(Refusal):
    """Somebody else was first, or the record's state no longer allows the act."""


@dataclasses.dataclass(frozen=True)
class FieldError:
    """One field that was not accepted: ``field`` names it, ``code`` says why."""

    field: str
    code: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)


class Invalid(Refusal):
    """What was entered cannot be accepted; ``errors`` names every field at once."""

    def __init__(self, errors: Iterable[FieldError], code: str = "invalid") -> None:
        self.errors = tuple(errors)
        super().__init__(code, count=len(self.errors))
