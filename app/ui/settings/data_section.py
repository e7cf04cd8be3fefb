"""DataSection: where everything lies, and how to take it out, keep a copy, and bring it in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from app.domain.errors import KnownError
from app.domain.translation import tr, trn
from app.ui.issue.parts import button, label, reading
from app.ui.issue.ports import Answer, Asks
from app.ui.widgets.wrapping import Wrapping

AskPath = Callable[[QWidget], str]


class DataSection(QWidget):
    """Three verbs over the whole profile; while one of them runs, none can be begun."""

    def __init__(  # the ways to ask for a path are replaced in tests, which have no person
        self,
        *,
        bridge: Asks,
        ask_new_folder: AskPath | None = None,
        ask_new_file: AskPath | None = None,
        ask_export: AskPath | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._ask_new_folder = ask_new_folder or _new_folder
        self._ask_new_file = ask_new_file or _new_file
        self._ask_export = ask_export or _export
        self._where = reading(name=tr("Where your data lies"))
        self._said = label(role="muted", wrap=True)
        self._said.hide()
        self._buttons = [
            button(tr("Export everything"), self._take_out),
            button(tr("Save a copy of the database"), self._back_up),
            button(tr("Import an export"), self._bring_in),
        ]
        self._lay_out()
        bridge.run("status", then=self._show_place)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        explained = label(
            tr(
                "Everything lies on this machine, in the folder below; only the daily "
                "copies lie where you choose. An export holds every mail as it came, "
                "tables for a spreadsheet, and all that is needed to bring it back on "
                "another machine; passwords stay behind."
            ),
            role="muted",
            wrap=True,
        )
        for part in (explained, self._where):
            column.addWidget(part)
        column.addLayout(Wrapping(*self._buttons))
        column.addWidget(self._said)

    def _show_place(self, answer: Answer) -> None:
        self._where.setText(str(answer.get("profile", "")))

    def _take_out(self) -> None:
        if folder := self._ask_new_folder(self):
            self._begin(tr("Writing the export ..."))
            self._bridge.run("export", folder=folder, then=self._taken_out, failed=self._failed)

    def _back_up(self) -> None:
        if file := self._ask_new_file(self):
            self._begin(tr("Copying the database ..."))
            self._bridge.run("backup", file=file, then=self._backed_up, failed=self._failed)

    def _bring_in(self) -> None:
        if folder := self._ask_export(self):
            self._begin(tr("Reading the export ..."))
            self._bridge.run("import", folder=folder, then=self._brought_in, failed=self._failed)

    def _taken_out(self, answer: Answer) -> None:
        self._end(tr("{what} are in {folder}.", what=_counted(answer), folder=answer["folder"]))

    def _backed_up(self, answer: Answer) -> None:
        self._end(tr("The copy is {file}.", file=answer["file"]))

    def _brought_in(self, answer: Answer) -> None:
        self._end(
            tr(
                "{what} were brought in. Accounts ask for their passwords once.",
                what=_counted(answer),
            )
        )

    def _failed(self, error: Exception) -> None:
        known = isinstance(error, KnownError)
        self._end(str(error) if known else tr("It did not work; the details are in the log."))

    def _begin(self, words: str) -> None:
        self._say(words)
        self._enable(False)

    def _end(self, words: str) -> None:
        self._say(words)
        self._enable(True)

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()

    def _enable(self, on: bool) -> None:
        each: QPushButton
        for each in self._buttons:
            each.setEnabled(on)


def _counted(answer: Answer) -> str:
    mails, issues, orders, decisions = (
        answer.get(part, 0) for part in ("mails", "issues", "orders", "decisions")
    )
    parts = (
        trn("{n} mail", "{n} mails", mails),
        trn("{n} issue", "{n} issues", issues),
        trn("{n} order", "{n} orders", orders),
        trn("{n} decision", "{n} decisions", decisions),
    )
    return ", ".join(parts)


def _new_folder(parent: QWidget) -> str:
    place = QFileDialog.getExistingDirectory(
        parent, tr("Where should the export be put?"), str(Path.home())
    )
    return str(free(Path(place) / "Frontburner export")) if place else ""


def _new_file(parent: QWidget) -> str:
    place = QFileDialog.getExistingDirectory(
        parent, tr("Where should the copy be put?"), str(Path.home())
    )
    return str(free(Path(place) / "Frontburner copy.db")) if place else ""


def _export(parent: QWidget) -> str:
    return QFileDialog.getExistingDirectory(
        parent, tr("Which export should be brought in?"), str(Path.home())
    )


def free(wanted: Path) -> Path:
    """This path, or with a number behind it where there is something already."""
    number, free = 1, wanted
    while free.exists():
        number += 1
        free = wanted.with_name(f"{wanted.stem} {number}{wanted.suffix}")
    return free
