"""Builders of dispute cases: an order that was delivered, its letters, and a dispute about it."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fpdf import FPDF
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, PdfObject, TextStringObject

from app.domain.evidence import Case, Letter, OwnFile
from app.domain.message import Direction
from app.domain.money import Money
from app.domain.order import Fulfilment, LineItem, Order, ParcelState, Refund
from tests.support.disputes import TODAY, a_dispute


def a_parcel(**given: Any) -> Fulfilment:
    plain = Fulfilment(
        id="f1",
        state=ParcelState.DELIVERED,
        carrier="DHL",
        tracking_numbers=("JD014600006281093212",),
        sent_at=TODAY - timedelta(days=28),
        delivered_at=TODAY - timedelta(days=25),
    )
    return replace(plain, **given)


def an_order(number: str = "OW-10227", **given: Any) -> Order:
    plain = Order(
        platform="shopify",
        platform_id=number,
        number=number,
        customer_name="Ines Ito",
        customer_email="ines@customer.example",
        placed_at=TODAY - timedelta(days=30),
        total=Money(18_400, "USD"),
        items=(
            LineItem(title="Stoneware mug", quantity=6, price=Money(2_900, "USD"), sku="MUG"),
            LineItem(title="Shipping", quantity=1, price=Money(1_000, "USD")),
        ),
        financial_status="paid",
        fulfilments=(a_parcel(),),
    )
    return replace(plain, **given)


def a_letter(days_ago: float = 20, **given: Any) -> Letter:
    plain = Letter(
        direction=Direction.IN,
        at=TODAY - timedelta(days=days_ago),
        sender="Ines Ito <ines@customer.example>",
        recipient="hello@shop.example",
        subject="My mugs",
        text="Where are my mugs?",
    )
    return replace(plain, **given)


def a_refund(minor: int = 2_000) -> Refund:
    at = TODAY - timedelta(days=5)
    return Refund(id="r1", amount=Money(minor, "USD"), at=at, reason="one mug broken")


def a_case(**given: Any) -> Case:
    plain = Case(
        dispute=a_dispute(),
        now=TODAY,
        shop="Mill & Moss",
        order=an_order(),
        letters=(a_letter(), a_letter(19, direction=Direction.OUT, text="They were delivered.")),
    )
    return replace(plain, **given)


def a_file(name: str, content: bytes, **given: Any) -> OwnFile:
    return OwnFile(name=name, content=content, **given)


def a_picture(
    width: int = 60, height: int = 40, *, noisy: bool = False, kind: str = "PNG"
) -> bytes:
    size = (width, height)
    image = Image.effect_noise(size, 90) if noisy else Image.new("RGB", size, "red")
    out = io.BytesIO()
    image.convert("RGB").save(out, kind)
    return out.getvalue()


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it has so many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 100_000)
    parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def a_pdf(*pages: str, password: str = "", script: bool = False, archival: bool = False) -> bytes:
    """A PDF of somebody's, with these words on its pages."""
    pdf = FPDF(enforce_compliance="PDF/A-2B" if archival else None)
    if archival:
        pdf.add_font("own", "", "resources/fonts/DejaVuSans.ttf")
    pdf.set_font("own" if archival else "Helvetica", size=14)
    for words in pages:
        pdf.add_page()
        pdf.cell(text=words)
    written = bytes(pdf.output())
    if not (password or script):
        return written
    writer = PdfWriter(clone_from=io.BytesIO(written))
    if script:
        act: dict[PdfObject, PdfObject] = {NameObject("/S"): NameObject("/JavaScript")}
        act[NameObject("/JS")] = TextStringObject("app.alert('boo');")
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(act)
        writer.add_attachment("secret.txt", b"do not show")
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
