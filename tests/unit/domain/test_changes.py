"""Changes add up, and travel to a desk whole."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import Changes

names = st.frozensets(st.text(max_size=5), max_size=4)
numbers = st.frozensets(st.integers(min_value=1, max_value=2**53), max_size=4)
some_changes = st.builds(
    Changes, issues=names, added=names, accounts=names, alerts=numbers, outbox=numbers
)


@given(some_changes)
def test_changes_survive_the_way_through_json(changes: Changes) -> None:
    assert Changes.from_dict(json.loads(json.dumps(changes.as_dict()))) == changes


@given(some_changes, some_changes)
def test_the_sum_holds_what_either_moved(one: Changes, other: Changes) -> None:
    both = one | other
    assert both == other | one
    assert one.issues | other.issues == both.issues
    assert one.outbox | other.outbox == both.outbox


def test_nothing_moved_is_false_and_anything_moved_is_true() -> None:
    assert not Changes()
    assert Changes.of_issues(["i1_a"])
    assert Changes(outbox=frozenset({1}))
