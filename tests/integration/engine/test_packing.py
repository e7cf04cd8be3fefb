"""From a profile with mails, an order and a dispute to a file that the owner can upload."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from app.domain.dispute import DisputeKind, DisputeReason, DisputeState
from app.domain.errors import NotFound, Refused
from app.domain.money import Money
from app.storage import disputes, issues, orders
from app.storage.connection import Connection
from tests.support.cases import a_pdf, a_picture, an_order
from tests.support.disputes import a_dispute, a_warning
from tests.support.engine import NOON, SHOP
from tests.support.mails import a_mail
from tests.support.packing_bench import FIRST, INES, Bench


def about_the_mugs(db: Connection, *, key: str) -> None:
    issues.update(db, issues.by_key(db, key), order_number="OW-10227")


def test_the_checklist_is_filled_from_the_profile(bench: Bench, disputed: str):
    answer = bench.packing.evidence(disputed)
    have = {one["id"]: one["have"] for one in answer["items"]}
    assert have["delivery"] == have["tracking"] == have["order"] == have["mails"] == "found"
    assert have["signature"] == "missing"
    assert answer["limits"]["most_pages"] == 49


def test_the_packet_holds_both_sides_of_the_letters(bench: Bench, disputed: str):
    answer, said = bench.packet(disputed)
    assert "Where are my mugs?" in said
    assert "they were delivered on 26 October" in said
    assert "Mill & Moss" in said
    assert answer["submitted"] is False
    assert answer["note"].startswith("Nothing was submitted")


def test_nobody_elses_mail_goes_into_a_packet(bench: Bench, disputed: str):
    """Another person answered in the same conversation, and the provider sent its notice."""
    for who, text in (
        ("Otto Other <otto@other.example>", "I am Otto, my card is 4242."),
        ("Stripe <notify@stripe.example>", "A customer disputed a payment."),
    ):
        bench.mail(text, from_=who, in_reply_to="<a@x.example>", references=("<a@x.example>",))
    _, said = bench.packet(disputed)
    assert "Otto" not in said
    assert "otto@other.example" not in said
    assert "A customer disputed" not in said


def test_other_recipients_are_not_named(bench: Bench, disputed: str):
    bench.mail(
        "Dear both, see above.",
        from_=SHOP,
        to=f"{INES}, Otto <otto@other.example>",
        in_reply_to="<a@x.example>",
        references=("<a@x.example>",),
    )
    _, said = bench.packet(disputed)
    assert "Dear both" in said
    assert "and 1 more" in said
    assert "otto@other.example" not in said


def test_mails_about_the_order_in_another_issue_are_part_of_it(bench: Bench, disputed: str):
    bench.engine.clock.forward(days=60)
    bench.mail("Something about OW-10227 again: thank you for the mugs!", subject="New words")
    keys = [row.key for row in bench.engine.rows()]
    for key in keys:
        bench.engine.writer.do(partial(about_the_mugs, key=key))
    _, said = bench.packet(disputed)
    assert "thank you for the mugs" in said


def test_pictures_of_mails_go_along_unless_somebody_says_no(bench: Bench, disputed: str):
    bench.mail(
        "See the photo.",
        in_reply_to="<a@x.example>",
        references=("<a@x.example>",),
        attachments=(("photo.png", "image/png", a_picture(400, 300, noisy=True)),),
    )
    with_it, said = bench.packet(disputed)
    assert "photo.png, sent by the customer" in said
    without, said = bench.packet(disputed, mail_files=False)
    assert "sent by the customer" not in said
    assert without["pages"] == with_it["pages"] - 1


def test_a_file_of_the_owner_is_copied_kept_and_let_go(bench: Bench, disputed: str, tmp_path: Path):
    source = tmp_path / "sign ed.png"
    source.write_bytes(a_picture())
    answer = bench.packing.add_evidence(disputed, str(source), "signature")
    line = next(one for one in answer["items"] if one["id"] == "signature")
    assert (line["have"], line["files"]) == ("found", ["sign ed.png"])
    source.unlink()
    _, said = bench.packet(disputed)
    assert "sign ed.png" in said
    bench.packing.remove_evidence(disputed, "sign ed.png")
    assert "sign ed.png" not in bench.packet(disputed)[1]
    with pytest.raises(NotFound):
        bench.packing.remove_evidence(disputed, "sign ed.png")


@pytest.mark.parametrize("name", ["../../escape.png", "a/b.png", "..", "C:\\x.png"])
def test_a_name_never_leads_out_of_the_folder(bench: Bench, disputed: str, name: str):
    with pytest.raises((NotFound, Refused)):
        bench.packing.remove_evidence(disputed, name, item="../..")


def test_a_file_that_is_not_there_is_refused_by_name(bench: Bench, disputed: str, tmp_path: Path):
    with pytest.raises(Refused, match=r"gone\.png cannot be added"):
        bench.packing.add_evidence(disputed, str(tmp_path / "gone.png"))
    with pytest.raises(Refused, match="whole path"):
        bench.packing.add_evidence(disputed, "gone.png")


def test_the_owners_policies_speak(bench: Bench, disputed: str):
    bench.profile.policies.mkdir()
    (bench.profile.policies / "shipping terms.txt").write_text("Delivery takes 40 days at most.")
    (bench.profile.policies / ".hidden").write_text("x")
    answer, said = bench.packet(disputed)
    assert "Delivery takes 40 days at most." in said
    assert answer["left_out"] == []


def test_more_than_the_provider_takes_asks_before_it_is_written(
    bench: Bench, disputed: str, tmp_path: Path
):
    long = tmp_path / "long.pdf"
    long.write_bytes(a_pdf(*["page"] * 60))
    bench.packing.add_evidence(disputed, str(long))
    target = tmp_path / "out.pdf"
    with pytest.raises(Refused) as refused:
        bench.packing.packet(disputed, str(target))
    assert refused.value.asks
    assert not target.exists()
    answer, _ = bench.packet(disputed, insist=True)
    assert answer["too_much"]


def test_a_file_that_is_no_packet_is_not_written_over(bench: Bench, disputed: str, tmp_path: Path):
    """Whoever forgets --add names the proof of delivery as where the packet goes."""
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(a_pdf("Signed by I. Ito"))
    kept = proof.read_bytes()
    with pytest.raises(Refused, match=r"proof\.pdf is no packet") as refused:
        bench.packing.packet(disputed, str(proof))
    assert refused.value.asks
    assert proof.read_bytes() == kept
    bench.packing.packet(disputed, str(proof), insist=True)
    bench.packing.add_evidence(disputed, str(tmp_path / "proof.pdf"))
    bench.packing.packet(disputed, str(proof))  # over a packet, with a file of others in it


def test_an_issue_without_a_dispute_has_no_packet(bench: Bench):
    bench.mail("Hello")
    with pytest.raises(NotFound, match="no dispute"):
        bench.packing.evidence(bench.engine.only_key())


def test_a_file_that_cannot_be_written_is_a_sentence(bench: Bench, disputed: str, tmp_path: Path):
    with pytest.raises(Exception, match=r"cannot be written"):
        bench.packing.packet(disputed, str(tmp_path / "no" / "where.pdf"))


def test_the_issue_shows_what_else_the_customer_wrote_and_is_worth(bench: Bench, disputed: str):
    bench.engine.clock.forward(days=60)
    bench.mail("A new question about your vases", subject="Vases", message_id="<v@x.example>")
    view = bench.engine.issue(disputed)
    assert [one.subject for one in view.earlier] == ["Vases"]
    assert view.value is not None
    assert (view.value.orders, str(view.value.spent)) == (1, "184.00 USD")
    assert view.value.since == NOON - timedelta(days=30)


def test_a_customers_clock_that_runs_ahead_does_not_date_a_letter(bench: Bench, disputed: str):
    """A mail "of 2031" would be the last word, and after every delivery."""
    mail = a_mail("Still nothing.", from_=INES, to=SHOP, in_reply_to=FIRST, references=(FIRST,),
                  message_id="<c@x.example>", at=NOON.replace(year=2031))  # fmt: skip
    bench.engine.receive(mail)
    _, said = bench.packet(disputed)
    assert "Still nothing." in said
    assert "2031" not in said


def test_a_banks_warning_and_the_inquiry_before_are_no_other_disputes(bench: Bench, disputed: str):
    """Most chargebacks for fraud are warned of first: the buyer did not dispute anything else."""
    email = {"customer_email": "ines@customer.example"}
    before = (
        a_warning(**email),
        a_warning("w_other", payment_references=("pi_9",), **email),
        a_dispute("dp_inquiry", kind=DisputeKind.INQUIRY, state=DisputeState.CLOSED, **email),
    )
    fraud = a_dispute(reason=DisputeReason.FRAUD, **email)

    def write(db: Connection) -> None:
        for one in (*before, fraud):
            disputes.keep(db, one, account_id=None, now=NOON)
        for number in range(3):
            placed = NOON - timedelta(days=200 + number)
            orders.upsert(db, an_order(f"OLD-{number}", placed_at=placed))

    bench.engine.writer.do(write)
    line = bench.line(disputed, "earlier_orders")
    assert (line["have"], "disputed" in line["said"]) == ("found", False)
    other = a_dispute("dp_2", payment_references=("pi_2",), **email)
    bench.engine.writer.do(lambda db: disputes.keep(db, other, account_id=None, now=NOON) and None)
    assert "The customer disputed 1 other." in bench.line(disputed, "earlier_orders")["said"]


def test_figures_of_the_rules_come_with_their_sources(bench: Bench):
    figures = bench.packing.figures()
    assert all(one["source"] for one in (*figures["fees"], *figures["thresholds"]))
    stripe = next(one for one in figures["fees"] if one["platform"] == "stripe")
    assert (stripe["minor"], stripe["answer_minor"]) == (1_500, 1_500)


def test_each_dispute_of_an_issue_has_its_own_checklist_files_and_packet(
    bench: Bench, disputed: str, tmp_path: Path
):
    """The same buyer disputes a second payment, in the same issue."""
    second = a_dispute(
        "dp_2", amount=Money(4_200, "USD"), reason=DisputeReason.NOT_AS_DESCRIBED,
        payment_references=("pi_2",), due_at=NOON + timedelta(days=30),
    )  # fmt: skip
    bench.dispute(disputed, second)
    first = bench.packing.evidence(disputed)
    assert (first["dispute"], first["others"]) == ("dp_1001", ["dp_2"])
    other = bench.packing.evidence(disputed, "dp_2")
    assert (other["dispute"], other["reason"]) == ("dp_2", "not_as_described")
    source = tmp_path / "description.png"
    source.write_bytes(a_picture())
    told = bench.packing.add_evidence(disputed, str(source), dispute="dp_2")
    assert told["dispute"] == "dp_2"
    assert "description.png" not in bench.packet(disputed)[1]
    answer, said = bench.packet(disputed, dispute="dp_2")
    assert answer["dispute"] == "dp_2"
    assert "description.png" in said
    bench.packing.remove_evidence(disputed, "description.png", dispute="dp_2")
    with pytest.raises(NotFound, match="no such dispute: dp_9"):
        bench.packing.evidence(disputed, "dp_9")
