"""Pictures for invented cases: plain shapes, drawn. Nobody real is on them."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw

SIZE = (1200, 675)
_GROUNDS = ("#f6efe0", "#e8f1ee", "#eef0f8", "#f8ece8")
_INKS = ("#1d5c63", "#c8553d", "#e0a030", "#3f6fb5", "#6a994e", "#8d5a97")


def draw(rng: Random) -> tuple[bytes, str]:
    """A picture as PNG, and what is on it in words."""
    motif, words = rng.choice(_MOTIFS)
    image = Image.new("RGB", SIZE, rng.choice(_GROUNDS))
    motif(ImageDraw.Draw(image), rng)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue(), words


def _inks(rng: Random, many: int) -> list[str]:
    return rng.sample(_INKS, many)


def _hills(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    sun, *hills = _inks(rng, 4)
    x = rng.randint(200, 1000)
    pen.ellipse((x - 90, 80, x + 90, 260), fill=sun)
    for step, ink in enumerate(hills):
        middle, top = rng.randint(100, 1100), 300 + 90 * step
        pen.ellipse((middle - 700, top, middle + 700, top + 900), fill=ink)


def _bowls(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    table, *inks = _inks(rng, 5)
    pen.rectangle((0, 470, 1200, 675), fill=table)
    for place, ink in enumerate(inks):
        x = 180 + place * 280
        pen.pieslice((x - 110, 300, x + 110, 520), 0, 180, fill=ink)
        pen.line((x - 40, 340, x - 40, 260 - rng.randint(0, 60)), fill=ink, width=8)
        pen.line((x + 30, 340, x + 30, 260 - rng.randint(0, 60)), fill=ink, width=8)


def _papers(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    for place, ink in enumerate(_inks(rng, 4)):
        x, y = 110 + place * 260, 120 + rng.randint(0, 90)
        pen.rounded_rectangle((x, y, x + 230, y + 320), 14, fill="#ffffff", outline=ink, width=8)
        pen.rectangle((x + 30, y + 36, x + 200, y + 66), fill=ink)
        for line in range(5):
            right = x + 120 + rng.randint(20, 80)
            pen.line((x + 30, y + 110 + line * 38, right, y + 110 + line * 38), fill=ink, width=6)


def _houses(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    for place, ink in enumerate(_inks(rng, 5)):
        x, y = 60 + place * 225, 300 + rng.randint(-60, 60)
        pen.rectangle((x, y, x + 190, 600), fill=ink)
        pen.polygon(((x - 18, y), (x + 95, y - 120), (x + 208, y)), fill="#333333")
        pen.rectangle((x + 70, 470, x + 120, 600), fill="#fffdf5")
    pen.rectangle((0, 600, 1200, 675), fill="#8a8578")


Motif = Callable[[ImageDraw.ImageDraw, Random], None]
_MOTIFS: tuple[tuple[Motif, str], ...] = (
    (_hills, "丘と太陽を図形で描いた絵"),
    (_bowls, "机に並んだ四つのお椀を図形で描いた絵"),
    (_papers, "並んだ四枚の書類を図形で描いた絵"),
    (_houses, "通りに並ぶ五軒の家を図形で描いた絵"),
)
