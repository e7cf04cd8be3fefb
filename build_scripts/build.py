"""Build: the one-dir bundle that runs on a machine without Python.

    python3 build_scripts/build.py            dist/frontburner/

The bundle is for the system it was built on; there is no building across systems. One-dir and not
one-file, because a single file unpacks itself for seconds at each start, and the engine is started
often.
"""

from __future__ import annotations

import shutil
import sys

import environment
from environment import ROOT, run, say

BUNDLE = ROOT / "dist" / "frontburner"


def main() -> int:
    """Make the bundle and say how large it is."""
    python = environment.make(dev=True)
    environment.need_window()
    spec = ROOT / "build_scripts" / "frontburner.spec"
    work = ROOT / "build" / "pyinstaller"
    shutil.rmtree(BUNDLE, ignore_errors=True)
    run(
        [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
         "--distpath", BUNDLE.parent, "--workpath", work, spec]
    )  # fmt: skip
    size = sum(file.stat().st_size for file in BUNDLE.rglob("*") if file.is_file())
    say(f"{BUNDLE.relative_to(ROOT)}: {size / 2**20:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
