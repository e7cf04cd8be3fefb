"""SafeMailView: whatever a mail says, no address is asked and no file is read."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument

from app.ui.issue.safe_mail_view import SafeMailView


class Listener:
    """A web server that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def listener():
    server = Listener()
    yield server
    server.close()


@pytest.fixture(scope="module")
def canary(tmp_path_factory) -> Path:
    """A picture so red that a single pixel of it would be seen."""
    path: Path = tmp_path_factory.mktemp("canary") / "red.png"
    picture = QImage(60, 60, QImage.Format.Format_RGB32)
    picture.fill(QColor(255, 0, 0))
    picture.save(str(path))
    return path


_WITH = {
    "picture": '<img src="{it}">',
    "picture with sizes": '<img srcset="{it} 1x, {it} 2x" src="{it}" width="60" height="60">',
    "picture with an odd name": '<image src="{it}"><img/src="{it}">',
    "single quotes and blanks": "<img  src = '{it}' >",
    "no quotes": "<img src={it}>",
    "ground of the page": '<body background="{it}">x</body>',
    "ground of a table": '<table background="{it}"><tr><td background="{it}">x</td></tr></table>',
    "style url": '<div style="background-image:url({it})">x</div>',
    "style url in quotes": "<div style=\"background:url('{it}') no-repeat\">x</div>",
    "style cursor and list": '<ul style="list-style-image:url({it});cursor:url({it})"><li>x</ul>',
    "style image-set": '<div style="background-image:image-set(url({it}) 1x)">x</div>',
    "style content": "<style>p:before{{content:url({it})}}</style><p>x</p>",
    "style import": "<style>@import url({it});@import '{it}';</style>x",
    "style font": "<style>@font-face{{font-family:a;src:url({it})}}p{{font-family:a}}</style><p>x",
    "style behaviour": '<div style="behavior:url({it});-moz-binding:url({it})">x</div>',
    "style sheet": '<link rel="stylesheet" href="{it}">x',
    "prefetch": '<link rel="prefetch dns-prefetch preconnect icon manifest" href="{it}">x',
    "base": '<base href="{it}"><img src="red.png">',
    "refresh": '<meta http-equiv="refresh" content="0;url={it}">x',
    "frame": '<iframe src="{it}" srcdoc="<img src={it}>"></iframe>',
    "frames": '<frameset><frame src="{it}"></frameset>',
    "object": '<object data="{it}"><param name="movie" value="{it}"></object>',
    "embed": '<embed src="{it}"><applet code="{it}" archive="{it}"></applet>',
    "film": '<video src="{it}" poster="{it}"><source src="{it}"></video>',
    "sound": '<audio src="{it}" autoplay></audio><bgsound src="{it}">',
    "form": '<form action="{it}"><input type="image" src="{it}"><button formaction="{it}">x</form>',
    "svg": '<svg><image href="{it}" xlink:href="{it}"/><use href="{it}#a"/></svg>',
    "svg in a style": '<div style="filter:url({it}#a);mask:url({it})">x</div>',
    "script": "<script src='{it}'></script><script>new Image().src='{it}'</script>",
    "event": '<img src="x" onerror="location=\'{it}\'"><p onclick="open(\'{it}\')">x</p>',
    "ping": '<a href="https://example.org" ping="{it}">x</a>',
    "comment that is not closed": '<!-- <img src="{it}"',
    "tag that is not closed": '<p>x</p><img src="{it}"',
    "conditional comment": '<!--[if mso]><img src="{it}"><![endif]-->',
    "data in data": '<img src="data:text/html,<img src={it}>">',
    "svg as data": "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
    "<image href='{it}'/></svg>\">",
    "old sound": '<img dynsrc="{it}" lowsrc="{it}"><layer src="{it}"><ilayer src="{it}">',
    "xml": '<xml src="{it}"></xml><?xml-stylesheet href="{it}"?>x',
    "markdown": "![x]({it})",
    "letters as numbers": '<img src="&#102;&#105;&#108;&#101;{it}"><img src="{it}&#0;">',
    "null bytes": '<i\0mg src="{it}"><img sr\0c="{it}">',
    "nested quotes": '<img alt="<img src={it}>" src="{it}">',
    "title": '<p title="<img src={it}>">x</p>',
}


