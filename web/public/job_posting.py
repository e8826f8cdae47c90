"""An open need in the words of schema.org, so that search engines can show it to volunteers."""

from __future__ import annotations

from typing import Any

from flask import url_for

from matchmaker.services.directory import PublicNeed
from web.formats import label
from web.i18n import site_name


def job_posting(seen: PublicNeed) -> dict[str, Any]:
    """A JobPosting of employment type VOLUNTEER. Public facts only."""
    need = seen.need
    posting: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": need.title,
        "description": "\n\n".join(filter(None, (need.summary, need.deliverable, need.gain))),
        "employmentType": "VOLUNTEER",
        "identifier": {"@type": "PropertyValue", "name": site_name(), "value": need.id},
        "url": url_for("public.need", need_id=need.id, _external=True),
        "hiringOrganization": {"@type": "NGO", "name": seen.group_name or site_name()},
        "totalJobOpenings": seen.seats,
        "skills": sorted({label(asked.skill) for _role, asks in seen.roles for asked in asks}),
    }
    if need.opened_at:
        posting["datePosted"] = need.opened_at.date().isoformat()
    if need.ends_on or need.starts_on:
        posting["validThrough"] = (need.starts_on or need.ends_on).isoformat()
    if need.mode == "remote":
        posting["jobLocationType"] = "TELECOMMUTE"
        posting["applicantLocationRequirements"] = {"@type": "Country", "name": "JP"}
    else:
        place: dict[str, Any] = {"@type": "PostalAddress", "addressCountry": "JP"}
        if seen.district:
            place["addressLocality"] = label(seen.district)
        posting["jobLocation"] = {"@type": "Place", "address": place}
    return posting
