"""RuleBook: the owner's rules as they hold, read anew when their file changes.

A file that cannot be used leaves the last good rules in force, over a start of the engine too, and
says so in `trouble`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from app.config.system import make_private_folder, put_in_place, write_private
from app.domain.errors import KnownError
from app.domain.owner_rule import OwnerRule
from app.domain.translation import to_translate, tr
from app.storage.database import disk_errors
from app.triage.owner_rules import FILE, Ready, as_toml, read_file, ready

log = logging.getLogger(__name__)

_LAST_GOOD, _BROKEN = FILE + ".last-good", FILE + ".broken"
_MEANWHILE = to_translate(
    "The last good rules hold meanwhile; a change in Settings puts the file aside, as {file}."
)
_Seen = tuple[int, int] | None


class RuleBook:
    """The rules of one profile. May be asked from any thread."""

    def __init__(self, folder: Path) -> None:
        """`folder` has the profile's own rules."""
        self._folder = folder
        self._lock = threading.Lock()
        self._rules: tuple[Ready, ...] = ()
        self._seen: _Seen = None
        self._trouble = ""

    @property
    def file(self) -> Path:
        """Where the rules stand."""
        return self._folder / FILE

    @property
    def trouble(self) -> str:
        """Why the file is not what holds; empty where it is."""
        self.rules()
        return self._trouble

    def rules(self) -> tuple[Ready, ...]:
        """All rules in their order, those that are switched off too."""
        with self._lock:
            seen = _state(self.file)
            if seen != self._seen:
                self._seen = seen
                self._take_over()
            return self._rules

    def reload(self) -> tuple[Ready, ...]:
        """Read the file now. Raises the KnownError that names its fault; the last good stay."""
        with self._lock:
            self._seen = None
        found = self.rules()
        if self._trouble:
            read_file(self.file)
        return found

    def keep(self, rules: Sequence[OwnerRule]) -> tuple[Ready, ...]:
        """Write these rules; they hold from now on. Raises Refused, and nothing is changed then.

        A file that could not be used is put aside first, so that nothing written by hand is lost.
        """
        checked = ready(rules)
        make_private_folder(self._folder)
        if self.trouble:
            with suppress(OSError):
                put_in_place(self.file, self._folder / _BROKEN)
        with disk_errors():
            write_private(self.file, as_toml(rules).encode())
        with self._lock:
            self._seen = _state(self.file)
            self._hold(checked)
        return checked

    def _take_over(self) -> None:
        try:
            self._hold(read_file(self.file))
        except KnownError as error:
            self._trouble = f"{error.sentence} {tr(_MEANWHILE, file=_BROKEN)}"
            log.warning("%s", self._trouble)
            if not self._rules:
                with suppress(KnownError):
                    self._rules = read_file(self._folder / _LAST_GOOD)

    def _hold(self, rules: tuple[Ready, ...]) -> None:
        self._rules, self._trouble = rules, ""
        if rules or (self._folder / _LAST_GOOD).exists():
            with suppress(OSError):
                text = as_toml([one.rule for one in rules])
                write_private(self._folder / _LAST_GOOD, text.encode())


def _state(path: Path) -> _Seen:
    """What changes whenever the file does; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
