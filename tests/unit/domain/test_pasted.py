"""Pasted: what a copied password or key was meant to be."""

from __future__ import annotations

import pytest

from app.domain.pasted import passwords, trimmed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("secret", ("secret",)),
        ("secret ", ("secret ", "secret")),
        ("se cret\n", ("se cret",)),
        ("\u200bsecret\r\n", ("\u200bsecret", "secret")),
        ("se\ncret", ("se\ncret",)),
        ("\n", ("",)),
        (" \n", (" ",)),
    ],
)
def test_of_an_own_password_only_the_ends_are_in_doubt_and_a_line_end_is_never_meant(
    typed: str, meant: tuple[str, ...]
) -> None:
    assert passwords(typed, for_programs=False) == meant


def test_one_for_programs_has_no_blank_inside() -> None:
    assert passwords(" abcd\xa0efgh\n", for_programs=True) == ("abcdefgh",)


@pytest.mark.parametrize("typed", ["", " \n\u200b"])
def test_of_dirt_alone_nothing_is_left(typed: str) -> None:
    assert trimmed(typed) == ""
