"""Whether one address writes for several people: told by whole names with nothing in common."""

from __future__ import annotations

import pytest

from app.triage.other_names import is_another

RELAY = "messages@marketplace.example"


@pytest.mark.parametrize(
    ("name", "earlier"),
    [
        ("Ben Costa", "Anna King"),
        ("Ben C.", "Anna K."),
        ("Ben Costa via Marketplace", "Anna King via Marketplace"),
        ("Ben Costa (Marketplace)", "Anna King (Marketplace)"),
        ("Ben Costa - Marketplace", "Anna King - Marketplace"),
    ],
)
def test_two_whole_names_are_two_people(name: str, earlier: str) -> None:
    assert is_another(name, [earlier], address=RELAY)


@pytest.mark.parametrize(
    ("name", "earlier"),
    [
        ("Anna King", "King, Anna"),
        ("ÁNNA KING", "anna king"),
        ("Anna Müller", "Anna King"),
        ("A. King", "Anna King"),
        ("A. K.", "Anna King"),
        ("Anna", "Ben Costa"),
        ("annak87", "Ben Costa"),
        ("anna.king@customer.example", "Ben Costa"),
        ("", "Ben Costa"),
        ("Marketplace", "Ben Costa"),
        ("王伟", "Ben Costa"),
    ],
)
def test_whoever_may_be_the_same_is_the_same(name: str, earlier: str) -> None:
    assert not is_another(name, [earlier], address=RELAY)
    assert not is_another(earlier, [name], address=RELAY)


def test_one_of_several_who_wrote_before_is_nobody_else() -> None:
    assert not is_another("Anna King", ["Ben Costa", "Anna King"], address=RELAY)
    assert is_another("Cleo Dunn", ["Ben Costa", "Anna King"], address=RELAY)
    assert not is_another("Cleo Dunn", [], address=RELAY)
