"""The directory of groups."""

from __future__ import annotations

from flask import render_template, request

from matchmaker.services import group_directory, taxonomy
from matchmaker.services.public_search import GroupSearch
from web.access import allow
from web.db import session, today
from web.public import bp
from web.public.organisation import organisation


@bp.get("/groups")
@allow("public")
def groups() -> str:
    search = GroupSearch.read(request.args)
    return render_template(
        "public/groups.html",
        search=search,
        found=group_directory.groups(session, search=search, on=today()),
        fields=taxonomy.fields(session),
        districts=taxonomy.districts(session),
    )


@bp.get("/groups/<group_id>")
@allow("public")
def group(group_id: str) -> str:
    seen = group_directory.public_group(session, group_id=group_id, on=today())
    return render_template("public/group.html", seen=seen, data=organisation(seen))
