"""A memory for sources under test: what nothing is known of, and no wishes about flags."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from app.domain.mailbox import Flags, FolderCursor, Head


class NoMemory:
    """Nothing was read before; tests fill in what they need."""

    def cursor(self, folder: str) -> FolderCursor | None:
        return None

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        return frozenset()

    def marks(self, folder: str, uid_validity: int, uids: Collection[int]) -> Mapping[int, int]:
        return {}

    def stored(self, heads: Sequence[Head]) -> Mapping[int, int]:
        return {}

    def folders(self) -> frozenset[str]:
        return frozenset()

    def wanted_flags(self, folder: str, uid_validity: int) -> Mapping[int, Flags]:
        return {}
