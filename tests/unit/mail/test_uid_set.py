"""Many UIDs in few letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.uid_set import LONGEST, uid_sets


def members(line: str) -> list[int]:
    found: list[int] = []
    for run in line.split(","):
        first, _, last = run.partition(":")
        found.extend(range(int(first), int(last or first) + 1))
    return found


@pytest.mark.parametrize(
    ("uids", "expected"),
    [
        ([], []),
        ([5], ["5"]),
        ([3, 1, 2], ["1:3"]),
        ([1, 2, 5, 7, 8, 8], ["1:2,5,7:8"]),
        (range(1, 20_001), ["1:20000"]),
    ],
)
def test_runs_become_ranges(uids, expected):
    assert list(uid_sets(uids)) == expected


def test_a_long_set_becomes_several_short_lines():
    lines = list(uid_sets(range(1_000_000_000, 1_000_040_000, 2)))
    assert len(lines) > 1
    assert max(map(len, lines)) <= LONGEST


@given(st.sets(st.integers(1, 5_000), max_size=2_000))
def test_each_uid_is_asked_for_exactly_once(uids):
    assert [uid for line in uid_sets(uids) for uid in members(line)] == sorted(uids)
