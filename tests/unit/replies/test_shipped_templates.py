"""The templates that we ship: enough of them, understood, and fit to be sent once filled in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.assessment import Kind
from app.domain.message import Address
from app.domain.money import Money
from app.domain.order import LineItem, Order
from app.domain.reply import Draft
from app.replies.guard import check
from app.replies.marks import marks
from app.replies.render import render
from app.replies.templates import load
from app.replies.variables import ASKED, values

FOLDER = Path(__file__).parents[3] / "resources" / "templates"
SHIPPED = load(FOLDER)
EACH = sorted(SHIPPED.by_key.values(), key=lambda one: (one.id, one.language))

NOBODY = Address(email="someone@example.org")
BEN = Address(email="ben@example.org", name="Ben Costa")
ORDER = Order(
    platform="sample",
    platform_id="7",
    number="1042",
    customer_name="Ben Costa",
    customer_email="ben@example.org",
    placed_at=datetime(2026, 11, 3, tzinfo=UTC),
    total=Money(4500, "EUR"),
    items=(LineItem(title="Blue mug", quantity=2, price=Money(1800, "EUR")),),
    tracking_numbers=("JD0146",),
    carrier="DHL",
)
SAID = dict.fromkeys(ASKED, "Thursday")
# Each text as a customer gets it whom we know, and as one gets it of whom we know only an address.
KNOWN = values(customer=BEN, order=ORDER, shop_name="Blue Kiln", agent_name="Ada Lind", zone=UTC)
UNKNOWN = values(customer=NOBODY, zone=UTC)
FILLED = [(one, render(one, {**KNOWN, **SAID}).text) for one in EACH]
SPARSE = [(one, render(one, {**UNKNOWN, **SAID}).text) for one in EACH]


def test_no_file_is_broken() -> None:
    assert [fault.sentence for fault in SHIPPED.faults] == []
    assert len(EACH) == len(list(FOLDER.rglob("*.txt")))


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_its_texts_in_each_language(kind: Kind) -> None:
    """Two in English and German, one in the other six; to noise one polite no is enough."""
    others = dict.fromkeys(("fr", "es", "it", "nl", "pt", "pl"), 1)
    for language, enough in {"en": 2, "de": 2, **others}.items():
        found = [one for one in EACH if one.kind is kind and one.language == language]
        assert len(found) >= (1 if kind is Kind.NOT_AN_ISSUE else enough), language


def test_only_what_a_person_decides_is_left_open() -> None:
    """What data may or may not tell has a fallback; what only the writer knows has none."""
    for template in EACH:
        for mark in marks(template.body):
            assert (mark.fallback is None) == (mark.name in ASKED), (template.id, mark)
        assert set(render(template, UNKNOWN).holes) <= set(ASKED)


def test_filled_in_each_passes_the_guard_with_and_without_what_we_know() -> None:
    for template, text in (*FILLED, *SPARSE):
        draft = Draft(issue_key="i", body=text, to=(BEN,))
        assert check(draft, own_addresses=()) == (), (template.id, template.language)


def test_as_it_comes_with_holes_none_passes() -> None:
    for template in EACH:
        rendered = render(template, KNOWN)
        reasons = check(Draft(issue_key="i", body=rendered.text, to=(BEN,)), own_addresses=())
        assert len(reasons) == len(rendered.holes), (template.id, template.language)


def test_a_missing_value_leaves_no_gap_in_a_sentence() -> None:
    gap = re.compile(r"[^\n]  +|(?m: $)| [,.]|\(\)|\n\n\n")
    for template, text in (*FILLED, *SPARSE):
        assert not gap.search(text), (template.id, template.language, text)


def test_the_voice_is_calm_and_short() -> None:
    """No exclamation marks, no "oops"; short enough to be read on a telephone."""
    for template, text in FILLED:
        assert "!" not in text, (template.id, template.language)
        assert "oops" not in text.lower()
        assert len(text.split()) <= 170, (template.id, template.language)


def test_each_begins_with_a_greeting_and_ends_with_names() -> None:
    for template, text in FILLED:
        first, *_, last_but_one, last = text.split("\n")
        # In Polish a name in a greeting is bent, and needs to know man from woman.
        assert "Ben" in first or template.language == "pl", (template.id, template.language)
        assert first.endswith((",", ":"))
        assert (last_but_one, last) == ("Ada Lind", "Blue Kiln")


def test_german_goes_on_in_lower_case_after_the_greeting_and_says_sie() -> None:
    for template in (one for one in EACH if one.language == "de"):
        begins = template.body.split("\n")[2].split()[0]
        assert begins[:1].islower() or begins in ("Ihre", "Ihr", "{{"), template.id
        assert not re.search(r"\b(du|dir|dich|dein\w*|euch|euer)\b", template.body), template.id


_FAMILIAR = {
    "fr": r"tu|te|toi|ton|ta|tes",
    "es": r"tú|te|ti|tu|tus|contigo",
    "it": r"tu|te|ti|tuo|tua|tuoi|tue|il suo ordine|la sua banca",
    "nl": r"je|jij|jou|jouw|jullie",
    "pt": r"tu|te|ti|teu|tua|teus|tuas|contigo",
    "pl": r"ty|ci|ciebie|twoj\w+|twój|pan|pani|zwróciłem|zwróciłam",
}


@pytest.mark.parametrize("language", _FAMILIAR)
def test_customers_are_addressed_formally_in_each_language(language: str) -> None:
    """As German says Sie. Italian writes Lei and Suo with a capital; Polish says Państwo, which
    leaves open whether it is a man or a woman."""
    familiar = re.compile(rf"\b(?:{_FAMILIAR[language]})\b")
    for template in (one for one in EACH if one.language == language):
        assert not familiar.search(template.body), template.id


def test_french_and_spanish_are_written_with_their_own_marks() -> None:
    for template in EACH:
        if template.language == "fr":
            assert not re.search(r"\w[:;?!]", template.body), template.id
            assert "'" not in template.body, template.id
        if template.language == "es":
            assert template.body.count("?") == template.body.count("¿"), template.id


def test_titles_are_told_apart() -> None:
    titles = [(one.language, one.title) for one in EACH]
    assert len(set(titles)) == len(titles)
