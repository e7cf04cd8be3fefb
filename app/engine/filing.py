"""Filing: one batch while it is filed: which issues its mails touched, began, answered or ended.

Part of `pipeline`, whose steps write it and whose end reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.changes import Changes
from app.domain.owner_rule import When
from app.engine.causes import Filed
from app.engine.placing import Placed
from app.storage.folders import Located


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One batch as it is filed: what is ours, what is old, and which issues it touched.

    `later`: so many of its mails are to be judged that they are only stored for now.
    """

    own: frozenset[str]
    cutoff: datetime
    now: datetime
    later: bool = False
    live: set[int] = field(default_factory=set)
    shelved: set[int] = field(default_factory=set)
    began: set[int] = field(default_factory=set)
    alone: dict[int, str] = field(default_factory=dict)  # old mails with an issue to themselves
    moved: list[Changes] = field(default_factory=list)
    answered: set[int] = field(default_factory=set)
    judged: list[Filed] = field(default_factory=list)
    located: list[Located] = field(default_factory=list)

    def note(self, placed: Placed, *, is_old: bool) -> None:
        """Remember what a mail touched, and which issues are no more because of it."""
        is_live = not is_old or not self.live.isdisjoint(placed.gone)
        for one in placed.gone:
            self.alone.pop(one, None)
        if placed.gone:  # at once, because the next new issue may be given such an id again
            self.judged[:] = [_moved(one, placed) for one in self.judged]
        for touched in (self.live, self.shelved, self.began):
            touched.difference_update(placed.gone)
        (self.live if is_live else self.shelved).add(placed.issue_id)
        self.alone.pop(placed.issue_id, None)
        if placed.is_new:
            self.began.add(placed.issue_id)
            if placed.key:
                self.alone[placed.issue_id] = placed.key
        if placed.changes:
            self.moved.append(placed.changes)

    def happened(self, issue_id: int) -> tuple[When, ...]:
        """What the owner's rules are asked about: it began, or somebody wrote again."""
        if all(one.issue_id != issue_id for one in self.judged):
            return ()
        return (When.NEW,) if issue_id in self.began else (When.MAIL,)


def _moved(filed: Filed, placed: Placed) -> Filed:
    """The mail with the issue that its own was put into, if it was."""
    is_gone = filed.issue_id in placed.gone
    return replace(filed, issue_id=placed.issue_id) if is_gone else filed
