"""Incidents: which complaints of several customers are one cause, and which never are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.assessment import Entities, Gate, Kind
from app.triage.incidents import Incident, Incidents, Report, report_of
from tests.support.shipped import RULES
from tests.unit.triage.builders import NOON, a_message, an_assessment

MACHINE = Gate(automatic=True, may_acknowledge=False, counts_as_customer_reply=False)


def a_report(text: str, *, who: str = "ann", kind: Kind = Kind.WRONG_SIZE, **more) -> Report:
    """What a mail of somebody's contributes, sent `hours` after noon; each is its own issue."""
    factors = {name: "" for name in more.pop("factors", ())}
    made = an_assessment(
        kind=kind,
        factors=factors,
        entities=Entities(skus=tuple(more.pop("skus", ()))),
        gate=more.pop("gate", an_assessment().gate),
        language=more.pop("language", "en"),
    )
    message = a_message(text, sender=f"{who.title()} <{who}@example.com>")
    at = NOON + timedelta(hours=more.pop("hours", 0))
    return report_of(message, made, issue=who, at=at, rules=RULES, shop="Mugs", **more)


def incidents(*reports: Report) -> tuple[Incident | None, ...]:
    book = Incidents(RULES.incidents)
    return tuple(book.note(report) for report in reports)


def test_one_article_in_two_sizes_and_languages_is_one_cause() -> None:
    one = a_report("Zu klein, Art. RT4-W-PET-40.", skus=["RT4-W-PET-40"], language="de")
    other = a_report("RT4 maat klopt niet", who="bas", skus=["RT4-M-NEG-44"], language="nl")
    _, found = incidents(one, other)
    assert found is not None
    assert (found.issues, found.sort) == (("ann", "bas"), "size")
    assert found.title.startswith("RT4")


def test_a_products_name_within_a_sentence_is_a_clue() -> None:
    one = a_report("I bought your Ridge Trail in 40 and it is tiny.")
    other = a_report("Las zapatillas de montaña Ridge Trail 4 quedan pequeñas.", who="alvaro")
    assert incidents(one, other)[1] is not None


def test_another_sort_of_complaint_about_the_same_article_is_another_cause() -> None:
    one = a_report("Too small.", skus=["RT4-W-PET-40"])
    other = a_report("Not here yet.", who="bas", kind=Kind.LATE, skus=["RT4-W-PET-40"])
    assert incidents(one, other) == (None, None)


def test_what_is_named_in_complaints_of_every_sort_names_the_shop_and_no_cause() -> None:
    name = "I love your Moon River, but"
    mixed = [Kind.LATE, Kind.WRONG_ITEM, Kind.DAMAGED, Kind.SITE_ACCOUNT]
    others = [a_report(name, who=f"w{n}", kind=kind) for n, kind in enumerate(mixed)]
    last = a_report(name, who="eve", kind=Kind.LATE)
    assert incidents(*others, last)[-1] is None


def test_one_customer_is_no_incident() -> None:
    one = a_report("Too small.", skus=["RT4-40"])
    assert incidents(one, one) == (None, None)


def test_parcels_that_lie_in_one_depot_have_one_cause() -> None:
    one = a_report('It says "Delayed at Swindon hub".', kind=Kind.LATE)
    other = a_report("Frozen: Delayed at Swindon hub", who="lionel", kind=Kind.NOT_RECEIVED)
    _, found = incidents(one, other)
    assert found is not None
    assert found.title == "Swindon"


def test_two_weeks_later_the_same_depot_is_another_story() -> None:
    one = a_report("Delayed at Swindon hub", kind=Kind.LATE)
    other = a_report("Delayed at Swindon hub", who="bo", kind=Kind.LATE, hours=15 * 24)
    assert incidents(one, other)[1] is None


def test_nobody_can_pay_is_one_cause_for_a_day_and_the_watching_machine_belongs_to_it() -> None:
    down: dict[str, Any] = {"kind": Kind.SITE_ACCOUNT, "factors": ["shop_down"]}
    one = a_report("502 when I pay", **down)
    machine = a_report("DOWN: checkout", who="watch", gate=MACHINE, hours=1, **down)
    well = a_report("RECOVERED: checkout", who="watch", gate=MACHINE, hours=2, kind=Kind.OTHER)
    _, second, third = incidents(one, machine, well)
    assert second is not None
    assert second.customers == ("ann@example.com",)
    assert third is not None


@pytest.mark.parametrize(("factors", "together"), [(["safety"], True), ([], False)])
def test_where_somebody_may_be_hurt_one_rare_name_is_enough(factors, together) -> None:
    one = a_report("At night my Ember hisses like a stove.", kind=Kind.DAMAGED, factors=factors)
    other = a_report("the ember stove leaks gas", who="cal", kind=Kind.DAMAGED, factors=factors)
    assert (incidents(one, other)[1] is not None) is together


def test_a_plain_word_that_is_part_of_a_name_elsewhere_is_no_cause() -> None:
    hurt: dict[str, Any] = {"kind": Kind.DAMAGED, "factors": ["safety"]}
    one = a_report("She was cut by your Little Otter bowl.", **hurt)
    other = a_report("A little smoke came out of the lamp.", who="cal", **hurt)
    assert incidents(one, other) == (None, None)


def a_hazard(text: str, who: str = "cal", **more) -> Report:
    return a_report(text, who=who, kind=Kind.DAMAGED, **{"factors": ["safety"], **more})


