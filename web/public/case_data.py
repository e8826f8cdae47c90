"""A case in the words of schema.org."""

from __future__ import annotations

from typing import Any

from flask import url_for

from matchmaker.services.case_directory import PublicCase
from web.formats import label
from web.i18n import site_name


def article(seen: PublicCase) -> dict[str, Any]:
    """An Article about the group's project. Only names that may stand."""
    case, card = seen.card.case, seen.card
    about: dict[str, Any] = {"@type": "NGO", "name": card.group_name} if card.group_name else {}
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": case.title,
        "description": case.problem[:300],
        "articleBody": "\n\n".join((case.problem, case.work, case.result)),
        "inLanguage": "ja",
        "url": url_for("public.case", case_id=case.id, _external=True),
        "publisher": {"@type": "Organization", "name": site_name()},
        "articleSection": [label(field) for field in seen.fields],
    }
    if case.published_at:
        found["datePublished"] = case.published_at.date().isoformat()
    if about:
        found["about"] = about
    if seen.names:
        found["contributor"] = [{"@type": "Person", "name": name} for name in seen.names]
    if card.district:
        found["contentLocation"] = {"@type": "Place", "name": label(card.district)}
    if card.picture:
        found["image"] = {
            "@type": "ImageObject",
            "url": url_for("public.case_picture", case_id=case.id, v=card.picture.digest,
                           _external=True),
            "width": card.picture.width,
            "height": card.picture.height,
            "caption": card.picture.alt,
        }  # fmt: skip
    return found
