"""A shop under another address: whatever names its orders names them anew."""

from __future__ import annotations

import pytest

from app.domain.account import AccountType
from app.domain.assessment import Kind, Severity
from app.domain.finding import Finding
from app.storage import accounts, findings, forgotten, order_moves, orders
from app.storage.connection import Connection
from tests.support.storage import NOW, an_order

WAS, IS = "shop.example", "www.shop.example"


@pytest.fixture
def shop(db: Connection) -> int:
    made = accounts.add(
        db, name="shop", type=AccountType.WOOCOMMERCE, settings={}, secret=None, now=NOW
    )
    return made.id


def _keep(db: Connection, account: int, platform_id: str, number: str) -> str:
    order = an_order(number, platform="woocommerce", platform_id=platform_id)
    orders.upsert(db, order, account_id=account, at=NOW)
    return order.atom


def _move(db: Connection, account: int) -> int:
    return order_moves.move(db, account, "woocommerce", was=WAS, place=IS, now=NOW)


def test_only_the_orders_of_this_account_and_place_are_named_anew(
    db: Connection, shop: int
) -> None:
    """They are found by their clues as before."""
    other = accounts.add(
        db, name="other", type=AccountType.WOOCOMMERCE, settings={}, secret=None, now=NOW
    )
    _keep(db, shop, f"{WAS}#1", "#1")
    _keep(db, shop, f"{WAS}/second#2", "#2")
    _keep(db, other.id, f"{WAS}#3", "#3")
    assert [one.number for one in order_moves.elsewhere(db, shop, f"{WAS}/second")] == ["#1"]
    assert _move(db, shop) == 1
    found = db.execute("SELECT platform_id FROM purchase")
    assert {id_ for (id_,) in found} == {f"{IS}#1", f"{WAS}/second#2", f"{WAS}#3"}
    rows = db.execute("SELECT count(*) FROM purchase_clue WHERE platform_id = ?", (f"{IS}#1",))
    assert rows.fetchone()[0] > 0
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_buyer_who_was_forgotten_stays_so_under_the_new_name(db: Connection, shop: int) -> None:
    _keep(db, shop, f"{WAS}#1", "#1")
    forgotten.remember(db, [forgotten.order_mark("woocommerce", f"{WAS}#1")], now=NOW)
    _move(db, shop)
    _keep(db, shop, f"{IS}#1", "#1")
    (told,) = orders.known(db, shop, [f"{IS}#1"])
    assert told.customer_email == ""


def test_a_finding_about_an_order_goes_with_it(db: Connection, shop: int) -> None:
    """Else a parcel that is late would be found a second time."""
    atom = _keep(db, shop, f"{WAS}#1", "#1")
    finding = Finding(
        atom=atom,
        kind=Kind.LATE,
        severity=Severity.NORMAL,
        factor="parcel_late",
        because="it is late",
        began_at=NOW,
        order_number="#1",
    )
    findings.keep(db, finding, account_id=shop)
    _move(db, shop)
    assert findings.get(db, atom) is None
    assert findings.get(db, f"o:woocommerce:{IS}#1") is not None
