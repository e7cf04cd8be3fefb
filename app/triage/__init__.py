"""ROOM. What a message means: who wrote it, what about, how bad, which issue, in what order."""

import os

# Before anybody imports numpy (the migrations of a new profile do, too): its products of a few
# thousand numbers cost more to share among threads than to do, and on a busy machine a hundred
# times more.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
