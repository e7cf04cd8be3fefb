"""Platform accounts: what is asked before a shop is connected, and what its owner is told of it.

Beside `connecting`, which has the verbs; the words of the form are in `config.platform_forms`.
"""

from __future__ import annotations

from typing import Any

from app.config.platform_forms import PlatformForm
from app.domain.account import AccountType
from app.domain.clock import rfc3339
from app.domain.errors import Refused
from app.domain.feed import FeedHealth, Permits
from app.domain.translation import tr
from app.platforms import entered
from app.storage import accounts, feeds, orders
from app.storage.connection import Connection


def completed(form: PlatformForm, given: dict[str, str]) -> dict[str, str]:
    """The settings of a platform, all that is needed among them. Raises Refused."""
    for field in form.fields:
        if field.needed and field.name not in given:
            example = tr("It looks like {example}.", example=field.example)
            raise Refused(
                tr("{title} needs {name}", title=form.title, name=field.name),
                f"{tr(field.help)} {example if field.example else ''}".strip(),
                tr("Say --set {name}=…", name=field.name),
            )
        if field.choices and given.get(field.name, field.choices[0]) not in field.choices:
            allowed = tr("{one} or {other}", one=field.choices[0], other=field.choices[1])
            raise Refused(
                tr("{name} cannot be {given}", name=field.name, given=repr(given[field.name])),
                tr("It is {allowed}", allowed=allowed),
            )
    return _tidied(form.type, given)


def _tidied(kind: AccountType, given: dict[str, str]) -> dict[str, str]:
    """The addresses in their one form, by which the same shop is known."""
    if kind is AccountType.SHOPIFY and "base_url" not in given:
        return {**given, "shop": entered.shop_host(given["shop"])}
    if kind is AccountType.WOOCOMMERCE:
        return {**given, "base_url": entered.woocommerce_root(given["base_url"])}
    return given


def in_words(permits: Permits) -> str:
    """What a platform said of the key, and each thing that does not work with it."""
    found = tr("{shop}: the key works", shop=permits.shop)
    if not permits.lacks:
        return tr("{found}, and may do everything that is needed.", found=found)
    missing = " ".join(
        tr("Without {scope} {without}.", scope=one.scope, without=one.without)
        for one in permits.lacks
    )
    return tr("{found}, but lacks a permission. {missing}", found=found, missing=missing)


def streams(db: Connection) -> dict[str, dict[str, Any]]:
    """How the streams of each platform are read, and how many orders it brought, by account."""
    counts = orders.counts(db)
    health = feeds.health(db)
    return {
        one.name: {
            "orders": counts.get(one.id, 0),
            "feeds": [_told(each) for each in health if each.account == one.name],
        }
        for one in accounts.every(db)
        if not one.type.is_mailbox
    }


def _told(one: FeedHealth) -> dict[str, Any]:
    return {
        "stream": one.stream.value,
        "ok_at": rfc3339(one.ok_at) if one.ok_at else None,
        "every_seconds": int(one.stream.rhythm.total_seconds()),
        "trouble": one.trouble,
        "backfilled": one.backfilled,
        "left_out": {each.record: each.reason for each in one.left_out},
    }
