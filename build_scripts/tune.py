"""Tune: makes the shipped transformer from the example mails and multilingual-e5-small.

    python3 build_scripts/tune.py             writes resources/model/transformer.npz

Takes fifty minutes of two cores and, in build/tuning, four gigabytes for PyTorch, which nothing
else needs; on Linux. Run `train.py` afterwards: its thresholds are those of all parts together.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import environment
from environment import ROOT, say

EXAMPLES = ROOT / "resources" / "examples"
TARGET = ROOT / "resources" / "model" / "transformer.npz"
LOCK = Path(__file__).with_name("requirements-tune.lock")
PLACE = ROOT / "build" / "tuning"


def main() -> int:
    """Tune with PyTorch beside the project's environment; 1 if an example cannot be read."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    if os.environ.get("FRONTBURNER_TRAINING") != "1":
        return _again_with_pytorch()
    sys.path.insert(0, str(ROOT))
    import training
    import tuning

    from app.domain.errors import KnownError
    from app.triage.encoder import Encoder
    from app.triage.examples import read_examples

    try:
        read = read_examples(EXAMPLES)
    except KnownError as error:
        say(error.sentence)
        return 1
    tuning.tune(training.told(read, EXAMPLES), Encoder.load().cutter, TARGET, say)
    return 0


def _again_with_pytorch() -> int:
    with redirect_stdout(sys.stderr):
        environment.make(dev=True)
        environment.make_beside(LOCK, PLACE)
    return environment.run_again(__file__, FRONTBURNER_TRAINING="1", PYTHONPATH=str(PLACE))


if __name__ == "__main__":
    sys.exit(main())
