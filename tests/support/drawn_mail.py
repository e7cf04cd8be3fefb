"""Drawn mail: mails go the whole way into the window, in a process that can be watched.

    python -m tests.support.drawn_mail FOLDER < {"case": [mail in base64, ...], ...}

Each is read, judged and stored by a real engine, its HTML asked for by the verb that the window
uses, and drawn by the real view, pointed at, copied from and drawn anew. Its raw HTML is drawn as
well, as if the engine let everything through. Last it says what every case put into the outbox. The
case "control" asks for what it is given with Qt's own view and the system's resolver: whoever
watches must see that.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QTextBrowser

from app.engine.opening import Opening
from app.mail import parse
from app.storage import messages
from app.ui.issue.safe_mail_view import SafeMailView
from tests.support.engine import Engine, an_engine
from tests.support.system_calls import now_at


def main(folder: Path) -> None:
    """All cases that stand on standard input."""
    cases: dict[str, list[str]] = json.load(sys.stdin)
    app = QApplication([])
    with an_engine(folder) as engine:
        opening = Opening(
            writer=engine.writer, connections=engine.connections, publish=engine.moved.append
        )
        _look(app, engine, opening, base64.b64decode(cases["control"][0]))  # all is loaded now
        _control(cases.pop("control"))
        left: dict[str, int] = {}
        for case, mails in cases.items():
            now_at(case)
            for mail in mails:
                _look(app, engine, opening, base64.b64decode(mail))
            left[case] = _outgoing(engine)
        now_at("after")
    print(json.dumps(left))  # noqa: T201 - its answer


def _look(app: QApplication, engine: Engine, opening: Opening, raw: bytes) -> None:
    before = engine.writer.do(messages.count)
    engine.receive(raw)
    number = engine.writer.do(messages.ids)[-1]
    assert engine.writer.do(messages.count) == before + 1
    for html in (opening.html(number)["html"], parse.read(raw).html):
        _draw(app, html)


def _draw(app: QApplication, html: str) -> None:
    view = SafeMailView()
    view.show_mail(html)
    view.resize(320, 300)
    view.show()
    view.grab()
    view.highlighted.emit(QUrl("https://example.org/"))
    view.selectAll()
    view.createMimeDataFromSelection()
    view.reload()
    view.resize(500, 300)
    view.grab()
    app.processEvents()
    view.deleteLater()


def _outgoing(engine: Engine) -> int:
    (count,) = engine.writer.do(lambda db: db.execute("SELECT count(*) FROM reply").fetchone())
    return int(count) + len(engine.connections.post.sent)


def _control(lures: list[str]) -> None:
    """What nobody may do, done on purpose."""
    now_at("control")
    _, url, host, picture = lures
    with suppress(OSError):
        urllib.request.urlopen(url, timeout=10).close()
    with suppress(OSError):
        socket.getaddrinfo(host, 80)
    view = QTextBrowser()
    view.setHtml(f'<img src="{picture}">')
    view.grab()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