HISSES, LEAKS = "At night my Ember hisses like a stove.", "the ember stove leaks gas"


def test_a_word_that_many_mails_have_is_no_rare_name_and_how_many_that_are_grows_with_all() -> None:
    often = [replace(a_report("an ember"), issue=f"w{n}", customer=f"w{n}") for n in range(5)]
    assert incidents(*often, a_hazard(HISSES, "ann"), a_hazard(LEAKS))[-1] is None
    plain = a_report("Thanks", kind=Kind.OTHER)
    many = [replace(plain, issue=f"m{n}", customer=f"m{n}") for n in range(250)]
    assert incidents(*often, *many, a_hazard(HISSES, "ann"), a_hazard(LEAKS))[-1] is not None


def test_a_hazard_with_an_article_and_one_without_may_be_one_cause_two_articles_are_not() -> None:
    known = a_hazard(HISSES, "ann", skus=["RT4-40"])
    assert incidents(known, a_hazard(LEAKS))[1] is not None
    assert incidents(a_hazard(LEAKS), known)[1] is not None
    assert incidents(known, a_hazard(LEAKS, skus=["LMP-9"]))[1] is None


def test_a_name_alone_joins_no_hazard_with_what_harms_nobody() -> None:
    harmless = a_hazard(LEAKS, factors=[])
    assert incidents(a_hazard(HISSES, "ann"), harmless)[1] is None
    assert incidents(harmless, a_hazard(HISSES, "ann"))[1] is None


def test_one_hazard_among_complaints_of_one_cause_makes_all_of_it_grave() -> None:
    """So it rings at the second customer, not at the third."""
    sharp = a_hazard("It cut me.", "ann", skus=["RT4-40"])
    found = incidents(sharp, a_hazard("Broken.", skus=["RT4-40"], factors=[]))[1]
    assert found is not None
    assert (found.grave, found.alerts(RULES.incidents)) == (True, 1)
    plain = incidents(replace(sharp, grave=False), a_hazard("Broken.", skus=["RT4-40"], factors=[]))
    assert plain[1] is not None
    assert (plain[1].grave, plain[1].alerts(RULES.incidents)) == (False, 0)


def test_what_both_name_is_the_title_and_nothing_that_one_alone_does() -> None:
    one = a_report("Your Ridge Trail is tiny, so is the Alder Peak.", skus=["AAA-11"])
    other = a_report("The Ridge Trail is too small.", who="bas", skus=["BBB-22"])
    found = incidents(one, other)[1]
    assert found is not None
    assert found.title == "Ridge Trail"


def test_it_deserves_an_alert_at_k_and_at_each_doubling() -> None:
    reports = [a_report("Too small.", who=f"c{n}", skus=["RT4-40"]) for n in range(13)]
    found = [one.alerts(RULES.incidents) for one in incidents(*reports) if one]
    assert found == [0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3]


def test_a_later_mail_of_an_issue_is_counted_once() -> None:
    reports = [a_report("Too small.", who=who, skus=["RT4-40"]) for who in ("a", "b", "b")]
    found = incidents(*reports)[-1]
    assert found is not None
    assert (found.issues, found.customers) == (("a", "b"), ("a@example.com", "b@example.com"))


def test_complaints_count_for_as_long_as_they_may_lie_apart() -> None:
    """Eight customers, one each ten days: of a cause that goes on for 45 days, five at a time."""
    reports = [a_report("s", who=f"c{n}", skus=["RT4-40"], hours=n * 240) for n in range(8)]
    found = [len(one.customers) for one in incidents(*reports) if one]
    assert found == [2, 3, 4, 5, 5, 5, 5]


def test_what_is_over_begins_anew_though_the_same_issue_reports_it() -> None:
    late: dict[str, Any] = {"hours": 60 * 24, "skus": ["RT4-40"]}
    early = [a_report("s", who=who, skus=["RT4-40"]) for who in ("a", "b", "c")]
    found = incidents(*early, a_report("s", who="a", **late), a_report("s", who="d", **late))
    assert found[3] is None
    assert found[4] is not None
    assert found[4].issues == ("a", "d")


def test_thanks_within_an_incident_are_no_further_report() -> None:
    """Else each word of its customers would let it go on."""
    reports = [a_report("s", who=who, skus=["RT4-40"]) for who in ("a", "b")]
    thanks = a_report("Thank you!", who="a", kind=Kind.OTHER, hours=30 * 24)
    _, complained, thanked = incidents(*reports, thanks)
    assert thanked == complained


@pytest.mark.parametrize("word", ["Christmas", "Whatsapp", "Amazon", "Trustpilot"])
def test_two_hazards_that_share_a_feast_or_a_marketplace_are_not_one_cause(word: str) -> None:
    one = a_report(f"The lamp caught fire, it is on {word} too.", factors=["safety"])
    other = a_report(f"She cut her hand, see {word}.", who="bas", factors=["safety"])
    assert incidents(one, other) == (None, None)


@pytest.mark.parametrize("carrier", ["Poczta Polska", "Colis Privé", "Correos Express"])
def test_two_parcels_that_are_late_with_one_carrier_are_not_one_cause(carrier: str) -> None:
    one = a_report(f"Sent with {carrier} and late.", kind=Kind.LATE)
    other = a_report(f"Given to {carrier}, nothing since.", who="bas", kind=Kind.LATE)
    assert incidents(one, other) == (None, None)
