"""CopiesCard: the regular copies of the profile: whether and where, the last one, the way back.

Going back is asked for twice: what was decided since is not in the copy. What stands now is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from app.domain.clock import instant, local_zone
from app.domain.daily_copy import CopyKind
from app.domain.errors import Damaged
from app.domain.translation import grouped, to_translate, tr
from app.ui import words
from app.ui.errors import reason
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import CANCELS, button, clear, label, link_button, reading, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.setting_row import SETTLED_MS, SettingRow
from app.ui.tab_walk import bring_into_sight
from app.ui.theme import Theme, set_property
from app.ui.widgets.wrapping import Wrapping

SWITCH, FOLDER = "daily_copy", "copies_folder"
_SHOWN = 8
_KINDS = {
    CopyKind.DAILY: to_translate("daily copy"),
    CopyKind.UPDATE: to_translate("from before an update"),
    CopyKind.REPLACED: to_translate("what a copy took the place of"),
}


class CopiesCard(QFrame):
    """`put_back_asked` carries the file of the copy that is to take the profile's place."""

    put_back_asked = Signal(str)

    def __init__(
        self, *, bridge: Asks, theme: Theme, ask_folder: Callable[[QWidget], str] | None = None
    ) -> None:
        """`ask_folder` is replaced in tests, which have no person."""
        super().__init__()
        self.setProperty("card", "true")
        self._bridge, self._theme = bridge, theme
        self._ask_folder = ask_folder or _folder
        self._switch: SettingRow | None = None
        self._is_pointed_to = False
        self._settings, self._listed, self._asked = (QVBoxLayout() for _ in range(3))
        for part in (self._settings, self._listed, self._asked):
            part.setSpacing(4)
        self._where = reading(name=tr("Where the copies lie"))
        self._help = label(role="meta", wrap=True)
        self._stands = label(wrap=True)
        self._said = label(role="muted", wrap=True)
        self._said.hide()
        self._now = button(tr("Make a copy now"), self._make)
        self._own = button(tr("Keep them in the profile"), partial(self._set, FOLDER, ""))
        self._lay_out()
        self.reload()

    def reload(self) -> None:
        """Read again what is set, what lies there, and how it stands."""
        self._bridge.run("settings", then=self._show_settings, failed=self._refused)
        self._look()

    def point_out(self) -> None:
        """Come into view, with the keyboard on the switch, once the settings are read."""
        self._is_pointed_to = True
        self._show_pointed()

    def _show_pointed(self) -> None:
        if self._is_pointed_to and self._switch is not None:
            self._is_pointed_to = False
            QTimer.singleShot(SETTLED_MS, self._switch, self._switch.point_out)

    def _look(self) -> None:
        self._bridge.run("copies", then=self._show, failed=self._refused)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addLayout(self._settings)
        column.addWidget(self._where)
        column.addWidget(self._help)
        column.addWidget(self._stands)
        another = button(tr("Another folder for them"), self._choose)
        column.addLayout(Wrapping(self._now, another, self._own))
        column.addLayout(self._listed)
        column.addLayout(self._asked)
        column.addWidget(self._said)

    def _show_settings(self, answer: Answer) -> None:
        for setting in answer.get("settings", ()):
            if setting.get("name") == FOLDER:
                self._help.setText(str(setting.get("help", "")))
            if setting.get("name") == SWITCH:
                clear(self._settings)
                self._switch = SettingRow(setting, theme=self._theme)
                self._switch.changed.connect(self._set)
                self._settings.addWidget(self._switch)
        self._show_pointed()

    def _show(self, answer: Answer) -> None:
        self._where.setText(str(answer.get("folder", "")))
        self._own.setVisible(bool(answer.get("is_chosen")))
        found = answer.get("copies", ())
        self._tell(answer, found)
        clear(self._listed)
        clear(self._asked)
        for one in found[:_SHOWN]:
            words_ = label(copy_words(one), role="meta", wrap=True)
            back = link_button(
                tr("Go back to it"),
                partial(self._ask, one),
                name=tr("Go back to the copy of {when}", when=when(one)),
            )
            across = row(words_, back)
            across.setStretch(0, 1)
            self._listed.addLayout(across)

    def _tell(self, answer: Answer, found: Sequence[Mapping[str, Any]]) -> None:
        trouble = answer.get("trouble")
        daily = [one for one in found if one["kind"] == CopyKind.DAILY]
        if daily:
            said = tr("The last copy is of {when}.", when=when(daily[0]))
        elif answer.get("on", True):
            said = tr("There is no copy yet. The first is made when it is calm.")
        else:
            said = tr("There is no copy.")
        if trouble is not None:
            parts = (str(trouble.get(one, "")) for one in ("title", "message", "hint"))
            said = words.sentences(*parts, said)
        set_property(self._stands, "tone", _tone(trouble))
        self._stands.setText(line(said))

    def _ask(self, copy: Mapping[str, Any]) -> None:
        """Say what going back means; nothing has happened yet."""
        clear(self._asked)
        self._asked.addWidget(
            label(
                tr(
                    "Mail, issues and decisions are as they were on {when}. What was decided or"
                    " written since is not in it; mail comes again from the server. What stands now"
                    " is kept in the profile's backups folder.",
                    when=when(copy),
                ),
                wrap=True,
            )
        )
        leave = button(tr("Leave it as it is"), partial(clear, self._asked))
        leave.setProperty(CANCELS, True)
        go = button(tr("Go back"), partial(self.put_back_asked.emit, str(copy["file"])))
        self._asked.addLayout(Wrapping(go, leave))
        QTimer.singleShot(0, go, partial(bring_into_sight, go))  # once it has its place

    def _set(self, name: str, value: object) -> None:
        self._said.hide()
        self._bridge.run(
            "set_setting",
            name=name,
            value=value,
            then=partial(self._kept, name, value),
            failed=self._not_kept,
        )

    def _kept(self, name: str, value: object, _: Answer) -> None:
        if name == SWITCH and self._switch is not None:
            self._switch.keep(value)
        self._look()

    def _not_kept(self, error: Exception) -> None:
        if self._switch is not None:
            self._switch.show_kept()
        self._refused(error)

    def _choose(self) -> None:
        if folder := self._ask_folder(self):
            self._set(FOLDER, folder)

    def _make(self) -> None:
        self._say(tr("Copying the database ..."))
        self._now.setEnabled(False)
        self._bridge.run("copy_now", then=self._made, failed=self._failed)

    def _made(self, answer: Answer) -> None:
        self._now.setEnabled(True)
        self._say(tr("The copy is {file}.", file=answer["file"]))
        self._look()

    def _failed(self, error: Exception) -> None:
        self._now.setEnabled(True)
        self._refused(error)

    def _refused(self, error: Exception) -> None:
        self._say(reason(error))

    def _say(self, said: str) -> None:
        self._said.setText(said)
        self._said.show()


def _tone(trouble: Mapping[str, Any] | None) -> str:
    if trouble is None:
        return ""
    return "critical" if trouble.get("error") == Damaged.__name__ else "high"


def when(copy: Mapping[str, Any]) -> str:
    """When a copy was begun, as its owner reads it."""
    return words.exact(instant(str(copy["made_at"])), local_zone())


def copy_words(copy: Mapping[str, Any]) -> str:
    """A copy on one line: when, how large, and how it came about."""
    return tr(
        "{when}: {megabytes} MB, {kind}",
        when=when(copy),
        megabytes=grouped(-(-int(copy["bytes"]) // 2**20)),
        kind=tr(_KINDS[CopyKind(copy["kind"])]),
    )


def _folder(parent: QWidget) -> str:
    return QFileDialog.getExistingDirectory(
        parent, tr("Where should the copies be put?"), str(Path.home())
    )
