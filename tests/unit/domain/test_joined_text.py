"""Why a mail lies with its issue is kept in English and said in the owner's language."""

from __future__ import annotations

import pytest

from app.domain.joined_text import BY_ORDER, why_joined


def test_without_a_language_it_is_said_as_it_is_kept() -> None:
    kept = "written elsewhere and found in Sent; the same customer wrote about order 10 before"
    assert why_joined(kept) == kept
    assert why_joined("") == ""


@pytest.mark.usefixtures("german")
def test_each_reason_is_said_with_its_number() -> None:
    """One reason, or several."""
    assert why_joined(BY_ORDER.format(number="MM-7")) == (
        "derselbe Kunde schrieb schon zu Bestellung MM-7"
    )
    assert (
        why_joined("answers an earlier issue; it was put away more than 30 days before")
        == "antwortet auf einen früheren Fall; er war seit über 30 Tagen abgelegt"
    )


@pytest.mark.usefixtures("german")
def test_what_is_not_known_stays() -> None:
    """A reason that an older version wrote."""
    assert why_joined("because of the moon") == "because of the moon"
