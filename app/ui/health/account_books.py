"""One account's books: when it was last in order, how often it is read, that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.domain.account import HealthState
from app.domain.translation import grouped, to_translate, tr
from app.ui import words
from app.ui.issue.foreign_text import line, paragraphs
from app.ui.issue.parts import label, row

_HOW = {
    HealthState.NEW: (to_translate("Not read yet"), "low"),
    HealthState.WORKING: (to_translate("Being read"), "normal"),
    HealthState.OK: (to_translate("In order"), "good"),
    HealthState.FAILING: (to_translate("Does not answer"), "high"),
    HealthState.ASKING: (to_translate("Needs you"), "critical"),
}


class AccountBooks(QFrame):
    """Shows one account as the engine tells of it."""

    def __init__(self, account: Mapping[str, Any], *, now: datetime) -> None:
        super().__init__()
        self.setProperty("card", "true")
        said, tone = _HOW[HealthState(account["state"])]
        how = tr(said)
        name = line(str(account["address"] or account["name"]))
        self.setAccessibleName(f"{name}: {how}")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        column.addLayout(row(label(name, role="title"), 1, label(how, tone=tone)))
        if account["error"]:
            column.addWidget(label(paragraphs(str(account["error"])), tone="critical", wrap=True))
        column.addWidget(label(_round(account, now), role="muted", wrap=True))
        for books in account["folders"]:
            column.addWidget(label(books_words(books), wrap=True))
            for reason, number in books["left_out"].items():
                said = tr(
                    "{number} of them: {reason}",
                    number=grouped(number),
                    reason=_small(line(tr(str(reason)))),
                )
                column.addWidget(label(said, role="meta", wrap=True))


def books_words(books: Mapping[str, Any]) -> str:
    """On the server = stored + left out + still to come, in one line."""
    return f"{line(str(books['folder']))}: " + " ".join(_sum(books))


def _sum(books: Mapping[str, Any]) -> Iterator[str]:
    out, to_come = sum(books["left_out"].values()), int(books["to_come"])
    yield tr(
        "{on_server} on the server = {stored} stored",
        on_server=grouped(books["on_server"]),
        stored=grouped(books["stored"]),
    )
    if out:
        yield tr("+ {out} left out", out=grouped(out))
    if to_come > 0:
        yield tr("+ {to_come} still to come", to_come=grouped(to_come))


def _round(account: Mapping[str, Any], now: datetime) -> str:
    """When it was last in order, and how often it is read."""
    at = account["last_ok_at"]
    last = words.moment(datetime.fromisoformat(at), now) if at else ""
    said = tr("Last read well {last}", last=last) if last else tr("Never read to its end")
    return (
        tr("{said}; read {rhythm}", said=said, rhythm=account["rhythm"])
        if account["rhythm"]
        else said
    )


def _small(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
