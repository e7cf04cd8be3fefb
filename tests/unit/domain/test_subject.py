"""What a conversation is called does not depend on who answered first."""

from __future__ import annotations

import pytest

from app.domain.subject import without_answer_marks


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
