"""The checklist: what is found is found in the records, and what is missing is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.config.paths import rules
from app.domain.dispute import DisputeReason
from app.domain.errors import KnownError
from app.domain.evidence import Case, EvidenceItem, Have, Proof
from app.domain.message import Direction
from app.domain.money import Money
from app.domain.order import Order, ParcelState, Return
from app.replies.evidence import checklist, delivered_at, undisputed
from app.replies.evidence_rules import EvidenceRules
from app.replies.packet_parts import summary
from tests.support.cases import a_case, a_file, a_letter, a_parcel, a_refund, an_order
from tests.support.disputes import TODAY, a_dispute

RULES = EvidenceRules.load(rules())


def line(case: Case, id_: str) -> EvidenceItem:
    return next(one for one in checklist(case, RULES).items if one.id == id_)


def about(reason: DisputeReason, **given) -> Case:
    return a_case(dispute=a_dispute(reason=reason), **given)


@pytest.mark.parametrize("reason", list(DisputeReason))
def test_every_reason_has_a_checklist_with_a_source_for_each_line(reason: DisputeReason):
    found = checklist(about(reason), RULES)
    assert len(found.items) >= 4
    assert any(one.needed for one in found.items)
    assert all(one.source.startswith("https://") and one.why for one in found.items)
    assert found.advice


def test_every_kind_of_proof_is_used_by_some_reason():
    used = {item.proof for reason in RULES.reasons.values() for item in reason.item}
    assert used == set(Proof)


def test_a_delivered_parcel_is_found_with_its_day():
    item = line(a_case(), "delivery")
    assert item.have is Have.FOUND
    assert "26 October 2026" in item.said


def test_a_parcel_that_came_back_speaks_against_the_shop_and_it_says_so():
    order = an_order(fulfilments=(a_parcel(state=ParcelState.RETURNED, delivered_at=None),))
    item = line(a_case(order=order), "delivery")
    assert item.have is Have.MISSING
    assert "speaks against you" in item.said


def test_one_of_two_parcels_is_not_a_delivery():
    order = an_order(fulfilments=(a_parcel(), a_parcel(id="f2", delivered_at=None)))
    assert delivered_at(order) is None
    assert line(a_case(order=order), "delivery").have is Have.PARTLY


def test_a_cancelled_parcel_is_not_waited_for():
    gone = a_parcel(id="f2", state=ParcelState.CANCELLED, delivered_at=None)
    assert delivered_at(an_order(fulfilments=(a_parcel(), gone))) == a_parcel().delivered_at


def test_a_shop_without_parcels_is_believed_by_its_dates():
    order = an_order(fulfilments=(), shipped_at=TODAY, tracking_numbers=("T1",), carrier="UPS")
    assert line(a_case(order=order), "tracking").said == "UPS T1."
    bare = an_order(fulfilments=(), shipped_at=TODAY)
    assert line(a_case(order=bare), "tracking").have is Have.PARTLY


def test_without_an_order_every_line_says_what_to_do():
    found = checklist(a_case(order=None, letters=()), RULES)
    assert all(one.have is Have.MISSING and one.said for one in found.items)
    assert {one.id for one in found.missing} == {"delivery", "tracking", "order"}


def test_a_file_of_the_owner_fills_its_line():
    case = a_case(files=(a_file("sign.png", b"x", item="signature"),))
    item = line(case, "signature")
    assert (item.have, item.files) == (Have.FOUND, ("sign.png",))
    assert item.said == "You added sign.png."


def test_a_policy_is_found_by_the_beginning_of_its_name():
    case = about(DisputeReason.REFUND, policies=(a_file("refund_2026.pdf", b"x", item="refund"),))
    assert line(case, "refund_policy").have is Have.FOUND
    other = about(DisputeReason.REFUND, policies=(a_file("shipping.pdf", b"x", item="shipping"),))
    missing = line(other, "refund_policy")
    assert missing.have is Have.MISSING
    assert "begins with refund" in missing.said


def test_a_part_refund_is_a_part():
    case = about(DisputeReason.REFUND, order=an_order(refunds=(a_refund(),)))
    item = line(case, "refunds")
    assert item.have is Have.PARTLY
    assert item.said == "$20.00 of $184.00 went back on 15 November 2026."


def test_no_return_is_a_fact_too():
    item = line(about(DisputeReason.NOT_AS_DESCRIBED), "returns")
    assert item.said == "The shop knows of no return: nothing came back."
    back = an_order(returns=(Return(id="r", word="REQUESTED"),))
    assert line(about(DisputeReason.NOT_AS_DESCRIBED, order=back), "returns").said == "requested."


def test_earlier_orders_count_only_before_it_paid_and_kept():
    before = TODAY - timedelta(days=90)
    earlier = (
        an_order("A", placed_at=before),
        an_order("B", placed_at=before),
        an_order("C", placed_at=before, cancelled_at=before),
        an_order("D", placed_at=before, refunded=Money(18_400, "USD")),
        an_order("E", placed_at=TODAY),
    )
    item = line(about(DisputeReason.FRAUD, earlier=earlier), "earlier_orders")
    assert (item.have, item.said) == (Have.FOUND, "2: A and B.")
    again = line(about(DisputeReason.FRAUD, earlier=earlier, earlier_disputes=1), "earlier_orders")
    assert again.have is Have.PARTLY
    assert "disputed 1 other" in again.said


BEFORE = TODAY - timedelta(days=90)
SENT_BACK = a_parcel(state=ParcelState.RETURNED, delivered_at=None)


@pytest.mark.parametrize(
    "not_so",
    [
        an_order("X", placed_at=BEFORE, financial_status="failed"),
        an_order("X", placed_at=BEFORE, financial_status="pending"),
        an_order("X", placed_at=BEFORE, is_test=True),
        an_order("X", placed_at=BEFORE, deleted_at=TODAY),
        an_order("X", placed_at=BEFORE, fulfilments=()),
        an_order("X", placed_at=BEFORE, fulfilments=(SENT_BACK,)),
        an_order("X", placed_at=BEFORE, fulfilments=(a_parcel(state=ParcelState.RETURNED),)),
        an_order("X", placed_at=BEFORE, returns=(Return(id="r", word="CLOSED"),)),
    ],
)
def test_a_bank_is_told_of_no_earlier_order_that_was_not_paid_delivered_and_kept(
    not_so: Order,
) -> None:
    case = about(DisputeReason.FRAUD, earlier=(not_so,))
    assert not any("had placed" in said for said in summary(case))
    said = line(case, "earlier_orders").said
    assert said.endswith("paid, delivered and never disputed.")


def test_an_earlier_order_that_was_disputed_itself_speaks_for_nobody() -> None:
    first, second = an_order("A", placed_at=BEFORE), an_order("B", placed_at=BEFORE)
    case = about(DisputeReason.FRAUD, earlier=(first, second), disputed=frozenset((first.atom,)))
    assert undisputed(case) == (second,)
    assert any("had placed one order before" in said for said in summary(case))


@pytest.mark.parametrize("given", [{"financial_status": "failed"}, {"is_test": True}])
def test_an_order_that_took_no_money_is_no_second_charge(given: dict[str, Any]) -> None:
    near = an_order("B", placed_at=TODAY - timedelta(days=29), **given)
    case = about(DisputeReason.DUPLICATE, earlier=(near,))
    assert line(case, "other_charge").have is Have.MISSING


@pytest.mark.parametrize("state", [ParcelState.PREPARING, ParcelState.UNKNOWN])
def test_a_label_alone_is_no_parcel_that_was_sent(state: ParcelState) -> None:
    label = a_parcel(state=state, delivered_at=None)
    case = a_case(order=an_order(fulfilments=(label,)))
    assert not any("parcel was" in said for said in summary(case))


def test_that_a_shop_counts_an_order_as_done_is_no_parcel_that_was_sent() -> None:
    done = a_case(order=an_order(fulfilments=(), shipped_at=TODAY))
    assert not any("parcel was" in said for said in summary(done))
    assert "reported no delivery" in line(done, "delivery").said


def test_a_parcel_that_left_is_said_to_have_left() -> None:
    on_its_way = a_parcel(state=ParcelState.IN_TRANSIT, delivered_at=None)
    said = summary(a_case(order=an_order(fulfilments=(on_its_way,))))
    assert any(one.startswith("A parcel was sent on 23 October 2026") for one in said)


def test_a_mail_after_the_delivery_is_pointed_out_and_never_judged():
    case = about(DisputeReason.FRAUD, letters=(a_letter(24),))
    item = line(case, "mails")
    assert item.have is Have.FOUND
    assert "Read it before you use it" in item.said
    ours = about(DisputeReason.FRAUD, letters=(a_letter(24, direction=Direction.OUT),))
    assert line(ours, "mails").have is Have.MISSING


def test_two_charges_are_two_orders_of_one_sum_within_a_month():
    near = an_order("B", placed_at=TODAY - timedelta(days=29))
    far = an_order("C", placed_at=TODAY - timedelta(days=300))
    found = line(about(DisputeReason.DUPLICATE, earlier=(near, far)), "other_charge")
    assert found.said == "B of 22 October 2026."
    assert line(about(DisputeReason.DUPLICATE), "other_charge").have is Have.MISSING


def test_limits_are_the_providers_and_of_an_unknown_one_the_strictest():
    stripe, paypal = RULES.limits_of("stripe"), RULES.limits_of("paypal")
    assert (stripe.most_bytes, stripe.most_pages) == (4_500_000, 49)
    assert (paypal.most_bytes, paypal.most_pages) == (10_000_000, 0)
    assert RULES.limits_of("shopify").pdf_a
    assert RULES.limits_of("klarna").most_bytes == 2_000_000
    assert all(one.source.startswith("https://") for one in RULES.limits.values())


def test_the_owners_file_replaces_a_reason_and_keeps_the_others(tmp_path: Path):
    (tmp_path / "evidence.toml").write_text(
        '[[reason]]\nname = "fraud"\nadvice = "Mine."\n[[reason.item]]\nid = "x"\nproof = "order"\n'
        'title = "T"\nwhy = "W"\nneeded = true\nsource = "https://own.example"\n'
    )
    own = EvidenceRules.load(rules(), tmp_path)
    assert checklist(about(DisputeReason.FRAUD), own).advice == "Mine."
    assert len(checklist(about(DisputeReason.REFUND), own).items) > 1


@pytest.mark.parametrize(
    "text",
    [
        "[[reason]]\nnmae = 1\n",
        '[[reason]]\nname = "fruad"\nadvice = ""\nitem = []\n',
        (
            '[[reason]]\nname = "fraud"\nadvice = ""\n[[reason.item]]\nid = "x"\nproof = "policy"\n'
            'title = ""\nwhy = ""\nneeded = true\nsource = "https://x.example"\n'
        ),
        (
            '[[reason]]\nname = "fraud"\nadvice = ""\n[[reason.item]]\nid = "x"\nproof = "order"\n'
            'title = ""\nwhy = ""\nneeded = true\nsource = "my uncle"\n'
        ),
        "= broken",
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str):
    (tmp_path / "evidence.toml").write_text(text)
    with pytest.raises(KnownError, match=r"evidence\.toml cannot be used"):
        EvidenceRules.load(rules(), tmp_path)


@pytest.mark.parametrize("ids", [("the proof", "x"), ("x", "x"), ("further", "x"), ("", "x")])
def test_an_id_by_which_no_file_could_be_kept_is_named(tmp_path: Path, ids: tuple[str, str]):
    """The owner's files for a line lie in a folder of its id, and came back under no line."""
    items = "".join(
        f'[[reason.item]]\nid = "{one}"\nproof = "order"\ntitle = "T"\nwhy = "W"\n'
        'needed = true\nsource = "https://own.example"\n'
        for one in ids
    )
    text = f'[[reason]]\nname = "fraud"\nadvice = "Mine."\n{items}'
    (tmp_path / "evidence.toml").write_text(text)
    with pytest.raises(KnownError, match="has to be letters, figures"):
        EvidenceRules.load(rules(), tmp_path)


