"""Where the bundle is tried: away from the source tree, and in a root with nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.frozen.bundle import BUILT, Bundle

# What a bare Debian lacks for drawing without a screen: the graphics card's and the letters' part.
_LIBRARIES = ("libgl1", "libegl1", "libfontconfig1")


@pytest.fixture(scope="session")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle as it was built, copied to where no source lies beside it."""
    if not (BUILT / "frontburner").exists():
        pytest.skip("there is no bundle; build_scripts/build.py makes it")
    target = tmp_path_factory.mktemp("somewhere") / "frontburner"
    shutil.copytree(BUILT, target, symlinks=True)
    return target


@pytest.fixture
def bundle(moved: Path) -> Iterator[Bundle]:
    """The bundle with a new home."""
    home = Path(tempfile.mkdtemp(prefix="home-"))
    yield Bundle(folder=moved, home=home)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def bare_root(moved: Path) -> Iterator[Path]:
    """A Debian with nothing in it but what the bundle needs; takes a minute or two to make."""
    if os.geteuid():
        pytest.skip("only root may make another root")
    if shutil.which("debootstrap") is None:
        pytest.skip("debootstrap is not on this machine")
    root = Path(tempfile.mkdtemp(prefix="bare-"))
    try:
        done = subprocess.run(
            [
                "debootstrap",
                "--variant=minbase",
                f"--include={','.join(_LIBRARIES)}",
                _suite(),
                root,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"no bare Debian could be made here: {done.stdout[-300:]}")
        shutil.copytree(moved, root / "opt" / "frontburner", symlinks=True)
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def alone(bare_root: Path) -> Bundle:
    """The bundle inside that root."""
    return Bundle(folder=Path("/opt/frontburner"), home=Path("/root"), root=bare_root)


def _suite() -> str:
    lines = Path("/etc/os-release").read_text().splitlines()
    named = dict(line.split("=", 1) for line in lines if "=" in line)
    if named.get("ID") != "debian":
        pytest.skip("this machine is no Debian; a bundle is tried on the system it was built on")
    return named.get("VERSION_CODENAME", "stable")
