"""Whoever reads no kanji can fill in the forms: every word of theirs has its reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session

from matchmaker.services import taxonomy
from tests.pages import Pages
from web.group import paper as group_papers
from web.papers.furigana import KANJI, parts
from web.pdf import Paper
from web.professional import paper as professional_papers

FORMS = {
    "/professional/paper-form.pdf": professional_papers,
    "/group/registration-form.pdf": group_papers,
    "/group/need-form.pdf": group_papers,
}


def bare(value: Any) -> Iterator[str]:
    """Texts of a block in which a kanji stands without a reading."""
    if isinstance(value, str):
        if KANJI.search(value):
            yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            if key != "kind":
                yield from bare(each)
    elif isinstance(value, list) and not read(value):
        for each in value:
            yield from bare(each)


def read(value: list[Any]) -> bool:
    """Whether this is a piece with its reading."""
    return len(value) == 2 and all(isinstance(each, str) for each in value) and bool(value[1])


@pytest.mark.parametrize("address", FORMS)
def test_every_word_of_a_form_has_its_reading(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    taxonomy.load(session)
    session.commit()
    made: list[Paper] = []
    module = FORMS[address]
    through = module.paper

    def paper(*given: Any, **more: Any) -> Paper:
        made.append(through(*given, **more))
        return made[-1]

    monkeypatch.setattr(module, "paper", paper)
    answer = Pages(app.test_client()).get(f"{address}?lang=ja")
    assert answer.answer.data.startswith(b"%PDF")
    assert [text for block in made[0].blocks for text in bare(block)] == []
    Pages(app.test_client()).get(f"{address}?lang=en")
    assert all(isinstance(block.get("text", ""), str) for block in made[1].blocks)


def test_the_longest_word_that_fits_is_read() -> None:
    assert parts("お住まいの地区", {}) == [
        ["お", ""], ["住", "す"], ["まいの", ""], ["地区", "ちく"],
    ]  # fmt: skip
    assert parts("一言で言えます。", {}) == [
        ["一言", "ひとこと"], ["で", ""], ["言", "い"], ["えます。", ""],
    ]  # fmt: skip
    assert parts("水沢地区", {"水沢地区": "すいざわちく"}) == [["水沢地区", "すいざわちく"]]
    assert parts("ふりがな", {}) == "ふりがな"
