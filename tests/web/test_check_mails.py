"""The mails about checks and invitations can be read in both languages."""

from __future__ import annotations

import pytest
from flask import Flask

from matchmaker.models import Notice
from tests.conftest import NOW
from web.mail import compose

WORDS = {
    "group": "みどりの会",
    "title": "名簿を整えたい",
    "comment": "期日も書き添えて。",
    "ends_on": "2026-10-31",
}
IDS = {
    "project_id": "j-1",
    "count": 2,
    "group_id": "g-1",
    "need_id": "n-1",
    "invitation_id": "i-1",
    "inviter": "緑 はなこ",
}
CODES = {
    "profile_verified": "",
    "profile_returned": "comment",
    "group_verified": "group",
    "group_returned": "comment",
    "need_opened": "title",
    "need_returned": "comment",
    "need_outdated": "title",
    "note_hours": "title",
    "confirm_hours": "",
    "group_invitation": "group",
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("code", CODES)
def test_a_mail_says_what_happened_and_where_to_go(app: Flask, code: str, language: str) -> None:
    notice = Notice(
        email="hanako@example.jp", language=language, code=code, params={**WORDS, **IDS},
        dedupe_key=code, not_before=NOW, created_at=NOW,
    )  # fmt: skip
    mail = compose(app, notice, now=NOW)
    assert mail is not None
    text = mail.get_content()
    assert mail["Subject"]
    assert "http://" in text
    assert WORDS.get(CODES[code], "") in text
    assert ("お待たせ" in text or "ください" in text or "ありがとう" in text) == (language == "ja")
