"""Every text that the owner reads is translated, with the same places for the same values."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "build_scripts"))

import translations  # noqa: E402 - lies beside the program, not in it

_PLACE = re.compile(r"\{(\w+)\}")
_LANGUAGES = sorted(translations.FOLDER.glob("*.po"))
_MARKS = {mark for _, mark in translations.MARKS}


@pytest.fixture(scope="module")
def said() -> Catalog:
    """All that the program says, collected once."""
    return translations.collected()


@pytest.mark.parametrize("file", _LANGUAGES, ids=lambda file: file.stem)
def test_every_text_has_its_translation(file: Path, said: Catalog) -> None:
    """`build_scripts/translations.py --update` gives the missing ones a place."""
    catalog = translations.read(file)
    missing = [one.id for one in said if not translations.translated(catalog, one.id, one.context)]
    assert missing == []


@pytest.mark.parametrize("file", _LANGUAGES, ids=lambda file: file.stem)
def test_no_file_keeps_what_is_no_longer_said(file: Path, said: Catalog) -> None:
    """It would be translated for nobody."""
    kept = [one.id for one in translations.read(file) if one.id]
    assert [one for one in kept if said.get(one) is None and one not in _MARKS] == []


@pytest.mark.parametrize("file", _LANGUAGES, ids=lambda file: file.stem)
def test_translations_have_the_places_of_the_text(file: Path) -> None:
    """A place that is misspelt would break the sentence when it is said."""
    for one in translations.read(file):
        for form in translations.forms(one.string) if one.id else ():
            asked, given = (
                set(_PLACE.findall(translations.forms(one.id)[-1])),
                set(_PLACE.findall(form)),
            )
            assert given <= asked, one.id
            assert asked - given <= {"n"}, one.id  # "once" needs no number


def _asked_too_early(tree: ast.Module) -> Iterator[int]:
    """The lines on which something is said while a module is loaded."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("tr", "trn", "joined"):
            yield node.lineno
        waiting.extend(ast.iter_child_nodes(node))


def test_nothing_is_said_before_the_language_is_known() -> None:
    """A table made when its module is loaded marks its texts with `to_translate`."""
    early = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in (ROOT / "app").rglob("*.py")
        for line in _asked_too_early(ast.parse(path.read_text("utf-8")))
    ]
    assert early == []
