"""Correspondent: the address at which a person is reached, of all that a mail names.

Reply-To comes before From, because a contact form writes in its own name. But programs
also put words there that are no address ("undisclosed"), or one that nobody reads.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from app.domain.address import Address

_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_NO_REPLY = re.compile(
    r"^(?:.*[._+-])?(?:no[._-]?reply|do[._-]?not[._-]?reply|dont[._-]?reply|nao[._-]?responda"
    r"|no[._-]?responder?|ne[._-]?pas[._-]?repondre|nicht[._-]?antworten|keine[._-]?antwort"
    r"|mailer[._-]?daemon|postmaster|bounces?|auto[._-]?reply|unattended)(?:[._+-].*)?$"
)
_NO_REPLY_DOMAIN = re.compile(r"(?:^|\.)(?:no-?reply|do-?not-?reply)\.")


def writer_of(
    from_: Address | None, reply_to: Iterable[Address], *, own: Collection[str] = ()
) -> Address | None:
    """Who is to be answered: the first address of Reply-To, then From, at which somebody else than
    us is reached; where none is, what Reply-To says, then From.

    `own` are our addresses, as `Address.is_one_of` takes them.
    """
    elsewhere = [one for one in reply_to if not one.is_one_of(own)]
    named = [*elsewhere, *((from_,) if from_ else ())]
    reached = (one for one in named if is_reached(one) and not one.is_one_of(own))
    return next(reached, named[0] if named else None)


def customer_of(
    from_: Address | None, reply_to: Sequence[Address], *, to: Iterable[Address]
) -> Address:
    """Who is to be answered where nothing is known but the mail; empty where it names nobody.

    What comes with a Reply-To from the very domain that it goes to was written by a form, in the
    shop's name: of those who fill it in, nobody is reached at its From.
    """
    by_form = from_ is not None and any(from_.domain == one.domain for one in to)
    return writer_of(None if by_form and reply_to else from_, reply_to) or Address(email="")


def is_reached(address: Address) -> bool:
    """Whether a mail to it would find a reader."""
    return is_address(address) and not is_nobody(address)


def is_address(address: Address) -> bool:
    """Whether it has the form of a mail address."""
    return _ADDRESS.fullmatch(address.key) is not None


def is_nobody(address: Address) -> bool:
    """Whether it says of itself that nobody reads what comes."""
    local = address.key.rpartition("@")[0]
    return bool(_NO_REPLY.match(local) or _NO_REPLY_DOMAIN.search(address.domain))
