"""A bench for packets: an engine's parts with packing on top, and a buyer who went to the bank."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from app.config.paths import Profile, resources, rules
from app.domain.dispute import Dispute
from app.domain.order import Order
from app.engine.casework import Casework
from app.engine.packing import Packing
from app.escalation.dispute_rules import DisputeRules
from app.replies.evidence_rules import EvidenceRules
from app.storage import disputes, issues, orders
from app.storage.connection import Connection
from tests.support.cases import a_parcel, an_order
from tests.support.disputes import a_dispute
from tests.support.engine import NOON, SHOP, Engine
from tests.support.mails import a_mail

INES = "Ines Ito <ines@customer.example>"
FIRST = "<a@x.example>"


class Bench:
    """An engine's parts with packing on top."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.profile = Profile(folder)
        self.published: list[Any] = []
        self.packing = Packing(
            casework=Casework(
                writer=engine.writer, profile=self.profile, shop=lambda: "Mill & Moss"
            ),
            rules=lambda: EvidenceRules.load(rules(), self.profile.rules),
            costs=DisputeRules.load(rules()),
            fonts=resources() / "fonts",
            font_folders=(),
            clock=engine.clock,
            publish=self.published.append,
        )

    def mail(self, text: str, *, from_: str = INES, to: str = SHOP, **more: Any) -> None:
        number = len(self.engine.rows()) + len(self.published) + id(text) % 100_000
        more.setdefault("message_id", f"<{number}@x.example>")
        at = self.engine.clock.now()
        self.engine.receive(a_mail(text, from_=from_, to=to, at=at, **more))

    def dispute(self, key: str, dispute: Dispute, order: Order | None = None) -> None:
        def write(db: Connection) -> None:
            if order is not None:
                orders.upsert(db, order)
                issues.update(db, issues.by_key(db, key), order_number=order.number)
            disputes.keep(db, dispute, account_id=None, now=NOON)
            issues.add_atoms(db, issues.by_key(db, key), [dispute.atom])

        self.engine.writer.do(write)

    def packet(self, key: str, **more: Any) -> tuple[dict[str, Any], str]:
        path = self.profile.folder / "out.pdf"
        answer = self.packing.packet(key, str(path), **more)
        pages = PdfReader(io.BytesIO(path.read_bytes())).pages
        return answer, " ".join(" ".join(page.extract_text() for page in pages).split())

    def went_to_the_bank(self) -> str:
        """Ines asked for her mugs, was answered, and disputed the payment; her issue's key."""
        order = an_order(fulfilments=(a_parcel(),))
        self.mail("Where are my mugs? Order OW-10227.", subject="My mugs", message_id=FIRST)
        key = self.engine.only_key()
        self.engine.clock.forward(hours=1)
        self.mail(
            "Dear Ines, they were delivered on 26 October.",
            from_=SHOP,
            to=INES,
            subject="Re: My mugs",
            message_id="<b@x.example>",
            in_reply_to=FIRST,
            references=(FIRST,),
        )
        self.dispute(key, a_dispute(), order)
        return key

    def answered(self, text: str, **more: Any) -> None:
        """A further mail in the same conversation."""
        self.mail(text, in_reply_to=FIRST, references=(FIRST,), **more)

    def line(self, key: str, item: str) -> dict[str, Any]:
        """A line of the checklist, by its id."""
        return next(one for one in self.packing.evidence(key)["items"] if one["id"] == item)
