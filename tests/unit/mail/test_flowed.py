"""Flowed text: a reader that joins lines again gets exactly what was written (RFC 3676)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.mail.flowed import WIDTH, flow, tidy


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
