"""Owner's rules: rules/owner.toml of the profile, read, checked and written.

[[rule]]
name = "Wholesale"
when = ["new", "mail"]                          # new, mail, dispute, deadline
if = 'customer_domain = "bigshop.example" and total > 500'
then = { tags = ["b2b"], assign = "Mara" }      # assign, severity, tags, template, mute
stop = true                                     # no rule below is asked any more
on = true
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from app.config import toml_text
from app.domain.assessment import Severity
from app.domain.errors import KnownError, Refused
from app.domain.owner_rule import LONGEST_TAG, Deed, OwnerRule, When
from app.domain.translation import to_translate, tr
from app.triage.conditions import Condition

FILE = "owner.toml"
_MOST = 100
_LONGEST = {"name": 60, "assign": 60, "tag": LONGEST_TAG}
_TOO_LONG = {
    "name": to_translate("A name may have {most} characters, on one line: {words}…"),
    "assign": to_translate("A person may have {most} characters, on one line: {words}…"),
    "tag": to_translate("A tag may have {most} characters, on one line: {words}…"),
}
_HEAD = "Your rules, from top to bottom. Settings writes this file whole: comments are not kept."
_HOW = """A rule is [[rule]], name = "…", if = 'total > 500', then = { tags = ["b2b"] }"""


class _Then(msgspec.Struct, forbid_unknown_fields=True):
    """The form of what a rule does."""

    assign: str = ""
    severity: Severity | None = None
    tags: list[str] = []
    template: str = ""
    mute: bool = False


class _Rule(msgspec.Struct, forbid_unknown_fields=True, rename={"if_": "if"}):
    """The form of a [[rule]]."""

    name: str
    if_: str
    when: tuple[When, ...] = (When.NEW, When.MAIL)
    then: _Then = msgspec.field(default_factory=_Then)
    stop: bool = False
    on: bool = True


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The form of owner.toml."""

    rule: list[_Rule] = []


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule beside its condition, checked and ready to be asked."""

    rule: OwnerRule
    condition: Condition


def read_file(path: Path) -> tuple[Ready, ...]:
    """The rules of a file, none where there is no file. Raises KnownError naming file and fault."""
    try:
        given = toml_text.decode(path.read_bytes(), _File)
    except FileNotFoundError:
        return ()
    except (msgspec.DecodeError, OSError, ValueError) as error:
        raise KnownError(
            tr("{path} cannot be used", path=path), f"{_capital(str(error))}.", _HOW
        ) from error
    try:
        return ready([_rule(one) for one in given.rule])
    except Refused as error:
        raise KnownError(tr("{path} cannot be used", path=path), error.sentence) from error


def read_plain(given: Any) -> OwnerRule:
    """A rule as a desk gives it, in the form of the file. Raises Refused."""
    try:
        return _rule(msgspec.convert(given, _Rule))
    except msgspec.ValidationError as error:
        raise Refused(tr("This rule cannot be used"), f"{_capital(str(error))}.") from error


def plain(rule: OwnerRule) -> dict[str, Any]:
    """A rule as a desk gets it and as the file has it."""
    return {
        "name": rule.name,
        "on": rule.on,
        "when": [one.value for one in rule.when],
        "if": rule.condition,
        "then": rule.then.as_dict(),
        "stop": rule.stop,
    }


def ready(rules: Sequence[OwnerRule]) -> tuple[Ready, ...]:
    """The rules with their conditions checked. Raises Refused naming the rule."""
    if len(rules) > _MOST:
        raise Refused(
            tr("There are more than {most} rules", most=_MOST), "", tr("Join some of them with or")
        )
    names: set[str] = set()
    for rule in rules:
        if rule.name.casefold() in names:
            raise Refused(
                tr("Two rules are called “{name}”", name=rule.name), "", tr("Give one another name")
            )
        names.add(rule.name.casefold())
    return tuple(check(rule) for rule in rules)


def check(rule: OwnerRule) -> Ready:
    """One rule, checked whole. Raises Refused naming it."""
    if why := next(_faults(rule), ""):
        raise Refused(
            tr("The rule “{name}” cannot be used", name=rule.name) if rule.name else why, why
        )
    try:
        return Ready(rule, Condition(rule.condition))
    except Refused as error:
        raise Refused(
            tr("The rule “{name}” cannot be used", name=rule.name), error.sentence
        ) from error


def as_toml(rules: Sequence[OwnerRule]) -> str:
    """The whole file."""
    import tomlkit  # only writing needs it

    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    every = tomlkit.aot()
    for rule in rules:
        table = tomlkit.table()
        for name, value in plain(rule).items():
            table[name] = _as_item(name, value)
        every.append(table)
    if rules:
        document["rule"] = every
    return tomlkit.dumps(document)


def _as_item(name: str, value: Any) -> Any:
    import tomlkit

    if name == "then":
        inline = tomlkit.inline_table()
        inline.update(value)
        return inline
    if name == "if" and "'" not in value and value.isprintable():
        return tomlkit.string(value, literal=True)  # it is full of quotation marks
    return value


def _rule(given: _Rule) -> OwnerRule:
    return OwnerRule(
        name=" ".join(given.name.split()),
        condition=given.if_.strip(),
        when=tuple(one for one in When if one in given.when),
        then=Deed(
            assign=given.then.assign.strip(),
            severity=given.then.severity,
            tags=tuple(dict.fromkeys(filter(None, (" ".join(t.split()) for t in given.then.tags)))),
            template=given.then.template.strip(),
            mute=given.then.mute,
        ),
        stop=given.stop,
        on=given.on,
    )


def _faults(rule: OwnerRule) -> Iterator[str]:
    """What is wrong with a rule beside its condition."""
    deed = rule.then
    if not rule.name:
        yield tr("A rule needs a name")
    if not rule.when:
        yield tr("It is never asked: say when, with new, mail, dispute or deadline")
    if not deed and not rule.stop:
        yield tr("It does nothing: give it a person, a severity, a tag, a template, mute or stop")
    given = (("name", rule.name), ("assign", deed.assign), *(("tag", tag) for tag in deed.tags))
    for what, words in given:
        if len(words) > _LONGEST[what] or not words.isprintable():
            yield tr(_TOO_LONG[what], most=_LONGEST[what], words=words[:20])
    if any("," in tag for tag in deed.tags):
        yield tr("A tag has no comma: write two tags")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip(".")
