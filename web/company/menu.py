"""What employees could help with now, as a page and as a sheet to pass round."""

from __future__ import annotations

from flask import Response, current_app, render_template, request

from matchmaker.services import company_menu
from web import menu_words
from web.access import allow
from web.company import bp
from web.db import session, today
from web.papers.company_menu import menu_sheet
from web.pdf import download


def _asked() -> company_menu.Menu:
    return company_menu.menu(
        session, on=today(), way=request.args.get("way", ""), time=request.args.get("time", "")
    )


@bp.get("/menu")
@allow("company")
def menu() -> str:
    return render_template("company/menu.html", found=_asked(), today=today(), words=menu_words)


@bp.get("/menu.pdf")
@allow("company")
def menu_pdf() -> Response:
    home = current_app.config["SETTINGS"].base_url
    return download(menu_sheet(_asked(), home=home, on=today()), f"needs-{today().isoformat()}")
