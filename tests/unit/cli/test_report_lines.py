"""The lines of `report` for people: counts that add up, and shares that do not say too much."""

from __future__ import annotations

import pytest

from app.cli.report import _found, _issues


def a_share(share: float, **by: int) -> dict[str, object]:
    return {"clock": None, "share": share, "by": by}


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0%"), (1.0, "100%"), (299 / 300, "99.7%"), (0.0001, "0.1%"), (0.355, "36%")],
)
def test_all_and_none_are_said_only_of_all_and_none(share, said):
    assert _found(a_share(share)) == said


def test_the_counts_behind_a_share_add_up():
    """What is not named is counted together; a fourth is named rather than called "others"."""
    assert _found(a_share(0.5, a=5, b=4, c=3, d=2)) == "50% (a 5, b 4, c 3, d 2)"
    assert _found(a_share(0.5, a=5, b=4, c=3, d=2, e=1)) == "50% (a 5, b 4, c 3, all others 3)"


def test_one_issue_is_one_issue():
    assert [_issues({"issues": number}) for number in (0, 1, 1204)] == [
        "0 issues", "1 issue", "1,204 issues"
    ]  # fmt: skip


def test_nearly_an_hour_is_an_hour():
    said = _found({"clock": "wall", "median_minutes": 59.7, "p90_minutes": 2879.9})
    assert said == "median 1.0 h, 90 % within 48.0 h (wall)"
