"""What groups and professionals say of a piece of work: in words that belong to its kind."""

from __future__ import annotations

from random import Random

from matchmaker.sample.pools import pool

_OF_ITS_KIND = {"group": 0.7, "member": 0.5}  # else what anybody may say


def told(menu: str | None, what: str) -> str:
    """The ``goal`` of a kind of work, or what was ``delivered``."""
    kinds = pool("told")
    return str((kinds.get(menu) or kinds["operations"])[what])


def voice(menu: str | None, side: str, rng: Random) -> str:
    """What a ``group`` or a ``member`` says when the work is done."""
    if menu in pool("told") and rng.random() < _OF_ITS_KIND[side]:
        return told(menu, side)
    return str(rng.choice(pool("past")[f"{side}_comments"]))
