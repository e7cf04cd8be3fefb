"""Each of the 125 threats that the program has to stand has its test, by its number.

A test says the number of its case in its name (`test_case_061_...`) or at the beginning of its
docstring ("Case 61: ...", "Cases 69 to 73 and 75: ..."). Only numbers are looked at: what the case
is about says the test.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LAST = 125
_IN_NAME = re.compile(r"test_cases?((?:_\d{3})+(?:_and_\d{3})?)_")
_IN_WORDS = re.compile(r"Cases? ([\d, toand]+):")
_SPAN = re.compile(r"(\d+)(?: to (\d+))?")


def numbers(name: str, words: str) -> Iterator[int]:
    """The cases of a test with this name and docstring."""
    if found := _IN_NAME.match(name):
        yield from (int(number) for number in re.findall(r"\d{3}", found[1]))
    if found := _IN_WORDS.match(words):
        for first, last in _SPAN.findall(found[1]):
            yield from range(int(first), int(last or first) + 1)


def every_test() -> Iterator[tuple[str, str]]:
    for path in TESTS.rglob("test_*.py"):
        text = path.read_text("utf-8")
        if "ase" not in text:  # parsing all would take seconds
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name, ast.get_docstring(node) or ""


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("test_case_061_markup", "", [61]),
        ("test_cases_087_and_090_nothing", "", [87, 90]),
        ("test_it", "Case 7: a forward.", [7]),
        ("test_it", "Cases 69 to 73 and 75: it claims.", [69, 70, 71, 72, 73, 75]),
        ("test_500_are_done", "In case 3 of them fail: nothing.", []),
    ],
)
def test_a_number_is_read_from_name_or_docstring(name: str, words: str, expected: list[int]):
    assert list(numbers(name, words)) == expected


def test_every_case_has_its_test():
    proven = {number for name, words in every_test() for number in numbers(name, words)}
    assert sorted(set(range(1, LAST + 1)) - proven) == []
    assert max(proven) == LAST
