"""Conditions of the owner's rules: what holds, what is refused and where; and that nothing that is
typed can break, run long or compute."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.errors import Refused
from app.domain.rule_fields import FIELDS, Sort
from app.domain.rule_text import LONGEST, compared, quoted
from app.triage.conditions import Condition
from app.triage.safe_pattern import checked

NOTHING: dict[Sort, Any] = {
    Sort.WORDS: "",
    Sort.CHOICE: "",
    Sort.NUMBER: float("nan"),
    Sort.SEVERAL: (),
    Sort.YES_NO: False,
}


def facts(**given: Any) -> dict[str, Any]:
    """Facts of an issue of which nothing else is known."""
    return {**{one.name: NOTHING[one.sort] for one in FIELDS}, **given}


SHOP = facts(
    kind="damaged",
    severity="high",
    total=600,
    subject="wholesale order: 40 mugs",
    customer_domain="bigshop.example",
    tags=("b2b",),
    has_order=True,
    unanswered=2,
)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("total > 500", True),
        ("total < 500 or unanswered >= 2", True),
        ('subject contains "WholeSale"', True),
        ("subject contains “wholesale”", True),
        ('not subject contains "wholesale"', False),
        ('customer_domain = "BigShop.example" and has_order', True),
        ('kind in ["late", "damaged"]', True),
        ('kind != "damaged"', False),
        ('tags contains "B2B"', True),
        ('"b2b" not in tags', False),
        ('subject =~ "order.{0,5}40"', True),
        ('subject !~ "order.{0,5}40"', False),
        ('subject =~ "^WHOLESALE"', True),
        ("(has_order and not has_dispute) or total > 9000", True),
        ("total > -1", True),
    ],
)
def test_a_condition_holds_as_it_reads(condition: str, holds: bool) -> None:
    """Words count without regard to capitals; = and == are the same."""
    assert Condition(condition).holds(SHOP) is holds
    assert Condition(condition.replace(" = ", " == ")).holds(SHOP) is holds


@pytest.mark.parametrize("sign", ["<", ">", "<=", ">=", "=", "!="])
def test_no_comparison_with_an_unknown_number_is_true(sign: str) -> None:
    """An issue without a deadline has neither more nor fewer days left than two."""
    assert not Condition(f"days_left {sign} 2").holds(facts())
    assert not Condition(f"not days_left {sign} 2").holds(facts())


@pytest.mark.parametrize(
    ("condition", "unknown", "known"),
    [
        ("total not in [500]", False, True),
        ("total not in [500, 600]", False, False),
        ("not total in [500]", False, True),
        ("not (total > 500)", False, False),
        ("not (total < 500 and has_order)", True, True),
        ("not (not total > 500)", False, True),
        ("not (not (total != 500))", False, True),
        ("not has_order and total != 500", False, False),
        ("not has_dispute and total != 500", False, True),
        ("not (has_order or total > 700) or unanswered = 2", False, True),
        ("total != -1", False, True),
        ('kind != "late" or total != 500', True, True),
        ("not has_dispute", True, True),
        ("not (total < 500 and not has_dispute)", False, True),
    ],
)
def test_what_denies_a_comparison_with_an_unknown_number_is_not_true_either(
    condition: str, unknown: bool, known: bool
) -> None:
    """Nothing is said of a total where there is no order; where there is one, not is not."""
    assert Condition(condition).holds(facts(kind="damaged")) is unknown
    assert Condition(condition).holds(SHOP) is known


def test_a_fault_after_a_number_is_still_named_at_its_place() -> None:
    with pytest.raises(Refused, match="character 13"):
        Condition("total > 500 total < 3")


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("", "There is no condition"),
        ("totl > 3", "no field “totl” (character 1). Did you mean total?"),
        ("has_order and totl > 3", "(character 15)"),
        ('total > "500"', "“total” is a number and cannot be compared with “500” at character 9"),
        ("subject > 3", "“subject” is words: “>” at character 9 does not fit"),
        ("subject = 3", "cannot be compared with 3 at character 11"),
        ('kind = "damagd"', "“damagd” at character 8 is no kind"),
        ('kind in ["late", "latt"]', "“latt” at character 18 is no kind"),
        ("subject", "“subject” stands alone"),
        ("not total", "“total” stands alone"),
        ("has_order = true", "“has_order” is yes or no"),
        ("total >", "After “>” at character 7 something is missing"),
        ("total > 3 and", "After “and” at character 11 something is missing"),
        ("total > 3 has_order", "“has_order” at character 11 cannot stand there"),
        ("(total > 3", "something is missing"),
        ('subject contains "mugs', "The words that begin at character 18 have no end"),
        ("total > 1,000", "“,” at character 10 cannot stand there"),
        ("$now > 3", "“$” at character 1"),
        ("total ** 9 > 3", "“*” at character 7"),
        ("subject.as_upper", "“.” at character 8"),
        ("[x for x in tags]", "no field “x”"),
        ('tags = "b2b"', "“tags” is several words"),
        ('subject =~ "(a+)+b"', "“+” at its character 3 has no end"),
        ("x" * (LONGEST + 1), "too long"),
        ("(" * 30 + "has_order" + ")" * 30, "Too many brackets"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_with_its_place(condition: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        Condition(condition)
    assert says in refused.value.sentence


_SIGNS = (
    *("and", "or", "not", "in", "contains", "=", "!=", "<", ">", ">=", "=~", "(", ")", "[", "]"),
    *(",", "-", "for", "if", "$now", "**", ".", "|", '"', "{", "\\", "é"),
)
_VALUES = ('"b2b"', "'x'", "“y”", "3", "2.5", "true", "false")
_PIECES = some.sampled_from([*(one.name for one in FIELDS), *_VALUES, *_SIGNS])


@given(some.lists(_PIECES, max_size=12).map(" ".join))
def test_whatever_is_typed_is_refused_or_can_be_asked(text: str) -> None:
    """Never another error, neither while it is checked nor when it is asked."""
    try:
        condition = Condition(text)
    except Refused:
        return
    assert condition.holds(SHOP) in (True, False)
    assert condition.holds(facts()) in (True, False)


@given(some.text())
def test_any_words_can_be_looked_for_and_are_found(words: str) -> None:
    """Quotation marks, backslashes and what looks like a pattern are words like others."""
    there = compared(words)
    assert Condition(f"subject = {quoted(words)[:LONGEST]}").holds(facts(subject=there))


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ('text =~ "stra.e|straße"', "Meine Straße ist falsch"),
        ('text =~ "stra[ßs]{1,2}e"', "Meine STRASSE"),
        ('text =~ "gro(ß|s)e"', "Zu große Schuhe"),
        ('text =~ "wei(ß|t)e"', "weiße Vase"),
        ('text =~ "[À-ß]o"', "À la fin, Ào"),
        ('text =~ "[a-ß]x"', "zx"),
        ('text contains "CAFÉ"', "Das Cafe\u0301 im Hof"),
        ('text =~ "caf[éè]"', "Das Cafe\u0301 im Hof"),
        ('text contains "Cafe\u0301"', "Das Café im Hof"),
    ],
)
def test_letters_count_however_a_keyboard_or_a_mac_writes_them(condition: str, text: str) -> None:
    """An ß is found by a pattern as by words, and an accent in two pieces is the accent."""
    assert Condition(condition).holds(facts(text=compared(text)))


@pytest.mark.parametrize("pattern", ["[ßs]{0,60}x", "s{0,10}ß{0,10}x", "(ß|s|ss)(ß|s|ss)(ß|s|ss)x"])
def test_folded_letters_do_not_make_a_pattern_long(pattern: str) -> None:
    condition = Condition(f'text =~ "{checked(pattern)}"')
    began = process_time()
    condition.holds(facts(text=compared("ß" * 10_000)))
    assert process_time() - began < 2


@pytest.mark.parametrize(
    "pattern", [".{0,63}.?x", "a{0,10}a{0,10}b", "(a|aa|a.)(a|aa|a.)(a|aa|a.)b"]
)
def test_the_worst_pattern_that_is_taken_ends_soon(pattern: str) -> None:
    """On the longest text that a rule looks at, made to be tried in every way."""
    condition = Condition(f'text =~ "{checked(pattern)}"')
    began = process_time()
    for text in ("a" * 10_000, "ab" * 5_000):
        condition.holds(facts(text=text))
    assert process_time() - began < 2


_REFUSED = (
    *("(a|b)*", "a*", "(a{0,9}){0,9}", "a{0,200}", "a{3,}", r"(.)\1", "(?=a)", "(?P<n>a)", "["),
    *("a{5,2}", "", "a" * 201, "(", "a??", ".{0,20}.{0,20}"),
)


@pytest.mark.parametrize("pattern", _REFUSED)
def test_a_pattern_that_could_take_long_is_refused(pattern: str) -> None:
    """Repeats without end, of groups, of each other; and what looks ahead or back."""
    with pytest.raises(Refused):
        checked(pattern)


@given(some.text(alphabet="ab.?*+{}0,9()[]|^$\\dw", max_size=20))
def test_a_pattern_is_refused_or_searches(pattern: str) -> None:
    try:
        good = checked(pattern)
    except Refused:
        return
    assert Condition(f"text =~ {quoted(good)}").holds(facts(text="ab")) in (True, False)
