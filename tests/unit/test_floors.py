"""The house: imports run downwards, and each foreign library has one room."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
# Of the engine's floor a desk may import these: how to ask, how to read, and their frames.
OPEN_TO_DESKS = {"app.engine.client", "app.engine.queries"}
# Processes of their own that `__main__` becomes, as it becomes the engine.
OPEN_TO_MAIN = {"app.engine.reader_process", "app.engine.thumbnail_process"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("app", include_external_packages=True, cache_dir=None)


def test_the_contracts_of_pyproject_hold():
    """Every contract of import-linter is kept."""
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [tool, "--no-cache"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_a_desk_imports_of_the_engine_only_client_and_queries(graph):
    """Window and command line ask verbs and read rows; they never reach into the engine."""
    desks = {
        module
        for module in graph.modules
        if module.startswith(("app.ui", "app.cli")) or module == "app.__main__"
    }
    reached = {
        (desk, imported)
        for desk in desks
        for imported in graph.find_modules_directly_imported_by(desk)
        if imported.startswith("app.engine") and imported not in OPEN_TO_DESKS
    }
    assert reached == {("app.__main__", module) for module in OPEN_TO_MAIN}


def test_only_the_composition_root_knows_every_room(graph):
    """Nobody but __main__ imports bootstrap, and the desks never do."""
    importers = graph.find_modules_that_directly_import("app.bootstrap")
    assert importers == {"app.__main__"}


def test_only_the_pages_of_the_platform_ask_for_it(graph):
    """sys.platform and os.name are read where what differs by platform is kept."""
    allowed = {
        "app/config/system.py",
        "app/config/processes.py",
        "app/config/desktop.py",
        "app/config/heap.py",
        "app/config/autostart.py",
        "app/alerts/plyer_notifier.py",
    }
    asking = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "app").rglob("*.py")
        if "sys.platform" in file.read_text() or "os.name" in file.read_text()
    }
    assert asking <= allowed


def test_every_module_opens_with_its_duty():
    """No module of the program is without a docstring."""
    silent = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "app").rglob("*.py")
        if not file.read_text().lstrip().startswith(('"""', "'''"))
    ]
    assert silent == []


def test_an_engine_loads_nothing_that_reads_pictures_before_it_is_asked():
    """A stranger's picture is only read in a process that gave up everything else."""
    code = "import sys, app.bootstrap; print('PIL' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.split() == ["False", "False"]
