"""Stumbles: mails over which a server falls, and what may be concluded from it. Of a folder walk.

A mail is passed over for good only if the server refuses it alone and hands out another one at that
very moment. Where it hands out none, its disk is away, or it wants to be left alone, and the mail
waits for another round: the folder's books stay open, and the others are brought all the same. One
of which it cannot even tell the size may be handed out nevertheless, so that is no reason to pass
it over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from app.domain.errors import Busy, KnownError
from app.domain.mailbox import FolderMemory, FolderSnapshot, SkippedMail
from app.domain.translation import to_translate
from app.mail.failures import SaidNo, Stumbled
from app.mail.fetching import Fetched
from app.mail.gateway import Gateway

NOT_HANDED_OUT = to_translate("The server lists this mail but does not hand it out.")
FALLS_OVER = to_translate("The server hangs up whenever it is asked for this mail.")
MOST_UNLISTED = 20  # in a row: it is not these mails that the server cannot tell of
_MOST_LEFT = 3  # in a row: then it is not these mails that the server minds
_WITNESSES = 10  # known mails among which one is looked for that was handed out before


class Stumbles:
    """Those of one folder in one round; `trouble` is why mails were left for another round."""

    def __init__(self, memory: FolderMemory) -> None:
        self._memory = memory
        self._witness = self._left = 0
        self.trouble: KnownError | None = None

    def handed_out(self, uid: int) -> None:
        """The server gave this mail without ado."""
        self._witness, self._left = uid, 0

    def over(
        self, uid: int, error: KnownError, *, gateway: Gateway, folder: FolderSnapshot
    ) -> SkippedMail | None:
        """How the mail is passed over; None where it is left for another round.

        Raises the error when it is left like those before it.
        """
        is_its_fault = isinstance(error, Stumbled) or not isinstance(error, Busy)
        if is_its_fault and self._hands_out_another(uid, gateway, folder):
            self._left = 0
            return SkippedMail(uid=uid, reason=NOT_HANDED_OUT)
        self.trouble = self.trouble or error
        self._left += 1
        if self._left >= _MOST_LEFT:
            raise error
        return None

    def _hands_out_another(self, uid: int, gateway: Gateway, folder: FolderSnapshot) -> bool:
        """Its bytes, that is: what a server once noted of a mail it tells without its disk."""
        witness = self._witness or self._stored(folder)
        if witness in (0, uid):
            return False
        try:
            found = gateway.bodies([witness], first=1)
        except (SaidNo, Busy):
            return False
        return any(one.raw is not None for one in found)

    def _stored(self, folder: FolderSnapshot) -> int:
        """A mail that was brought in an earlier round; 0 if there is none."""
        known = self._memory.newest(folder.name, folder.uid_validity, _WITNESSES)
        marks = self._memory.marks(folder.name, folder.uid_validity, known)
        return next((uid for uid in known if marks.get(uid)), 0)


def listed_apart(
    uids: Iterable[int],
    *,
    ask: Callable[[Sequence[int], dict[int, Fetched]], KnownError | None],
    fell: Callable[[int], None],
) -> dict[int, Fetched]:
    """What the server lists of these, where it falls over some; `fell` hears of each that it does
    not list even alone.

    Raises how it broke off when it does so at one after the other.

    `ask` adds what the server lists, and returns how it broke off. Servers answer in the order of
    the numbers: the first that is missing is the likely one, and asked for alone; so each costs two
    answers that break off, however long the folder. Where nothing was told at all, in halves.
    """
    found: dict[int, Fetched] = {}
    waiting, in_a_row = [sorted(uids)], 0
    while waiting:
        asked = waiting.pop()
        error = ask(asked, found) if asked else None
        left = [uid for uid in asked if uid not in found]
        in_a_row = 0 if len(left) < len(asked) else in_a_row
        if error is None or not left:
            continue
        if len(asked) == 1:
            in_a_row += 1
            if in_a_row > MOST_UNLISTED:
                raise error
            fell(asked[0])
            continue
        half = 1 if len(left) < len(asked) else max(1, len(left) // 2)
        waiting += [left[half:], left[1:half], left[:1]]
    return found
