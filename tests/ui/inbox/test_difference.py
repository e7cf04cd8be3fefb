"""Difference: only the middle of two orders is walked through."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from app.ui.inbox.difference import middle

numbers = st.lists(st.integers(1, 12), max_size=25)


@given(old=numbers, new=numbers)
def test_outside_of_the_middle_both_are_alike(old, new):
    start, end, end_new = middle(array("q", old), array("q", new))
    assert old[:start] == new[:start]
    assert old[end:] == new[end_new:]
    assert start <= end
    assert start <= end_new


@given(old=numbers, new=numbers)
def test_the_middle_is_as_small_as_it_can_be(old, new):
    start, end, end_new = middle(array("q", old), array("q", new))
    if start < end and start < end_new:
        assert old[start] != new[start]
        assert old[end - 1] != new[end_new - 1]


def test_equal_orders_have_no_middle():
    same = array("q", range(100))
    assert middle(same, array("q", same)) == (100, 100, 100)
