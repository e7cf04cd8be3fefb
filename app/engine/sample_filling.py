"""Sample filling: a profile of its own for the sample shop: its folder account, its orders, the
lives of its disputes, and the postman who brings its mails."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path

from app.config.settings import write_setting
from app.domain.account import Account, AccountType
from app.domain.alert import AlertState
from app.domain.feed import FeedPlace, Page, Stream
from app.domain.order import Order
from app.engine.demo import Feeder
from app.engine.machinery import Judgement
from app.engine.one_by_one import OneByOne
from app.engine.parts import Parts
from app.engine.sample_shop import SampleShop, load
from app.storage import accounts, alerts, issues, orders
from app.storage.connection import Connection

_WATCHED = timedelta(days=30)  # so long the sample's mailbox is taken to have been connected


def fill(parts: Parts, folder: Path, *, judgement: Judgement) -> Feeder:
    """Put the sample shop of a folder into an empty profile; the postman has not set out yet."""
    shop, now = load(folder), parts.clock.now()
    mails = parts.profile.folder / "Inbox"
    replies = parts.profile.folder / "sent_replies"
    for place in (mails, replies):
        place.mkdir(exist_ok=True)
    account = parts.writer.do(
        lambda db: accounts.add(
            db,
            name=shop.name,
            type=AccountType.FOLDER,
            settings={"path": str(mails), "outbox": str(replies), "address": shop.address.email},
            secret=None,
            secret_command="",
            now=now - _WATCHED,
        )
    )
    parts.writer.do(partial(_take_orders, every=shop.orders(now)))
    parts.writer.do(
        partial(_take_disputes, account=account, shop=shop, judgement=judgement, parts=parts)
    )
    for name, value in (("shop_name", shop.name), ("agent_name", shop.people[0])):
        write_setting(parts.profile.settings, name, value)
    return Feeder(mails, shop, clock=parts.clock)


def _take_orders(db: Connection, *, every: Iterable[Order]) -> None:
    for order in every:
        orders.upsert(db, order)


def _take_disputes(
    db: Connection, *, account: Account, shop: SampleShop, judgement: Judgement, parts: Parts
) -> None:
    """The lives of the sample's disputes as if they had been watched, then one card."""
    now, take = parts.clock.now(), judgement.disputing.take
    for at, dispute in shop.disputes(now):
        page = Page(stream=Stream.DISPUTES, place=FeedPlace(), disputes=(dispute,), history=True)
        take(db, account, page, OneByOne(db, account, page), now=at)
    for issue_id in issues.open_ids(db):  # as it stands today, not as it was told then
        judgement.standing.refresh(db, issue_id, now=now)
    for told in judgement.disputing.remind(db, now=now).alerts:  # when their day came, and read
        alerts.mark(db, told, state=AlertState.CLICKED, at=now)
    last = Page(stream=Stream.DISPUTES, place=FeedPlace(), history=True, complete=True)
    take(db, account, last, OneByOne(db, account, last), now=now)
