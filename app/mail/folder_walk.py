"""Folder walk: one IMAP folder, once: what is new and what is gone, in batches, newest first.

The middle of an IMAP round. What was read before is compared by its numbers; where those may name
other mails now, because the server counts backwards, by size and arrival as well. A mail at which
the server falls over must not keep the others from being read: after a hang-up or a refusal its
batch is fetched mail by mail, and one that fails alone is passed over, with the reason in the
books, or left for another round (`stumbles`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.domain.errors import Busy, KnownError, Unreachable
from app.domain.mailbox import (
    NO_FLAGS,
    Batch,
    FetchedMail,
    Flags,
    FolderCursor,
    FolderMemory,
    FolderRole,
    FolderSnapshot,
    Head,
    KnownMail,
    SkippedMail,
    WatchedFolder,
    mark_of,
)
from app.mail.catching_up import Compared, caught_up
from app.mail.failures import HungUp, SaidNo, Stumbled
from app.mail.fetching import Fetched
from app.mail.gateway import Gateway
from app.mail.large_mail import without_files
from app.mail.selecting import Opened
from app.mail.stumbles import FALLS_OVER, NOT_HANDED_OUT, Stumbles, listed_apart
from app.mail.uid_set import uid_sets, within

BATCH_MAILS = 200
BATCH_BYTES = 2 * 1024 * 1024
LARGE = 5 * 1024 * 1024
START = 1024 * 1024  # of a large mail whose parts the server does not list
HEADS_AT_ONCE = 500
FLAGS_OF = 500  # of the newest mails, where a server does not tell what changed
OLDER_FLAGS_OF = 2_000  # and of so many older ones in a round, in turn
BEGINNING = 32 * 1024  # of a mail in Junk: headers and first words; what is shorter comes whole
PART = 10_000  # numbers of a long folder that was never read, listed at once
MOST_REPAIRS = 6  # in a round; after that the server is left alone for a while

Deliver = Callable[[Batch], None]

_KNOWN = Fetched(uid=0)  # one for all of which nothing was asked: there may be 500,000


class Repairs:
    """New connections for those that broke in a round, up to a limit."""

    def __init__(self, connect: Callable[[], Gateway]) -> None:
        self._connect = connect
        self._left = MOST_REPAIRS

    def repaired(self, error: Unreachable) -> Gateway:
        """A new connection; the error itself when there were too many already."""
        if not self._left:
            raise error
        self._left -= 1
        return self._connect()


class FolderWalk:
    """One folder of a signed-in account, once."""

    def __init__(
        self,
        gateway: Gateway,
        memory: FolderMemory,
        deliver: Deliver,
        stop: threading.Event,
        *,
        repairs: Repairs,
        turns: dict[str, int] | None = None,
        large: int = LARGE,
    ) -> None:
        """`large`: mails of more bytes are read without their attachments.

        `turns` remembers, for each folder, how far the flags of old mails were asked for.
        """
        self._large = large
        self._turns = {} if turns is None else turns
        self._gateway = gateway
        self._memory = memory
        self._deliver = deliver
        self._stop = stop
        self._repairs = repairs
        self._stumbles = Stumbles(memory)
        self._unlisted: set[int] = set()  # there, and not even their sizes are to be had
        self._tried: set[int] = set()

    def through(self, watched: WatchedFolder, *, most: int | None = None) -> FolderSnapshot:
        """Deliver all that is on the server and not stored; then the cursor may move.

        `most`: only so many of the newest, and the rest another time. Returns the folder as it was
        when it was opened.
        """
        self._note(watched)
        cursor = self._memory.cursor(watched.name)
        opened = self._gateway.open(watched.name, since=cursor)
        folder = replace(opened.folder, role=watched.role)
        if cursor is None and folder.exists > PART:
            self._in_parts(folder, most=most)
            return folder
        compared = self._compared(folder, opened, cursor)
        listed = compared.listed
        missing = self._missing(listed, compared.known)
        if cursor is not None and cursor.uid_validity != folder.uid_validity:
            missing = self._unlinked(folder, missing, listed)
        elif folder.role is not FolderRole.INBOX:
            missing = self._not_here_yet(folder, missing, listed)
        vanished = 0
        sizes = {uid: listed[uid].size for uid in missing}
        for uids in _windows(missing[:most], sizes, large=self._large):
            if self._stop.is_set():
                return folder
            vanished += len(uids) - self._bring(folder, uids, listed)
        vanished += self._bring_unlisted(folder, compared.known, listed)
        self._raise_trouble()
        if most is None or len(missing) <= most:
            self._settle(folder, opened, cursor, compared, vanished=vanished)
        return folder

    def _in_parts(self, folder: FolderSnapshot, *, most: int | None) -> None:
        """A long folder that was never read to its end: its newest part is brought before the next
        is listed, so that the first mails come at once and no list grows with the folder."""
        high, step, brought, count, vanished = folder.uid_next - 1, PART, 0, 0, 0
        while high > 0:
            low = max(1, high - step + 1)
            known, listed = self._part(folder, low, high)
            missing = self._missing(listed, known)
            if folder.role is not FolderRole.INBOX:
                missing = self._not_here_yet(folder, missing, listed)
            some = missing if most is None else missing[: most - brought]
            sizes = {uid: listed[uid].size for uid in some}
            for uids in _windows(some, sizes, large=self._large):
                if self._stop.is_set():
                    return
                vanished += len(uids) - self._bring(folder, uids, listed)
            vanished += self._bring_unlisted(folder, known, listed)
            if len(some) < len(missing) or self._stop.is_set():
                return
            brought, count, high = brought + len(some), count + len(listed), low - 1
            step = PART if len(listed) > step // 4 else step * 4  # numbers may be far apart
        self._raise_trouble()
        settled = replace(folder, exists=max(count, folder.exists) - vanished)
        self._deliver(Batch(folder=settled, complete=True))

    def _missing(self, listed: Mapping[int, Fetched], known: frozenset[int]) -> list[int]:
        """What is to be brought, newest first."""
        return sorted(listed.keys() - known - self._unlisted, reverse=True)

    def _raise_trouble(self) -> None:
        """The books of a folder of which mails were left for another round are not closed."""
        if self._stumbles.trouble is not None:
            raise self._stumbles.trouble

    def _part(
        self, folder: FolderSnapshot, low: int, high: int
    ) -> tuple[frozenset[int], dict[int, Fetched]]:
        """What is known and what the server lists between two numbers; both are compared."""
        listed = self._sizes(folder, low, high)
        known = self._memory.known_within(folder.name, folder.uid_validity, ((low, high),))
        if not known:
            return known, listed
        others = self._others(folder, known, listed)
        here = (known & listed.keys()) - others
        flags = self._gateway.flags(f"{low}:{high}") if here else {}
        gone = tuple(sorted(known - here))
        told = {uid: those for uid, those in flags.items() if uid in here}
        self._deliver(Batch(folder=folder, gone=gone, flags=told))
        return here, listed

    def _compared(
        self, folder: FolderSnapshot, opened: Opened, cursor: FolderCursor | None
    ) -> Compared:
        """What is known beside what the server lists; by the changes alone where it counts them."""
        goes_on = cursor is not None and _goes_on(folder, cursor)
        if cursor is not None and goes_on and cursor.modseq and folder.modseq:
            found = caught_up(
                self._memory,
                opened,
                cursor,
                between=lambda low: self._between(low, folder),
                others=lambda known, listed: self._others(folder, known, listed),
            )
            if found is not None:
                return found
        known = self._memory.known_uids(folder.name, folder.uid_validity)
        listed = self._listed(folder, known - within(known, opened.vanished), cursor)
        if others := self._others(folder, known, listed, sure=cursor is None or goes_on):
            known -= others
            self._deliver(Batch(folder=folder, gone=tuple(sorted(others))))
        return Compared(known=known, listed=listed, count=len(listed))

    def _unlinked(
        self, folder: FolderSnapshot, uids: list[int], listed: Mapping[int, Fetched]
    ) -> list[int]:
        """The folder counts anew: those of its mails that are not stored, by their headers.

        The others are only found under their new numbers, without fetching them again.
        """
        left: list[int] = []
        for start in range(0, len(uids), HEADS_AT_ONCE):
            if self._stop.is_set():
                break
            some = uids[start : start + HEADS_AT_ONCE]
            found = {one.uid: one for one in self._gateway.heads(some) if one.raw is not None}
            heads = [
                Head(uid=uid, raw=one.raw or b"", size=listed[uid].size)
                for uid, one in found.items()
            ]
            stored = self._memory.stored(heads)
            left += [uid for uid in some if uid not in stored]
            self._say_known(folder, stored, found, listed)
        return left

    def _not_here_yet(
        self, folder: FolderSnapshot, uids: list[int], listed: Mapping[int, Fetched]
    ) -> list[int]:
        """Those that Gmail does not show under another label as well, where they were read."""
        if not uids or not self._gateway.is_gmail:
            return uids
        left: list[int] = []
        for start in range(0, len(uids), HEADS_AT_ONCE):
            some = uids[start : start + HEADS_AT_ONCE]
            named = {one.uid: one for one in self._gateway.named(some) if one.gmail is not None}
            stored = self._memory.stored_as(
                {uid: one.gmail for uid, one in named.items() if one.gmail is not None}
            )
            left += [uid for uid in some if uid not in stored]
            self._say_known(folder, stored, named, listed)
        return left

    def _say_known(
        self,
        folder: FolderSnapshot,
        stored: Mapping[int, int],
        found: Mapping[int, Fetched],
        listed: Mapping[int, Fetched],
    ) -> None:
        """Deliver those that are stored already (UID -> row), as they were found here."""
        again = tuple(
            KnownMail(
                uid=uid, stored=row, flags=found[uid].flags or NO_FLAGS, mark=_mark(listed[uid])
            )
            for uid, row in stored.items()
        )
        if again:
            self._deliver(Batch(folder=folder, again=again))

    def _note(self, watched: WatchedFolder) -> None:
        """Let the server note what the owner wants it to, before the folder is compared."""
        cursor = self._memory.cursor(watched.name)
        wanted = (
            self._memory.wanted_flags(watched.name, cursor.uid_validity)
            if cursor is not None
            else {}
        )
        if cursor is None or not wanted:
            return
        folder = self._gateway.select(watched.name)
        if folder.uid_validity != cursor.uid_validity:
            return
        told: dict[int, Flags] = dict(wanted)
        try:
            self._gateway.add_flags(watched.name, wanted)
        except Unreachable:
            raise
        except KnownError:  # a folder in which nobody may change anything
            told = dict.fromkeys(wanted, NO_FLAGS)
        self._deliver(Batch(folder=replace(folder, role=watched.role), told=told))

    def _settle(
        self,
        folder: FolderSnapshot,
        opened: Opened,
        cursor: FolderCursor | None,
        compared: Compared,
        *,
        vanished: int,
    ) -> None:
        gone = tuple(sorted(compared.known - compared.listed.keys()))
        flags = self._flags(folder, opened, cursor, compared)
        if compared.count < folder.exists and gone:  # it lists less than it says there is
            gone = tuple(sorted(set(gone) - self._gateway.still_there(gone)))
        settled = replace(folder, exists=max(compared.count, folder.exists) - vanished)
        labels = self._labels(folder, cursor)
        self._deliver(Batch(folder=settled, gone=gone, flags=flags, labels=labels, complete=True))

    def _labels(
        self, folder: FolderSnapshot, cursor: FolderCursor | None
    ) -> Mapping[int, tuple[str, ...]]:
        """The labels of mails that changed since the cursor, where the server has labels."""
        if cursor is None or not _goes_on(folder, cursor) or not self._gateway.is_gmail:
            return {}
        if not cursor.modseq or folder.modseq == cursor.modseq:
            return {}
        return self._gateway.labels(f"1:{folder.uid_next - 1}", changed_since=cursor.modseq)

    def _flags(
        self,
        folder: FolderSnapshot,
        opened: Opened,
        cursor: FolderCursor | None,
        compared: Compared,
    ) -> Mapping[int, Flags]:
        """What changed about the mails that were there before, as far as the server tells."""
        here = compared.known & compared.listed.keys()
        if not here and compared.everything:
            return {}
        goes_on = cursor is not None and _goes_on(folder, cursor)
        if goes_on and opened.flags is not None:
            found = opened.flags
        elif goes_on and cursor is not None and cursor.modseq and folder.modseq:
            if folder.modseq == cursor.modseq:
                return {}
            found = self._gateway.flags(f"1:{folder.uid_next - 1}", changed_since=cursor.modseq)
        else:
            found = self._gateway.flags(self._some_of(folder.name, sorted(here)))
        fresh = compared.listed.keys() - here
        return {
            uid: flags
            for uid, flags in found.items()
            if uid not in fresh and (uid in here or not compared.everything)
        }

    def _some_of(self, folder: str, here: list[int]) -> str:
        """The newest mails, and as many of the older ones as are due in this round.

        So the flags of all become true in time, and no round has to ask for half a million.
        """
        newest, older = here[-FLAGS_OF:], here[:-FLAGS_OF]
        if not older:
            return f"{newest[0]}:{newest[-1]}"
        start = self._turns.get(folder, len(older)) % len(older)
        some = older[max(0, start - OLDER_FLAGS_OF) : start] or older[-OLDER_FLAGS_OF:]
        self._turns[folder] = older.index(some[0])
        return f"{some[0]}:{some[-1]},{newest[0]}:{newest[-1]}"

    def _listed(
        self, folder: FolderSnapshot, still: frozenset[int], cursor: FolderCursor | None
    ) -> dict[int, Fetched]:
        """What the folder held when it was opened: UID -> size and arrival (nothing of what is
        known).

        What is known to be there still, with what lies beyond the cursor, is believed only if it
        comes to the server's own count and the newest of it is the mail that we know; otherwise
        everything is listed.
        """
        if cursor is not None and _goes_on(folder, cursor):
            fresh = self._between(self._marked(folder, still) or cursor.uid_next, folder)
            if len(still | fresh.keys()) == folder.exists and not self._others(
                folder, still, fresh
            ):
                return {**dict.fromkeys(still, _KNOWN), **fresh}
        return self._between(1, folder) if folder.exists else {}

    def _marked(self, folder: FolderSnapshot, still: frozenset[int]) -> int:
        """The newest of the mails that we know, if we would know it again; else 0."""
        newest = max(still, default=0)
        marks = self._memory.marks(folder.name, folder.uid_validity, (newest,))
        return newest if marks.get(newest) else 0

    def _others(
        self,
        folder: FolderSnapshot,
        known: frozenset[int],
        listed: Mapping[int, Fetched],
        *,
        sure: bool = True,
    ) -> frozenset[int]:
        """Known numbers under which another mail lies now, by what the server says of it.

        Not `sure`: the server counts backwards, and what has no mark is looked at again.
        """
        said = {uid: one for uid, one in listed.items() if one.size and uid in known}
        marks = self._memory.marks(folder.name, folder.uid_validity, said.keys())
        return frozenset(
            uid for uid, mark in marks.items() if mark != _mark(said[uid]) and (mark or not sure)
        )

    def _between(self, low: int, folder: FolderSnapshot) -> dict[int, Fetched]:
        if low >= folder.uid_next:
            return {}
        # Mails that came since then belong to the next round.
        return self._sizes(folder, low, folder.uid_next - 1)

    def _sizes(self, folder: FolderSnapshot, low: int, high: int) -> dict[int, Fetched]:
        """What the server lists between two numbers, both included, whatever it falls over."""
        try:
            found = self._gateway.listing(f"{low}:{high}")
        except (SaidNo, Stumbled, HungUp) as error:
            self._go_on(folder, error)
            found = self._sizes_apart(folder, low, high)
        return {uid: one for uid, one in found.items() if low <= uid <= high}

    def _sizes_apart(self, folder: FolderSnapshot, low: int, high: int) -> dict[int, Fetched]:
        """The same, with care: their numbers alone first, which need none of the mails' bytes."""
        there = {uid for uid in self._gateway.numbers(f"{low}:{high}") if low <= uid <= high}
        where = folder.name, folder.uid_validity
        known = self._memory.known_within(*where, ((low, high),)) & there
        marks = self._memory.marks(*where, known)
        passed_over = {uid for uid in known if not marks.get(uid)}

        def ask(uids: Sequence[int], found: dict[int, Fetched]) -> KnownError | None:
            try:
                for line in uid_sets(uids):
                    self._gateway.list_into(found, line)
            except (SaidNo, Stumbled, HungUp) as error:
                self._go_on(folder, error)
                return error
            return None

        found = listed_apart(there - passed_over, ask=ask, fell=self._unlisted.add)
        return {**{uid: Fetched(uid=uid) for uid in passed_over | self._unlisted}, **found}

    def _bring_unlisted(
        self, folder: FolderSnapshot, known: frozenset[int], listed: Mapping[int, Fetched]
    ) -> int:
        """Try those of which the server could not tell the size; how many of them vanished."""
        left = sorted((self._unlisted & listed.keys()) - known - self._tried, reverse=True)
        self._tried.update(left)
        return len(left) - sum(self._bring_alone(folder, uid, listed, tries=1) for uid in left)

    def _pass_over(self, folder: FolderSnapshot, uid: int, error: KnownError) -> None:
        """Note that the mail is not to be had, or leave it for another round."""
        skipped = self._stumbles.over(uid, error, gateway=self._gateway, folder=folder)
        if skipped is not None:
            self._deliver(Batch(folder=folder, skipped=(skipped,)))

    def _bring(self, folder: FolderSnapshot, uids: list[int], listed: Mapping[int, Fetched]) -> int:
        """Deliver these mails; how many of them are in the books now, stored or passed over, or
        are left for another round."""
        try:
            left = self._left_in_junk(folder, uids, listed)
            uids = [uid for uid in uids if uid not in left]
            fetched = self._fetch(uids, listed) if uids else {}
        except (SaidNo, Unreachable) as error:
            self._go_on(folder, error)
            return sum(self._bring_alone(folder, uid, listed) for uid in uids)
        absent = [uid for uid in uids if uid not in fetched]
        some = [uid for uid in uids if uid in fetched] if len(uids) > 1 else uids
        batch = self._batch(folder, some, listed, fetched)
        batch = replace(batch, skipped=(*batch.skipped, *left.values()))
        self._deliver(batch)
        if batch.mails:
            self._stumbles.handed_out(batch.mails[-1].uid)
        count = len(batch.mails) + len(batch.skipped)
        if not absent or len(uids) == 1:
            return count
        there = self._gateway.still_there(absent)
        return count + sum(self._bring_alone(folder, uid, listed) for uid in absent if uid in there)

    def _left_in_junk(
        self, folder: FolderSnapshot, uids: list[int], listed: Mapping[int, Fetched]
    ) -> dict[int, SkippedMail]:
        """Mails in Junk of which the beginning says enough to leave them there."""
        longer = [uid for uid in uids if listed[uid].size > BEGINNING]
        if folder.role is not FolderRole.JUNK or not longer:
            return {}
        begun = (one for one in self._gateway.bodies(longer, first=BEGINNING) if one.raw)
        mails = [_mail(one, listed[one.uid], large=0) for one in begun]
        why, marks = self._memory.left_in_junk(mails), {one.uid: one.mark for one in mails}
        return {
            uid: SkippedMail(uid=uid, reason=reason, left=True, mark=marks[uid])
            for uid, reason in why.items()
        }

    def _bring_alone(
        self, folder: FolderSnapshot, uid: int, listed: Mapping[int, Fetched], *, tries: int = 2
    ) -> int:
        for _ in range(tries):
            try:
                batch = self._batch(folder, [uid], listed, self._fetch([uid], listed))
            except (SaidNo, Busy) as error:
                self._pass_over(folder, uid, error)
                return 1
            except Unreachable as error:
                self._repair(folder, error)
            else:
                self._deliver(batch)
                if batch.mails:
                    self._stumbles.handed_out(uid)
                return len(batch.mails) + len(batch.skipped)
        self._deliver(Batch(folder=folder, skipped=(SkippedMail(uid=uid, reason=FALLS_OVER),)))
        return 1

    def _go_on(self, folder: FolderSnapshot, error: KnownError) -> None:
        """After an answer that broke off; where the connection did as well, with a new one."""
        if isinstance(error, Unreachable) and not isinstance(error, Busy):
            self._repair(folder, error)

    def _repair(self, folder: FolderSnapshot, error: Unreachable) -> None:
        """Go on with a new connection; the error stands if the old one did not break at all."""
        if self._stop.is_set() or self._gateway.is_alive():
            raise error
        self._gateway = self._repairs.repaired(error)
        if self._gateway.select(folder.name).uid_validity != folder.uid_validity:
            raise error

    def _batch(
        self,
        folder: FolderSnapshot,
        uids: list[int],
        listed: Mapping[int, Fetched],
        fetched: Mapping[int, Fetched],
    ) -> Batch:
        absent = [uid for uid in uids if uid not in fetched]
        skipped = tuple(
            SkippedMail(uid=uid, reason=NOT_HANDED_OUT)
            for uid in (sorted(self._gateway.still_there(absent)) if absent else ())
        )
        mails = tuple(
            _mail(fetched[uid], listed[uid], large=self._large) for uid in uids if uid in fetched
        )
        return Batch(folder=folder, mails=mails, skipped=skipped)

    def _fetch(self, uids: list[int], listed: Mapping[int, Fetched]) -> dict[int, Fetched]:
        is_large = len(uids) == 1 and listed[uids[0]].size > self._large
        raw = without_files(self._gateway, uids[0]) if is_large else None
        first = 1 if raw is not None else START if is_large else None
        found = self._gateway.bodies(uids, first=first)
        if raw is not None:  # that answer brought the time of arrival alone
            found = [replace(one, raw=raw) for one in found]
        return {one.uid: one for one in found if one.raw is not None}