def _lures(listener: Listener, canary: Path) -> list[str]:
    return [
        f"{listener.url}/hit.png",
        listener.url.replace("http:", "") + "/hit.png",
        canary.as_uri(),
        str(canary),
        f"file:{canary}",
        f"FILE://localhost{canary}",
        f"qrc:{canary}",
    ]


@pytest.mark.parametrize("vector", sorted(_WITH))
def test_no_request_and_no_file_for(vector, qtbot, listener, canary):
    """Each vector, each kind of target: drawn, laid out twice, and nothing was fetched or read."""
    view = SafeMailView()
    qtbot.addWidget(view)
    for lure in _lures(listener, canary):
        view.show_mail(_WITH[vector].format(it=lure))
        view.resize(300, 300)
        drawn = view.grab().toImage()
        view.resize(500, 300)
        assert not _has_red(drawn)
    assert listener.asked == []


def test_the_raw_view_answers_every_resource_with_something_that_is_not_null(qtbot, canary):
    """Qt reads the file itself where the answer is null; so the answer never is."""
    view = SafeMailView()
    qtbot.addWidget(view)
    for kind in QTextDocument.ResourceType:
        answer = view.loadResource(kind.value, QUrl(canary.as_uri()))
        assert answer is not None
        assert isinstance(answer, QImage | str)
    picture = view.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("file:///x"))
    assert not picture.isNull()


def test_html_set_behind_its_back_reads_no_file_either(qtbot, canary):
    """Even with the small language left out, the resource door alone keeps a file unread."""
    view = SafeMailView()
    qtbot.addWidget(view)
    view.setHtml(f'<img src="{canary}"><img src="{canary.as_uri()}" width=60 height=60>')
    view.resize(300, 300)
    assert not _has_red(view.grab().toImage())
    assert view.refused > 0


def test_a_link_leads_nowhere_by_itself(qtbot):
    """Case 62: a click only says where the link would lead."""
    view = SafeMailView()
    qtbot.addWidget(view)
    view.show_mail('<p>see <a href="https://evil.example/x">shop.example.com</a></p>')
    with qtbot.waitSignal(view.link_chosen) as heard:
        view.anchorClicked.emit(QUrl("https://evil.example/x"))
    link = heard.args[0]
    assert link.where == "evil.example"
    assert "shop.example.com" in link.warning
    assert not view.openLinks()
    assert view.source().isEmpty()
    view.setSource(QUrl("file:///etc/hostname"))
    assert "see" in view.toPlainText()


@pytest.mark.parametrize(
    "bomb",
    [
        "<table><tr><td>" * 2000 + "x",
        "<table><tr><td>" * 2000 + "x" + "</td></tr></table>" * 2000,
        "<div>" * 50_000 + "x",
        "<blockquote><ul><li>" * 20_000 + "x",
        "<table>" + "<tr>" + "<td colspan=999999999 rowspan=999999999>x" * 3000,
        "<b>" * 100_000,
        "<" * 300_000,
        "<!--" * 80_000,
        "<script>" * 40_000,
        '<a href="' + "x" * 300_000,
        '<p style="font-size:999999px;margin:9e99px">x</p>' * 4000,
        '<img width="999999999" height="999999999" src="x">' * 2000,
        "&lt;" * 100_000,
        "x" * 300_000,
    ],
    ids=lambda bomb: bomb[:24],
)
def test_a_bomb_is_drawn_in_the_end(bomb, qtbot):
    """Case 68: Qt needs 2^n for n nested tables; none of these may hold the window up."""
    view = SafeMailView()
    qtbot.addWidget(view)
    view.resize(400, 400)
    markup = view.show_mail(bomb)
    view.grab()
    assert len(markup.html) < 2_000_000


def test_the_view_is_as_high_as_the_mail(qtbot):
    """The conversation scrolls, not the mail in it."""
    view = SafeMailView()
    qtbot.addWidget(view)
    view.resize(400, 100)
    view.show_mail("<p>one</p>")
    low = view.height()
    view.show_mail("<p>line</p>" * 20)
    assert view.height() > low * 4


def _has_red(drawn: QImage) -> bool:
    return any(
        QColor(drawn.pixel(x, y)).red() > 200 and QColor(drawn.pixel(x, y)).green() < 60
        for x in range(0, drawn.width(), 6)
        for y in range(0, drawn.height(), 6)
    )
