"""The goals that fields of activity serve."""

from __future__ import annotations

from matchmaker import taxonomy
from matchmaker.taxonomy.goals import goals, goals_of_field, goals_served


def test_every_field_serves_known_goals_and_every_project_the_partnership() -> None:
    assert list(goals()) == list(range(1, 18))
    assert set(goals_of_field()) == {each.code for each in taxonomy.fields()}
    assert all(set(served) <= set(goals()) for served in goals_of_field().values())
    assert goals_served([]) == {17}
    assert goals_served(["npo-03", "npo-07", "unknown"]) == {11, 13, 15, 17}
    assert goals_served(["npo-03"], ["4", "5"]) == {4, 5, 17}
