"""The lines of `report` for people: counts that add up, and shares that do not say too much."""

from __future__ import annotations

import pytest

from app.cli.report import _basis, _found


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


@pytest.mark.parametrize(("number", "said"), [(0, "0 issues"), (1, "1 issue"), (1204, "1,204 i")])
def test_one_issue_is_one_issue(number, said):
    """And the time is told in whole seconds."""
    of = {"from": "2026-08-25T17:58:41.152377Z", "to": "2026-11-23T17:58:41Z"}
    told = _basis({"issues": number, **of})
    assert told.startswith(said)
    assert told.endswith(" from 2026-08-25T17:58:41Z to 2026-11-23T17:58:41Z")


def test_of_nothing_there_is_nothing_to_go_by():
    """Which is not the same as of some that are all still open."""
    figure = {"clock": "wall", "median_minutes": None, "p90_minutes": None}
    assert _found({**figure, "n": 0}) == "nothing to go by"
    assert _found({**figure, "n": 3}) == "too few are over"


def test_nearly_an_hour_is_an_hour():
    said = _found({"clock": "wall", "median_minutes": 59.7, "p90_minutes": 2879.9})
    assert said == "median 1.0 h, 90 % within 48.0 h (wall)"
