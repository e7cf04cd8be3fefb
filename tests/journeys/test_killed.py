"""kill -9 at random points: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import collections
import random
import socket
import subprocess
import threading
import time
from typing import Any

import pytest

from tests.support.correspondence import letters
from tests.support.program import Program

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("killed"), pytest.mark.timeout(900)]

KILLS = 20


def killed_while(program: Program, *words: str, within: float, chance: random.Random) -> bool:
    """Run a command, and kill the engine at some moment of it; whether one was there to kill."""
    outcome: list[subprocess.CompletedProcess[str]] = []
    thread = threading.Thread(target=lambda: outcome.append(program.run(*words)))
    thread.start()
    while program.engine_pid() is None and thread.is_alive():
        time.sleep(0.005)
    time.sleep(chance.uniform(0, within))
    killed = program.kill_engine()
    thread.join(timeout=400)
    assert outcome
    assert "Traceback" not in outcome[0].stderr
    return killed


def test_sync(connected, mailbox):
    """Case 114: kills while mails are stored and judged: each is there exactly once."""
    mails = letters(1200)
    count, portion = len(mails), len(mails) // KILLS
    connected.stop()
    chance = random.Random(11)
    kills, within = 0, 1.5
    for _ in range(4 * KILLS):
        mailbox.add(mails[:portion])
        del mails[:portion]
        if killed_while(connected, "poll", within=within, chance=chance):
            kills += 1
        else:  # This machine is quicker than that: the poll had ended.
            within *= 0.8
        if kills == KILLS and not mails:
            break
    assert kills >= KILLS, "the engine was never there to be killed"
    (summary,) = connected.json("poll")
    folder, *_ = summary["accounts"][0]["folders"]
    assert (folder["on_server"], folder["stored"], folder["unexplained"]) == (count, count, 0)
    rows = connected.inbox()
    assert sum(row["message_count"] for row in rows) == count
    conversations = count - count // 10
    assert len(rows) == conversations


def test_moving(connected, mailbox):
    """Case 114: while somebody tidies up, every mail is there once, and lies where it lies."""
    count = 400
    mailbox.add(letters(count))
    connected.do("poll")
    connected.stop()
    chance = random.Random(17)
    for number, target in enumerate(("Archive", "Junk", "Sent", "INBOX") * 2):
        source = "Junk" if target == "INBOX" else "INBOX"
        uids = f"{number * 40 + 1}:{number * 40 + 40}" if source == "INBOX" else "1:*"
        mailbox.adm("move", target, "mailbox", source, "UID", uids)
        if number == 4:
            mailbox.change_uid_validity(4242)
        killed_while(connected, "poll", within=0.8, chance=chance)
    connected.do("poll")
    (summary,) = connected.json("poll")
    (account,) = summary["accounts"]
    held = {one["folder"]: one["stored"] for one in account["folders"]}
    archived = len(mailbox.files("Archive"))
    assert held == {name: len(mailbox.files("" if name == "INBOX" else name)) for name in held}
    assert not any(one["unexplained"] for one in account["folders"])
    assert sum(held.values()) + archived == count
    assert account["no_longer_on_server"] == archived
    assert sum(row["message_count"] for row in connected.inbox()) == count


def test_sending(connected, mailbox, smtp):
    """Case 114: replies, each with a kill: every one arrives once, or is said to be uncertain."""
    mailbox.add(letters(60))
    connected.do("poll")
    chance = random.Random(13)
    keys = [row["key"] for row in connected.inbox("open") if row["message_count"] == 1][:KILLS]
    sent: dict[str, str] = {}
    for number, key in enumerate(keys):
        body = connected.profile.parent / f"reply{number}.txt"
        body.write_text(f"Hello, we look into it at once ({number}).\n\nJo\n")
        smtp.slow("commit", 0.2)
        killed_while(
            connected, "reply", key, "--body", str(body), "--send", within=0.8, chance=chance
        )
        sent[key] = body.read_text()
    smtp.heal()
    connected.do("poll")
    undecided = ("queued", "sending", "data_sent", "sent")

    def replies() -> list[dict[str, Any]]:
        return [reply for key in keys for reply in connected.json("show", key)[0]["replies"]]

    connected.wait(
        lambda: not any(reply["state"] in undecided for reply in replies()),
        what="every reply has arrived somewhere",
    )
    arrived = collections.Counter(str(one.mail["Message-ID"]) for one in smtp.received)
    assert set(arrived.values()) <= {1}, "a reply arrived twice"
    states = {f"<{reply['message_id']}>": reply["state"] for reply in replies()}
    assert set(arrived) <= set(states), "a reply arrived that nobody queued"
    for message_id, state in states.items():
        assert state in ("filed", "unknown"), (message_id, state)
        if state == "filed":
            assert arrived[message_id] == 1, "a reply is called sent and never arrived"
    assert len(mailbox.files("Sent")) == sum(state == "filed" for state in states.values())


def test_an_account_that_is_being_tried(program):
    """Its server takes the connection and says nothing: of what was typed nothing is left, so that
    it can be connected anew."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        words = (
            "account", "add", "imap", "Shop", "--set", "host=127.0.0.1", "--set", f"port={port}",
            "--set", "user=jo", "--secret-command", "printf secret",
        )  # fmt: skip
        outcome: list[subprocess.CompletedProcess[str]] = []
        thread = threading.Thread(target=lambda: outcome.append(program.run(*words)))
        thread.start()
        met, _ = silent.accept()
        with met:
            assert program.kill_engine()
            thread.join(timeout=60)
    assert outcome[0].returncode == 1
    assert program.json("account", "list") == []
