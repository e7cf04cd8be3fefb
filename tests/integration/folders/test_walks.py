"""Random changes on the server, faults on the way and kills: in the end local equals server, every
mail is there once, and every alert rang once."""

from __future__ import annotations

import collections
import ssl
from datetime import datetime

import pytest

from app.alerts.throttle import WINDOW
from app.domain.journal import State
from app.mail.limits import Limits
from app.storage import alerts
from app.storage.connection import Connection
from tests.support.chaos_proxy import ChaosProxy, Fault
from tests.support.dovecot import DovecotServer
from tests.support.engine import NOON
from tests.support.random_walk import INJURY, READ, Walk
from tests.support.watched import watched

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

STEPS = 40
DIALECTS = ("QRESYNC", "CONDSTORE", "plain")  # what the server can do, by the seed


def proof_of_name(dovecot: DovecotServer) -> ssl.SSLContext:
    """The proxy's own proof that it is "localhost"."""
    leaf = dovecot.authority.leaf(stem="proxy")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf.certificate, leaf.key)
    return context


@pytest.fixture
def walk(tmp_path, dialects, request):
    seed = request.param
    dovecot = dialects[DIALECTS[seed % len(DIALECTS)]]
    tls = proof_of_name(dovecot)
    mailbox = dovecot.user()
    mailbox.adm("mailbox", "create", "Orders")

    def proxied(fault: Fault) -> ChaosProxy:
        return ChaosProxy(dovecot.tls_port, [fault] * 4, seed=seed, tls=tls,
                          ca_file=dovecot.ca_file, most=6_000)  # fmt: skip

    soon = Limits(answer=0.5)  # a silence is over sooner
    with watched(tmp_path, mailbox, limits=soon, folders="Orders") as shop:
        yield Walk(shop, seed, proxied)


def located(db: Connection) -> dict[tuple[str, str], tuple[str, int]]:
    """What lies where by our books: folder and UID -> Message-ID ("" where left) and flags."""
    rows = db.execute(
        "SELECT f.name, l.uid, ifnull(m.message_id, ''), l.flags FROM location l"
        " JOIN folder f ON f.id = l.folder_id LEFT JOIN message m ON m.id = l.message_id"
        " WHERE l.uid_validity = f.uid_validity"
    )
    return {(folder, str(uid)): (name, flags) for folder, uid, name, flags in rows}


def missing(db: Connection) -> set[str]:
    rows = db.execute(
        "SELECT m.message_id FROM missing x JOIN message m ON m.id = x.message_id"
        " WHERE x.rounds >= 2"
    )
    return {name for (name,) in rows}


def rings(db: Connection) -> collections.Counter[str]:
    """How often each issue rang. A card for many also names who rang a minute before."""
    found: collections.Counter[str] = collections.Counter()
    last: dict[str, datetime] = {}
    for one in alerts.recent(db, NOON):
        for key in one.issue_keys:
            again = len(one.issue_keys) > 1 and key in last and one.created_at - last[key] < WINDOW
            found[key] += not again
            last[key] = one.created_at
    return found


@pytest.mark.parametrize("walk", [1, 2, 3, 4, 5, 9, 17, 21, 22], indirect=True)
def test_in_the_end_local_equals_server(walk: Walk):
    walk.take(STEPS)
    shop, story = walk.shop, "\n".join(walk.log)
    do = shop.engine.writer.do
    books = do(located)
    there: set[str] = set()
    for folder in READ:
        said = walk.on_server(folder)
        ours = {uid: one for (name, uid), one in books.items() if name == folder}
        assert ours.keys() == said.keys(), f"{folder}\n{story}"
        for uid, (name, flags) in said.items():
            stored, bits = ours[uid]
            assert stored == name or (folder == "Junk" and not stored), f"{folder} {uid}\n{story}"
            if stored:
                there.add(stored)
                assert bits == sum({"seen": 1, "answered": 2, "flagged": 4}[f] for f in flags), (
                    f"{folder} {uid} {flags} {bits}\n{story}"
                )
    for proof in shop.proofs():
        assert proof.unexplained == 0, f"{proof}\n{story}"
    names = do(lambda db: [n for (n,) in db.execute("SELECT message_id FROM message")])
    assert len(names) == len(set(names)), f"a mail is there twice\n{story}"
    assert do(missing) == set(names) - there, story
    rang = do(rings)
    for row in shop.engine.rows():
        view = shop.engine.issue(row.key)
        urgent = any(one.text.startswith(INJURY) for one in view.messages)
        answered = view.messages[-1].message_id.startswith("answer")
        assert rang[row.key] <= 1, f"{row.subject} rang {rang[row.key]} times\n{story}"
        assert rang[row.key] == 1 or not urgent or answered, f"{row.subject} never rang\n{story}"
        assert not answered or row.state is State.WAITING, f"{row.subject} {row.state}\n{story}"
