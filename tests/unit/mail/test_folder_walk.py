"""What one folder's walk delivers, whatever the server does meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from app.domain.errors import Unreachable
from app.domain.mailbox import (
    Batch,
    Flags,
    FolderCursor,
    FolderSnapshot,
    MailFlag,
    WatchedFolder,
    mark_of,
)
from app.mail import folder_walk
from app.mail.fetching import EPOCH, Fetched
from app.mail.folder_walk import FolderWalk, Repairs
from app.mail.gateway import Gateway
from app.mail.selecting import Opened
from app.mail.stumbles import FALLS_OVER, NOT_HANDED_OUT
from app.mail.uid_set import Ranges, uid_ranges, within
from tests.support.folder_memory import NoMemory


@dataclass
class FakeServer:
    """A folder in memory; `poison` kills the connection, `withheld` is listed without bytes."""

    sizes_by_uid: dict[int, int]
    uid_next: int = 0
    validity: int = 7
    poison: frozenset[int] = frozenset()
    withheld: frozenset[int] = frozenset()
    vanishing: frozenset[int] = frozenset()
    busy: bool = False
    connections: int = 1
    modseq: int = 0
    vanished: Ranges = ()
    since: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    heads_asked: list[int] = field(default_factory=list)
    flags: dict[int, Flags] = field(default_factory=dict)
    flags_asked: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class FakeGateway:
    """The gateway's manner of speaking over a FakeServer."""

    server: FakeServer
    alive: bool = True

    def select(self, folder: str) -> FolderSnapshot:
        server = self.server
        return FolderSnapshot(
            name=folder,
            uid_validity=server.validity,
            uid_next=server.uid_next or max(server.sizes_by_uid, default=0) + 1,
            exists=len(server.sizes_by_uid),
            modseq=server.modseq,
        )

    def open(self, folder: str, *, since: FolderCursor | None) -> Opened:
        self.server.since.append(since.modseq if since else 0)
        return Opened(folder=self.select(folder), vanished=self.server.vanished)

    def listing(self, uids: str) -> dict[int, Fetched]:
        self.server.asked.append(uids)
        low, high = map(int, uids.split(":"))
        sizes = {uid: size for uid, size in self.server.sizes_by_uid.items() if low <= uid <= high}
        # Servers answer an empty range with the last mail (RFC 3501 6.4.8).
        sizes = sizes or {max(self.server.sizes_by_uid): 1}
        return {uid: Fetched(uid=uid, size=size) for uid, size in sizes.items()}

    def heads(self, uids: list[int]) -> list[Fetched]:
        self.server.heads_asked += uids
        return [Fetched(uid=uid, raw=b"Subject: x\r\n\r\n") for uid in uids]

    def flags(self, uids: str, *, changed_since: int = 0) -> dict[int, Flags]:
        self.server.flags_asked.append((uids, changed_since))
        found = self.server.flags
        return {uid: found[uid] for uid in within(found.keys(), uid_ranges(uids))}

    def bodies(self, uids: list[int], *, first: int | None = None) -> list[Fetched]:
        if self.server.poison & set(uids):
            self.alive = False
        if not self.alive or self.server.busy:
            raise Unreachable("it hung up")
        there = self.server.sizes_by_uid.keys() - self.server.vanishing
        return [
            Fetched(uid=uid, raw=None if uid in self.server.withheld else b"x" * (first or 3))
            for uid in uids
            if uid in there
        ]

    is_gmail = False

    def structure(self, uid: int) -> bytes:
        return b""

    def still_there(self, uids: list[int]) -> frozenset[int]:
        return frozenset(uids) - self.server.vanishing

    def is_alive(self) -> bool:
        return self.alive


@dataclass
class FakeMemory(NoMemory):
    """What is stored already."""

    known: frozenset[int] = frozenset()
    at: FolderCursor | None = None

    def cursor(self, folder: str) -> FolderCursor | None:
        return self.at

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        return self.known if uid_validity == 7 else frozenset()


