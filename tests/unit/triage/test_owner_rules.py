"""The file of the owner's rules: read, checked, written, and never anything that sends or pays."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.assessment import Severity
from app.domain.errors import KnownError, Refused
from app.domain.owner_rule import Deed, OwnerRule, When
from app.triage.owner_rules import FILE, as_toml, check, plain, read_file, read_plain, ready

RULE = OwnerRule(
    name="Wholesale",
    condition="""customer_name = "O'Hara" or subject contains "b\\"c" """.strip(),
    when=(When.NEW, When.DEADLINE),
    then=Deed(
        assign="Mara", severity=Severity.HIGH, tags=("b2b", "trade"), template="late/a", mute=True
    ),
    stop=True,
    on=False,
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Every part of a rule, with quotation marks of both sorts in it."""
    other = OwnerRule(name="Two", condition="has_order", then=Deed(tags=("x",)))
    path = tmp_path / FILE
    path.write_text(as_toml([RULE, other]), "utf-8")
    assert [one.rule for one in read_file(path)] == [RULE, other]
    assert read_plain(plain(RULE)) == RULE


def test_no_file_is_no_rules(tmp_path: Path) -> None:
    assert read_file(tmp_path / FILE) == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[rule]]\nname = 'A'\nif = 'totl > 3'\nthen = { mute = true }", "Did you mean total?"),
        ("[[rule]]\nname = 'A'\nif = 'total > 3'", "does nothing"),
        ("[[rule]]\nname = 'A'\nif = 'total > 3'\nthen = { reply = 'x' }", "`reply`"),
        ("[[rule]]\nname = 'A'\nif = 'total > 3'\nthen = { refund = 5 }", "`refund`"),
        ("[[rule]]\nname = ''\nif = 'total > 3'\nstop = true", "needs a name"),
        ("[[rule]]\nname = 'A'\nif = 'total > 3'\nwhen = []\nstop = true", "never asked"),
        ("[[rule]]\nname = 'A'\nif = 'has_order'\nstop = true\n" * 2, "Two rules are called"),
        ("[[rule]]\nif = 'has_order'", "missing required field `name`"),
        ("[[rule", "cannot be used"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_fault(
    tmp_path: Path, text: str, says: str
) -> None:
    """Case 87: %"""
    path = tmp_path / FILE
    path.write_text(text, "utf-8")
    with pytest.raises(KnownError) as broken:
        read_file(path)
    assert str(path) in broken.value.sentence
    assert says in broken.value.sentence


def test_there_are_bounds() -> None:
    """So many rules, so long names, tags without commas."""
    many = [OwnerRule(name=f"{n}", condition="has_order", stop=True) for n in range(101)]
    with pytest.raises(Refused, match="more than 100"):
        ready(many)
    with pytest.raises(Refused, match="no comma"):
        check(OwnerRule(name="A", condition="has_order", then=Deed(tags=("a,b",))))
    with pytest.raises(Refused, match="40 characters"):
        check(OwnerRule(name="A", condition="has_order", then=Deed(tags=("a" * 41,))))
