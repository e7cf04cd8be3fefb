"""Retelling: what is open says its reasons anew where another language is spoken than they are in.

Reasons are written down as they are said. Where the owner chooses another language, or the desktop
that the program follows has another one since, the mails of the open issues are judged again, a few
at a time, as after a correction. The profile notes in which language they are and that it is to be
done, so that the next engine goes on where one ends in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from app.engine.judging_again import JudgingAgain
from app.engine.turns import Turns
from app.storage import issues
from app.storage import profile as profile_rows
from app.storage.database import open_reader
from app.storage.writer import Writer

_TO_TELL = "to_tell"  # in which language; empty when it is done
_TOLD_IN = "told_in"  # the language in which the reasons are; nothing in an older profile
_AT_ONCE = 5  # issues a transaction: a click or a new mail goes in between
_FIRST, _REST = 20.0, 3600.0  # seconds; who changes the language does not wait for them


class Retelling:
    """The thread that does it; one for a profile."""

    def __init__(
        self, *, database: Path, writer: Writer, judging: JudgingAgain, language: Callable[[], str]
    ) -> None:
        """`language` is what is spoken now."""
        self._database = database
        self._writer = writer
        self._judging = judging
        self._language = language
        self._turns = Turns(self._turn, name="retelling", rest=_REST, first=_FIRST)

    def start(self) -> None:
        """Look soon after the start, and when the language was changed."""
        self.compare()
        self._turns.start()

    def stop(self) -> None:
        """End after the issues that are under way."""
        self._turns.stop()

    def begin(self) -> None:
        """Another language is spoken from now on: tell in it what is open."""
        self._note(self._language())
        self._turns.wake()

    def compare(self) -> None:
        """Whether the reasons are in the language that is spoken now: nobody tells an engine that
        the desktop's was changed while none ran."""
        spoken = self._language()
        with closing(open_reader(self._database)) as db:
            told_in = profile_rows.get_meta(db, _TOLD_IN)
            is_new = not told_in and not issues.open_ids(db)
        if is_new:
            self._writer.do(lambda db: profile_rows.set_meta(db, _TOLD_IN, spoken))
        elif told_in != spoken:
            self._note(spoken)

    def tell(self) -> None:
        """Tell what is open anew, if that is to be done in the language that is spoken now."""
        spoken = self._language()
        with closing(open_reader(self._database)) as db:
            if profile_rows.get_meta(db, _TO_TELL) != spoken:
                return
            for some in _chunks(issues.open_ids(db)):
                if self._turns.is_over or self._language() != spoken:
                    return
                self._judging.tell_anew(db, some)
        self._writer.do(lambda db: profile_rows.set_meta(db, _TOLD_IN, spoken))
        self._note("")

    def _note(self, language: str) -> None:
        self._writer.do(lambda db: profile_rows.set_meta(db, _TO_TELL, language))

    def _turn(self) -> float:
        self.tell()
        return _REST


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    newest_first = sorted(ids, reverse=True)
    for start in range(0, len(newest_first), _AT_ONCE):
        yield newest_first[start : start + _AT_ONCE]
