"""Small picture: a stranger's picture as a few plain points, for `thumbnail_process`.

Everything that decodes is loaded with this module, so that the process may give up opening files
before it sees the first byte. Only formats that photographs come in; SVG is a program, not a photo.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, MpoImagePlugin, WebPImagePlugin

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
MOST_PIXELS = 60_000_000
Image.preinit()  # the others
_LOADED = (MpoImagePlugin, WebPImagePlugin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A picture without any format: three bytes a point, line by line."""

    width: int
    height: int
    rgb: bytes


def small_picture(content: bytes, side: int) -> Points | None:
    """The picture, its longer side at most `side`; None where it is none, or far too large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn(content, side)
    except Exception:  # noqa: BLE001 - a broken picture breaks its reader in any way
        return None


def on_white(image: Image.Image) -> Image.Image:
    """The picture without transparency, in eight bits a colour."""
    if image.mode.startswith("I;16"):  # else all that is not black becomes white
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _drawn(content: bytes, side: int) -> Points | None:
    with Image.open(BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            return None
        opened.draft("RGB", (2 * side, 2 * side))
        flat = on_white(ImageOps.exif_transpose(opened))
    flat.thumbnail((side, side))
    return Points(width=flat.width, height=flat.height, rgb=flat.tobytes())
