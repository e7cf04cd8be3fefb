"""The window's house rules: text stays text, heavy parts stay out, nobody stops the owner."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
UI = ROOT / "app" / "ui"
# What the window's process never loads: it costs its start, or touches the network.
HEAVY = ("numpy", "sklearn", "httpx", "sqlite_utils", "imapclient", "smtplib", "keyring",
         "PySide6.QtSql", "PySide6.QtNetwork", "asyncio", "babel")  # fmt: skip


@cache
def _all_calls() -> tuple[tuple[Path, str, ast.Call], ...]:
    return tuple(
        (path, ast.unparse(node.func).rpartition(".")[2], node)
        for path in UI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    )


def _calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    return ((path, call) for path, called, call in _all_calls() if called == name)


def test_no_label_is_made_with_a_text_before_it_knows_that_it_is_plain():
    guilty = [f"{path.name}:{call.lineno}" for path, call in _calls("QLabel") if call.args]
    assert guilty == []


def test_no_label_guesses_or_shows_rich_text():
    wrong = [
        f"{path.name}:{call.lineno}"
        for path, call in _calls("setTextFormat")
        if not (isinstance(call.args[0], ast.Attribute) and call.args[0].attr == "PlainText")
    ]
    assert wrong == []


def test_every_label_of_its_own_says_that_it_is_plain_or_a_picture():
    for path in UI.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        made = sum(1 for where, _ in _calls("QLabel") if where == path)
        said = text.count("TextFormat.PlainText") + text.count(".setPixmap(")
        assert made <= said, f"{path.name}: a QLabel without PlainText"


def test_there_is_no_message_box():
    assert [path.name for path in UI.rglob("*.py") if "QMessageBox" in path.read_text()] == []


def test_the_windows_process_keeps_no_sources():
    """PySide reads each module's source when it is loaded, and Python keeps all of it."""
    code = "import app.ui.application, linecache; print('\\n'.join(linecache.cache))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [
        name for name in done.stdout.splitlines() if Path(name).is_relative_to(ROOT / "app")
    ] == []


def test_the_windows_process_loads_nothing_heavy():
    code = "import sys, app.ui.application; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert sorted(loaded & set(HEAVY)) == []
