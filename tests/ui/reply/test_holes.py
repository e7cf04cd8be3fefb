"""Holes: what a template left open is found where it stands, whatever stands before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.reply.holes import holes, names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dear {{ first_name }},", ["first name"]),
        ("{{ order.number | your order }}", ["order number"]),
        ("{{a}} and {{ a }} and {{b}}", ["a", "b"]),
        ("Dear [name],", ["name"]),
        ("Guten Tag [Kundenname]", ["Kundenname"]),
        ("by [date] or [your phone]", ["date", "your phone"]),
        ("a lonely {{ bracket", ["empty brackets"]),
        ("}} at the start", ["empty brackets"]),
        ("{{ }}", ["empty brackets"]),
        ("an array[0], a [link](x), [1] and [sic]", []),
        ("nothing to fill", []),
        ("{ one } { two }", []),
    ],
)
def test_a_hole_is_named_by_what_it_asks_for(text, found):
    """Each name once, in order."""
    assert list(names(holes(text))) == found


@given(st.text(max_size=60), st.text(max_size=20))
def test_a_hole_lies_where_it_says(before, after):
    """Also behind letters that take two places in Qt's text."""
    clean = before.replace("{", "").replace("}", "").replace("[", "").replace(">", "")
    text = f"{clean}{{{{ x }}}}{after}"
    first = holes(text)[0]
    assert text[first.start : first.start + first.length] == "{{ x }}"


def test_a_quoted_line_has_no_holes():
    """What the customer wrote is not for us to fill in."""
    assert [one.start for one in holes("> {{ product.title }} and [name]\n{{ reply.date }}")] == [
        33
    ]
