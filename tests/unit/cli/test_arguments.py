"""The words of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from app.cli.accounts import books, pairs
from app.cli.arguments import parser, read
from app.domain.errors import Refused


@pytest.mark.parametrize(
    "words",
    [["--profile", "p", "inbox", "--json"], ["inbox", "--json", "--profile", "p"]],
)
def test_the_profile_may_stand_before_or_behind_the_command(words):
    """Both orders mean the same."""
    args = parser().parse_args(words)
    assert (args.profile, args.command, args.json) == ("p", "inbox", True)


@pytest.mark.parametrize(
    "words",
    [
        *(["--profile", ""], ["--profile="], ["--profile", " ", "inbox"], ["inbox", "--profile="]),
        ["--profile", "p", "account", "list", "--profile", ""],
    ],
)
def test_a_profile_without_a_name_is_refused(words, capsys):
    """A script whose variable is not set must not work on the owner's own profile."""
    with pytest.raises(SystemExit) as ended:
        read(words)
    assert ended.value.code == 2
    assert "it names no folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        *(["original", "N", "f"], ["attachment", "N", "1", "f"], ["attachment", "1", "N", "f"]),
        *(["incidents", "--seen", "N"], ["reply", "K", "--undo", "N"], ["split", "K", "N"]),
        *(["search", "mug", "--limit", "N"], ["reply", "K", "--follow-up", "Nw"]),
        ["simulate", "--days", "N"],
    ],
)
@pytest.mark.parametrize("number", ["99999999999999999999", "9" * 5000])
def test_a_number_that_nothing_here_has_is_wrong_usage(words, number, capsys):
    """Not a mistake of ours."""
    with pytest.raises(SystemExit) as ended:
        read([word.replace("N", number) for word in words])
    assert ended.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert "larger than any" in said or "no whole number" in said


def test_without_a_profile_none_is_named():
    """The environment and the default decide then."""
    assert parser().parse_args(["inbox"]).profile is None


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["demo", "--headless", "--json"],
        ["engine", "--stay"],
        ["account", "add", "imap", "S", "--set", "a=b", "--secret-command", "c"],
        ["account", "add", "folder", "S", "--set", "path=p"],
        ["account", "list", "--json"],
        ["account", "test", "S"],
        ["account", "remove", "S"],
        ["poll", "--account", "S", "--json"],
        ["promise", "--set", "P1.first=1 h", "--add", "VIP", "--check", "--json"],
        ["promise", "--revert"],
        ["escalate"],
        ["escalate", "KEY", "--json"],
        ["escalate", "--try", "Critical", "--at", "2026-12-24T22:00"],
        ["escalate", "--set", "High.night=5 min: Mia", "--remove", "Critical"],
        ["contact", "change", "Mia", "--to", "Maria", "--remove-way", "3", "--json"],
        ["contact", "restore", "Mia"],
        ["contact", "test", "Mia", "--way", "3"],
        ["contact", "replace", "Tom", "Mia", "2026-12-24T09:00", "--end-it"],
        ["inbox", "--json", "--view", "urgent", "--limit", "3"],
        ["show", "K", "--json"],
        ["acknowledge", "K"],
        ["assign", "K", "Jo"],
        ["snooze", "K", "2h"],
        ["resolve", "K"],
        ["reopen", "K"],
        ["resolve", "K", "L", "M", "--json"],
        ["assign", "K", "L", "Jo"],
        ["undo", "E", "F"],
        ["view", "list", "--json"],
        ["view", "keep", "N", "is:open", "mug"],
        ["view", "rename", "N", "M"],
        ["view", "move", "N", "1"],
        ["view", "remove", "N"],
        ["search", "is:open", "due:<2h", "--complete", "--json"],
        ["merge", "K", "L"],
        ["split", "K", "1", "2"],
        ["override", "K", "--kind", "late", "--severity", "low"],
        ["order", "K", "1043"],
        ["order", "K"],
        ["verdict", "K", "missed"],
        ["reply", "K", "--template", "T", "--set", "k=v", "--body", "F", "--send"],
        [
            "reply",
            "K",
            "--body",
            "F",
            "--attach",
            "A",
            "--attach",
            "B",
            "--from",
            "a@b.example",
            "--at",
            "2h",
            "--follow-up",
            "3",
            "--insist",
            "--to-sender",
            "--send",
        ],
        ["reply", "K", "--now", "7"],
        ["show", "K", "--raw", "1", "F"],
        ["account", "set", "S", "identities=Shop <a@b.example>", "--no-check", "--json"],
        ["triage", "--json"],
        ["parse", "--json", "a.eml", "b.eml"],
        ["search", "broken", "mug", "--json"],
        ["backup", "F"],
        ["backup"],
        ["backup", "--json"],
        ["restore", "F"],
        ["restore", "--json"],
        ["export", "DIR"],
        ["import", "PATH"],
        ["rules", "check"],
        ["doctor", "--json"],
    ],
)
def test_the_promised_forms_are_understood(words):
    """The forms that the design calls stable."""
    parser().parse_args(words)


