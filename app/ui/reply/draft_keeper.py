"""Drafts, kept by themselves: a pause in writing saves, and so does leaving the issue. What was
refused, as by a full disk, is tried again every few seconds.

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
AGAIN_MS = 5000  # after a refusal, as by a full disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands in the editor: the body, the template it began with, what that one gave.

    `files` are the paths that go along; `sender` is the address of ours that a person chose;
    `heard` is the newest mail that was there when they were begun; `cc` are the addresses that get
    a copy.
    """

    body: str = ""
    template: str = ""
    rendered: str = ""
    files: tuple[str, ...] = ()
    sender: str = ""
    heard: int = 0
    cc: tuple[str, ...] = ()


def words_of(answer: Answer) -> Words:
    """The words of a reply that was taken back or given up, as the engine answers them."""
    return Words(
        body=str(answer.get("body", "")),
        template=str(answer.get("template", "")),
        rendered=str(answer.get("rendered", "")),
        files=tuple(map(str, answer.get("files", ()))),
        sender=str(answer.get("sender", "")),
        cc=tuple(map(str, answer.get("cc", ()))),
    )


class DraftKeeper(QObject):
    """Saves the words of one issue after another; `saved` and `not_saved` tell how it went."""

    saved = Signal(str)
    not_saved = Signal(str, str)

    def __init__(self, *, bridge: Asks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._unsaved: dict[str, Words] = {}
        self._asked: dict[str, Words] = {}
        self._refused: dict[str, str] = {}  # of issues: why their words are not kept
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.flush)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.flush)

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
        self._refused.pop(key, None)

    def unkept(self) -> tuple[str, str]:
        """Why words are not kept that were to be, and those words; both empty where all are."""
        words = (self._unsaved[key].body for key in self._refused if key in self._unsaved)
        return next(iter(self._refused.values()), ""), "\n\n".join(words)

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
            self._refused[key] = why
            self._again.start()
            self.not_saved.emit(key, why)

        self._bridge.run(
            "save_draft",
            key=key,
            body=words.body,
            template=words.template,
            rendered=words.rendered,
            files=list(words.files),
            sender=words.sender,
            cc=list(words.cc),
            then=then,
            failed=failed,
        )

    def _confirmed(self, key: str, words: Words) -> None:
        self._asked.pop(key, None)
        self._refused.pop(key, None)
        if self._unsaved.get(key) == words:
            del self._unsaved[key]
            self.saved.emit(key)
