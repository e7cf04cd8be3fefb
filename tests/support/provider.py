"""A payment provider whose pages a test hands over, as its source would bring them."""

from __future__ import annotations

from app.domain.account import Account, AccountType
from app.domain.changes import Changes
from app.domain.dispute import Dispute
from app.domain.feed import FeedPlace, Page, Stream
from app.engine.one_by_one import OneByOne
from app.storage import accounts
from app.storage.connection import Connection
from tests.support.disputes import TODAY
from tests.support.engine import NOON, Engine

_PLACE = FeedPlace(watermark=TODAY)


class Provider:
    """An account at Stripe that nobody asks by itself."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.account: Account = engine.writer.do(
            lambda db: accounts.add(
                db,
                name="Payments",
                type=AccountType.STRIPE,
                settings={},
                secret=None,
                secret_command="",
                now=NOON,
            )
        )

    def tells(
        self, *told: Dispute, stream: Stream = Stream.DISPUTES, history: bool = False
    ) -> Changes:
        """Take in these disputes as a whole answer."""
        page = Page(stream=stream, place=_PLACE, disputes=told, history=history, complete=True)
        return self.takes(page)

    def takes(self, page: Page) -> Changes:
        """Take in a page."""
        engine, now = self.engine, self.engine.clock.now()

        def take(db: Connection) -> Changes:
            each = OneByOne(db, self.account, page)
            return engine.disputing.take(db, self.account, page, each, now=now)

        return engine.writer.do(take)
