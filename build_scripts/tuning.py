"""Tuning: the layers of app/triage/transformer.py learnt from the example mails, end to end.

The words keep their meanings; of 250,000 pieces those are kept that our languages need. A fifth of
the examples is left out, all of a writer, so that no style is known: what the layers make of it is
honest, and by it the thresholds are set (`training.py`). The file says what it was learnt from.
"""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from e5_file import E5File
from fitting import Label, counts_of, folds_of, targets_of
from numpy.typing import NDArray
from schooling import importance_of
from torch import Tensor
from torch.nn import functional
from training import Told, fingerprint, writer_of
from tuned_net import Net

from app.triage.features import Written
from app.triage.model import KIND_HEADS
from app.triage.piece_table import PieceTable
from app.triage.pieces import Cutter
from app.triage.transformer import BEGIN, END, FORMAT, UNKNOWN, WIDTH, beside, tokens_of

_LEFT_OUT = 4  # of the folds
_ROUNDS, _AT_ONCE = 6, 32
_RATE, _RATE_OF_NEW, _WARMING, _SLOWEST = 2e-4, 1e-3, 0.08, 0.02
_UNREAD = 0.06  # of the words, others in each round
_YES_NO = (1.0, 1.0, 1.0, 1.5)  # how much severity counts, and ringing
_SECOND_SHARE, _EVENNESS = 0.2, 0.5
_KEPT_PIECES = 49_152
_PADDING = UNKNOWN
_SMOOTH = 0.998  # the mean of the weights of about the last 500 steps is shipped
Places = NDArray[np.int64]


def tune(
    examples: Sequence[Told], cutter: Cutter, target: Path, out: Callable[[str], None]
) -> None:
    """Learn, and write the file; `cutter` is the encoder's. 50 minutes of two cores."""
    torch.manual_seed(5)
    torch.set_num_threads(os.cpu_count() or 1)  # the application's own sums keep to one core
    file = E5File.of_package()
    labels = [one.label for one in examples]
    folds = folds_of(labels, [writer_of(one.example, row) for row, one in enumerate(examples)])
    inside = np.flatnonzero(folds != _LEFT_OUT)
    mails = [one.words for one in examples]
    pieces = kept_pieces(file, cutter, [mails[row] for row in inside])
    words = Words.of(file, pieces)
    own = cutter.over(words.table, unknown=UNKNOWN)
    tokens = [tokens_of(one.subject, one.text, own) for one in mails]
    net = Net(file, pieces)
    for step, loss in _steps(net, tokens, _Meant.of(labels, inside), inside):
        if step % 100 == 0:
            out(f"step {step}: {loss:.2f}")
    learnt = np.array(sorted(fingerprint(mails[row]) for row in inside), dtype=np.uint64)
    arrays: dict[str, Any] = {**words.arrays(), **net.arrays(), "learnt_from": learnt}
    arrays["facts"] = np.array(json.dumps({"format": FORMAT}))
    target.parent.mkdir(exist_ok=True)
    np.savez_compressed(target, **arrays)
    for path, rows in zip(beside(target), (words.rows, net.layer_rows()), strict=True):
        np.save(path, rows)
    out(f"{target} holds {target.stat().st_size / 1e6:.1f} MB")


def kept_pieces(file: E5File, cutter: Cutter, mails: Sequence[Written]) -> list[int]:
    """The numbers of the pieces that are kept: begin, end, unknown; all that the examples need; the
    commonest that are of Latin letters, digits and signs."""
    full = cutter.over(PieceTable.of(file.pieces, array("f", file.scores)), unknown=0)
    texts = (f"{one.subject} {one.text}" for one in mails)
    used = {piece for text in texts for word in text.split() for piece in full.pieces(word)} - {0}
    fine = [number for number, piece in enumerate(file.pieces) if piece and _is_latin(piece)]
    for number in sorted(fine, key=lambda number: -file.scores[number]):
        if len(used) == _KEPT_PIECES - 3:
            break
        used.add(number)
    return [0, 2, 3, *sorted(used)]


def _is_latin(piece: str) -> bool:
    letters = piece.replace("\u2581", "")
    return all(ord(one) < 0x250 or 0x2010 <= ord(one) <= 0x20CF for one in letters)


