"""Reasons as the command line words them."""

from __future__ import annotations

import pytest

from matchmaker.commands.reasoned import told
from matchmaker.commands.telling import tell
from matchmaker.engine.answers.difference import Difference
from matchmaker.engine.reasons import CATALOGUE, CHANGE, reason


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            ("recruit", "n1-1", 2, "law.3+tax.1"),
            "recruit 2 more for n1-1, with law level 3, tax le",
        ),
        (("recruit", "n1-1", 1, ""), "recruit 1 more for n1-1, with any skills"),
        (("ask_fewer_hours", "n1-1", 2, "1.5"), "n1-1 asks 2 h a week less, that is 1.5 h"),
        (("move_dates", "n1", "-", "2026-11-30", 9), "by 9 days, to any day until 2026-11-30"),
        (("out_of_reach", "distance", "9.1", "5.0"), "9.1 km away, and the person named 5.0 km"),
        (("out_of_reach", "remote_only", "-", "-"), "the person works remotely only"),
        (("wish", 1), "wished for this need, 1 first (rank 1)"),
    ],
)
def test_a_reason_in_words(given: tuple[object, ...], said: str) -> None:
    code, *values = given
    assert said in told(reason(str(code), *values))


@pytest.mark.parametrize("code", [code for code, spec in CATALOGUE.items() if spec.kind == CHANGE])
def test_every_change_is_a_sentence_with_all_that_it_says(code: str) -> None:
    values = {name: f"{name}-x" for name in CATALOGUE[code].params}
    said = told(reason(code, *values.values()))
    assert "(" not in said
    assert all(f"{name}-x" in said for name in values if name != "skills")


def test_a_loss_in_the_draw_alone_costs_nothing_that_matters() -> None:
    lines = list(tell(Difference(possible=True, loss={"tie_hash": 7}, decided_by="tie_hash")))
    assert lines == ["costs nothing but the draw between equals"]
