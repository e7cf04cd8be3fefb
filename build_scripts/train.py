"""Train: makes the shipped weights from the example mails.

    python3 build_scripts/train.py            writes resources/model/judgement.npz
    python3 build_scripts/train.py --check    only says what the examples hold

The same examples, rules and libraries give the same file on the same machine. Takes eighteen
minutes of two cores, most of it for the five rounds in which every mail is judged by weights that
never saw it; from these come the thresholds and the figures that are printed.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import redirect_stdout

import environment
from environment import ROOT, say

EXAMPLES = ROOT / "resources" / "examples"
TARGET = ROOT / "resources" / "model" / "judgement.npz"


def main() -> int:
    """Train in the project's environment; 1 if an example cannot be read."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--check", action="store_true", help="read the examples, learn nothing")
    chosen = options.parse_args()
    if os.environ.get("FRONTBURNER_TRAINING") != "1":
        return _again_in_the_environment(sys.argv[1:])
    sys.path.insert(0, str(ROOT))
    import training

    return training.run(EXAMPLES, TARGET, only_check=chosen.check, out=say)


def _again_in_the_environment(arguments: list[str]) -> int:
    with redirect_stdout(sys.stderr):
        environment.make(dev=True)
    one_order = {"OPENBLAS_NUM_THREADS": "1"}  # of sums: the same bytes each time
    return environment.run_again(__file__, arguments, FRONTBURNER_TRAINING="1", **one_order)


if __name__ == "__main__":
    sys.exit(main())
