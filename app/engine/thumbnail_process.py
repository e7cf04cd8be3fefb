"""Thumbnail process: one stranger's picture in, a few plain points out; asked by `thumbnails`.

    python -m app engine --thumbnail

Stdin has the longer side that is wanted (two bytes) and then the file; stdout gets width and height
(two bytes each) and three bytes a point, or nothing where there is no picture to show. Before the
first byte is read it has given up memory, time, files and connections, so what a hostile picture
does to it, it does to nobody else.
"""

from __future__ import annotations

import sys

from app.config.processes import give_up_all_but

NUMBER = 2  # bytes of a length
_MEMORY = 512 * 1024 * 1024
_SECONDS = 4


def main() -> int:
    """Answer one picture."""
    # Here and not above: the engine knows this module, and nothing in it may read a picture.
    from app.replies.small_picture import small_picture

    give_up_all_but(memory=_MEMORY, seconds=_SECONDS)
    asked = sys.stdin.buffer.read()
    points = small_picture(asked[NUMBER:], int.from_bytes(asked[:NUMBER]))
    if points is not None:
        out = sys.stdout.buffer
        out.write(points.width.to_bytes(NUMBER) + points.height.to_bytes(NUMBER) + points.rgb)
        out.flush()
    return 0
