"""Files for a packet: what can be shown goes along, and what cannot is told by its name."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from app.domain.dispute import DisputeReason
from app.domain.errors import Refused
from app.domain.message import Attachment
from app.mail import parse
from app.storage import disputes, messages
from app.storage.connection import Connection
from app.storage.packed import pack
from tests.support.cases import a_pdf, a_picture
from tests.support.disputes import a_dispute
from tests.support.engine import NOON, SHOP
from tests.support.mails import a_mail
from tests.support.packing_bench import FIRST, INES, Bench

HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 100


def a_photo(number: int) -> tuple[str, str, bytes]:
    return (f"photo{number}.png", "image/png", a_picture(100 + number, 80, noisy=True))


def send_photos(bench: Bench, *numbers: int) -> None:
    for number in numbers:
        bench.answered(
            "A photo.", message_id=f"<p{number}@x.example>", attachments=(a_photo(number),)
        )


def add(bench: Bench, key: str, file: Path, content: bytes, item: str = "signature") -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    bench.packing.add_evidence(key, str(file), item)


def test_more_pictures_of_the_mails_than_go_along_are_told(bench: Bench, disputed: str):
    send_photos(bench, *range(23))
    answer, said = bench.packet(disputed)
    assert "photo19.png, sent by the customer" in said
    assert "photo20.png, sent" not in said
    assert len(answer["left_out"]) == 1
    assert answer["left_out"][0].startswith("3 further files of the mails: 20 are the most.")


def test_a_picture_that_was_sent_again_goes_along_once(bench: Bench, disputed: str):
    photo = a_photo(1)
    for number in range(3):
        bench.answered("Once more.", message_id=f"<p{number}@x.example>", attachments=(photo,))
    answer, said = bench.packet(disputed)
    assert said.count("photo1.png, sent by the customer") == 2  # in the contents, above the picture
    assert answer["left_out"] == []


def test_a_file_that_lies_at_the_server_only_is_told(bench: Bench, disputed: str):
    """Large attachments are not downloaded until somebody asks for them."""
    send_photos(bench, 1)

    def leave_on_the_server(db: Connection) -> None:
        at_server = Attachment(
            filename="huge.jpg", content_type="image/jpeg", size=9_000_000, part=2, section="2"
        )
        (known,) = (one for one in every_mail(db) if one.attachments)
        mail = parse.read(messages.raw(db, known.id))
        parted = replace(mail, attachments=(at_server,))
        messages.complete(db, known.id, parted, packed=pack(b""))

    bench.engine.writer.do(leave_on_the_server)
    answer, said = bench.packet(disputed)
    assert "sent by the customer" not in said
    assert "huge.jpg lies at the mail server only" in answer["left_out"][0]


def test_a_mail_whose_bytes_are_not_kept_takes_only_its_files_away(bench: Bench, disputed: str):
    send_photos(bench, 1)
    bench.engine.writer.do(lambda db: db.execute("DELETE FROM raw") and None)
    assert bench.line(disputed, "order")["have"] == "found"
    answer, said = bench.packet(disputed)
    assert "Where are my mugs?" in said
    assert answer["left_out"] == ["photo1.png is not kept here. Add it as a file of your own."]


def test_the_logo_of_our_own_signature_is_no_evidence(bench: Bench, disputed: str):
    logo = a_picture(300, 100, noisy=True)
    for number in range(2):
        bench.engine.receive(an_answer_with(logo, number))
    _, said = bench.packet(disputed)
    assert said.count("Our answer.") == 2
    assert "sent by the shop" not in said


def test_a_file_of_the_owner_that_cannot_be_read_is_told(bench: Bench, disputed: str, tmp_path):
    add(bench, disputed, tmp_path / "sign.png", a_picture())
    (kept,) = bench.profile.evidence.glob("*/signature/sign.png")
    with kept.open("ab") as file:
        file.truncate(25_000_001)
    answer, _ = bench.packet(disputed)
    assert answer["left_out"] == ["sign.png has more than 25 MB."]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("IMG_1.HEIC", HEIC, "HEIC"),
        ("terms.docx", b"PK\x03\x04 a document", "save it as PDF"),
        ("locked.pdf", a_pdf("secret", password="pw"), "password"),
        ("film.mp4", b"\0\0\0\x18ftypisom" + b"\0" * 100, "neither picture, PDF nor text"),
        ("long.txt", b"word " * 50_000, "more than 200,000 letters"),
    ],
)
def test_what_no_packet_can_show_is_refused_when_it_is_added(
    bench: Bench, disputed: str, tmp_path: Path, name: str, content: bytes, why: str
):
    """Else its line of the checklist says "there", and the packet has nothing."""
    with pytest.raises(Refused, match=why):
        add(bench, disputed, tmp_path / name, content)
    assert bench.line(disputed, "signature")["have"] == "missing"


def test_two_files_of_one_name_are_two(bench: Bench, disputed: str, tmp_path: Path):
    """Two cameras both begin with IMG_0001; the same file again is the same."""
    for folder, wide in (("a", 60), ("b", 61), ("c", 60)):
        add(bench, disputed, tmp_path / folder / "IMG_0001.png", a_picture(wide))
    assert bench.line(disputed, "signature")["files"] == ["IMG_0001 (2).png", "IMG_0001.png"]


def test_a_line_that_the_checklist_does_not_have_is_refused(
    bench: Bench, disputed: str, tmp_path: Path
):
    with pytest.raises(Refused, match='no line "signatur"') as refused:
        add(bench, disputed, tmp_path / "sign.png", a_picture(), item="signatur")
    assert "delivery, tracking, order, mails, signature" in refused.value.sentence


def test_a_file_of_no_line_can_be_seen_and_taken_out(bench: Bench, disputed: str, tmp_path: Path):
    """It was added without one, or the bank has changed its reason since."""
    add(bench, disputed, tmp_path / "chat.png", a_picture(), item="")
    add(bench, disputed, tmp_path / "sign.png", a_picture(), item="signature")
    fraud = a_dispute(reason=DisputeReason.FRAUD)
    bench.engine.writer.do(lambda db: disputes.keep(db, fraud, account_id=None, now=NOON) and None)
    assert bench.line(disputed, "further")["files"] == ["chat.png", "sign.png"]
    for name in ("chat.png", "sign.png"):
        bench.packing.remove_evidence(disputed, name, item="further")
    assert not any(one["id"] == "further" for one in bench.packing.evidence(disputed)["items"])


def an_answer_with(logo: bytes, number: int) -> bytes:
    """A mail of ours with a picture in its text."""
    mail = message_from_bytes(
        a_mail(
            "Our answer.", from_=SHOP, to=INES, message_id=f"<l{number}@x.example>", at=NOON,
            in_reply_to=FIRST, references=(FIRST,), html='Our answer.<img src="cid:logo">',
        ),
        policy=SMTP,
    )  # fmt: skip
    html = mail.get_body(("html",))
    assert html is not None
    html.add_related(logo, "image", "png", cid="<logo>", disposition="inline")
    return mail.as_bytes()


def every_mail(db: Connection) -> list[messages.StoredMessage]:
    return [messages.get(db, one) for one in messages.ids(db)]
