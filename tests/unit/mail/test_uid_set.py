"""Many UIDs in few letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.uid_set import LONGEST, uid_ranges, uid_sets, within


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


def test_what_a_server_names_is_read_in_any_order_and_not_spelled_out():
    ranges = uid_ranges("9:7,1,4294967295:100,50:60")
    assert ranges == ((7, 9), (1, 1), (100, 4294967295), (50, 60))
    assert within((1, 2, 6, 7, 8, 9, 55, 99, 100, 10**9), ranges) == {1, 7, 8, 9, 55, 100, 10**9}


def test_ranges_that_lie_in_one_another_are_both_heard():
    assert within((1, 5, 9, 11), ((1, 10), (2, 3))) == {1, 5, 9}
    assert within((1, 2), ()) == frozenset()
