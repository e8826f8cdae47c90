"""The links of mails, for whoever is signed out: through sign-in to the page, and never an act."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask
from sqlmodel import Session

from matchmaker.services import replies
from tests import factories as f
from tests import mailbox
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import TODAY, sent
from tests.web.unchanged import Kept


def links(text: str) -> list[str]:
    """The addresses of this site in a mail, as paths."""
    found = re.findall(r"https?://127\.0\.0\.1:8000(/\S*)", text)
    return [path for path in dict.fromkeys(found) if path != "/"]


def test_every_link_of_a_rounds_mails_leads_through_sign_in_to_its_page(
    app: Flask, session: Session
) -> None:
    team = sent(session, size=2)
    replies.decline_offer(
        session, actor=team.actor(team.accounts[1]), now=NOW, today=TODAY,
        proposal_id=team.proposals[1].id, data={"reason": "dates"},
    )  # fmt: skip
    session.commit()
    accounts = {each.email: each for each in (*team.accounts, team.contact, team.coordinator)}
    followed = set()
    for mail in mailbox.sent(app):
        who = accounts[mail["To"]]
        for path in links(mailbox.body(mail)):
            kept = Kept(app.config["SETTINGS"].home / "matchmaker.sqlite3")
            visitor = Pages(app.test_client())
            asked = visitor.get(path, status=302)
            assert urlsplit(asked.location).path == "/sign-in"
            page = visitor.get(asked.location)
            assert kept.changed() == []
            landed = visitor.submit(
                page.form("/sign-in"), email=who.email, password=f.PASSWORD, follow=True
            )
            assert landed.path == path
            assert set(kept.changed()) <= {"audit_entry", "audit_head"}  # that somebody signed in
            followed.add(path)
    assert {f"/professional/offers/{each.id}" for each in team.proposals} <= followed
    assert f"/group/needs/{team.need.id}/team" in followed
    assert "/account/notifications" in followed
