"""StatusLine: how every account is, and the books of its folders: "INBOX 1,204 = 1,204 on server".

The proof that nothing was lost stands here all the time; a click on an account tells the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from app.domain.account import Health, HealthState
from app.domain.mailbox import FolderProof
from app.domain.translation import grouped, tr, trn
from app.domain.views import Overview
from app.ui import words
from app.ui.issue.foreign_text import line, menu_text
from app.ui.issue.parts import OneLine, button
from app.ui.theme import Theme, set_property
from app.ui.tokens import Gap

_DRAWN = {
    HealthState.NEW: ("history", "text_muted"),
    HealthState.WORKING: ("refresh", "accent"),
    HealthState.OK: ("done", "good"),
    HealthState.FAILING: ("alert", "high"),
    HealthState.ASKING: ("key", "critical"),
}
_BUSY = (HealthState.NEW, HealthState.WORKING)
_SHOWN_AT_ONCE = 3


class StatusLine(QFrame):
    """`account_asked` carries a Health and where it was clicked; `keys_asked`: the key sheet."""

    account_asked = Signal(object, QPoint)
    keys_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._buttons: dict[str, QToolButton] = {}
        self._overview: Overview | None = None
        self._reading: dict[str, dict[str, Any]] = {}
        self.setObjectName("status")
        self.setProperty("ground", "sunken")
        self._accounts = QHBoxLayout()
        self._accounts.setSpacing(Gap.TINY)
        self._proof = OneLine("", role="meta")
        keys = button(
            tr("Keys  ?"), self.keys_asked.emit, variant="quiet", name=tr("Keyboard shortcuts")
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Gap.SMALL, 1, Gap.SMALL, 1)
        layout.setSpacing(Gap.SMALL)
        layout.addLayout(self._accounts)
        layout.addWidget(self._proof, 1)
        layout.addWidget(keys)
        theme.changed.connect(self._draw)

    @property
    def said(self) -> str:
        """What the line says of the books."""
        return self._proof.text()

    def show_overview(self, overview: Overview, now: datetime) -> None:
        """Tell how the accounts are."""
        self._overview = overview
        busy = {each.account for each in overview.health if each.state in _BUSY}
        self._reading = {name: each for name, each in self._reading.items() if name in busy}
        self._draw()
        self._tell(now)

    def show_progress(self, progress: Mapping[str, Any], now: datetime) -> None:
        """A folder is being read: how far."""
        self._reading[str(progress.get("account", ""))] = dict(progress)
        self._tell(now)

    @property
    def reading(self) -> tuple[str, float]:
        """What is being read and how much of it is, 0 to 1; empty words when nothing is."""
        if not self._reading:
            return "", 0.0
        progress = next(iter(self._reading.values()))
        done, total = int(progress.get("done", 0)), int(progress.get("total", 0))
        said = tr("reading {done} of {n} mails", done=grouped(done), n=grouped(total))
        return said, min(1.0, done / total) if total else 0.0

    def _draw(self) -> None:
        overview = self._overview
        if overview is None:
            return
        worst_first = sorted(overview.health, key=lambda each: -_badness(each))
        wanted = {health.account: health for health in worst_first[:_SHOWN_AT_ONCE]}
        for name in [name for name in self._buttons if name not in wanted]:
            self._buttons.pop(name).deleteLater()
        for health in wanted.values():
            self._show_account(health)

    def _show_account(self, health: Health) -> None:
        made = self._buttons.get(health.account)
        if made is None:
            made = QToolButton()
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(lambda: self._clicked(health.account))
            self._buttons[health.account] = made
            self._accounts.addWidget(made)
        icon, token = _DRAWN[health.state]
        made.setIcon(self._theme.icon(icon, token))
        made.setText(menu_text(health.address or health.account))
        made.setAccessibleName(f"{health.account}: {_health_words(health)}")
        made.setToolTip("")

    def _clicked(self, name: str) -> None:
        made = self._buttons[name]
        for health in self._overview.health if self._overview else ():
            if health.account == name:
                self.account_asked.emit(health, made.mapToGlobal(QPoint(0, 0)))

    def _tell(self, now: datetime) -> None:
        overview = self._overview
        if overview is None:
            return
        trouble = [health for health in overview.health if health.title]
        tone = ""
        if self._reading:
            said = progress_words(next(iter(self._reading.values())))
        elif trouble:
            worst = max(trouble, key=_badness)
            said, tone = line(worst.title), "critical" if _badness(worst) > 1 else "high"
        else:
            books = proof_words(overview.proofs, overview.health, now)
            left = words.sorting_words(overview.awaiting) if overview.awaiting else ""
            said = "  ·  ".join(part for part in (books, left) if part)
            is_reading = any(each.state is HealthState.WORKING for each in overview.health)
            is_short = any(proof.unexplained > 0 for proof in overview.proofs)
            tone = "high" if is_short and not is_reading else ""
        self._proof.say(said)
        set_property(self._proof, "tone", tone)


def proof_words(proofs: Sequence[FolderProof], health: Sequence[Health], now: datetime) -> str:
    """The books in one line: "INBOX 1,204 = 1,204 on server  ·  checked today 14:01"."""
    parts = [folder_words(proof, several=len(health) > 1) for proof in proofs[:2]]
    if len(proofs) > 2 and (len(health) > 1 or any(one.unexplained > 0 for one in proofs)):
        parts = [_folders_words(proofs)]
    elif len(proofs) > 2:
        parts = [folder_words(proofs[0]), _folders_words(proofs[1:], more=True)]
    tried = [each.last_ok_at for each in health if each.last_ok_at is not None]
    if tried:
        parts.append(tr("checked {time}", time=words.moment(min(tried), now)))
    return "  ·  ".join(parts)


def _folders_words(proofs: Sequence[FolderProof], *, more: bool = False) -> str:
    """The books of several folders together."""
    whole = sum(proof.on_server for proof in proofs)
    held = whole - sum(proof.unexplained for proof in proofs)
    number = len(proofs)
    name = trn("{n} folder", "{n} folders", number)
    if more:
        name = trn("{n} more folder", "{n} more folders", number)
    if held != whole:
        return tr(
            "{folders}, {n} of {all} read",
            folders=name,
            n=grouped(held),
            all=grouped(whole),
        )
    return f"{name}, {_balance(grouped(held), whole)}"


def _balance(held: str, on_server: int) -> str:
    return tr("{held} = {n} on server", held=held, n=grouped(on_server))


def folder_words(proof: FolderProof, *, several: bool = False) -> str:
    """The books of one folder; what is not there yet or was left out is said."""
    held, skipped, left = proof.stored, sum(proof.skipped.values()), sum(proof.left.values())
    name = f"{line(proof.account)} {line(proof.folder)}" if several else line(proof.folder)
    if proof.unexplained > 0:
        known = grouped(held + skipped + left)
        return tr("{folder} {n} of {all} read", folder=name, n=known, all=grouped(proof.on_server))
    books = grouped(held)
    books += " + " + tr("{n} left out", n=grouped(skipped)) if skipped else ""
    books += " + " + tr("{n} left there", n=grouped(left)) if left else ""
    return f"{name} {_balance(books, proof.on_server)}"


def progress_words(progress: Mapping[str, Any]) -> str:
    """How far a folder is read: "Reading INBOX of Shop: 3,400 of 12,000"."""
    done, total = int(progress.get("done", 0)), int(progress.get("total", 0))
    folder = line(str(progress.get("folder", "")))
    account = line(str(progress.get("account", "")))
    far = grouped(done)
    if total:
        far = tr("{n} of {all}", n=far, all=grouped(total))
    if folder:
        return tr("Reading {folder} of {account}: {far}", folder=folder, account=account, far=far)
    return tr("Reading mail of {account}: {far}", account=account, far=far)


def _badness(health: Health) -> int:
    return {HealthState.ASKING: 2, HealthState.FAILING: 1}.get(health.state, 0)


def _health_words(health: Health) -> str:
    return line(health.title) or {
        HealthState.NEW: tr("not checked yet"),
        HealthState.WORKING: tr("being checked"),
    }.get(health.state, tr("all is well"))