def _goes_on(folder: FolderSnapshot, cursor: FolderCursor) -> bool:
    """Whether the server counts on from where we were; one that goes backwards is not believed."""
    return (
        cursor.uid_validity == folder.uid_validity
        and cursor.uid_next <= folder.uid_next
        and not 0 < folder.modseq < cursor.modseq
    )


def _windows(uids: list[int], sizes: Mapping[int, int], *, large: int) -> Iterator[list[int]]:
    """The UIDs in batches of bounded count and bytes; what is large stands alone."""
    window: list[int] = []
    size = 0
    for uid in uids:
        full = len(window) >= BATCH_MAILS or size + sizes[uid] > BATCH_BYTES
        if window and (full or sizes[uid] > large):
            yield window
            window, size = [], 0
        window.append(uid)
        size += BATCH_BYTES if sizes[uid] > large else sizes[uid]
    if window:
        yield window


def _mail(one: Fetched, told: Fetched, *, large: int) -> FetchedMail:
    raw = one.raw or b""
    marked = told if told.size else one  # the server could not tell the size of this one
    return FetchedMail(
        uid=one.uid,
        raw=raw,
        received_at=one.received_at,
        size=max(told.size, len(raw)),
        complete=told.size <= large,
        gmail=one.gmail,
        labels=one.labels,
        flags=one.flags or NO_FLAGS,
        mark=_mark(marked),
    )


def _mark(told: Fetched) -> int:
    return mark_of(told.size, told.received_at)
