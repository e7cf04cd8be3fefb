"""Screenshots: draws the window without a screen, with the real program behind it.

    python3 build_scripts/screenshots.py                 README's pictures, of the sample shop
    python3 build_scripts/screenshots.py --only NAME     of these only: window, disputes or order
    python3 build_scripts/screenshots.py --golden        the small ones that tests compare with
    python3 build_scripts/screenshots.py --one FILE      one picture of the sample shop
    python3 build_scripts/screenshots.py --one FILE --profile-arguments --profile DIR
                                                         one picture of that profile

Each picture is drawn by a window in a process of its own; it is taken when nothing moves any more.
"""

from __future__ import annotations

import argparse
import os
import struct
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import environment
from environment import ROOT, Stop, run, say

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    from app.config.paths import Profile

PICTURES = ROOT / "resources" / "screenshots"
GOLDEN = ROOT / "tests" / "golden" / "pictures"
APPEARANCES = ("light", "dark")
PICTURED = ("window", "disputes", "order")
DISPUTES = "disputes"  # instead of an issue's key: the page of all of them
USUAL, LARGE = (1360, 860), (1640, 1060)  # the order stands beside the mail where there is room
# The issue that README shows, the worst of its kind, and the reply that is begun there.
SHOWN, TEMPLATE = "refund_billing", "refund_billing/refund_made"
_LONGEST, _STILL, _STEP_MS = 20.0, 1.0, 100


def main() -> int:
    """Make the pictures that were asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--one", type=Path, metavar="FILE", help="one picture, into this file")
    options.add_argument("--profile-arguments", nargs=argparse.REMAINDER, metavar="...")
    options.add_argument("--only", choices=PICTURED, metavar="NAME", action="append")
    options.add_argument("--golden", action="store_true", help="those that tests compare with")
    options.add_argument("--draw", nargs=5, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    _move_into_environment()
    if chosen.draw:
        profile, key, file, wide, high = chosen.draw
        return _draw(Path(profile), key, Path(file), size=(int(wide), int(high)))
    if chosen.golden:
        run([sys.executable, "-m", "tests.golden.draw", GOLDEN])
    elif chosen.one is None:
        _draw_all(chosen.only or PICTURED)
    elif chosen.profile_arguments is not None:
        _picture_of(_named_profile(chosen.profile_arguments), chosen.one.resolve())
    else:
        with _sample_shop() as profile:
            _picture(profile, "", chosen.one.resolve())
    return 0


def _move_into_environment() -> None:
    """Go on in .venv, where the program's libraries are."""
    python = environment.make(dev=False)
    if Path(sys.prefix).resolve() != environment.VENV.resolve():
        os.execv(python, [str(python), *sys.argv])  # noqa: S606 - this same script
    sys.path.insert(0, str(ROOT))


def _draw_all(names: Sequence[str]) -> None:
    os.environ["LC_ALL"] = "C.UTF-8"  # in English, whoever makes them
    with _sample_shop() as profile:
        key = _key_to_show(profile)
        _begin_reply(profile, key)
        shown = {
            "window": (key, USUAL),
            "disputes": (DISPUTES, USUAL),
            "order": (_disputed(profile), LARGE),
        }
        for name in names:
            for appearance in APPEARANCES:
                _dress(profile, appearance)
                file = PICTURES / f"{name}_{appearance}.png"
                _picture(profile, shown[name][0], file, size=shown[name][1])
                say(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} kB")


@contextmanager
def _sample_shop() -> Iterator[Profile]:
    """The sample shop with all its mail, in a throw-away profile with its engine."""
    from app.cli import demo
    from app.engine.client import EngineClient

    with demo.shop(live=False) as profile:
        client = EngineClient(profile)
        client.call("poll")
        client.close()
        yield profile


def _named_profile(arguments: Sequence[str]) -> Profile:
    from app.cli.arguments import parser
    from app.config.paths import Profile, profile_dir

    return Profile(profile_dir(parser().parse_args(list(arguments)).profile)).make()


def _picture_of(profile: Profile, file: Path) -> None:
    """A picture of somebody's own profile, whose engine is as it was before."""
    from app.engine.client import EngineClient

    client = EngineClient(profile)
    was_staying = client.call("status")["staying"]
    try:
        _picture(profile, "", file)
    finally:
        if not was_staying:  # the window has asked it to stay
            client.call("stop")
        client.close()


def _key_to_show(profile: Profile) -> str:
    from app.domain.clock import SystemClock
    from app.engine.queries import Queries

    queries = Queries(profile.database)
    rows = queries.rows(queries.inbox_ids(SHOWN, now=SystemClock().now()))
    queries.close()
    return next((one.key for one in rows if one.kind == SHOWN), "")  # not as its second kind


