"""The window looks as it did: each page and state against a picture that was looked at.

The pictures are small and grey, so that a machine's way of smoothing letters does not matter and
a part that is missing, moved or the wrong way round does. Made anew, after looking, by
`python3 build_scripts/screenshots.py --golden`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "tests" / "golden" / "pictures"
AT_200 = ("full", "connect", "disputes", "settings")
# Grey levels of 255: by how much a whole picture, and its worst tile of 16 x 16, may differ.
WHOLE, TILE, SIDE = 4.0, 24.0, 16

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("golden")]


def drawn(folder: Path, *names: str, scale: str = "1") -> Path:
    surroundings = {**os.environ, "LC_ALL": "C.UTF-8", "QT_SCALE_FACTOR": scale}
    subprocess.run(
        [sys.executable, "-m", "tests.golden.draw", folder, *names],
        cwd=ROOT,
        env=surroundings,
        check=True,
        timeout=880,
    )
    return folder


@pytest.fixture(scope="module")
def at_100(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn(tmp_path_factory.mktemp("at_100"))


def grey(path: Path) -> tuple[int, int, bytes]:
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_Grayscale8)
    wide, high, step = image.width(), image.height(), image.bytesPerLine()
    lines = bytes(image.constBits())
    return wide, high, b"".join(lines[at * step : at * step + wide] for at in range(high))


def differences(one: Path, other: Path) -> Iterator[float]:
    """How far apart two pictures are, tile by tile, in grey levels."""
    (wide, high, first), (_, _, second) = grey(one), grey(other)
    for top in range(0, high, SIDE):
        for left in range(0, wide, SIDE):
            places = [
                line * wide + at
                for line in range(top, min(top + SIDE, high))
                for at in range(left, min(left + SIDE, wide))
            ]
            yield sum(abs(first[at] - second[at]) for at in places) / len(places)


def unlike(one: Path, other: Path) -> str:
    """Why two pictures are not of the same window; empty where they are."""
    if grey(one)[:2] != grey(other)[:2]:
        return f"{one.name}: {grey(one)[:2]} instead of {grey(other)[:2]}"
    tiles = list(differences(one, other))
    mean, worst = sum(tiles) / len(tiles), max(tiles)
    is_like = mean <= WHOLE and worst <= TILE
    return "" if is_like else f"{one.name}: {mean:.1f} in all, {worst:.1f} in the worst tile"


def test_every_page_and_state_looks_as_it_did(at_100: Path):
    """Light and dark; none is missing and none is left over."""
    made, kept = (sorted(one.name for one in each.glob("*.png")) for each in (at_100, PICTURES))
    assert made == kept
    assert [said for name in kept if (said := unlike(at_100 / name, PICTURES / name))] == []


@pytest.mark.parametrize(("scale", "pages"), [("2", AT_200), ("1.25", AT_200[:1])])
def test_at_200_and_125_percent_the_window_looks_the_same(
    tmp_path: Path, scale: str, pages: tuple[str, ...]
):
    """Case 124: on a screen of 4K; nothing is cut off, nothing is drawn at half its size."""
    folder = drawn(tmp_path / "scaled", *pages, scale=scale)
    names = sorted(one.name for one in folder.glob("*.png"))
    assert len(names) == 2 * len(pages)
    assert [said for name in names if (said := unlike(folder / name, PICTURES / name))] == []


def test_another_state_is_told_apart():
    """What the comparison is for: a banner, an empty list, the other palette are no tolerance."""
    full = PICTURES / "full_light.png"
    for other in ("empty_light", "error_light", "full_dark", "storm_light"):
        assert unlike(full, PICTURES / f"{other}.png"), other


def test_the_pictures_are_small():
    """All of them together weigh as much as two screenshots."""
    assert sum(one.stat().st_size for one in PICTURES.glob("*.png")) < 400_000
