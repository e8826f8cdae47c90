"""Refusals and HTTP errors as pages: what happened, what to do, whom to ask."""

from __future__ import annotations

from flask import Flask, redirect, render_template
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from web.moved import new_address
from web.refusals import told

TITLES = {
    400: _l("This request could not be read"),
    403: _l("You cannot open this page"),
    404: _l("This page was not found"),
    405: _l("This address cannot be used this way"),
    409: _l("Somebody else was here first"),
    413: _l("This file is too large"),
    422: _l("Please check what was entered"),
    429: _l("Too many attempts"),
    500: _l("Something went wrong on our side"),
}
ADVICE = {
    400: _l("Please go back, load the page again and repeat what you did."),
    403: _l("Your account does not have this role. If you think it should, please ask us."),
    404: _l("It may have been moved or closed. Please start again from the home page."),
    405: _l("Please go back and use the buttons on the page."),
    409: _l("Nothing was lost. Please load the page again to see how things stand now."),
    413: _l("Please choose a file of at most 10 MB."),
    422: _l("Nothing was stored. Please go back and correct it."),
    429: _l("Please wait a while, then try again. After an hour it is always possible."),
    500: _l("Nothing half-done was stored. Please try again in a little while."),
}
STATUS: dict[type[Refusal], int] = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422}


def init_errors(app: Flask) -> None:
    """Answer every failure with a page in the reader's language; no traceback reaches a reader."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> object:
        if isinstance(refusal, NotFound) and (moved := new_address()):
            return redirect(moved)
        status = next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), 409)
        return page(status, told(refusal))

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> tuple[str, int]:
        return page(400, str(ADVICE[400]))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> object:
        if error.response is not None or (error.code or 500) < 400:
            return error.get_response()
        return page(error.code or 500, "")

    @app.errorhandler(Exception)
    def broken(error: Exception) -> tuple[str, int]:
        app.logger.error("unhandled error", exc_info=error)
        return page(500, "")


def page(status: int, detail: str) -> tuple[str, int]:
    """The error page for a status; ``detail`` says what happened in this case."""
    known = status if status in TITLES else (500 if status >= 500 else 400)
    return (
        render_template(
            "errors/error.html",
            status=status,
            title=TITLES[known],
            detail=detail,
            advice=ADVICE[known],
        ),
        status,
    )
