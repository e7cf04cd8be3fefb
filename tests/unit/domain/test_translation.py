"""What is said goes through the language that the process speaks."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import NullTranslations

import pytest

from app.domain.translation import grouped, joined, pointed, speak, tr, trn


class Backwards(NullTranslations):
    """A language that reads from right to left, with one form for every number."""

    def gettext(self, message: str) -> str:
        return "{name} , Hallo" if message == "Hello, {name}" else message[::-1]

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"{{n}} × {msgid1.split()[-1]}"

    def pgettext(self, context: str, message: str) -> str:
        return {"thousands": ".", "decimal": ","}[context]


@pytest.fixture
def backwards() -> Iterator[None]:
    speak(Backwards())
    yield
    speak(NullTranslations())


def test_without_a_language_everything_is_said_as_it_is_written() -> None:
    """Texts, counts, marks and lists."""
    assert tr("Hello, {name}", name="Ada") == "Hello, Ada"
    assert trn("{n} mail", "{n} mails", 1) == "1 mail"
    assert trn("{n} mail", "{n} mails", 1204) == "1,204 mails"
    assert (grouped(1204), pointed("1.5")) == ("1,204", "1.5")


@pytest.mark.usefixtures("backwards")
def test_with_a_language_it_is_said_as_that_has_it() -> None:
    """Texts with their values in other places, counts, marks."""
    assert tr("Hello, {name}", name="Ada") == "Ada , Hallo"
    assert trn("{n} mail", "{n} mails", 1204) == "1.204 × mail"
    assert pointed("1.5") == "1,5"


@pytest.mark.usefixtures("backwards")
def test_nothing_to_say_is_nothing() -> None:
    """gettext itself would answer with the head of its file."""
    assert tr("") == ""


def test_braces_in_a_value_are_no_places() -> None:
    """What a customer writes is never taken for a place of ours."""
    assert tr("From {name}", name="{0} {name}") == "From {0} {name}"
    assert tr("Stands as {{ shop.name }}") == "Stands as {{ shop.name }}"


@pytest.mark.parametrize(
    ("parts", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_several_things_are_listed_as_people_do(parts: list[str], said: str) -> None:
    """With commas, and "and" before the last."""
    assert joined(parts) == said
