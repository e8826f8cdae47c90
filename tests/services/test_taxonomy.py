"""The taxonomy reaches the database once, is corrected when it changes, and guards its codes."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from matchmaker.errors import Invalid
from matchmaker.models import District, Menu, Skill
from matchmaker.services import taxonomy
from tests.conftest import both_databases


@both_databases
def test_loading_twice_is_loading_once(session: Session) -> None:
    taxonomy.load(session)
    session.commit()
    before = len(session.exec(select(Skill)).all())
    taxonomy.load(session)
    assert not session.dirty
    assert len(session.exec(select(Skill)).all()) == before
    assert len(taxonomy.fields(session)) == 21
    assert len(taxonomy.districts(session)) == 24
    assert session.exec(select(Menu)).first().body["roles"]  # type: ignore[union-attr]


def test_a_changed_label_is_corrected_and_a_citys_own_row_stays(session: Session) -> None:
    taxonomy.load(session)
    session.get_one(Skill, "accounting").label_ja = "ちがう名前"
    session.add(District(code="own", label_ja="独自", label_en="Own", lat=35, lon=136))
    taxonomy.load(session)
    assert session.get_one(Skill, "accounting").label_ja != "ちがう名前"
    assert session.get(District, "own") is not None


def test_every_skill_stands_in_exactly_one_family(session: Session) -> None:
    taxonomy.load(session)
    listed = [skill.code for family in taxonomy.families(session) for skill in family.skills]
    assert len(listed) == len(set(listed)) >= 80
    assert {family.head.code for family in taxonomy.families(session)}.isdisjoint(listed)


def test_unknown_codes_are_refused_beside_their_fields(session: Session) -> None:
    taxonomy.load(session)
    family = taxonomy.families(session)[0].head.code
    with pytest.raises(Invalid) as caught:
        taxonomy.refuse_unknown(
            session, district="atlantis", fields_=["npo-99"], skills_=[family], menu="none"
        )
    assert [error.field for error in caught.value.errors] == [
        "district",
        "fields",
        "skills",
        "menu",
    ]
    taxonomy.refuse_unknown(session, fields_=["npo-01", "local"], skills_=["accounting"])
