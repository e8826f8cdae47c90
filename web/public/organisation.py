"""A group in the words of schema.org: what its page shows, and nothing of the rest."""

from __future__ import annotations

from typing import Any

from flask import url_for

from matchmaker.services.group_directory import PublicGroup
from web.formats import label
from web.page_meta import site_address


def organisation(seen: PublicGroup) -> dict[str, Any]:
    """An NGO."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NGO",
        "name": seen.group.name,
        "url": site_address(url_for("public.group", group_id=seen.group.id)),
    }
    if seen.about:
        found["description"] = seen.about
    if seen.website:
        found["sameAs"] = seen.website
    if seen.district:
        found["areaServed"] = {"@type": "Place", "name": label(seen.district)}
    if seen.fields:
        found["knowsAbout"] = [label(field) for field in seen.fields]
    return found
