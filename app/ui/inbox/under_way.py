"""UnderWay: what the owner did and the engine has not answered yet.

The engine does one verb after the other. A list that is read between two of them still has what was
just done, and no longer has what was taken back: until the answer, the owner's word stands.
"""

from __future__ import annotations

from app.ui.inbox.deeds import Deed


class UnderWay:
    """The deeds that wait for the engine."""

    def __init__(self) -> None:
        self._deeds: list[Deed] = []

    def add(self, deed: Deed) -> None:
        """Something was done, or is taken back."""
        if deed not in self._deeds:
            self._deeds.append(deed)

    @property
    def numbers(self) -> frozenset[int]:
        """The issues that they are about."""
        self._deeds = [deed for deed in self._deeds if deed.waits]
        return frozenset(row.id for deed in self._deeds for row in deed.rows)
