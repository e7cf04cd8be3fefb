"""Reads the issue that is to be shown, in a thread of its own where it is given the means.

With `another` (which opens the profile once more, because a reader belongs to one thread) a slow
disk never holds the window up; without it the issue is read at once, which takes a millisecond.
Asked again while it reads, it answers only the newest question.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from app.domain.errors import KnownError
from app.domain.translation import tr
from app.domain.views import IssueView
from app.ui.issue.ports import Reads

log = logging.getLogger(__name__)


class IssueReader(QObject):
    """`read` carries the key that was asked for and the IssueView; `failed` the KnownError."""

    read = Signal(str, object)
    failed = Signal(str, object)
    _arrived = Signal(int, str, object)

    def __init__(
        self,
        queries: Reads,
        *,
        another: Callable[[], Reads] | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._queries = queries
        self._another = another
        self._asked = 0
        self._own = threading.local()
        self._thread: ThreadPoolExecutor | None = None
        self._arrived.connect(self._tell, Qt.ConnectionType.AutoConnection)
        if (app := QCoreApplication.instance()) is not None:
            app.aboutToQuit.connect(self.stop)

    def ask(self, key: str) -> None:
        """Read this issue; an answer to an older question is dropped."""
        self._asked += 1
        if self._another is None:
            self._tell(self._asked, key, _answer(self._queries, key))
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="issue reader")
        self._thread.submit(self._read_there, self._asked, key)

    def stop(self) -> None:
        """Let go of the profile: on Windows nobody could take away or move what is still open."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.submit(self._close_there)
            thread.shutdown()

    def _close_there(self) -> None:
        if hasattr(self._own, "queries"):
            self._own.queries.close()

    def _read_there(self, asked: int, key: str) -> None:
        if asked != self._asked or self._another is None:
            return
        if not hasattr(self._own, "queries"):
            self._own.queries = self._another()
        try:
            self._arrived.emit(asked, key, _answer(self._own.queries, key))
        except RuntimeError:  # the window is gone: nobody is left to be told
            return

    def _tell(self, asked: int, key: str, answer: IssueView | KnownError) -> None:
        if asked != self._asked:
            return
        if isinstance(answer, KnownError):
            self.failed.emit(key, answer)
        else:
            self.read.emit(key, answer)


def _answer(queries: Reads, key: str) -> IssueView | KnownError:
    try:
        return queries.issue(key)
    except KnownError as error:
        return error
    except Exception:  # the page says so; the whole of it is in the log
        log.exception("An issue could not be read")
        return KnownError(
            tr("This issue cannot be shown"),
            tr("What happened is in the log"),
            tr("The others still can be"),
        )
