"""Independent mails: in whatever order they arrive, each issue comes to the same."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

from app.domain.views import IssueView
from tests.support.engine import NOON, a_letter, an_engine

LETTERS = (
    (
        a_letter("Two of the mugs of order MM-10227 arrived broken.", subject="Broken mugs"),
        NOON - timedelta(hours=3),
    ),
    (
        a_letter(
            "Where is order MM-10301? It was to be here on Friday.",
            subject="Late",
            sender="Eve <eve@else.example>",
            message_id="<e@else.example>",
        ),
        NOON - timedelta(hours=2),
    ),
    (
        a_letter(
            "Thanks for signing up. Confirm your e-mail address.",
            subject="Welcome",
            sender="Site <noreply@site.example>",
            message_id="<s@site.example>",
        ),
        NOON - timedelta(hours=1),
    ),
)


def test_independent_mails_do_not_change_each_other_whichever_comes_first(tmp_path: Path) -> None:
    outcomes = []
    for number, letters in enumerate(itertools.permutations(LETTERS)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with an_engine(folder) as engine:
            for raw, at in letters:
                engine.receive(raw, at=at)
            outcomes.append(sorted(_told(engine.issue(row.key)) for row in engine.rows()))
    assert len(outcomes[0]) == len(LETTERS)
    assert all(outcome == outcomes[0] for outcome in outcomes)


def _told(view: IssueView) -> tuple[object, ...]:
    row = view.row
    reasons = tuple((reason.points, reason.because) for reason in view.reasons)
    return (row.key, row.kind, row.severity, row.score, row.order_number, reasons)
