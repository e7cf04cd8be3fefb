"""Foreign text, links, attachments and quotes: what a stranger wrote, said honestly."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.message import Attachment
from app.ui.issue.attachment_words import file_words, size_words
from app.ui.issue.foreign_text import line, menu_text, paragraphs, tooltip
from app.ui.issue.links import read_link
from app.ui.issue.quotes import first_words, said


def test_text_that_would_reorder_its_surroundings_is_tamed():
    """Overrides of direction, invisible letters and control characters go; the words stay."""
    assert line("in\u202evoice\u202c \u200b\x07gnp.exe\r\n") == "invoice gnp.exe"


def test_a_letter_keeps_three_marks():
    """4,000 combining marks freeze a layout."""
    assert len(line("a" + "\u0301" * 4000)) == 4
    assert paragraphs("e\u0301te\u0301") == "e\u0301te\u0301"


def test_a_word_without_an_end_may_be_broken_and_a_long_link_may_be_copied():
    """Only words of more than a thousand letters get places to break."""
    assert "\u200b" in paragraphs("x" * 5000)
    assert "\u200b" not in paragraphs("https://" + "x" * 900)


def test_tool_tips_and_menus_show_text_as_text():
    """Angle brackets and ampersands mean nothing there."""
    assert tooltip("<b>x</b>\n<img src=y>") == "&lt;b&gt;x&lt;/b&gt;<br>&lt;img src=y&gt;"
    assert menu_text("A & B") == "A && B"


@pytest.mark.parametrize(
    ("href", "where", "opens", "odd"),
    [
        ("https://www.example.org/a?b=c", "www.example.org", True, ""),
        ("http://example.org:8080/", "example.org:8080", True, ""),
        ("https://stripe.com@evil.example/x", "evil.example", True, "look like stripe.com"),
        ("https://xn--strpe-3va.example/", "xn--strpe-3va.example", True, "another alphabet"),
        ("https://straße-é.example/", "xn--", True, "another alphabet"),
        ("javascript:alert(1)", "javascript:alert(1)", False, "not opened"),
        ("vbscript:x", "vbscript:x", False, "not opened"),
        ("data:text/html,x", "data:text/html,x", False, "not opened"),
        ("file:///etc/passwd", "file:///etc/passwd", False, "not opened"),
        ("ms-msdt:/id x", "ms-msdt:", False, "not opened"),
        ("search-ms:query=x", "search-ms:", False, "not opened"),
        ("//evil.example/x", "//evil.example/x", False, "not opened"),
        ("\\\\host\\share", "\\\\host", False, "not opened"),
        ("https://", "https://", False, "no host"),
        ("https://[::1", "https://[::1", False, "cannot be read"),
        ("", "", False, "not opened"),
    ],
)
def test_a_link_tells_its_true_host(href, where, opens, odd):
    """Cases 62 and 63: only http, https and mailto open, and what is odd is said."""
    link = read_link(href)
    assert where in link.where
    assert bool(link.target) is opens
    assert odd in link.warning


def test_a_link_whose_words_name_another_host_says_so():
    """Case 63: and one whose words name a part of the same site does not."""
    assert "stripe.com" in read_link("https://evil.example/x", "www.stripe.com/login").warning
    assert read_link("https://www.stripe.com/x", "stripe.com").warning == ""
    assert read_link("https://example.org/", "click here").warning == ""


def test_a_mailto_keeps_its_address_and_nothing_else():
    """Case 65: `?attach=` and `?bcc=` have carried files and secrets away."""
    link = read_link("mailto:a@b.example?attach=/etc/passwd&bcc=x@y.example&body=z")
    assert link.target == "mailto:a@b.example"
    assert read_link("mailto:a@b.example,c@d.example").target == ""
    assert read_link("mailto:?attach=/etc/passwd").target == ""


@given(st.text(max_size=80), st.text(max_size=80))
def test_reading_a_link_never_fails(href, text):
    """Whatever a mail calls a link."""
    link = read_link(href, text)
    assert link.target.split(":")[0].lower() in ("", "http", "https", "mailto")


def _file(name: str, kind: str = "application/octet-stream", size: int = 10) -> Attachment:
    return Attachment(filename=name, content_type=kind, size=size, part=1)


@pytest.mark.parametrize(
    ("name", "shown", "warns"),
    [
        ("photo.jpg", "photo.jpg", ""),
        ("invoice.pdf     .exe", "invoice.pdf .exe", "program"),
        ("invoice\u202efdp.exe", "invoicefdp.exe", "program"),
        ("INVOICE.PDF.SCR", "INVOICE.PDF.SCR", "program"),
        ("a.docm", "a.docm", "macros"),
        ("login.html", "login.html", "sign-in"),
        ("x.svg", "x.svg", "sign-in"),
        ("x.zip", "x.zip", "Packed"),
        ("", "without a name", ""),
    ],
)
def test_an_attachment_is_named_with_its_true_ending(name, shown, warns):
    """Case 88: and what a double click would run is said."""
    words = file_words(_file(name))
    assert words.name == shown
    assert warns in words.warning
    assert bool(words.warning) is bool(warns)


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\x.txt", "x.txt"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        ("a<b>:c|d?.txt", "abcd.txt"),
        ("...", "attachment"),
        ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
        ("nul\0l.txt", "null.txt"),
    ],
)
def test_the_suggested_file_name_stays_in_its_folder(name, suggested):
    """Case 88: no folder, no reserved name, no endless name."""
    assert file_words(_file(name)).file_name == suggested


def test_what_it_is_sent_as_is_said():
    """A type and a size in words."""
    assert file_words(_file("a.jpg", "image/jpeg", 1_840_221)).what == "JPEG picture, 1.8 MB"
    assert file_words(_file("a.jpg", "application/x-msdownload")).warning.startswith("A program")
    assert [size_words(n) for n in (1, 999, 1500, 48_100, 12_000_000)] == [
        "1 byte", "999 bytes", "1.5 kB", "48 kB", "12 MB",
    ]  # fmt: skip


def test_the_new_words_come_first_and_the_quote_waits():
    """The quote is what follows; where the new part was cut out of the middle, it is the whole."""
    assert said("Hello\n\n> old", "Hello").quoted == "> old"
    assert said("Hello", "Hello\n").quoted == ""
    assert said("On Monday:\n> old\nNew", "New").quoted.startswith("On Monday")
    assert said("> only old", "").new == "> only old"


def test_a_very_long_mail_keeps_its_end_back():
    """Nobody reads 100,000 letters, and laying them out takes time."""
    split = said("a " * 50_000, "a " * 50_000)
    assert split.cut > 0
    assert len(said("a " * 50_000, "a " * 50_000, whole=True).new) > len(split.new)


def test_the_first_words_are_one_line():
    """For a mail that is folded."""
    assert first_words("  Hello,\n\nI have\na question") == "Hello, I have a question"
    assert first_words("Hello, I have a question", 9) == "Hello, I…"


def test_of_a_mail_of_megabytes_only_what_is_drawn_is_made_fit():
    """All of it made the window stand still for a quarter of a second."""
    text = "The mug is broken. " * 100_000
    tracemalloc.start()
    shown = said(text, text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(shown.new), shown.cut, shown.quoted) == (12_000, len(text) - 12_000, "")
    assert len(said(text, text, whole=True).new) == 60_000
    assert most < len(text) / 4
