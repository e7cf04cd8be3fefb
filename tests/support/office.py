"""An office where nobody takes what rings: told by real mail, a real service and a pop-up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.config.paths import rules
from app.config.secrets import SecretBox
from app.domain.account import Account
from app.domain.changes import Changes
from app.engine.calling import Calling
from app.engine.contacts_desk import ContactsDesk
from app.engine.escalating import Escalating
from app.engine.ladder_desk import LadderDesk
from app.engine.own_rules import OwnRules
from app.engine.rota_desk import RotaDesk
from app.escalation.terms import Terms
from app.mail.smtp import SmtpMailer
from app.storage import alerts, climbs, issues
from tests.support.certificates import Authority
from tests.support.engine import NOON, SHOP, Engine, FakeConnections, a_letter, an_engine
from tests.support.http_receiver import HttpReceiver, http_receiver
from tests.support.smtp_server import SmtpServer

CRITICAL = (
    "Your candle exploded and burned my daughter's hand. We are at the hospital. "
    "My lawyer will contact you. Order MM-10227."
)
ADA = "ada@team.example"
USER, SECRET = SHOP, "secret"


class Drawer:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password


@dataclass
class RealPost(FakeConnections):
    """Mail leaves through a real server."""

    settings: dict[str, str] = field(default_factory=dict)
    faults: dict[int, Exception] = field(default_factory=dict)  # by the account's number

    def mailer(self, account: Account) -> Any:
        if account.id in self.faults:
            raise self.faults[account.id]
        settings = {**account.settings, **self.settings}
        real = Account(id=account.id, name=account.name, type=account.type, settings=settings)
        return SmtpMailer(real, SECRET)


@dataclass
class Office:
    """An engine with everything that tells people."""

    engine: Engine
    desk: ContactsDesk
    rota: RotaDesk
    ladders: LadderDesk
    escalating: Escalating
    post: SmtpServer
    web: HttpReceiver
    connections: RealPost

    def pass_minutes(self, minutes: float) -> None:
        self.engine.clock.forward(minutes=minutes)
        self.escalating.step()

    def rung(self) -> list[str]:
        return [one.title for one in self.engine.writer.do(alerts.unseen)]

    def calls(self) -> list[tuple[str, str, str]]:
        key = self.engine.only_key()
        found = self.engine.writer.do(lambda db: climbs.calls_of(db, issues.by_key(db, key)))
        return [(one.contact, str(one.kind), str(one.state)) for one in found]


@contextmanager
def an_office(folder: Path, authority: Authority) -> Iterator[Office]:
    """The parts over a profile, with a mail server and a service that can be called."""
    with (
        an_engine(folder) as engine,
        SmtpServer(authority.leaf(), users={USER: SECRET}) as post,
        http_receiver() as web,
    ):
        engine.standing.renew(Terms.load(rules()))
        settings = {**post.settings, "ca_file": str(authority.ca_file), "user": USER}
        drawer = Drawer()
        secrets = SecretBox("profile-1", keyring=lambda: drawer)
        connections = RealPost(settings=settings)
        calling = Calling(
            writer=engine.writer,
            connections=connections,
            secrets=secrets,
            settings=lambda: engine.settings,
            clock=engine.clock,
            zone=lambda: NOON.tzinfo,  # type: ignore[arg-type,return-value]
        )

        def publish(changes: Changes) -> None:
            engine.moved.append(changes)

        parts: dict[str, Any] = {
            "writer": engine.writer,
            "calling": calling,
            "terms": lambda: engine.standing.terms,
            "clock": engine.clock,
            "publish": publish,
        }
        escalating = Escalating(**parts)
        rota = RotaDesk(
            writer=engine.writer, terms=lambda: engine.standing.terms, clock=engine.clock
        )
        own = OwnRules(
            folder=folder / "rules",
            load=lambda: Terms.load(rules(), folder / "rules"),
            renew=engine.standing.renew,
        )
        ladders = LadderDesk(
            writer=engine.writer,
            shipped=(rules(),),
            own=own,
            terms=lambda: engine.standing.terms,
            clock=engine.clock,
        )
        desk = ContactsDesk(
            writer=engine.writer,
            secrets=secrets,
            calling=calling,
            escalating=escalating,
            rota=rota.rota,
            renamed=ladders.rename,
            clock=engine.clock,
            publish=publish,
        )
        yield Office(
            engine=engine,
            desk=desk,
            rota=rota,
            ladders=ladders,
            escalating=escalating,
            post=post,
            web=web,
            connections=connections,
        )


def set_on_fire(office: Office) -> Office:
    """Ada can be told by mail, Ben by a service; a critical mail rang at noon."""
    office.desk.add("Ada", emails=[ADA])
    office.desk.add("Ben", addresses=[office.web.address()])
    office.rota.set_rota(["Ada"], starts="2026-11-16")
    office.engine.receive(a_letter(CRITICAL))
    assert office.engine.rows()[0].severity == "critical"
    office.escalating.step()
    return office
