"""One search over everything public, however a word is typed."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from matchmaker.services import site_search
from tests import factories as f
from tests.conftest import NOW, both_databases


def world(session: Session) -> None:
    group = f.group(session, name="ひだまり食堂", kana="ひだまりしょくどう", about="寄付で続く食堂")
    f.need(session, group, title="会計ソフトの移し替え", summary="100%手書き_の帳簿です")
    f.need(session, group, title="下書き", state="draft", summary="会計の下書き")
    f.group(session, name="秘密の会", public=False, search_text="会計")
    f.skill(session, "accounting", label_ja="会計・決算", label_en="Accounting", kana="かいけい",
            parent=f.skill(session, "finance", label_ja="財務").code)  # fmt: skip


def found(session: Session, text: str) -> dict[str, int]:
    return {hits.kind: hits.total for hits in site_search.find(session, text=text, on=NOW.date())}


@both_databases
def test_kanji_kana_and_latin_in_any_width_find_alike(session: Session) -> None:
    world(session)
    assert found(session, "会計") == {"needs": 1, "skills": 1}
    assert found(session, "ＡＣＣＯＵＮＴＩＮＧ") == {"skills": 1}
    for word in ("ソフト", "ｿﾌﾄ", "そふと"):
        assert found(session, word) == {"needs": 1}
    for word in ("ひだまり", "ヒダマリ", "ﾋﾀﾞﾏﾘ", "食堂"):
        assert found(session, word) == {"needs": 1, "groups": 1}
    assert found(session, "食堂 会計") == {"needs": 1, "skills": 1}
    assert found(session, "食堂 会議") == {}


@pytest.mark.parametrize("text", ["%", "_", "100%手書き_の"])
def test_signs_of_the_database_are_only_signs(session: Session, text: str) -> None:
    world(session)
    assert found(session, text) == {"needs": 1}
    assert found(session, f"x{text}") == {}


def test_where_and_what_about_is_found_by_its_name(session: Session) -> None:
    """The page says that one may type where; the name of a district leads to its lists."""
    world(session)
    f.district(session, "shiohama", label_ja="塩浜地区", label_en="Shiohama", kana="しおはま")
    f.field(session, "npo-04", label_ja="観光", label_en="Tourism", kana="かんこう")
    for word in ("塩浜", "しおはま", "シオハマ", "shiohama", "塩浜地区"):
        assert found(session, word) == {"districts": 1}
    for word in ("観光", "かんこう", "tourism"):
        assert found(session, word) == {"fields": 1}
    assert found(session, "塩浜 観光") == {}


def test_nothing_asked_finds_nothing(session: Session) -> None:
    world(session)
    assert found(session, " 　\x00") == {}
