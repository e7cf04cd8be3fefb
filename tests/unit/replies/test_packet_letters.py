"""The mails of a packet that is too long: shorter, then fewer, and nothing is lost unsaid."""

from __future__ import annotations

from app.domain.evidence import Letter
from app.replies.packet_letters import fewer, lengths, shortened, without_middle
from tests.support.cases import a_letter


def letters(number: int, text: str = "words") -> tuple[Letter, ...]:
    return tuple(a_letter(100 - n, subject=str(n), text=text) for n in range(number))


def test_what_is_cut_of_a_letter_is_counted():
    (one,) = shortened([a_letter(text="x" * 1_500)], 1_000)
    (again,) = shortened([one], 400)
    assert (len(one.text), one.cut) == (1_000, 500)
    assert (len(again.text), again.cut) == (400, 1_100)


def test_the_first_and_the_last_stay_and_the_one_after_the_gap_says_how_many_are_not_there():
    kept = without_middle(letters(100), 9)
    assert [one.subject for one in kept] == ["0", "1", "2", *map(str, range(94, 100))]
    assert [one.before for one in kept] == [0, 0, 0, 91, 0, 0, 0, 0, 0]
    assert without_middle(letters(3), 3) == letters(3)


def test_fewer_and_fewer_are_tried():
    tried = [len(one) for one in fewer(letters(40), 0.5)]
    assert tried == [19, 16, 12]


def test_what_cannot_fit_is_not_tried():
    """Four hundred huge mails took two minutes to be laid out for nothing."""
    assert list(lengths(letters(3), 49)) == [12_000, 3_000, 1_000]
    assert list(lengths(letters(400, "x" * 12_000), 49)) == [1_000]
    assert list(lengths(letters(40, "x" * 12_000), 49)) == [3_000, 1_000]
    assert next(lengths(letters(400, "x" * 12_000), 0)) == 12_000
