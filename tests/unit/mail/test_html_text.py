"""HTML as a person reads it."""

from __future__ import annotations

import pytest

from app.mail import parse
from app.mail.html_text import html_to_text, shallow
from app.mail.safe_html import safe_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Hello <b>Ann</b>, <i>how</i> are you?", "Hello Ann, how are you?"),
        ("one<br>two<br/>three<BR >four", "one\ntwo\nthree\nfour"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<div>one<br></div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>Order</td><td>1042</td></tr><tr><td>Total</td></tr></table>",
         "Order 1042\nTotal"),
        ("a\n   b\t c", "a b c"),
        ("5 &lt; 6 &amp; 7&nbsp;&euro;", "5 < 6 & 7 €"),
        ("<pre>one\n  two</pre>", "one\ntwo"),
        ("<style>p {}</style><script>x()</script><title>t</title>seen", "seen"),
        ("<!-- not seen -->seen<!--[if mso]>nor this<![endif]-->", "seen"),
        ("<blockquote>old<br>words</blockquote>new", "> old\n> words\nnew"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>> b"),
        ("no tags at all", "no tags at all"),
        ("", ""),
        ("<html><body></body></html>", ""),
        ("\ue000\ue001private letters of the sender", "private letters of the sender"),
        ("nul&#0;byte", "nul\ufffdbyte"),
    ],
)  # fmt: skip
def test_blocks_become_lines(html, text):
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">secret</div>',
        '<span style="color:red; DISPLAY : none !important">secret</span>',
        '<div style="visibility:hidden">secret</div>',
        '<span style="font-size:0">secret</span>',
        '<span style="font-size: 0px; color: #fff">secret</span>',
        '<span style="mso-hide:all">secret</span>',
        "<p hidden>secret</p>",
        '<div style="display:none"><div style="display:none">secret</div></div>',
    ],
)
def test_what_a_reader_cannot_see_is_left_out(hidden):
    assert html_to_text(f"{hidden}<p>Your order</p>") == "Your order"


@pytest.mark.parametrize(
    "shown",
    [
        '<td style="font-size:0"><span style="font-size:14px">words</span></td>',
        '<p style="font-size:0.9em">words</p>',
        '<p style="display:block">words</p>',
    ],
)
def test_what_only_looks_hidden_is_kept(shown):
    assert html_to_text(f"<table><tr>{shown}</tr></table>") == "words"


def test_tags_beyond_the_nesting_are_taken_away_and_their_text_stays():
    html = "<div>" * 300 + "deep" + "</div>" * 300 + "<p>after</p>"
    flat = shallow(html, nesting=10)
    assert flat.count("<div>") == 10
    assert html_to_text(flat) == "deep\n\nafter"


def test_shallow_html_is_left_as_it_is():
    html = "<ul>" + "<li>x" * 500 + "</ul>"
    assert shallow(html) == html


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "max-height:0px;overflow:hidden",
        "max-height: 0; color: #fff",
        "opacity:0",
        "font-size:0",
        "visibility: hidden",
        "mso-hide:all",
    ],
)
def test_a_preheader_that_only_the_list_of_mails_shows_is_not_text(style):
    html = f'<body><div style="{style}">Open me, 50% off</div><p>Your mug is broken.</p></body>'
    assert html_to_text(html) == "Your mug is broken."


@pytest.mark.parametrize("style", ["max-height:0.5em", "max-height:100px", "opacity:0.8"])
def test_what_is_only_small_or_pale_is_text(style):
    assert html_to_text(f'<p style="{style}">Your mug is broken.</p>') == "Your mug is broken."


ON_A_DARK_SCREEN = (
    '<div dir="auto" style="color: rgb(255, 255, 255);">{}</div>',
    '<body><font color="white">{}</font></body>',
    '<p style="color:#fff">{}</p><div class="gmail_quote">On Monday, Shop wrote: old</div>',
    '<p style="color:#fff">{}</p><blockquote type="cite">old words</blockquote>',
    '<p style="color:#fff">{}</p><blockquote>old words</blockquote>',
)


@pytest.mark.parametrize("html", ON_A_DARK_SCREEN)
def test_a_mail_all_in_white_is_read_and_says_that_it_is(html):
    raw = f"Content-Type: text/html; charset=utf-8\n\n{html.format('My hand is burned.')}".encode()
    message = parse.read(raw)
    assert message.new_text == "My hand is burned."
    assert message.warnings == ("all of it is written in white, as on a dark screen",)
    assert "My hand is burned." in safe_html(raw)


def test_white_words_beside_some_that_can_be_seen_are_none():
    html = '<p>Thanks for the mug.</p><p style="color:#fff">My hand is burned.</p>'
    raw = f"Content-Type: text/html; charset=utf-8\n\n{html}".encode()
    message = parse.read(raw)
    assert (message.text, message.new_text) == ("Thanks for the mug.", "Thanks for the mug.")
    assert message.warnings == ()
    assert "burned" not in safe_html(raw)


@pytest.mark.parametrize(
    "style", ["opacity:0", "color:transparent", "display:none", "text-indent:-999px", "font-size:0"]
)
def test_what_is_hidden_on_purpose_stays_hidden_where_nothing_else_is_said(style):
    html = f'<p style="color:#fff;{style}">My hand is burned.</p>'
    assert parse.read(f"Content-Type: text/html\n\n{html}".encode()).text == ""


@pytest.mark.parametrize(
    ("styles", "text"),
    [
        ("body{background:#000}", "My hand is burned.\n\nBen"),
        (
            "p{margin:0} html, body { margin:0; background-color: black }",
            "My hand is burned.\n\nBen",
        ),
        ("body{background:#fff}", "Ben"),
        (".body{background:#000} #body{background:#000}", "Ben"),
        ("@media (prefers-color-scheme:dark){body{background:#000}}", "Ben"),
    ],
)
def test_white_letters_on_a_page_that_a_style_sheet_makes_dark_can_be_seen(styles, text):
    html = f'<style>{styles}</style><p style="color:#fff">My hand is burned.</p><p>Ben</p>'
    assert html_to_text(html) == text