def walked(server: FakeServer, memory: FakeMemory | None = None) -> list[Batch]:
    batches: list[Batch] = []
    walk(server, memory or FakeMemory(), batches)
    return batches


def walk(server: FakeServer, memory: FakeMemory, batches: list[Batch]) -> None:
    def connect() -> Gateway:
        server.connections += 1
        return cast(Gateway, FakeGateway(server))

    FolderWalk(
        cast(Gateway, FakeGateway(server)),
        memory,
        batches.append,
        threading.Event(),
        repairs=Repairs(connect),
    ).through(WatchedFolder(name="INBOX"))


def uids(batches: list[Batch], what: str = "mails") -> list[int]:
    found: list[Any] = [one for batch in batches for one in getattr(batch, what)]
    return [one if isinstance(one, int) else one.uid for one in found]


def cursor(uid_next: int, *, modseq: int = 0) -> FolderCursor:
    return FolderCursor(uid_validity=7, uid_next=uid_next, modseq=modseq)


def test_everything_is_brought_newest_first_and_the_last_batch_closes_the_books():
    batches = walked(FakeServer(dict.fromkeys((3, 9, 20), 10)))
    assert uids(batches) == [20, 9, 3]
    assert [batch.complete for batch in batches] == [False, True]
    assert batches[-1].folder.exists == 3


def test_of_a_folder_read_to_its_end_nothing_is_asked():
    server = FakeServer(dict.fromkeys((1, 2), 10))
    assert uids(walked(server, FakeMemory(frozenset((1, 2)), cursor(3)))) == []
    assert server.asked == []


def test_only_what_lies_beyond_the_cursor_is_listed():
    server = FakeServer(dict.fromkeys((1, 2, 5), 10))
    batches = walked(server, FakeMemory(frozenset((1, 2)), cursor(3)))
    assert (uids(batches), server.asked) == ([5], ["3:5"])


def test_what_is_gone_is_told_and_mails_with_a_hole_below_the_cursor_are_brought():
    server = FakeServer(dict.fromkeys((1, 3, 5), 10))
    batches = walked(server, FakeMemory(frozenset((1, 2)), cursor(6)))
    assert (uids(batches), uids(batches, "gone")) == ([5, 3], [2])


def test_a_server_that_counts_backwards_is_read_anew():
    server = FakeServer(dict.fromkeys((1, 2), 10), uid_next=3)
    batches = walked(server, FakeMemory(frozenset((1, 9)), cursor(10)))
    assert (uids(batches), uids(batches, "gone")) == ([2], [9])


def test_what_the_server_names_as_vanished_is_gone_without_a_list_of_the_rest():
    server = FakeServer(dict.fromkeys((1, 3, 5), 10), modseq=20, vanished=((2, 2), (40, 4_000_000)))
    batches = walked(server, FakeMemory(frozenset((1, 2, 3)), cursor(4, modseq=9)))
    assert (uids(batches), uids(batches, "gone"), server.asked) == ([5], [2], ["4:5"])
    assert server.since == [9]
    assert batches[-1].folder.modseq == 20


def test_what_a_server_names_as_vanished_is_believed_only_if_the_count_is_right():
    server = FakeServer(dict.fromkeys((1, 2, 3), 10), modseq=20, vanished=((2, 2),))
    batches = walked(server, FakeMemory(frozenset((1, 2, 3)), cursor(4, modseq=9)))
    assert (uids(batches), uids(batches, "gone"), server.asked) == ([], [], ["1:3"])


def test_a_server_whose_changes_go_backwards_is_compared_in_full():
    server = FakeServer(dict.fromkeys((1, 3, 4), 10), modseq=5)
    batches = walked(server, FakeMemory(frozenset((1, 2, 3)), cursor(5, modseq=9)))
    assert (uids(batches), uids(batches, "gone"), server.asked) == ([4], [2], ["1:4"])


