"""rules/sla.toml and the owner's own beside it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config.paths import rules
from app.domain.assessment import Priority
from app.domain.deadline import Metric
from app.domain.errors import KnownError
from app.domain.time_text import said
from app.escalation.rules import SlaRules, duration


def _own(folder: Path, text: str) -> Path:
    (folder / "sla.toml").write_text(text)
    return folder


def test_the_owner_changes_one_time_and_keeps_the_others(tmp_path: Path) -> None:
    own = _own(tmp_path, '[first_response]\nP2 = "90 min"\n')
    found = SlaRules.load(rules(), own).by_priority[Metric.FIRST_RESPONSE]
    assert found[Priority.P2] == timedelta(minutes=90)
    assert found[Priority.P1] == timedelta(hours=1)


def test_without_a_file_of_the_owner_ours_stand(tmp_path: Path) -> None:
    assert SlaRules.load(rules(), tmp_path) == SlaRules.load(rules())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[first_response]\nP2 = "soon"\n', 'P2 = "soon" is not a time'),
        ('[first_response]\nP2 = "0 h"\n', 'P2 = "0 h" is not a time'),
        ('[first_response]\nP2 = "91 d"\n', "of at most 90 days"),
        ('[first_response]\nP9 = "1 h"\n', "P9"),
        ("[first_response]\nP2 = 4\n", "first_response"),
        ('[first_respnse]\nP2 = "1 h"\n', "first_respnse"),
        ("[first_response\n", "line 1"),
        ("\xff", "sla.toml cannot be used"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(
    tmp_path: Path, text: str, why: str
) -> None:
    own = tmp_path
    (own / "sla.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(KnownError) as caught:
        SlaRules.load(rules(), own)
    assert str(tmp_path / "sla.toml") in caught.value.title
    assert why in caught.value.sentence


def test_a_priority_without_a_time_is_named(tmp_path: Path) -> None:
    own = _own(tmp_path, '[first_response]\nP1 = "1 h"\n')
    with pytest.raises(KnownError, match="promises nothing for P2"):
        SlaRules.load(own)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45 min", 45), ("1 h", 60), ("1h 30min", 90), ("  1 h  30 min ", 90), ("2 d", 2880)],
)
def test_times_are_read_as_people_write_them(text: str, minutes: int) -> None:
    assert duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text", ["", "1", "h", "1 hour", "-1 h", "1 h,", "1.5 h", "9" * 6 + " min"]
)
def test_anything_else_is_not_a_time(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text itself is all there is to say
        duration(text)


@given(st.integers(1, 90 * 24 * 60))
def test_a_time_that_is_said_reads_back_as_itself(minutes: int) -> None:
    time = timedelta(minutes=minutes)
    assert duration(said(time)) == time


def test_hours_stay_hours_as_long_as_people_say_them_so() -> None:
    assert [said(timedelta(hours=hours)) for hours in (24, 36, 48, 72, 75)] == [
        "24 h",
        "36 h",
        "48 h",
        "3 d",
        "3 d 3 h",
    ]
