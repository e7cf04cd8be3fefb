"""Mails that want to know whether they were read, cases 21 to 60 and 65 to 68 of the threats.

Thirty-nine ways by which an e-mail makes its reader call home, each in a mail of its own with four
targets: an address of a server that listens here, one without a scheme, a name that only a lookup
finds, and a picture on this disk. They go the whole way: read, judged, stored, made harmless by the
engine, drawn by the window. That happens in a process whose every system call is seen.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.mail.safe_html import safe_html
from app.ui.issue.links import read_link
from app.ui.issue.mail_markup import small_markup
from tests.support.mails import a_mail, a_raw_mail
from tests.support.system_calls import Asked, watch

pytestmark = [pytest.mark.xdist_group("privacy"), pytest.mark.timeout(300)]

# By the number of the case: what it is called, and its HTML. Headers that are lures stand below.
VECTORS = {
    21: ("applet", '<applet code="{it}" codebase="{it}" archive="{it}"></applet>'),
    22: ("atom feed", '<link rel="alternate" type="application/atom+xml" href="{it}">'),
    23: ("audio", '<audio src="{it}" autoplay preload="auto"></audio>'),
    24: ("background of a table", '<table background="{it}"><tr><td background="{it}">x</table>'),
    25: ("background in a style", '<div style="background-image:url({it})">x</div>'),
    26: ("sound behind the page", '<bgsound src="{it}"><embed src="{it}" hidden>'),
    27: ("style sheet", '<link rel="stylesheet" type="text/css" href="{it}">'),
    28: ("attached style sheet", '<link rel="stylesheet" href="cid:css@x"><p>x</p>'),
    29: ("behaviour", '<div style="behavior:url({it});-moz-binding:url({it}#x)">x</div>'),
    30: ("content", "<style>p:before{{content:url({it})}}</style><p>x</p>"),
    31: ("import", "<style>@import url({it});@import '{it}';</style>x"),
    32: ("disposition notification", "<p>x</p>"),
    33: ("name of a link", '<a href="{it}">x</a>'),
    34: ("name to look up", '<link rel="dns-prefetch preconnect" href="{it}">'),
    35: ("prefetch", '<link rel="prefetch prerender preload modulepreload" href="{it}" as="image">'),
    36: ("flash", '<object><param name="movie" value="{it}"><embed src="{it}"></object>'),
    37: ("typeface", "<style>@font-face{{font-family:a;src:url({it})}}p{{font-family:a}}</style><p>x"),
    38: ("frame", '<iframe src="{it}"></iframe><frameset><frame src="{it}"></frameset>'),
    39: ("refresh in a frame",
         '<iframe src="data:text/html,<meta http-equiv=refresh content=0;url={it}>"></iframe>'),
    40: ("picture in a frame", '<iframe srcdoc="<img src=\'{it}\'>"></iframe>'),
    41: ("picture", '<img src="{it}" width="40" height="40"><image src="{it}">'),
    42: ("picture of many sizes", '<img srcset="{it} 1x, {it} 2x"><picture><source srcset="{it}">'),
    43: ("button of a form", '<form action="{it}"><input type="image" src="{it}"></form>'),
    44: ("script", "<script src='{it}'></script><script>new Image().src='{it}'</script>"),
    45: ("script in a script", "<script>document.write('<script src={it}><\\/script>')</script>"),
    46: ("drawing as a background",
         "<div style=\"background:url('data:image/svg+xml,<svg><image href={it}/></svg>')\">x</div>"),
    47: ("drawing", '<svg><image href="{it}" xlink:href="{it}"/><use href="{it}#a"/></svg>'),
    48: ("manifest", '<html manifest="{it}"><link rel="manifest" href="{it}"><body>x</body></html>'),
    49: ("refresh", '<meta http-equiv="refresh" content="0;url={it}">'),
    50: ("object", '<object data="{it}" type="text/html"></object>'),
    51: ("search plug-in",
         '<link rel="search" type="application/opensearchdescription+xml" href="{it}">'),
    52: ("return receipt", "<p>x</p>"),
    53: ("news feed", '<link rel="alternate" type="application/rss+xml" href="{it}">'),
    54: ("film", '<video src="{it}" autoplay></video>'),
    55: ("poster of a film", '<video poster="{it}"></video>'),
    56: ("film of type mp4", '<video><source src="{it}" type="video/mp4"></video>'),
    57: ("film of type webm", '<video><source src="{it}" type="video/webm"></video>'),
    58: ("film of type ogg", '<video><source src="{it}" type="video/ogg"><track src="{it}"></video>'),
    59: ("source of a page", '<iframe src="view-source:{it}"></iframe><img src="view-source:{it}">'),
    60: ("share of a strange computer",
         '<img src="\\\\127.0.0.1\\{canary}"><img src="//127.0.0.1/{canary}"><img src="{it}">'
         '<a href="\\\\127.0.0.1\\{canary}">x</a><body background="\\\\127.0.0.1\\{canary}">'),
    66: ("base, form and refresh together",
         '<base href="{it}/"><img src="x.png"><form action="{it}"><button formaction="{it}">x</form>'
         '<meta http-equiv="Refresh" content="0; URL={it}"><a href="https://x.example" ping="{it}">'),
}  # fmt: skip
# Beyond the list: what newer programs let themselves be led astray by.
FURTHER = {
    "image-set": '<div style="background-image:image-set(url({it}) 1x);cursor:url({it}),auto">x',
    "list marks": '<ul style="list-style-image:url({it})"><li>x</li></ul>',
    "gravatar": '<link rel="icon" href="{it}"><link rel="apple-touch-icon" href="{it}">x',
    "old words": '<img dynsrc="{it}" lowsrc="{it}" longdesc="{it}"><layer src="{it}"></layer>',
    "mathematics": '<math><mtext><img src="{it}"></mtext></math><math href="{it}">x</math>',
    "conditional comment": '<!--[if gte mso 9]><v:fill src="{it}"/><![endif]-->x',
}
RECEIPTS = {
    "Disposition-Notification-To": "spy@watched.invalid",
    "Return-Receipt-To": "spy@watched.invalid",
    "X-Confirm-Reading-To": "spy@watched.invalid",
    "Read-Receipt-To": "spy@watched.invalid",
    "List-Unsubscribe": "<{url}>, <mailto:spy@watched.invalid>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "X-Face-URL": "{url}",
    "Face": "{url}",
    "BIMI-Location": "v=BIMI1; l={url}",
}
CANARY = "canary-of-privacy"


class Listening(ThreadingHTTPServer):
    """A web server that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_HEAD = do_GET  # noqa: N815 - the base's words

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's
                pass

        super().__init__(("127.0.0.1", 0), Handler)


