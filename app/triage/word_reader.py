"""Word reader: what a judgement makes of a mail's words alone, of several mails side by side.

Part of the fifth step of the walk, and most of its work. It asks neither who wrote nor when, so it
is done before the writer's turn by whoever delivers mails; who judges them then finds it here.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from app.triage.encoder import Encoder, Floats
from app.triage.features import Written
from app.triage.transformer import Transformer
from app.triage.views import Views

_BESIDE = 3  # threads for the transformer: it takes three times as long as the encoder
_FEW = 6  # mails, after which whoever else reads has a turn
_KEPT = 50  # mails that nobody judged yet; 150 kB each


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of a mail's words: by the encoder, and at once by the transformer."""

    views: Views
    at_once: Floats


class WordReader:
    """Both networks; for all threads. The encoder is for one at a time, the transformer's products
    are for many and run beside it."""

    def __init__(self, encoder: Encoder, transformer: Transformer) -> None:
        self._encoder = encoder
        self._transformer = transformer
        self._beside = ThreadPoolExecutor(min(_BESIDE, os.cpu_count() or 1), "words")
        self._turn, self._shelf = threading.Lock(), threading.Lock()
        self._ahead: dict[Written, Read] = {}

    def read(self, words: Written) -> Read:
        """What was read ahead, for once; otherwise it is read now."""
        with self._shelf:
            known = self._ahead.pop(words, None)
        return known or self._read([words])[0]

    def read_ahead(self, mails: Iterable[Written]) -> None:
        """Read mails that are to be judged soon; of very many the last are kept."""
        with self._shelf:
            new = [words for words in dict.fromkeys(mails) if words not in self._ahead]
        for begin in range(0, len(new), _FEW):
            some = new[begin : begin + _FEW]
            found = self._read(some)
            with self._shelf:
                self._ahead |= zip(some, found, strict=True)
                for oldest in list(self._ahead)[:-_KEPT]:
                    del self._ahead[oldest]

    def _read(self, mails: Sequence[Written]) -> list[Read]:
        with self._turn:
            tokens = [self._transformer.tokens(one.subject, one.text) for one in mails]
            at_once = [self._beside.submit(self._transformer.scores_of, one) for one in tokens]
            views = [one.views(self._encoder) for one in mails]
        return [Read(*both) for both in zip(views, (one.result() for one in at_once), strict=True)]