def test_under_a_new_validity_everything_is_brought():
    server = FakeServer(dict.fromkeys((1, 2), 10), validity=8)
    batches = walked(server, FakeMemory(frozenset((1, 2)), cursor(3)))
    assert uids(batches) == [2, 1]
    assert uids(batches, "gone") == []


def test_the_last_old_mail_that_an_empty_range_brings_is_not_taken_for_a_new_one():
    server = FakeServer({1: 10}, uid_next=9)
    assert uids(walked(server, FakeMemory(frozenset((1,)), cursor(5)))) == []


def test_what_vanished_is_neither_stored_nor_skipped_and_the_books_balance():
    server = FakeServer(dict.fromkeys((1, 2, 3), 10), vanishing=frozenset((2,)))
    batches = walked(server)
    assert (uids(batches), uids(batches, "skipped")) == ([3, 1], [])
    assert batches[-1].folder.exists == 2


def test_what_is_listed_but_not_handed_out_is_skipped_with_the_reason():
    batches = walked(FakeServer(dict.fromkeys((1, 2), 10), withheld=frozenset((2,))))
    assert [one.reason for batch in batches for one in batch.skipped] == [NOT_HANDED_OUT]
    assert batches[-1].folder.exists == 2


def test_a_mail_at_which_the_server_falls_over_keeps_no_other_from_being_read():
    server = FakeServer(dict.fromkeys(range(1, 8), 10), poison=frozenset((4,)))
    batches = walked(server)
    assert uids(batches) == [7, 6, 5, 3, 2, 1]
    assert [(one.uid, one.reason) for b in batches for one in b.skipped] == [(4, FALLS_OVER)]
    assert batches[-1].complete
    assert server.connections == 4


def test_after_too_many_hang_ups_the_server_is_left_alone_and_what_was_read_is_delivered():
    server = FakeServer(dict.fromkeys(range(1, 8), 10), poison=frozenset((5, 4, 3, 2)))
    batches: list[Batch] = []
    with pytest.raises(Unreachable):
        walk(server, FakeMemory(), batches)
    assert uids(batches) == [7, 6]
    assert uids(batches, "skipped") == [5, 4]
    assert not any(batch.complete for batch in batches)


def test_a_server_that_is_only_busy_is_not_asked_mail_by_mail():
    server = FakeServer({1: 10}, busy=True)
    with pytest.raises(Unreachable):
        walked(server)
    assert server.connections == 1


def test_batches_are_bounded_in_count_and_bytes_and_what_is_large_stands_alone():
    megabyte = 1024 * 1024
    sizes = {1: megabyte, 2: 1, 3: megabyte, 4: 30 * megabyte, 5: 1}
    batches = walked(FakeServer(sizes))
    assert [[mail.uid for mail in batch.mails] for batch in batches] == [[5], [4], [3, 2], [1], []]
    assert [mail.complete for batch in batches for mail in batch.mails] == [
        True, False, True, True, True,
    ]  # fmt: skip
    assert batches[1].mails[0].size == 30 * megabyte
    many = walked(FakeServer(dict.fromkeys(range(1, 402), 1)))
    assert [len(batch.mails) for batch in many] == [200, 200, 1, 0]
    assert folder_walk.BATCH_MAILS == 200


