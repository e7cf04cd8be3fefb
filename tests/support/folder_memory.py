"""A memory for sources under test: what nothing is known of, and no wishes about flags."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from app.domain.mailbox import FetchedMail, Flags, FolderCursor, GmailIds, Head
from app.mail.uid_set import within


class NoMemory:
    """Nothing was read before; tests fill in what they need."""

    def cursor(self, folder: str) -> FolderCursor | None:
        return None

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        return frozenset()

    def known_within(
        self, folder: str, uid_validity: int, ranges: Sequence[tuple[int, int]]
    ) -> frozenset[int]:
        return within(self.known_uids(folder, uid_validity), tuple(ranges))

    def count(self, folder: str, uid_validity: int) -> int:
        return len(self.known_uids(folder, uid_validity))

    def newest(self, folder: str, uid_validity: int, most: int) -> Sequence[int]:
        return sorted(self.known_uids(folder, uid_validity), reverse=True)[:most]

    def marks(self, folder: str, uid_validity: int, uids: Collection[int]) -> Mapping[int, int]:
        return {}

    def stored(self, heads: Sequence[Head]) -> Mapping[int, int]:
        return {}

    def left_in_junk(self, beginnings: Sequence[FetchedMail]) -> Mapping[int, str]:
        return {}

    def stored_as(self, names: Mapping[int, GmailIds]) -> Mapping[int, int]:
        return {}

    def folders(self) -> frozenset[str]:
        return frozenset()

    def unplaced(self) -> Mapping[int, GmailIds]:
        return {}

    def wanted_flags(self, folder: str, uid_validity: int) -> Mapping[int, Flags]:
        return {}
