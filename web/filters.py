"""Filters that answer in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask
from jinja2 import pass_context


def add_filters(app: Flask, **filters: Callable[..., Any]) -> None:
    """Register filters, each worked out at every showing.

    Jinja works out a filter of a constant once, when it compiles a template; the word would stay
    in the language of whoever came first. A filter that takes the context is never worked out then.
    """
    app.jinja_env.filters.update({name: _fresh(function) for name, function in filters.items()})


def _fresh(function: Callable[..., Any]) -> Callable[..., Any]:
    @pass_context
    @wraps(function)
    def filtered(_context: object, *values: Any, **named: Any) -> Any:
        return function(*values, **named)

    return filtered
