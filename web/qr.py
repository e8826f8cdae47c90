"""Codes that a telephone reads: an address as a small picture, made here."""

from __future__ import annotations

import io

import segno


def code(address: str) -> str:
    """The address as a QR code (SVG, black on white with its quiet zone)."""
    out = io.BytesIO()
    made = segno.make(address, error="m", micro=False)
    made.save(
        out, kind="svg", border=4, xmldecl=False, svgclass=None, lineclass=None, omitsize=True,
        light="#fff",
    )  # fmt: skip
    return out.getvalue().decode()
