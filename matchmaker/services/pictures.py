"""A picture somebody sends: known by its content, turned upright, made small, without a camera's
notes (place, time, device)."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from matchmaker.errors import FieldError, Invalid

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000  # refused before it is unpacked
LONGEST_SIDE = 1600
KINDS = ("JPEG", "PNG", "WEBP")
SERVED_AS = "image/jpeg"
_QUALITY = 82


@dataclass(frozen=True)
class Picture:
    """A picture ready to be served. ``digest`` changes with every pixel."""

    content: bytes
    width: int
    height: int
    digest: str


def prepare(content: bytes, *, field: str = "picture") -> Picture:
    """A JPEG of at most ``LONGEST_SIDE`` pixels made of the pixels alone.

    Refused beside ``field``: ``picture_too_large`` (max, in MB), ``picture_kind`` for what is not
    a JPEG, PNG or WebP whatever its name says, ``picture_too_wide`` for more than ``MOST_PIXELS``.
    """
    if len(content) > MOST_BYTES:
        raise _refusal(field, "picture_too_large", max=MOST_BYTES // (1024 * 1024))
    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _refusal(field, "picture_too_wide")
            opened.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
            return _packed(_on_white(ImageOps.exif_transpose(opened)))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise _refusal(field, "picture_kind") from None


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in plain colours; what can be seen through is white."""
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    if not image.has_transparency_data:
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, "white")
    layer = image.convert("RGBA")
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _packed(image: Image.Image) -> Picture:
    bare = Image.new("RGB", image.size)
    bare.paste(image)  # pixels only: no note of any kind comes along
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    content = out.getvalue()
    digest = hashlib.sha256(content).hexdigest()[:16]
    return Picture(content, bare.width, bare.height, digest)


def _refusal(field: str, code: str, **params: object) -> Invalid:
    return Invalid([FieldError(field, code, dict(params))])