def lures(case: str, port: int, picture: Path) -> list[str]:
    return [
        f"http://127.0.0.1:{port}/{case}",
        f"//127.0.0.1:{port}/{case}",
        f"http://case-{case}.watched.invalid/x.png",
        picture.as_uri(),
    ]


def bait(html: str, lure: str, number: int, case: str) -> bytes:
    """A mail with this lure; each of them asks for receipts, too."""
    body = html.format(it=lure, canary=CANARY)
    headers = {name: value.format(url=lure) for name, value in RECEIPTS.items()}
    who = f"Sam <sam{number}@{case}.example>".replace(" ", "-").replace("Sam-", "Sam ")
    mail = a_mail(
        "Hello, my mug is broken.",
        html=f"<html><body><p>Hello</p>{body}</body></html>",
        from_=who,
        message_id=f"<{number}@{case}.example>".replace(" ", "-"),
        headers=headers,
    )
    return related(mail, lure) if "cid:css" in html else mail


def related(mail: bytes, lure: str) -> bytes:
    """The same with a style sheet inside it that leads out of it."""
    head, _, rest = mail.partition(b"\r\nContent-Type: ")
    return (
        head
        + b"\r\nContent-Type: multipart/related; boundary=rel\r\n\r\n--rel\r\nContent-Type: "
        + rest
        + b"\r\n--rel\r\nContent-Type: text/css\r\nContent-ID: <css@x>\r\n\r\np{background:url("
        + lure.encode()
        + b")}\r\n--rel--\r\n"
    )


@pytest.fixture(scope="module")
def seen(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Listening, dict[str, Asked], dict[str, int]]]:
    """What every case asked for, seen by the server and in the system calls; and its outbox."""
    folder = tmp_path_factory.mktemp("privacy")
    picture = folder / CANARY / "red.png"
    picture.parent.mkdir()
    picture.write_bytes(base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="))  # fmt: skip  # noqa: E501
    with Listening() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_port
        every = {**{f"{n:03d}": html for n, (_, html) in VECTORS.items()}, **FURTHER}
        mails = {
            "control": [
                base64.b64encode(a_mail("Hello", html="<p>x</p>")).decode(),
                f"http://127.0.0.1:{port}/control", "control.watched.invalid", picture.as_uri(),
            ],
            **{
                case: [
                    base64.b64encode(bait(html, lure, number, case)).decode()
                    for number, lure in enumerate(lures(case, port, picture))
                ]
                for case, html in every.items()
            },
        }  # fmt: skip
        said, asked = watch(
            "tests.support.drawn_mail", str(folder), said=json.dumps(mails),
            log=folder / "calls.log", canary=CANARY, env={"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        yield server, asked, json.loads(said)
        server.shutdown()


def test_who_watches_sees_a_request_a_lookup_and_a_file(seen) -> None:
    """Cases 21 to 60: what the watch would see is shown by doing it on purpose."""
    server, asked, _ = seen
    assert server.asked[:1] == ["/control"]
    assert any(f"htons({server.server_port})" in line for line in asked["control"].network)
    assert any("/etc/hosts" in line or "htons(53)" in line for line in asked["control"].network)
    assert any("red.png" in line for line in asked["control"].files)


@pytest.mark.parametrize(
    "case",
    [*(f"{number:03d}" for number in VECTORS), *FURTHER],
    ids=[*(f"case {n} {name}" for n, (name, _) in VECTORS.items()), *FURTHER],
)
def test_a_mail_asks_for_nothing_when_it_is_read(case: str, seen) -> None:
    """Cases 21 to 60, and 66: no request, no lookup, no file, no receipt, one by one."""
    server, asked, outgoing = seen
    assert asked[case] == Asked()
    assert outgoing[case] == 0
    assert server.asked == ["/control"]