@pytest.mark.parametrize("words", [["explode"], ["show"], ["account"], ["inbox", "--limit", "x"]])
def test_wrong_usage_ends_with_two(words, capsys):
    """As everywhere."""
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err


def test_pairs_keep_what_stands_behind_the_first_equals_sign():
    """A value may hold the sign itself."""
    assert pairs(["a=b=c", " d =e"]) == {"a": "b=c", "d": "e"}
    with pytest.raises(Refused, match="key=value"):
        pairs(["nonsense"])


def test_the_books_in_words():
    """Stored, skipped with reasons, and what nobody can explain."""
    folder = {
        "folder": "INBOX",
        "on_server": 1206,
        "stored": 1204,
        "skipped": {"it is too large": 1},
        "left_in_junk": {},
        "unexplained": 1,
    }
    assert books(folder) == (
        "INBOX 1,204 + 1 skipped = 1,206 on server, 1 unexplained\n  1 skipped: it is too large"
    )


def test_what_was_left_in_junk_is_counted_with_its_reason():
    """It is neither stored nor forgotten."""
    folder = {
        "folder": "Junk",
        "on_server": 3,
        "stored": 1,
        "skipped": {},
        "left_in_junk": {"Left in Junk: nobody whom the shop knows sent it.": 2},
        "unexplained": 0,
    }
    assert books(folder) == (
        "Junk 1 + 2 left in Junk = 3 on server\n"
        "  2 left in Junk: nobody whom the shop knows sent it."
    )


def test_of_several_keys_the_last_word_is_what_is_done_to_them():
    """`snooze KEY KEY UNTIL` and `merge KEY KEY INTO`: one word is always left for it."""
    args = parser().parse_args(["snooze", "K", "L", "2h"])
    assert (args.key, args.until) == (["K", "L"], "2h")
    args = parser().parse_args(["merge", "K", "L", "M"])
    assert (args.key, args.into) == (["K", "L"], "M")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--profile", "/p"],
        ["--open", "i1_2", "--in-background", "--profile", "/p"],
        ["--profile=/p"],
        ["inbox", "--json"],
        ["--profile", "/p", "inbox"],
        ["--check-window"],
    ],
)
def test_the_window_s_own_words_are_read_without_describing_commands_and_mean_the_same(
    words: list[str],
) -> None:
    assert vars(read(words)) == vars(parser().parse_args(words))


@pytest.mark.parametrize("words", [["inbox", "--limit", "-1"], ["search", "mug", "--limit", "-3"]])
def test_less_than_none_is_wrong_usage(words, capsys):
    """And not all but the last three."""
    with pytest.raises(SystemExit) as ended:
        read(words)
    assert ended.value.code == 2
    assert "less than none" in capsys.readouterr().err


def commands_of(one: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Each that does something: a command, or an action of one."""
    below = [each for each in one._actions if isinstance(each, argparse._SubParsersAction)]
    for each in below:
        for command in each.choices.values():
            yield from commands_of(command)
    if not below:
        yield one


def test_every_command_with_an_answer_takes_json():
    """So that a program need not know which of them do."""
    without = [
        one.prog for one in commands_of(parser()) if "--json" not in one._option_string_actions
    ]
    assert without == ["frontburner help", "frontburner engine"]


def test_the_help_of_a_command_is_not_made_small(capsys):
    """What is written in capitals is a word of the command line, or a name."""
    with pytest.raises(SystemExit):
        read(["export", "--help"])
    assert "Everything as EML, JSON and CSV" in capsys.readouterr().out
