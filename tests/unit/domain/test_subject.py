"""What a conversation is called does not depend on who answered first."""

from __future__ import annotations

import pytest

from app.domain.subject import is_answer, is_forward, without_answer_marks, without_marks


@pytest.mark.parametrize(
    "written",
    ["Broken mug", "Re: Broken mug", "AW: Re: Broken mug", "RE[2]: Broken mug", "Sv : Broken mug"],
)
def test_the_marks_of_answers_are_left_out(written: str):
    assert without_answer_marks(written) == "Broken mug"


@pytest.mark.parametrize("written", ["Return of two plates", "Resend my order", "Fwd: an order"])
def test_what_is_no_such_mark_stays(written: str):
    assert without_answer_marks(written) == written


def test_nothing_but_marks_is_nothing():
    assert without_answer_marks("Re: AW:") == ""


@pytest.mark.parametrize("written", ["Fwd: AW: Broken mug", "Re: WG: Broken mug", "Broken mug"])
def test_whoever_passed_it_on_the_matter_is_the_same(written: str):
    assert without_marks(written) == "Broken mug"


def test_what_is_in_front_says_whether_it_answers_or_passes_on():
    """What was answered after it had been passed on is an answer, and the other way round."""
    assert is_answer("AW: Fwd: mug")
    assert not is_forward("AW: Fwd: mug")
    assert is_forward("RV: Re: mug")
    assert not is_answer("RV: Re: mug")
