"""Drafts, kept by themselves: a pause in writing saves, and so does leaving the issue.

What is written and not yet confirmed by the engine stays here, so that coming back to an issue
shows the newest words even where the profile does not hold them yet.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import KnownError
from app.domain.translation import tr
from app.ui.issue.ports import Answer, Asks

PAUSE_MS = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands in the editor: the body, the template it began with, what that one gave.

    `files` are the paths that go along; `sender` is the address of ours that a person chose.
    """

    body: str = ""
    template: str = ""
    rendered: str = ""
    files: tuple[str, ...] = ()
    sender: str = ""


class DraftKeeper(QObject):
    """Saves the words of one issue after another; `saved` and `not_saved` tell how it went."""

    saved = Signal(str)
    not_saved = Signal(str, str)

    def __init__(self, *, bridge: Asks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._unsaved: dict[str, Words] = {}
        self._asked: dict[str, Words] = {}
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.flush)

    def note(self, key: str, words: Words) -> None:
        """Somebody wrote: save it when they pause."""
        self._unsaved[key] = words
        self._timer.start()

    def flush(self) -> None:
        """Save everything now."""
        self._timer.stop()
        for key, words in tuple(self._unsaved.items()):
            if self._asked.get(key) != words:
                self._save(key, words)

    def forget(self, key: str) -> None:
        """The words went out as a reply: they are no draft any more."""
        self._unsaved.pop(key, None)
        self._asked.pop(key, None)

    def newest(self, key: str) -> Words | None:
        """The words of an issue that the profile may not hold yet."""
        return self._unsaved.get(key)

    @property
    def is_dirty(self) -> bool:
        """Whether words would be lost if the window went away now."""
        return bool(self._unsaved)

    def _save(self, key: str, words: Words) -> None:
        self._asked[key] = words

        def then(_: Answer) -> None:
            self._confirmed(key, words)

        def failed(error: Exception) -> None:
            self._asked.pop(key, None)
            why = (
                error.sentence if isinstance(error, KnownError) else tr("It could not be written.")
            )
            self.not_saved.emit(key, why)

        self._bridge.run(
            "save_draft",
            key=key,
            body=words.body,
            template=words.template,
            rendered=words.rendered,
            files=list(words.files),
            sender=words.sender,
            then=then,
            failed=failed,
        )

    def _confirmed(self, key: str, words: Words) -> None:
        self._asked.pop(key, None)
        if self._unsaved.get(key) == words:
            del self._unsaved[key]
            self.saved.emit(key)
