"""Japanese on an English page says that it is Japanese; on a Japanese page nothing changes."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup

from web.spoken import spoken


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ann Lee", "Ann Lee"),
        ("水野 陽子", '<span lang="ja">水野 陽子</span>'),
        ("Why not 水野 陽子?", 'Why not <span lang="ja">水野 陽子</span>?'),
        (
            "“会計” in “祭り2026の会”",
            '“<span lang="ja">会計</span>” in “<span lang="ja">祭り2026の会</span>”',
        ),
        ("<b>会", '&lt;b&gt;<span lang="ja">会</span>'),
        (Markup('<a title="会">会</a>'), '<a title="会"><span lang="ja">会</span></a>'),
        ("", ""),
    ],
)
def test_japanese_is_marked_in_english_only(app: Flask, text: str, shown: str) -> None:
    with app.test_request_context():
        with force_locale("en"):
            assert str(spoken(text)) == shown
        with force_locale("ja"):
            assert spoken(text) is text


def test_names_on_an_english_page_are_marked(app: Flask) -> None:
    with app.test_request_context("/?lang=en"), force_locale("en"):
        parts = app.jinja_env.get_template("components/person-name.html").module
        assert '<span lang="ja">水野 陽子</span>' in str(parts.person_name("水野 陽子", "みずの"))
