"""Second look: how bad a mail is, judged once more from the first judgement and the facts.

The first judgement sees a mail as thousands of numbers, among which a single fact can drown. This
one sees few: the first scores of severity and alert, the kinds' shares, the facts beside the text.
It is learnt from judgements of mails that the first one had not seen, so it also learns how far
those can be relied on. What makes a mail more urgent never counts against it.

Examples are written to find what is misread, and what was found most were long mails that ring: of
those as many ring as do not, in a mailbox few. So that length by itself is no reason to ring, those
of each length that do not ring count for more (`counts_for_ringing`).
"""

from __future__ import annotations

import numpy as np
from fitting import FOLDS, Array, Places
from numpy.typing import NDArray

from app.triage.features import FACTS, URGENT_FACTS
from app.triage.model import ALERT_HEAD, YES_NO, second_sight
from app.triage.regression import minimise, sigmoid

_PULL = 0.004
_STEPS = 200
_USUAL = 0.2  # that ring, to one that does not: as among the examples before faults were looked for
_ALERT = ALERT_HEAD - YES_NO.start


def counts_for_ringing(facts: NDArray[np.float32], rings: NDArray[np.bool_]) -> Array:
    """How much each example counts where ringing is learnt: those that do not ring so much that of
    each length no more ring than usual."""
    shorter, short, long = (facts[:, FACTS.index(n)] for n in ("very short", "short", "long"))
    lengths = long - short - shorter
    counts = np.ones(len(rings))
    for length in np.unique(lengths):
        alike = lengths == length
        silent = alike & ~rings
        if silent.any():
            counts[silent] = max(1.0, float((alike & rings).sum() / silent.sum()) / _USUAL)
    return counts


def look_again(unseen: Array, facts: NDArray[np.float32], targets: Array, share: Array) -> Array:
    """The weights of the second look, one column for each severity and the alert; `share`: how much
    each mail counts."""
    seen = np.array([second_sight(s, f) for s, f in zip(unseen, facts, strict=True)])
    heads = YES_NO.stop - YES_NO.start
    shape = (seen.shape[1], heads)
    start = np.zeros(shape)
    start[:heads] = np.eye(heads)  # the pull is towards the first judgement as it was
    bound = np.full(shape, -np.inf)
    bound[:heads] = 0.0
    bound[heads : heads + len(URGENT_FACTS)] = 0.0
    wanted = targets[:, YES_NO]
    counts = np.repeat(share[:, None], wanted.shape[1], axis=1)
    counts[:, _ALERT] *= counts_for_ringing(facts, wanted[:, _ALERT] > 0.5)

    def objective(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(shape)
        said = sigmoid(seen @ weights)
        likely = wanted * np.log(said + 1e-12) + (1 - wanted) * np.log(1 - said + 1e-12)
        apart = weights - start
        apart[-1] = 0.0
        slope = seen.T @ (counts * (said - wanted)) / len(seen) + _PULL * apart
        loss = -float((counts * likely).sum()) / len(seen) + 0.5 * _PULL * float(
            (apart * apart).sum()
        )
        return loss, slope.ravel()

    found = minimise(objective, start.ravel(), steps=_STEPS, at_least=bound.ravel(), tolerance=1e-6)
    return found.reshape(shape)


def unseen_again(
    unseen: Array, facts: NDArray[np.float32], targets: Array, share: Array, folds: Places
) -> Array:
    """The scores after a second look that was learnt from the other folds."""
    result = unseen.copy()
    for fold in range(FOLDS):
        inside, outside = folds != fold, folds == fold
        weights = look_again(unseen[inside], facts[inside], targets[inside], share[inside])
        seen = [second_sight(s, f) for s, f in zip(unseen[outside], facts[outside], strict=True)]
        result[outside, YES_NO] = np.array(seen) @ weights
    return result
