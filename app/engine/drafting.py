"""Drafting: when words are a draft, and when they are a reply's.

They are one or the other, in one transaction: what is queued is no draft any more, and what is
taken back is one again.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.message import Address
from app.domain.reply import Draft, Reply
from app.storage import drafts
from app.storage.connection import Connection


def take(db: Connection, sent: Draft | Reply) -> None:
    """The words are the reply's from now on, when it is queued and when it has left; others, begun
    at another desk, stay, and so do the same with a file that does not go along."""
    known = drafts.get(db, sent.issue_key)
    if known is not None and _are_same(known, sent) and set(known.files) <= set(sent.files):
        drafts.drop(db, sent.issue_key)


def with_what_was_begun(db: Connection, reply: Reply) -> Draft:
    """The reply's words as a draft, before those that somebody has begun to write since."""
    draft, begun = _draft_of(reply), drafts.get(db, reply.issue_key)
    if begun is None:
        return draft
    files = tuple(dict.fromkeys((*draft.files, *begun.files)))
    draft = replace(draft, cc=tuple(dict.fromkeys((*draft.cc, *begun.cc))))
    if not begun.body.strip() or _are_same(begun, draft):
        return replace(draft, files=files)
    return replace(draft, body=f"{draft.body}\n\n{begun.body}", files=files)


def _are_same(one: Draft, other: Draft | Reply) -> bool:
    return one.body.strip() == other.body.strip()


def _draft_of(reply: Reply) -> Draft:
    return Draft(
        issue_key=reply.issue_key,
        body=reply.body,
        template=reply.template,
        rendered=reply.rendered,
        files=reply.files,
        sender=reply.sender,
        cc=tuple(Address(email=one) for one in reply.copied),
    )