def test_where_a_server_tells_no_changes_the_flags_of_all_mails_are_read_in_turn():
    """The newest in every round, of the older ones some; after a few rounds each was asked for."""
    count = folder_walk.FLAGS_OF + 2 * folder_walk.OLDER_FLAGS_OF + 7
    uids = range(1, count + 1)
    server = FakeServer(sizes_by_uid=dict.fromkeys(uids, 100))
    memory = FakeMemory(known=frozenset(uids), at=FolderCursor(uid_validity=7, uid_next=count + 1))
    turns: dict[str, int] = {}
    asked: set[int] = set()
    for _ in range(3):
        FolderWalk(
            cast(Gateway, FakeGateway(server)),
            memory,
            lambda _batch: None,
            threading.Event(),
            repairs=Repairs(lambda: cast(Gateway, FakeGateway(server))),
            turns=turns,
        ).through(WatchedFolder(name="INBOX"))
        said, _ = server.flags_asked[-1]
        now = within(uids, uid_ranges(said))
        assert {count, count - folder_walk.FLAGS_OF + 1} <= now
        assert len(now) <= folder_walk.FLAGS_OF + folder_walk.OLDER_FLAGS_OF
        asked |= now
    assert asked == set(uids)


def test_of_a_long_folder_the_newest_part_is_brought_before_the_next_is_listed():
    """Case 125: nobody waits for a list of half a million numbers."""
    count = 2 * folder_walk.PART + 500
    server = FakeServer(dict.fromkeys(range(1, count + 1), 10))
    listed_when: list[int] = []
    batches: list[Batch] = []

    class Notes(FakeGateway):
        def listing(self, uids: str) -> dict[int, Fetched]:
            listed_when.append(sum(len(batch.mails) for batch in batches))
            return super().listing(uids)

    FolderWalk(
        cast(Gateway, Notes(server)),
        FakeMemory(),
        batches.append,
        threading.Event(),
        repairs=Repairs(lambda: cast(Gateway, Notes(server))),
    ).through(WatchedFolder(name="INBOX"))
    assert server.asked == ["10501:20500", "501:10500", "1:500"]
    assert listed_when == [0, folder_walk.PART, 2 * folder_walk.PART]
    assert uids(batches) == list(range(count, 0, -1))
    assert [batch.complete for batch in batches].count(True) == 1
    assert batches[-1].complete
    assert batches[-1].folder.exists == count


def test_a_long_folder_that_broke_off_is_taken_up_with_what_changed_meanwhile():
    """Of what was stored before, one mail is gone, one has another flag, one is another mail."""
    count = folder_walk.PART + 100
    server = FakeServer(dict.fromkeys(range(1, count + 1), 10))
    del server.sizes_by_uid[9_000]
    server.flags = {9_500: frozenset((MailFlag.SEEN,))}
    known = frozenset(range(8_000, count + 1))

    class Remembered(FakeMemory):
        def marks(self, folder: str, uid_validity: int, uids: Collection[int]) -> dict[int, int]:
            right = {uid: mark_of(10, EPOCH) for uid in uids if uid in self.known}
            return {**right, 8_500: mark_of(99, EPOCH)} if 8_500 in uids else right

    batches = walked(server, Remembered(known))
    assert uids(batches) == [8_500, *range(7_999, 0, -1)]
    assert sorted(uids(batches, "gone")) == [8_500, 9_000]
    assert {uid for batch in batches for uid in batch.flags} == {9_500}
    assert batches[-1].folder.exists == count - 1


def test_numbers_that_lie_far_apart_do_not_cost_a_question_for_each_ten_thousand():
    numbers = [*range(1, 6_001), *range(4_000_000_000, 4_000_006_000)]
    server = FakeServer(dict.fromkeys(numbers, 10))
    batches = walked(server)
    assert uids(batches) == numbers[::-1]
    assert len(server.asked) < 20


def test_only_the_newest_of_a_long_folder_where_no_more_is_wanted():
    server = FakeServer(dict.fromkeys(range(1, 3 * folder_walk.PART), 10))
    batches: list[Batch] = []
    FolderWalk(
        cast(Gateway, FakeGateway(server)),
        FakeMemory(),
        batches.append,
        threading.Event(),
        repairs=Repairs(lambda: cast(Gateway, FakeGateway(server))),
    ).through(WatchedFolder(name="INBOX"), most=700)
    assert uids(batches) == list(range(29_999, 29_299, -1))
    assert not any(batch.complete for batch in batches)
    assert len(server.asked) == 1