def _disputed(profile: Profile) -> str:
    """The issue of the dispute that presses most and has an order."""
    from app.engine.queries import Queries

    queries = Queries(profile.database)
    rows = [one for one in queries.disputes() if one.is_ours and one.order_number]
    queries.close()
    dated = [one for one in rows if one.due_at is not None] or rows
    return dated[0].issue_key if dated else ""


def _begin_reply(profile: Profile, key: str) -> None:
    """Have a template filled in and kept as a draft, as a click on it would."""
    from app.engine.client import EngineClient

    client = EngineClient(profile)
    text = client.call("render", key=key, template=TEMPLATE)["text"]
    client.call("save_draft", key=key, body=text, template=TEMPLATE, rendered=text)
    client.close()


def _dress(profile: Profile, appearance: str) -> None:
    """Have the next window be light or dark, whatever this machine's desktop is."""
    from app.engine.client import EngineClient

    client = EngineClient(profile)
    client.call("set_setting", name="appearance", value=appearance)
    client.close()
    (profile.folder / "window.ini").write_text(f"[General]\nappearance={appearance}\ntour=over\n")


def _picture(profile: Profile, key: str, file: Path, *, size: tuple[int, int] = USUAL) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # the screen that Qt makes up is 800 pixels wide; the window would shrink to it
    # from ROOT on, where it runs: of a whole path Qt would read umlauts and colons as others
    platform = "offscreen:configfile=tests/ui/screen.json"
    language = next(filter(None, map(os.environ.get, ("LC_ALL", "LANG"))), "C.UTF-8")
    surroundings = {**os.environ, "QT_QPA_PLATFORM": platform, "LC_ALL": language}
    command = [sys.executable, __file__, "--draw", profile.folder, key or "-", file]
    command += [str(length) for length in size]
    run(command, environment=surroundings)


def _draw(folder: Path, key: str, file: Path, *, size: tuple[int, int] = USUAL) -> int:
    """The window as `python -m app` shows it, until it stands still; then the picture."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    from app.config.paths import Profile
    from app.domain.clock import SystemClock
    from app.ui import application
    from app.ui.main_window import MainWindow

    app = QApplication(sys.argv[:1])
    app.setCursorFlashTime(0)
    taken: list[QImage] = []

    def take(image: QImage, window: QWidget) -> None:
        taken.append(image)
        window.close()
        app.quit()

    def the_window() -> QWidget | None:
        windows = (one for one in app.topLevelWidgets() if isinstance(one, QMainWindow))
        return next((one for one in windows if one.isVisible()), None)

    def prepare(window: QWidget) -> bool:
        if not isinstance(window, MainWindow) or not window.bench.shown_key:
            return False
        window.resize(*size)
        if key == DISPUTES:
            window.bench.go(DISPUTES)
        window.bench.inbox.view.scrollToTop()  # the worst stands there, whatever is open
        return True

    watcher = _Watcher(the_window, take, prepare)  # Qt holds only a weak reference to it
    timer = QTimer(interval=_STEP_MS)
    timer.timeout.connect(watcher.look)
    timer.start()
    application.run(
        Profile(folder), open_key="" if key in ("-", DISPUTES) else key, clock=SystemClock()
    )
    if not taken:
        raise Stop("The window was closed before a picture was taken.")
    file.write_bytes(_png(taken[0]))
    return 0


def _png(image: QImage) -> bytes:
    """The picture as PNG (RFC 2083) with plain lines: for a window a fifth smaller than Qt's."""
    from PySide6.QtGui import QImage

    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    pixels, step, width = bytes(plain.constBits()), plain.bytesPerLine(), plain.width() * 3
    lines = b"".join(
        b"\0" + pixels[at : at + width] for at in range(0, step * plain.height(), step)
    )
    head = struct.pack(">IIBBBBB", plain.width(), plain.height(), 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


class _Watcher:
    """Looks at the window again and again, and takes the picture when it has stopped changing."""

    def __init__(
        self,
        window: Callable[[], QWidget | None],
        take: Callable[[QImage, QWidget], None],
        prepare: Callable[[QWidget], bool],
    ) -> None:
        self._window, self._take, self._prepare = window, take, prepare
        self._prepared = False
        self._last: QImage | None = None
        self._since = self._began = time.monotonic()

    def look(self) -> None:
        """One look."""
        window = self._window()
        if window is None:
            return
        now, image = time.monotonic(), window.grab().toImage()
        if not self._prepared and now - self._began > _STILL and self._prepare(window):
            self._prepared = True
            self._since = now
            return
        if self._last is None or image != self._last:
            self._last, self._since = image, now
        still = self._prepared and now - self._since >= _STILL
        if still or now - self._began >= _LONGEST:
            self._take(image, window)


if __name__ == "__main__":
    sys.exit(main())
