"""The first page and the pages that explain: how it works, the rules, privacy, contact."""

from __future__ import annotations

from flask import render_template

from matchmaker.errors import NotFound
from matchmaker.models import ConsentPurpose
from matchmaker.services import case_directory, directory, indicators, rules, taxonomy
from matchmaker.services.consent_texts import newest
from web.access import allow
from web.db import session, today
from web.public import bp

SHOWN_FIRST = 3


@bp.get("/")
@allow("public")
def home() -> str:
    try:
        series = indicators.series(session, on=today())
    except NotFound:  # before the first set-up of the figures
        series = None
    return render_template(
        "public/home.html",
        needs=directory.newest_needs(session, most=SHOWN_FIRST, on=today()),
        cases=case_directory.newest(session, most=SHOWN_FIRST),
        series=series,
        menus=len(taxonomy.menus(session)),
        today=today(),
    )


@bp.get("/how-it-works")
@allow("public")
def how_it_works() -> str:
    return render_template("public/how-it-works.html")


@bp.get("/rules", endpoint="rules")
@allow("public")
def rules_in_force() -> str:
    return render_template("public/rules.html", rules=rules.in_force(session))


@bp.get("/privacy")
@allow("public")
def privacy() -> str:
    return render_template("public/privacy.html", terms=newest(ConsentPurpose.TERMS))


@bp.get("/contact")
@allow("public")
def contact() -> str:
    return render_template("public/contact.html")


@bp.get("/accessibility")
@allow("public")
def accessibility() -> str:
    return render_template("public/accessibility.html")
