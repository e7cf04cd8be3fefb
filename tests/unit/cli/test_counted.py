"""What a command counts, it counts as people do."""

from __future__ import annotations

from argparse import Namespace
from typing import Any, cast

import pytest

from app.cli import simulate
from app.cli.present import counted
from app.cli.run import _carried


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 mails"), (1, "1 mail"), (2, "2 mails"), (1204, "1,204 mails")]
)
def test_one_is_one(number, said):
    assert counted(number, "mail") == said


def test_what_was_carried_is_counted():
    of = {"mails": 1, "issues": 1, "orders": 0, "decisions": 2}
    assert _carried(of) == "1 mail, 1 issue, 0 orders, 2 decisions"


class _Desk:
    """Takes what is said; its engine answers with one alert."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.client = self

    def call(self, verb: str, **_asked: object) -> dict[str, Any]:
        line = {"ring_for": "urgent", "quiet_hours": "", "alerts_per_hour": 12, "alerts": 1,
                "issues_rung": 1, "false_alarms": 0, "missed": []}  # fmt: skip
        return {"issues": 1, "as_it_is": line, "tried": []}

    def tell(self, _answer: dict[str, Any], text: str) -> None:
        self.said.append(text)


def test_one_alert_is_one_alert():
    desk, asked = _Desk(), dict.fromkeys(simulate._ASKED)
    simulate.run(cast("Any", desk), Namespace(**asked))
    assert "1 alert for 1 issue (0 false)" in desk.said[0]
