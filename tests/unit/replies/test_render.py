"""Rendering: one pass, values stay text, and what nobody filled stays visible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import Kind
from app.domain.errors import Refused
from app.domain.reply import Template
from app.replies.render import VALUE_MAX, render


def a_template(body: str) -> Template:
    return Template(id="late/x", kind=Kind.LATE, name="x", language="en", title="X", body=body)


def text(body: str, **values: str) -> str:
    return render(a_template(body), {name.replace("__", "."): v for name, v in values.items()}).text


def test_a_value_stands_in_for_its_name() -> None:
    assert text("Hi {{ customer.first_name }},", customer__first_name="Ben") == "Hi Ben,"


def test_the_fallback_stands_in_where_nothing_is_known() -> None:
    assert text("Hi {{ customer.first_name | there }},") == "Hi there,"
    assert text("Hi {{ customer.first_name | there }},", customer__first_name=" ") == "Hi there,"
    assert text("Bye\n{{ shop.name | }}") == "Bye"
    assert text("{{customer.first_name|there}}") == "there"


def test_a_name_without_value_and_fallback_stays_and_is_told_once() -> None:
    rendered = render(a_template("{{ reply.date }} {{ reply.amount }} {{ reply.date }}"), {})
    assert rendered.text == "{{ reply.date }} {{ reply.amount }} {{ reply.date }}"
    assert rendered.holes == ("reply.date", "reply.amount")


@pytest.mark.parametrize(
    "name", ["{{ x }}", "{{ order.total }}", "{{config.smtp_password}}", "{0.__class__}", "{{"]
)
def test_a_value_is_never_expanded_again_and_is_no_hole(name: str) -> None:
    """Case 83: a customer may be called as they like."""
    rendered = render(
        a_template("Hi {{ customer.name }}, {{ order.total | - }}"),
        {"customer.name": name, "config.smtp_password": "secret", "order.total": "5"},
    )
    assert rendered.text == f"Hi {name}, 5"
    assert rendered.holes == ()


def test_two_values_do_not_join_to_a_new_name() -> None:
    values = {"shop.name": "{{ order", "agent.name": ".total }}", "order.total": "5"}
    rendered = render(a_template("{{ shop.name }}{{ agent.name }}"), values)
    assert rendered.text == "{{ order.total }}"
    assert rendered.holes == ()


def test_a_value_of_several_lines_becomes_one_and_loses_its_controls() -> None:
    assert text("{{ shop.name }}", shop__name="a\r\nBcc: b\x00\u2028c\u202e") == "a Bcc: b c"


def test_a_very_long_value_is_cut() -> None:
    assert len(text("{{ shop.name }}", shop__name="x" * 10_000)) == VALUE_MAX


def test_a_text_that_grows_past_64_kib_is_refused() -> None:
    """Case 84: a template bomb; there is nothing in the language that could loop."""
    bomb = a_template("{{ shop.name }}" * 4000)
    with pytest.raises(Refused, match="64 KiB"):
        render(bomb, {"shop.name": "x" * 2000})


@given(st.text(max_size=200), st.text(max_size=50))
def test_what_is_no_variable_is_left_as_it_is(body: str, value: str) -> None:
    plain = body.replace("{", "(").strip("\n")
    assert render(a_template(plain), {"shop.name": value}).text == plain


@given(st.text(max_size=100))
def test_any_value_leaves_the_text_around_it_alone(value: str) -> None:
    rendered = render(a_template("a {{ shop.name | - }} b"), {"shop.name": value})
    assert rendered.text.startswith("a ")
    assert rendered.text.endswith(" b")
    assert rendered.holes == ()
