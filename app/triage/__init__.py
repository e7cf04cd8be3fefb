"""ROOM. What a message means: who wrote it, what about, how bad, which issue, in what order."""

import os

# Before anything here imports numpy: its products of a few thousand numbers cost more to share
# among threads than to do, a hundred times more on a machine that is busy.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
