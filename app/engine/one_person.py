"""OnePerson: whose address is one person's, so that a merge may teach that two belong together.

Asked by the desk when somebody merges, and by `placing` before it follows what was taught. A
contact form, a colleague and a machine write for many people; a pretender is not who they say.
"""

from __future__ import annotations

from app.domain.account import own_addresses
from app.domain.assessment import FORGED
from app.domain.correspondent import is_reached
from app.domain.issue import Issue
from app.domain.message import Address
from app.engine.assessing import own_domains
from app.storage import accounts, messages
from app.storage.connection import Connection


def speaks_for_itself(db: Connection, key: str) -> bool:
    """Whether mails of this address are of one person outside of the shop."""
    address = Address(email=key)
    own = own_addresses(accounts.every(db))
    ours = address.is_one_of(own) or address.domain in own_domains(own)
    return is_reached(address) and not ours


def is_of_one(db: Connection, issue: Issue) -> bool:
    """Whether an issue tells who writes from its customer's address."""
    if issue.judgement.suspicious or issue.judgement.automatic:
        return False
    forged = any(
        FORGED in one.assessment.factors
        for one in messages.of_issue(db, issue.id)
        if one.assessment is not None
    )
    return not forged and speaks_for_itself(db, issue.customer.key)
