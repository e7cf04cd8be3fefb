"""The files that pin what is installed name all that `pyproject.toml` asks for, with hashes."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.support.program import ROOT

_NAME = re.compile(r"[\w-]+")
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
_GROUPS = _PROJECT["dependency-groups"]
_SHIPPED = _PROJECT["project"]["dependencies"]


def _names(wanted: list[str]) -> set[str]:
    return {_plain(_NAME.match(one)[0]) for one in wanted}  # type: ignore[index]


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("requirements.lock", _SHIPPED),
        ("requirements-dev.lock", [*_SHIPPED, *_GROUPS["dev"], *_GROUPS["build"]]),
    ],
)
def test_a_lock_pins_all_that_is_asked_for(file: str, wanted: list[str]) -> None:
    """Else a fresh machine has no tests, or, as it was for a day, no bundle."""
    pinned = {
        _plain(lines.split("==")[0])
        for lines in (ROOT / "build_scripts" / file).read_text().split("\n")
        if "==" in lines and not lines.startswith(" ")
    }
    assert _names(wanted) - pinned == set()


@pytest.mark.parametrize(
    "file", ["requirements.lock", "requirements-dev.lock", "requirements-tune.lock"]
)
def test_what_a_lock_pins_has_a_hash_and_no_address(file: str) -> None:
    text = (ROOT / "build_scripts" / file).read_text()
    entries = [one for one in re.split(r"\n(?=\S)", text) if not one.startswith("#")]
    assert [one for one in entries if "--hash=sha256:" not in one] == []
    assert "://" not in text


def test_nothing_is_asked_for_twice() -> None:
    asked = [_plain(_NAME.match(one)[0]) for one in _SHIPPED]  # type: ignore[index]
    assert len(asked) == len(set(asked))
