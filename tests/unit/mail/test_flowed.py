"""Flowed text: a reader that joins lines again gets exactly what was written (RFC 3676)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail import fallback, parse
from app.mail.flowed import TYPED, WIDTH, flow, tidy, unflow


def joined(flowed: str) -> list[tuple[int, str]]:
    """A reader's view (RFC 3676 4): quote depth and text of each paragraph line."""
    lines: list[tuple[int, str]] = []
    soft = False
    for line in flowed.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        if soft and depth == lines[-1][0] and content != "-- ":
            lines[-1] = (depth, lines[-1][1] + content)
        else:
            lines.append((depth, content))
        soft = content.endswith(" ") and content != "-- "
    return lines


def written(text: str) -> list[tuple[int, str]]:
    lines = tidy(text).split("\n")
    return [(0, line if line == "-- " else line.rstrip(" ")) for line in lines]


@given(st.text(alphabet=st.sampled_from("ab >-\tF\n \r\u2028é"), max_size=400))
def test_what_was_written_comes_out_again(text: str) -> None:
    assert joined(flow(text)) == written(text)


@given(st.lists(st.sampled_from(["word", "-- ", "From", ">", "x" * 90, " ", "--"]), max_size=60))
def test_long_lines_come_out_again(words: list[str]) -> None:
    text = " ".join(words)
    assert joined(flow(text)) == written(text)


def test_lines_are_cut_at_blanks_and_no_wider_than_they_may_be() -> None:
    lines = flow("word " * 100).split("\n")
    assert len(lines) > 5
    assert max(len(line.rstrip()) for line in lines) <= WIDTH


def test_a_long_link_stays_whole() -> None:
    link = "https://example.com/" + "a" * 100
    assert link in flow(f"See {link} please").split("\n")[1]


def test_each_piece_of_a_quoted_line_is_quoted() -> None:
    lines = flow(">> " + "word " * 30, quoted=True).split("\n")
    assert len(lines) == 3
    assert all(line.startswith(">> word") for line in lines)


def test_what_somebody_typed_with_an_angle_bracket_is_not_a_quote() -> None:
    assert flow("> 3 mugs") == " > 3 mugs"
    assert flow("From here") == " From here"


def test_the_signature_line_is_kept_and_never_made() -> None:
    assert flow("Bye\n-- \nBen") == "Bye\n-- \nBen"
    assert "-- " not in flow(f"{'x' * 71} -- and more words").split("\n")


def test_controls_do_not_leave_the_house() -> None:
    assert tidy("a\r\nb\rc\x00\x1b[31m\x85d\ud800") == "a\nb\nc[31m\nd"


BOTH = pytest.mark.parametrize("reader", [None, fallback.body], ids=["fast", "fallback"])


def read(body: str, reader, words: str = ""):
    head = f"Content-Type: text/plain; charset=utf-8; format=flowed{words}\r\n\r\n"
    return parse.read((head + body.replace("\n", "\r\n")).encode(), reader=reader)


@BOTH
def test_lines_that_were_broken_on_the_way_are_joined_where_a_mail_is_read(reader) -> None:
    message = read(
        "My order num \nber is MM-10 \n227 and it \nis broken.\n\nAnn", reader, "; delsp=yes"
    )
    assert message.text == "My order number is MM-10227 and itis broken.\n\nAnn"
    assert read("it is \nbroken.\nAnn", reader).text == "it is broken.\nAnn"


@BOTH
def test_an_amount_above_which_somebody_lost_is_no_quote(reader) -> None:
    message = read(" >50 EUR is what I lost.\n From here on I will sue.\n\n> Hello Ann,\n", reader)
    assert message.new_text == ">50 EUR is what I lost.\nFrom here on I will sue."
    assert message.text.endswith("\n\n> Hello Ann,")


@BOTH
def test_the_broken_lines_of_a_quote_stay_quoted(reader) -> None:
    message = read("Yes.\n\n> Which one \n> do you want?\n>> The \n>> blue one?\n", reader)
    assert message.text == "Yes.\n\n> Which one do you want?\n>> The blue one?"
    assert message.new_text == "Yes."


def test_a_quote_of_a_quote_that_is_written_with_blanks_is_not_joined() -> None:
    assert unflow("> so \n> > then \n> > now") == "> so\n> > then\n> > now"


def test_a_text_that_is_not_called_flowed_keeps_its_lines() -> None:
    raw = b"Content-Type: text/plain\r\n\r\none \r\ntwo\r\n"
    assert parse.read(raw).text == "one \ntwo"


@given(st.text(alphabet=st.sampled_from("ab >-\tF\n \r\u2028é"), max_size=400))
def test_what_we_write_is_read_again_as_it_was_written(text: str) -> None:
    lines = [line for _, line in written(text)]
    assert unflow(flow(text)).replace(TYPED, ">").split("\n") == [
        line if line == "-- " else line.rstrip(" ") for line in lines
    ]
