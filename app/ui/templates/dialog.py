"""TemplatesDialog: all templates in a window of their own: choose, edit, see it filled in, keep it.

What is left with changes is kept by itself; what was kept, deleted or imported can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.domain.assessment import Kind
from app.domain.translation import language as spoken_language
from app.domain.translation import tr, trn
from app.ui.errors import reason
from app.ui.issue.foreign_text import line, menu_text
from app.ui.issue.parts import button, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.reply.template_picker import LANGUAGES, language_word
from app.ui.shortcuts import on_this_keyboard
from app.ui.templates.importing import AskFile, Importing
from app.ui.templates.template_form import TemplateForm
from app.ui.templates.template_list import Listed, TemplateList, listed
from app.ui.theme import Theme
from app.ui.words import kind_word

_NEW = "new_template"
_SHOWN = 3  # files that cannot be used; more would push the list away


class TemplatesDialog(QDialog):
    """`key` is the issue to show a template on; `template` and `language` the one to begin with."""

    def __init__(
        self,
        *,
        bridge: Asks,
        theme: Theme,
        key: str = "",
        template: str = "",
        language: str = "",
        ask_file: AskFile | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Reply templates"))
        self.resize(theme.px(980), theme.px(700))
        self._bridge, self._key = bridge, key
        self._begin_with = (template, language)
        self._open: tuple[str, str] = ("", "")
        self._is_new = False
        self._is_begun = False  # what is open is new or a copy, and kept nowhere yet
        self._may_leave = False  # it said that this cannot be kept
        self._undo: Callable[[], None] | None = None
        self._pages = QStackedWidget()
        self.list = TemplateList(language=language or spoken_language())
        self.list.chosen.connect(self._go)
        self.form = TemplateForm(bridge=bridge, theme=theme)
        self.form.changed.connect(self._edited)
        self.form.save_asked.connect(self.save)
        self.importing = Importing(bridge=bridge, ask_file=ask_file)
        self.importing.done.connect(self._imported)
        self.importing.closed.connect(lambda: self._pages.setCurrentIndex(0))
        self.use = label(role="meta", wrap=True)
        self.file = label(role="meta", wrap=True)
        self.file.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.faults = label(role="meta", tone="critical", wrap=True)
        self.said = label(wrap=True)
        self.back = link_button(tr("Undo"), self._take_back)
        self.back.hide()
        self.new = button(tr("New"), self._open_kinds)
        self.bring = button(tr("Import …"), self._begin_import)
        self.copy = button(tr("Copy to …"), self._open_languages)
        self.remove = button(tr("Delete"), self._remove)
        self.remove.hide()
        self.keep = button(tr("Save"), self.save, variant="primary", name=tr("Save"))
        self.keep.setText(on_this_keyboard(tr("Save   Ctrl+S")))
        self._menu = QMenu(self)
        QShortcut(QKeySequence(tr("Ctrl+S")), self, self.save)
        self._lay_out()
        self._show_state()
        self.reload()

    def reload(self, then: tuple[str, str] = ("", "")) -> None:
        """Read the list again, and go to `then`."""
        self._bridge.run(
            "template_list", then=lambda answer: self._listed(answer, then), failed=self._failed
        )

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Keep what stands there; the answer says where, and how to take it back."""
        id_, language = self._open
        if not id_ or not self.form.is_dirty:
            return
        said = title, body = self.form.title.text(), self.form.body.toPlainText()
        where = {"kind": id_.partition("/")[0]} if self._is_new else {"template": id_}
        self._bridge.run(
            "template_save",
            title=title,
            body=body,
            language=language,
            **where,
            then=lambda answer: self._saved(answer, said, then),
            failed=self._failed,
        )

    def done(self, result: int) -> None:
        """However it is closed: what is written is kept on the way out. Where it cannot be, it says
        why, and the next time it closes."""
        if self._may_leave:
            super().done(result)
        else:
            self._may_leave = True
            self._keep_first(lambda: QDialog.done(self, result))

    def _keep_first(self, then: Callable[[], None]) -> None:
        """Keep what is written here, and only then go on."""
        if self.form.is_dirty and self._open[0]:
            self.save(then)
        else:
            then()

    def _edited(self) -> None:
        self._may_leave = False
        self._show_state()

    def _listed(self, answer: Answer, then: tuple[str, str]) -> None:
        self.form.show_variables(answer.get("variables", ()))
        self.list.show_all(listed(answer.get("templates", ())))
        self._show_faults([line(str(fault)) for fault in answer.get("faults", ())])
        if self._is_begun:
            return
        for wanted in (then, self._open, self._begin_with):
            if wanted[0] and self.list.go_to(*wanted):
                break
        else:
            self.list.go_to_first()
        current = self.list.current()
        if current is not None and (current.id, current.language) != self._open:
            self._read(current)
        self._show_state()

    def _show_faults(self, faults: Sequence[str]) -> None:
        """Which of the owner's files are not offered, and why, as long as it is so."""
        more = [f"+ {len(faults) - _SHOWN}"] if len(faults) > _SHOWN else []
        self.faults.setText("\n".join([*faults[:_SHOWN], *more]))
        self.faults.setVisible(bool(faults))

    def _go(self, one: Listed) -> None:
        """Another template: what was written in this one is kept first."""
        if self.form.is_dirty:
            self.list.stay_at(*self._open)
        self._keep_first(lambda: self._leave_for(one))

    def _leave_for(self, one: Listed) -> None:
        self.list.stay_at(one.id, one.language)
        self._read(one)

    def _read(self, one: Listed) -> None:
        self._bridge.run(
            "template_read",
            template=one.id,
            language=one.language,
            then=self._show,
            failed=self._failed,
        )

    def _show(self, answer: Answer) -> None:
        place = (str(answer["id"]), str(answer["language"]))
        if place != self._open or not self.form.is_dirty:
            self.form.show_template(
                *place, title=str(answer["title"]), body=str(answer["body"]), key=self._key
            )
        self._is_new = self._is_begun = False
        self._open = place
        whose = tr("Your file") if answer.get("own") else tr("Came with Frontburner")
        self.file.setText(f"{whose}: {line(str(answer.get('file', '')))}")
        ours = answer.get("shipped") is not None
        self.remove.setText(tr("Back to the one that came along") if ours else tr("Delete"))
        self.remove.setVisible(bool(answer.get("own")))
        self._show_state()

    def _show_state(self) -> None:
        current = self.list.current()
        self.use.setText(current.use_words if current is not None and not self._is_new else "")
        is_open = bool(self._open[0])
        self.keep.setEnabled(is_open and self.form.is_dirty)
        self.copy.setEnabled(is_open and not self._is_new)
        self.form.setEnabled(is_open)

    def _saved(
        self, answer: Answer, said: tuple[str, str], then: Callable[[], None] | None
    ) -> None:
        before, id_ = answer.get("before"), str(answer["id"])
        language = str(answer["language"])
        self.form.kept(said)
        self._is_new = self._is_begun = False
        self._open = (id_, language)
        self._say(
            tr("Saved. It is in use from now on."),
            undo=lambda: self._restore(before, id_, language),
        )
        if then is not None:
            then()
            self.reload()
        else:
            self.reload((id_, language))
            self._read_again()

    def _read_again(self) -> None:
        id_, language = self._open
        self._bridge.run(
            "template_read", template=id_, language=language, then=self._show, failed=self._failed
        )

    def _restore(self, before: dict[str, Any] | None, id_: str, language: str) -> None:
        """Put back what stood there before, or take away what was new."""
        if before is None:
            self._bridge.run(
                "template_remove",
                template=id_,
                language=language,
                then=lambda _: self._put_back(id_, language),
                failed=self._failed,
            )
            return
        self._bridge.run(
            "template_save",
            template=id_,
            language=language,
            title=before["title"],
            body=before["body"],
            then=lambda _: self._put_back(id_, language),
            failed=self._failed,
        )

    def _put_back(self, id_: str, language: str) -> None:
        self.form.kept()
        self._is_new = self._is_begun = False
        self._open = ("", "")
        self._say(tr("Taken back."))
        self.reload((id_, language))

    def _remove(self) -> None:
        id_, language = self._open
        if self._is_new:
            self._put_back("", "")
            return
        self._bridge.run(
            "template_remove",
            template=id_,
            language=language,
            then=lambda answer: self._removed(answer, id_, language),
            failed=self._failed,
        )

    def _removed(self, answer: Answer, id_: str, language: str) -> None:
        before = answer["before"]
        again = answer.get("shipped_again")
        words = tr("The one that came with Frontburner is back.") if again else tr("Deleted.")
        self.form.kept()
        self._open = ("", "")
        self._say(words, undo=lambda: self._restore(before, id_, language))
        self.reload((id_, language))

    def _open_kinds(self) -> None:
        self._menu.clear()
        for kind in Kind:
            action = self._menu.addAction(menu_text(kind_word(kind)))
            action.triggered.connect(lambda _=False, kind=kind: self._begin(kind))
        self._pop_up(self.new)

    def _begin(self, kind: Kind) -> None:
        language = self._open[1] or self._begin_with[1] or "en"
        id_ = f"{kind.value}/{_NEW}"
        self._keep_first(lambda: self._begin_new(id_, language, title="", body=""))

    def _begin_new(self, id_: str, language: str, *, title: str, body: str) -> None:
        self._is_new, self._is_begun = id_.endswith(f"/{_NEW}"), True
        self._open = (id_, language)
        self.form.show_template(id_, language, title=title, body=body, key=self._key, is_new=True)
        self.file.setText(
            tr("In {language}; it is kept when you save it.", language=language_word(language))
        )
        self.remove.setText(tr("Delete"))
        self.remove.setVisible(self._is_new)
        self._show_state()
        self.form.title.setFocus()

    def _open_languages(self) -> None:
        id_, language = self._open
        there = {one.language for one in self.list.every if one.id == id_}
        self._menu.clear()
        for code in LANGUAGES:
            if code != language and code not in there:
                action = self._menu.addAction(menu_text(language_word(code)))
                action.triggered.connect(lambda _=False, code=code: self._copy(code))
        if self._menu.isEmpty():
            self._menu.addAction(tr("It is there in every language")).setEnabled(False)
        self._pop_up(self.copy)

    def _copy(self, language: str) -> None:
        """The same template in another language, to be translated; kept when it is saved."""
        id_ = self._open[0]
        title, body = self.form.title.text(), self.form.body.toPlainText()
        self._keep_first(lambda: self._begin_copy(id_, language, title=title, body=body))

    def _begin_copy(self, id_: str, language: str, *, title: str, body: str) -> None:
        self._begin_new(id_, language, title=title, body=body)
        self.form.body.setFocus()

    def _begin_import(self) -> None:
        if self.importing.begin():
            self._pages.setCurrentWidget(self.importing)

    def _imported(self, made: Sequence[tuple[str, str]]) -> None:
        words = trn("{n} template imported.", "{n} templates imported.", len(made))
        self._say(words, undo=lambda: self._take_away(list(made)))
        self.reload(tuple(made[0]) if made else ("", ""))  # type: ignore[arg-type]

    def _take_away(self, made: list[tuple[str, str]]) -> None:
        if not made:
            self._put_back("", "")
            return
        id_, language = made.pop()
        self._bridge.run(
            "template_remove",
            template=id_,
            language=language,
            then=lambda _: self._take_away(made),
            failed=self._failed,
        )

    def _failed(self, error: Exception) -> None:
        self._say(line(reason(error)), tone="critical")

    def _say(self, words: str, *, undo: Callable[[], None] | None = None, tone: str = "") -> None:
        self._undo = undo
        self.back.setVisible(undo is not None)
        self.said.setText(words)
        self.said.setAccessibleName(words)
        self.said.setProperty("tone", tone)
        self.said.style().polish(self.said)

    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        self.back.hide()
        if undo is not None:
            undo()

    def _pop_up(self, at: QWidget) -> None:
        self._menu.popup(at.mapToGlobal(QPoint(0, at.height() + 2)))

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        beside = QVBoxLayout(left)
        beside.setContentsMargins(0, 0, 8, 0)
        beside.addWidget(self.list, 1)
        beside.addWidget(self.faults)
        beside.addLayout(row(self.new, self.bring, 1))
        column = QVBoxLayout(right)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self.form, 1)
        column.addWidget(self.use)
        column.addWidget(self.file)
        column.addLayout(row(self.remove, self.copy, 1, self.keep))
        self._pages.addWidget(right)
        self._pages.addWidget(self.importing)
        sides = QSplitter()
        sides.addWidget(left)
        sides.addWidget(self._pages)
        sides.setStretchFactor(1, 1)
        sides.setSizes([400, 640])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 16, 16, 12)
        outer.addWidget(sides, 1)
        foot = row(self.said, self.back, gap=8)
        foot.setStretch(0, 1)
        outer.addLayout(foot)
