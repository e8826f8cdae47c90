"""A word that stands fixed in a template is still said in each reader's language."""

from __future__ import annotations

from flask import Flask
from flask_babel import force_locale

PAGE = '{{ "urgent"|word("urgency") }}, {{ 3|hours }}'


def test_a_constant_word_follows_the_reader_not_whoever_came_first(app: Flask) -> None:
    template = app.jinja_env.from_string(PAGE)
    with app.test_request_context():
        with force_locale("ja"):
            first = template.render()
        with force_locale("en"):
            second = template.render()
    assert (first, second) == ("急ぎ, 3時間", "Urgent, 3 hours")