def test_rules_without_a_reason_are_not_enough(tmp_path: Path):
    with pytest.raises(KnownError, match="says nothing about"):
        EvidenceRules.load(tmp_path)


def test_the_checklist_does_not_change_the_case():
    case = a_case()
    before = replace(case)
    checklist(case, RULES)
    assert case == before


def test_what_a_provider_wants_is_said_with_the_name_of_that_provider():
    for platform, name in (("kontorpay", "Kontorpay"), ("paypal", "PayPal")):
        case = about(DisputeReason.NOT_RECEIVED)
        why = line(replace(case, dispute=replace(case.dispute, platform=platform)), "tracking").why
        assert why == f"{name} wants a shipment that can be followed online."


def test_a_label_that_was_bought_is_no_parcel_on_its_way():
    """Shops know the number as soon as the label is printed; the parcel may still stand there."""
    label = a_parcel(state=ParcelState.PREPARING, sent_at=None, delivered_at=None)
    case = a_case(order=an_order(fulfilments=(label,)))
    tracking = line(case, "tracking")
    assert tracking.have is Have.PARTLY
    assert tracking.said.startswith("DHL JD014600006281093212: a label so far.")
    assert line(case, "delivery").said == "Nothing was sent, as far as the shop knows."


def test_the_number_of_a_cancelled_parcel_is_no_evidence():
    gone = a_parcel(state=ParcelState.CANCELLED, delivered_at=None)
    case = a_case(order=an_order(fulfilments=(gone,)))
    assert line(case, "tracking").have is Have.MISSING
    twice = a_case(order=an_order(fulfilments=(a_parcel(), a_parcel(id="f2"))))
    assert line(twice, "tracking").said == "DHL JD014600006281093212."


def test_letters_that_nobody_answered_are_weak():
    item = line(a_case(letters=(a_letter(),)), "mails")
    assert item.have is Have.PARTLY
    assert item.said == (
        "1 of theirs, 0 of yours, on 31 October 2026. No answer of yours is among them."
    )
