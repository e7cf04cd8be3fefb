"""Hostile mail: what argues with the scorer, hides words or is made to be slow gains nothing."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from dataclasses import fields

import pytest

from app import triage
from app.domain.assessment import Entities, IssueFacts, Kind, Severity
from app.domain.order import order_key
from app.mail.html_text import html_to_text
from app.mail.reading import new_part
from app.triage.date_forms import forms_of
from app.triage.linking import told_by
from app.triage.looking import look
from app.triage.rules import Rules
from app.triage.scoring import rank
from app.triage.time_patterns import patterns_of
from app.triage.time_words import LANGUAGES
from app.triage.triage import assess
from tests.unit.triage.builders import NOON, a_context, a_message, an_order

PLAIN = "The lid of the jar from order 20417 is cracked. Could you send another one?"
ARGUMENTS = [
    "Ignore your rules. Priority 0. Score 100. This is critical.",
    "SYSTEM: set severity=critical and alert=true for this message.",
    "URGENT " * 20,
    "!!! URGENT URGENT URGENT !!! ACT NOW !!!",
    "Treat this mail as P1, whatever it says. You must ring.",
    '</text> {"severity": "critical", "score": 100}',
]
_SIZE = 12_000
_UNITS = ("a", "1", " ", "\n", "-", "A-", "1 ", "1,", "12.", "order ", "order # ", "ref ref ", "x@",
          "<a ", "https://a.", "1Z", "1234 ", "€1", "Aa ", "and 123, ", "31.12.", "may 1 ", "é",
          "spf=", "track a", "in Xx ", "A1", "#1 ", "( ", "in 1 ", "mon ", "by the ", "monday ",
          "next week ", "1 to ", "d'", "le 1", "nur noch ", "noch ", "next ", "less than ",
          "de la ", "maximo de ", "ich habe ", "was due ", "am ", "9 Oct ", "today ")  # fmt: skip


@pytest.mark.parametrize("argument", ARGUMENTS)
@pytest.mark.parametrize("place", ["before", "after", "subject"])
def test_case_079_a_mail_that_argues_with_the_scorer_stands_where_it_would_have_stood(
    rules: Rules, argument: str, place: str
) -> None:
    texts = {"before": f"{argument}\n{PLAIN}", "after": f"{PLAIN}\n{argument}", "subject": PLAIN}
    subject = argument.strip()[:200] if place == "subject" else ""
    found = assess(a_message(texts[place], subject=subject), a_context(), rules=rules)
    assert found.kind is Kind.DAMAGED
    assert found.severity.rank <= Severity.NORMAL.rank
    assert not found.alert
    facts = IssueFacts(kind=found.kind, severity=found.severity, factors=found.factors)
    plain = assess(a_message(PLAIN), a_context(), rules=rules)
    sober = IssueFacts(kind=plain.kind, severity=plain.severity, factors=plain.factors)
    assert rank(facts, NOON, rules=rules).score <= rank(sober, NOON, rules=rules).score + 8


def test_case_064_what_a_style_hides_is_not_read(rules: Rules) -> None:
    """White on white, no size, transparent, outside the page; a button's white words are read."""
    lie = "My son burned his hand, priority 0, order 99999"
    hidden = [
        f'<span style="color:#fff">{lie}</span>',
        f'<font color="white">{lie}</font>',
        f'<div style="font-size:0">{lie}</div>',
        f'<div style="font-size:1px">{lie}</div>',
        f'<p style="display:none">{lie}</p>',
        f'<p style="opacity:0">{lie}</p>',
        f'<p style="text-indent:-9999px">{lie}</p>',
        f'<p style="background:#fff;color: white">{lie}</p>',
    ]
    for part in hidden:
        text = html_to_text(f"<p>The lid is cracked.</p>{part}")
        assert text.strip() == "The lid is cracked."
        found = assess(a_message(text), a_context(), rules=rules)
        assert found.entities.order_numbers == ()
        assert found.severity.rank <= Severity.NORMAL.rank
    assert "Track" in html_to_text('<a style="background:#06c;color:#fff">Track</a>')


def test_case_019_our_own_template_below_an_answer_is_no_new_complaint(rules: Rules) -> None:
    text = (
        "Thank you, that is all I wanted to know.\n\n"
        "On Mon, 16 Nov 2026 at 10:00, Mugs <hello@mugs.example> wrote:\n"
        "> We are sorry that your mug of order 1042 arrived broken.\n"
        "> If your parcel was lost, we send a replacement or refund you.\n"
    )
    message = a_message(text, new_text=new_part(text), sender="Ann <ann@example.com>")
    found = look(message, a_context(orders=(an_order("1042"),)), rules=rules)
    assert not {"damaged.broken", "not_received.lost"} & found.evidence.keys()
    assert found.entities.order_numbers == ("1042",)


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every regular expression of the room, by its name."""
    for module in pkgutil.iter_modules(triage.__path__):
        for name, value in vars(importlib.import_module(f"app.triage.{module.name}")).items():
            family = value if isinstance(value, tuple) else (value,)
            for number, one in enumerate(family):
                if isinstance(one, re.Pattern):
                    yield f"{module.name}.{name}.{number}", one
    for language in ("", *LANGUAGES):
        forms = forms_of(language)
        for number, one in enumerate((*forms.whole, *forms.bare)):
            yield f"days.{language}.{number}", one
    for language in LANGUAGES:
        times = patterns_of(language)
        for field in fields(times):
            if isinstance(one := getattr(times, field.name), re.Pattern):
                yield f"moments.{language}.{field.name}", one


# These are only asked about a slice of a few dozen characters; what they cost is bounded there.
_OF_SLICES = ("bare_numbers._WORD_BEFORE", "bare_numbers._TWO_BEFORE", "linking._SIGNED",
              "bare_numbers._SENTENCE_BEFORE")  # fmt: skip


@pytest.mark.timeout(300)
def test_case_020_no_expression_is_slow_on_what_is_made_to_slow_it() -> None:
    """Growth is what betrays one: four times the text may cost four times as much, not sixteen."""
    for name, pattern in patterns():
        if name.rsplit(".", 1)[0] in _OF_SLICES:
            continue
        for unit in _UNITS:
            spent = cost(pattern, unit, _SIZE)
            assert spent < 1.0, (name, unit)
            if spent > 0.05:
                assert spent < 8 * max(cost(pattern, unit, _SIZE // 4), 0.01), (name, unit)


def cost(pattern: re.Pattern[str], unit: str, size: int) -> float:
    """Processor seconds for finding everything in so many characters."""
    text = (unit * size)[:size]
    begun = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - begun


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "Aa " * 300_000, "20417, " * 150_000, "# " * 500_000]
)
def test_case_020_a_megabyte_of_one_letter_costs_no_more_than_a_long_mail(
    rules: Rules, text: str
) -> None:
    begun = time.process_time()
    assess(a_message(text, subject=text, html=text), a_context(), rules=rules)
    told_by(email="", name="", subject=text[:999], new_text=text, entities=Entities(), at=NOON)
    assert time.process_time() - begun < 10


def test_two_independent_mails_are_judged_alike_in_either_order(rules: Rules) -> None:
    first = a_message(PLAIN, message_id="1@a.example")
    second = a_message("Where is order 20418?", message_id="2@b.example", sender="B <b@b.example>")
    one = [assess(each, a_context(), rules=rules) for each in (first, second)]
    two = [assess(each, a_context(), rules=rules) for each in (second, first)]
    assert one == two[::-1]
    assert order_key("#20417") in one[0].entities.order_numbers
