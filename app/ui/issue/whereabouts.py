"""Whereabouts: what the server says about a mail, in the words that stand under it. Pure."""

from __future__ import annotations

from app.domain.mailbox import MailFlag
from app.domain.translation import tr
from app.domain.views import MessageView
from app.ui.issue.foreign_text import line

_PROVIDERS_OWN = ("Inbox", "Sent", "Important", "Starred", "Draft", "Drafts", "Junk", "Trash")


def whereabouts_words(message: MessageView) -> tuple[str, ...]:
    """Each a sentence; nothing where all is as one expects."""
    said = []
    if message.rescued:
        said.append(tr("Was in Junk; brought in because {why}.", why=line(message.rescued)))
    if message.on_server.gone:
        said.append(tr("No longer on the server; this copy is kept."))
    if message.answered_unseen:
        said.append(tr("Marked as answered on the server, but no answer was found in Sent."))
    if MailFlag.FLAGGED in message.on_server.flags:
        said.append(tr("Flagged in another mail program."))
    if labels := _telling(message.on_server.labels):
        said.append(tr("Labelled {labels} on the server.", labels=line(", ".join(labels))))
    return tuple(said)


def _telling(labels: tuple[str, ...]) -> list[str]:
    """Those that somebody gave it; that a mail lies in the INBOX or was sent is seen anyway."""
    return [name for name in labels if name not in _PROVIDERS_OWN]