@dataclass(frozen=True, slots=True)
class Words:
    """The kept pieces: as a tree of letters, and what each means, packed as it came."""

    table: PieceTable
    rows: NDArray[np.uint8]

    @classmethod
    def of(cls, file: E5File, pieces: Sequence[int]) -> Words:
        """Begin, end and unknown are no letters, so no word holds them."""
        named = ["" if place in (BEGIN, END, UNKNOWN) else file.pieces[n]
                 for place, n in enumerate(pieces)]  # fmt: skip
        table = PieceTable.of(named, array("f", file.scores[list(pieces)]))
        packed, scales = (array[list(pieces)] for array in file.blocks("emb.word", WIDTH))
        return cls(table, np.concatenate((packed, scales.view(np.uint8)), axis=1))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """For the file."""
        table = self.table
        return {
            "letters": np.array(table.letters, dtype=np.uint32),
            "numbers": np.array(table.numbers, dtype=np.int32),
            "longer": np.array(table.longer, dtype=np.int32),
            "scores": np.array(table.scores, dtype=np.float32),
        }


@dataclass(frozen=True, slots=True)
class _Meant:
    """What is meant by each mail, and how much it counts."""

    targets: Tensor
    counts: Tensor

    @classmethod
    def of(cls, labels: Sequence[Label], inside: Places) -> _Meant:
        targets = targets_of(labels, _SECOND_SHARE)
        evened = importance_of(targets.astype(np.float32), inside, _EVENNESS)[:, 0]
        counts = counts_of(labels) * evened
        return cls(torch.tensor(targets).float(), torch.tensor(counts).float())

    def wrong(self, rows: list[int], said: Tensor) -> Tensor:
        """How far what was said of some mails is from what is meant."""
        wanted, kinds = self.targets[rows], KIND_HEADS.stop
        likely = functional.log_softmax(said[:, :kinds], 1)
        of_kind = -(wanted[:, :kinds] * likely).sum(1)
        others = functional.binary_cross_entropy_with_logits(
            said[:, kinds:], wanted[:, kinds:], reduction="none"
        )
        of_others = (others * torch.tensor(_YES_NO)).sum(1)
        return ((of_kind + of_others) * self.counts[rows]).mean()


def _steps(
    net: Net, tokens: Sequence[list[int]], meant: _Meant, inside: Places
) -> Iterator[tuple[int, float]]:
    """Every step with its loss; after the last the net has the mean of its weights."""
    layers, new = net.groups()
    learning = torch.optim.AdamW(
        [{**layers, "lr": _RATE}, {**new, "lr": _RATE_OF_NEW}], weight_decay=0.01
    )
    chance = np.random.default_rng(5)
    batches = [batch for _ in range(_ROUNDS) for batch in _batches(tokens, inside, chance)]
    rates = torch.optim.lr_scheduler.LambdaLR(learning, lambda step: _rate(step, len(batches)))
    mean = {name: one.detach().clone() for name, one in net.named_parameters()}
    net.train()
    for step, rows in enumerate(batches, start=1):
        read, there = _padded([tokens[row] for row in rows])
        read[(torch.rand(read.shape) < _UNREAD) & (read > UNKNOWN)] = UNKNOWN
        with torch.autocast("cpu", torch.bfloat16):
            said = net(read, there)
        loss = meant.wrong(rows, said.float())
        learning.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        learning.step()
        rates.step()
        _move(mean, net, min(_SMOOTH, step / (step + 9)))
        yield step, float(loss.detach())
    for name, one in net.named_parameters():
        one.data.copy_(mean[name])
    net.eval()


def _batches(
    tokens: Sequence[list[int]], inside: Places, chance: np.random.Generator
) -> list[list[int]]:
    """Mails in a new order, those of one batch about as long as each other."""
    order, some = chance.permutation(inside), 24 * _AT_ONCE
    found: list[list[int]] = []
    for begin in range(0, len(order), some):
        alike = sorted(order[begin : begin + some].tolist(), key=lambda row: len(tokens[row]))
        batches = [alike[at : at + _AT_ONCE] for at in range(0, len(alike), _AT_ONCE)]
        found += [batches[place] for place in chance.permutation(len(batches))]
    return found


def _padded(texts: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    """Texts side by side, and which of what stands there are words."""
    width = max(map(len, texts))
    read = torch.full((len(texts), width), _PADDING)
    for row, text in zip(read, texts, strict=True):
        row[: len(text)] = torch.tensor(text)
    lengths = torch.tensor([len(text) for text in texts])
    return read, torch.arange(width) < lengths[:, None]


def _rate(step: int, steps: int) -> float:
    """Up in the first twelfth, then evenly down."""
    return min(1.0, (step + 1) / (_WARMING * steps)) * max(_SLOWEST, 1.0 - step / steps)


def _move(mean: dict[str, Tensor], net: Net, stay: float) -> None:
    with torch.no_grad():
        for name, one in net.named_parameters():
            mean[name].lerp_(one, 1.0 - stay)
