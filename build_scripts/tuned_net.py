"""Tuned net: what app/triage/transformer.py reckons with, as PyTorch needs it to be learnt.

The names are the same; what is silenced at random is there only while it learns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from e5_file import E5File
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from app.triage.model import HEADS
from app.triage.transformer import MOST_TOKENS, WIDTH

LAYERS = 6  # of twelve: half the time, and the upper ones are for what we do not ask
_WAYS = 4  # of listening to the words
_SILENCED, _SILENCED_AT_THE_END = 0.1, 0.2
_LOUDEST = 127.0  # of what a byte holds


class Looking(nn.Module):
    """One layer."""

    def __init__(self, file: E5File, number: int) -> None:
        super().__init__()
        self.query, self.key, self.value, self.output = (
            _linear(file, f"l{number}.{name}", WIDTH) for name in ("q", "k", "v", "ao")
        )
        self.widen = _linear(file, f"l{number}.fi", WIDTH)
        self.narrow = _linear(file, f"l{number}.fo", 4 * WIDTH)
        self.after_looking = _norm(file, f"l{number}.aln")
        self.after_thinking = _norm(file, f"l{number}.oln")
        self.silence = nn.Dropout(_SILENCED)

    def forward(self, words: Tensor, there: Tensor) -> Tensor:
        """`words` of several mails, padded; `there` says which are words."""
        count, length, width = words.shape
        asked = (self.query(words), self.key(words), self.value(words))
        heads = [one.view(count, length, 12, -1).transpose(1, 2) for one in asked]
        looked = functional.scaled_dot_product_attention(*heads, attn_mask=there)
        looked = self.output(looked.transpose(1, 2).reshape(count, length, width))
        words = self.after_looking(words + self.silence(looked))
        thought = self.narrow(functional.gelu(self.widen(words), approximate="tanh"))
        return self.after_thinking(words + self.silence(thought))

    def products(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Weights and biases by the names of the shipped layers: queries, keys, values in one."""
        asked = (self.query, self.key, self.value)
        one = torch.cat([part.weight for part in asked]), torch.cat([part.bias for part in asked])
        rest = {"output": self.output, "widen": self.widen, "narrow": self.narrow}
        return {"query_key_value": one, **{n: (m.weight, m.bias) for n, m in rest.items()}}


class Net(nn.Module):
    """All of it; `pieces` says which of the file's words are kept, in the new order."""

    def __init__(self, file: E5File, pieces: Sequence[int]) -> None:
        super().__init__()
        self.register_buffer("words", torch.tensor(file.matrix("emb.word", WIDTH)[list(pieces)]))
        places = file.floats("emb.pos").reshape(-1, WIDTH) + file.floats("emb.type")[:WIDTH]
        self.places = nn.Parameter(torch.tensor(places[:MOST_TOKENS]))
        self.first = _norm(file, "emb.ln")
        self.layers = nn.ModuleList(Looking(file, number) for number in range(LAYERS))
        self.silence = nn.Dropout(_SILENCED)
        self.silence_at_the_end = nn.Dropout(_SILENCED_AT_THE_END)
        self.listen = nn.Linear(WIDTH, _WAYS)
        self.say = nn.Linear(WIDTH * (1 + _WAYS), HEADS)
        self.say.weight.data *= 0.3

    def forward(self, tokens: Tensor, there: Tensor) -> Tensor:
        """A row of scores for each mail."""
        words = functional.embedding(tokens, self.words) + self.places[: tokens.shape[1]]
        words = self.silence(self.first(words))
        for layer in self.layers:
            words = layer(words, there[:, None, None, :])
        words, shares = words.float(), there.float()[:, :, None]
        mean = (words * shares).sum(1) / shares.sum(1)
        wants = self.listen(words).masked_fill(~there[:, :, None], -1e9).softmax(1)
        listened = torch.einsum("mtw,mth->mwh", wants, words).flatten(1)
        return self.say(self.silence_at_the_end(torch.cat([mean, listened], 1)))

    def groups(self) -> list[dict[str, Any]]:
        """What is learnt: the layers, and apart from them what is new."""
        new = [*self.listen.parameters(), *self.say.parameters()]
        ours = {id(one) for one in new}
        layers = [one for one in self.parameters() if id(one) not in ours]
        return [{"params": layers}, {"params": new}]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """For the file: a byte for each weight, and a scale for each column."""
        arrays: dict[str, NDArray[Any]] = {
            "places": _plain(self.places).astype(np.float16),
            "first": _norm_arrays(self.first),
            "norms": np.stack(
                [
                    np.stack([_norm_arrays(one.after_looking), _norm_arrays(one.after_thinking)])
                    for one in self.layers
                ]
            ),
        }
        for name, packed in self._packed_layers().items():
            for part in ("_scale", "_bias"):
                arrays[f"{name}{part}"] = np.stack([one[part] for one in packed])
        for name, head in (("listen", self.listen), ("say", self.say)):
            packed_head = _packed(head.weight, head.bias)
            arrays.update({f"{name}{part}": one for part, one in packed_head.items()})
        return arrays

    def layer_rows(self) -> NDArray[np.int8]:
        """For the file beside it: a row for each layer."""
        packed = self._packed_layers().values()
        return np.concatenate([np.stack([one[""].ravel() for one in all_]) for all_ in packed], 1)

    def _packed_layers(self) -> dict[str, list[dict[str, NDArray[Any]]]]:
        layers = [one.products() for one in self.layers]
        return {name: [_packed(*one[name]) for one in layers] for name in layers[0]}


def _linear(file: E5File, name: str, width: int) -> nn.Linear:
    weight = torch.tensor(file.matrix(f"{name}.w", width))
    result = nn.Linear(width, len(weight))
    result.weight.data, result.bias.data = weight, torch.tensor(file.floats(f"{name}.b"))
    return result


def _norm(file: E5File, name: str) -> nn.LayerNorm:
    result = nn.LayerNorm(WIDTH, eps=1e-12)
    result.weight.data = torch.tensor(file.floats(f"{name}.w"))
    result.bias.data = torch.tensor(file.floats(f"{name}.b"))
    return result


def _plain(tensor: Tensor) -> NDArray[np.float32]:
    result: NDArray[np.float32] = tensor.detach().float().numpy()
    return result


def _norm_arrays(norm: nn.LayerNorm) -> NDArray[np.float32]:
    return np.stack([_plain(norm.weight), _plain(norm.bias)])


def _packed(weight: Tensor, bias: Tensor) -> dict[str, NDArray[Any]]:
    columns = _plain(weight).T
    scale = np.maximum(np.abs(columns).max(axis=0), 1e-9) / _LOUDEST
    return {
        "": np.round(columns / scale).astype(np.int8),
        "_scale": scale.astype(np.float32),
        "_bias": _plain(bias),
    }
