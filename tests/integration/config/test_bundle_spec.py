"""What build_scripts/frontburner.spec puts into the bundle, with PyInstaller played."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

SPEC = Path(__file__).resolve().parents[3] / "build_scripts" / "frontburner.spec"
GIVEN = (
    "resources/translations/de.po",
    "PySide6/Qt/translations/qtbase_de.qm",
    "PySide6/Qt/translations/qtbase_ja.qm",
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/Qt/plugins/platforms/libqvnc.so",
    "babel/locale-data/de.dat",
    "babel/locale-data/zu.dat",
)


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the spec for a platform: what COLLECT was given."""

    def run(platform: str) -> tuple[Any, ...]:
        hooks, depend = ModuleType("hooks"), ModuleType("bindepend")
        for name in ("collect_data_files", "collect_submodules", "copy_metadata"):
            setattr(hooks, name, lambda *_: [])
        depend.get_imports = lambda *_: []  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
        monkeypatch.setitem(sys.modules, "PyInstaller.depend.bindepend", depend)
        monkeypatch.setattr(sys, "platform", platform)
        entries = [(name, f"/from/{name}", "DATA") for name in GIVEN]
        found = SimpleNamespace(binaries=[], datas=entries, pure=[], scripts=[])
        got: list[tuple[Any, ...]] = []
        play = {
            "SPECPATH": str(SPEC.parent),
            "Analysis": lambda *_, **__: found,
            "PYZ": lambda *_: "pyz",
            "EXE": lambda *_, name, console, **__: (name, console),
            "COLLECT": lambda *what, **_: got.append(what),
        }
        exec(compile(SPEC.read_text(encoding="utf-8"), str(SPEC), "exec"), play)
        monkeypatch.undo()
        return got[0]

    return run


def test_the_bundle_speaks_the_languages_of_the_source(collected: Any) -> None:
    """Our own words went with those of Qt that nobody speaks: the bundle knew English alone."""
    *_, datas = collected("linux")
    assert [entry[0] for entry in datas] == [
        "resources/translations/de.po",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "babel/locale-data/de.dat",
    ]


def test_on_windows_there_is_a_program_without_a_console_beside_the_one_that_prints(
    collected: Any,
) -> None:
    """The first is for a double click and for sign-in, the second for commands."""
    assert collected("win32")[:2] == (("frontburner", True), ("frontburnerw", False))
    assert collected("linux")[0] == ("frontburner", True)
    assert collected("darwin")[1] == []
