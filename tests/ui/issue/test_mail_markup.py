"""The small language: what comes out is balanced, bounded and made of nothing that acts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.issue.mail_markup import small_markup

_TAGS = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")
_ALLOWED = {
    "p", "div", "blockquote", "pre", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "b",
    "strong", "i", "em", "u", "s", "code", "sub", "sup", "a", "table", "tr", "td", "th", "br", "hr",
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("<p>Hi <b>you</b></p>", "<p>Hi <b>you</b></p>"),
        ("3 < 4 & 5", "3 &lt; 4 &amp; 5"),
        ("a&nbsp;b &lt;img src=x&gt;", "a\xa0b &lt;img src=x&gt;"),
        ("<p>one<p>two", "<p>one</p><p>two</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
        ("</p></div>x", "x"),
        ("<center>x</center>", "<div>x</div>"),
        ("<font color=red>x</font>", "x"),
        ("<style>b{}</style>x<script>y</script>z", "xz"),
        ("<head><title>t</title><p>x", "<p>x</p>"),
        ('<img src="http://x/y.png" alt="A cup">', "[A cup]"),
        ('<a href="https://x.example/?a=1&amp;b=2">l</a>', '<a href="https://x.example/?a=1&amp;b=2">l</a>'),
        ('<a href="javascript:alert(1)">l</a>', "<a>l</a>"),
        ('<a href="  JaVaScRiPt:x">l</a>', "<a>l</a>"),
        ('<a href="data:text/html,x">l</a>', "<a>l</a>"),
        ('<a href="file:///etc/passwd">l</a>', "<a>l</a>"),
        ('<a data-href="https://x.example/">l</a>', "<a>l</a>"),
        ("<!-- <b> -->x", "x"),
        ("<p onclick=x style=y class=z>t</p>", "<p>t</p>"),
        ("<td>x</td>", "x"),
        ("<İ>x<script>y</script>", "&lt;İ&gt;x"),
    ],
)  # fmt: skip
def test_it_keeps_structure_and_nothing_else(source, drawn):
    """What is drawn for a source."""
    assert small_markup(source).html == drawn


def test_a_link_that_hides_a_tag_in_its_address_loses_the_address():
    """A tag ends at its first >, whatever the quotes say; what is left over is text."""
    got = small_markup("<a href='https://x.example/\"><img src=y>'>l</a>").html
    assert "<img" not in got
    assert "href" not in got


def test_a_table_keeps_its_cells():
    """Rows and cells stay; a span is bounded."""
    got = small_markup("<table><tr><td colspan=5000>a<td>b<tr><td>c</table>").html
    assert 'colspan="12"' in got
    assert got.count("<td") == 3
    assert got.count("<tr>") == 2


def test_tables_are_unwrapped_below_depth_three():
    """Their text stays."""
    got = small_markup("<table><tr><td>" * 6 + "deep" + "</table>" * 6).html
    assert got.count("<table") == 3
    assert "deep" in got


def test_it_says_that_the_end_is_cut():
    """And that pictures were left out."""
    markup = small_markup("<p>x</p>" * 20_000)
    assert markup.cut
    assert not small_markup("<p>x</p>").cut
    assert small_markup("<img src=a><img src=b>").pictures == 2


@given(st.text(alphabet=st.sampled_from("<>/\"'=!-& abitdtrhefscr\0\nü;#x6"), max_size=400))
def test_whatever_comes_in_what_goes_out_is_balanced_and_known(source):
    """Only known tags, each closed, no attribute but href, colspan and the table's own two."""
    stack: list[str] = []
    for closing, name, attributes in _TAGS.findall(small_markup(source).html):
        assert name in _ALLOWED
        assert re.fullmatch(
            r'( href="(https?:|mailto:)[^"<>]*"| colspan="\d+"| cellspacing="0" cellpadding="3")?',
            attributes,
            re.IGNORECASE,
        )
        if closing:
            assert stack.pop() == name
        elif name not in ("br", "hr"):
            stack.append(name)
    assert not stack


@given(st.text(max_size=300))
def test_drawing_it_twice_changes_nothing(source):
    """The small language is its own fixed point."""
    once = small_markup(source).html
    assert small_markup(once).html == once
