"""Every reason the engine can give is a sentence in both languages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from matchmaker.engine.reasons import CATALOGUE, REFUSAL_CODES, reason
from matchmaker.models import ActivityField, Skill
from matchmaker.services.approvals import REJECT_REASONS
from matchmaker.services.computing import STAGES
from matchmaker.services.reason_names import Names
from web import reasons, round_words

VALUES = {
    "skill": "accounting", "other": "accounting", "skills": "accounting.2+law.1", "level": "2",
    "best": "1", "field": "npo-03", "slot": "wed-eve", "km": "3.2", "reach": "5", "rank": "1",
    "starts": "2026-11-01", "ends": "-", "from": "-", "until": "2026-10-01", "role": "r1",
    "holder": "p1", "group": "g1", "need": "n1", "rule": "skill_missing+hours_short",
    "language": "en", "theirs": "8000", "mine": "7000", "score": "3000", "floor": "3500",
}  # fmt: skip
NAMES = Names(
    skills={"accounting": Skill(code="accounting", label_ja="会計", label_en="Accounting")},
    fields={"npo-03": ActivityField(code="npo-03", label_ja="まちづくり", label_en="Town")},
    people={"p1": "水野 陽子"},
    groups={"g1": "ひだまり食堂の会"},
    needs={"n1": "寄付の管理"},
    roles={"r1": ("会計の見直し", "寄付の管理")},
)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("code", CATALOGUE)
def test_every_reason_is_a_sentence(app: Flask, code: str, language: str) -> None:
    slots = {"asked": "wed-eve", "offered": "sat-am"} if code == "no_common_slot" else {}
    values = VALUES | slots
    given = reason(code, *(values.get(name, "2") for name in CATALOGUE[code].params))
    with app.test_request_context(), force_locale(language):
        text = reasons.sentence(given, NAMES)
    assert text
    assert "%(" not in text
    assert not {"accounting", "npo-03", "wed-eve", "r1", "p1", "n1"} & set(text.split())


@pytest.mark.parametrize("code", REFUSAL_CODES)
def test_every_rule_has_a_short_phrase(code: str) -> None:
    assert code in reasons.RULES


def test_why_tells_skills_together(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        text = reasons.why_fits(["skill:accounting=3", "slot:wed-eve", "wish:1"], NAMES)
    assert text.startswith("Brings Accounting (expert).")
    assert "wish number 1" in text


def test_a_role_stands_without_its_need_under_that_need(app: Flask) -> None:
    given = reason("too_few", "r1", "0", "1")
    with app.test_request_context(), force_locale("en"):
        assert "寄付の管理" not in reasons.sentence(given, NAMES, "寄付の管理")
        assert "寄付の管理" in reasons.sentence(given, NAMES)


def test_stages_and_rejections_have_words() -> None:
    assert set(round_words.STAGES) == set(STAGES)
    assert set(round_words.REJECT_REASONS) == set(REJECT_REASONS)
