"""Small pictures of attachments, made by a process that can do nothing else: case 89 of threats."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.domain.errors import NotFound
from app.engine.thumbnails import Thumbnails
from tests.support.cases import a_bomb, a_picture
from tests.support.engine import Engine, an_engine
from tests.support.mails import a_mail

NOTHING = {"width": 0, "height": 0, "points": ""}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9"/></svg>'
ROOT = Path(__file__).parents[3]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with an_engine(tmp_path) as one:
        yield one


def received(engine: Engine, content: bytes, *, type_: str = "image/png") -> tuple[int, int]:
    """A mail with that file; its number, and the file's place in it."""
    engine.receive(a_mail("Look.", attachments=(("photo.png", type_, content),)))
    (message,) = engine.issue(engine.only_key()).messages
    return message.id, message.attachments[0].part


def asked(engine: Engine, content: bytes, side: int = 96, **given: Any) -> dict[str, Any]:
    message, part = received(engine, content)
    return Thumbnails(writer=engine.writer, **given).thumbnail(message, part, side)


def points(answer: dict[str, Any]) -> bytes:
    return base64.b64decode(answer["points"])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_a_photo_comes_as_plain_points_of_the_size_that_was_asked_for(engine: Engine, kind: str):
    answer = asked(engine, a_picture(300, 150, kind=kind))
    assert (answer["width"], answer["height"]) == (96, 48)
    red, green, blue = points(answer)[:3]
    assert len(points(answer)) == 3 * 96 * 48
    assert red > 240
    assert max(green, blue) < 15


def test_a_photo_taken_sideways_stands_upright(engine: Engine):
    """As its camera says (EXIF orientation)."""
    out, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100), "blue").save(out, "JPEG", exif=exif)
    answer = asked(engine, out.getvalue())
    assert (answer["width"], answer["height"]) == (48, 96)


@pytest.mark.parametrize(
    "content",
    [
        a_bomb(50_000, 50_000),
        a_bomb(7_000, 8_000),
        SVG,
        b"\x89PNG\r\n\x1a\nnothing of the sort",
        a_picture()[:60],
        b"%PDF-1.7 not a picture",
    ],
    ids=["50k x 50k", "a bomb within the limit of pixels", "svg", "broken", "cut", "pdf"],
)
def test_case_089_a_hostile_picture_is_not_shown_and_hurts_nobody(engine: Engine, content: bytes):
    began = time.monotonic()
    assert asked(engine, content) == NOTHING
    assert time.monotonic() - began < 30


def test_case_089_a_process_that_never_answers_is_stopped(engine: Engine):
    began = time.monotonic()
    forever = [sys.executable, "-c", "import time; time.sleep(600)"]
    assert asked(engine, a_picture(), command=lambda: forever, longest=1.0) == NOTHING
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "said",
    [r"b'\0\x09\0\x09'", r"b'\0\x02\0\x02' + bytes(11)", r"b'\xff\xff\xff\xff' + bytes(100_000)"],
)
def test_case_089_a_process_that_was_taken_over_is_not_believed(engine: Engine, said: str):
    """Width and height must fit the points, and it may not say more than was asked for."""
    liar = [sys.executable, "-c", f"import sys; sys.stdout.buffer.write({said})"]
    assert asked(engine, a_picture(), command=lambda: liar) == NOTHING


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize(
    "deed",
    [
        "open('/etc/hostname')",
        "__import__('socket').socket()",
        "open('written', 'wb').write(b'x')",
        "bytearray(600_000_000)",
    ],
)
def test_case_089_the_process_can_open_no_file_and_no_connection_and_has_little_memory(
    deed: str, tmp_path: Path
):
    program = (
        "import socket; from app.config.processes import give_up_all_but;"
        f"give_up_all_but(memory=512 * 1024 * 1024, seconds=4); {deed}"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "OSError" in done.stderr or "MemoryError" in done.stderr


def test_the_same_picture_is_made_once(engine: Engine):
    started: list[Sequence[str]] = []

    def command() -> Sequence[str]:
        started.append([sys.executable, "-m", "app", "engine", "--thumbnail"])
        return started[-1]

    message, part = received(engine, a_picture())
    thumbnails = Thumbnails(writer=engine.writer, command=command)
    first, again = (thumbnails.thumbnail(message, part, 96) for _ in range(2))
    assert first == again
    assert first["width"] == 60  # it is not blown up
    assert len(started) == 1


def test_what_is_not_there_is_said(engine: Engine):
    message, _ = received(engine, a_picture())
    with pytest.raises(NotFound):
        Thumbnails(writer=engine.writer).thumbnail(message, 77, 96)
