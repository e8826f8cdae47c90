"""The sample city into the tables: the market as an import, then what no market folder holds."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from matchmaker.engine.files.folder import RawFiles
from matchmaker.models import PUBLIC_PARTS, Company, Group, Need, Professional, ProfileState
from matchmaker.sample.city import City
from matchmaker.sample.history import moment, store_past
from matchmaker.services import import_plan, import_store, installation
from matchmaker.services.need_drafts import refresh_search_texts
from matchmaker.text import search_key


def load_city(session: Session, city: City, *, now: datetime) -> None:
    """Store the whole city into empty tables: market, texts, past projects, consents."""
    installation.prepare(session, now=now, carried_over=False)
    raw = RawFiles(
        rows={name: list(enumerate(rows, start=2)) for name, rows in city.tables.items()},
        headers={name: list(rows[0]) for name, rows in city.tables.items() if rows},
    )
    import_store.store(session, import_plan.plan(session, raw), now=now)
    _add_texts(session, city)
    store_past(session, city)
    session.flush()


def _add_texts(session: Session, city: City) -> None:
    for company in session.exec(select(Company)):
        company.kana = city.extra.companies.get(company.id, {}).get("kana", "")
        company.search_text = search_key(company.name, company.kana)
    for group in session.exec(select(Group)):
        texts = city.extra.groups.get(group.id, {})
        group.kana, group.about = texts.get("kana", ""), texts.get("about_ja", "")
        group.contact_name, group.contact_email = "事務局", f"{group.id}@groups.example.jp"
        group.public_parts = list(PUBLIC_PARTS)
        group.search_text = search_key(group.name, group.kana, group.about)[:1000]
    for person in session.exec(select(Professional)):
        person.about = city.extra.professionals.get(person.id, {}).get("about_ja", "")
        if person.waiting_since and person.state == ProfileState.VERIFIED:
            person.verified_at = person.submitted_at = moment(person.waiting_since)
    needs = list(session.exec(select(Need)))
    for need in needs:
        texts = city.extra.needs.get(need.id, {})
        need.summary = texts.get("summary_ja", "")
        need.deliverable = texts.get("deliverable_ja", "")
        need.gain = texts.get("gain_ja", "")
    refresh_search_texts(session, needs)
