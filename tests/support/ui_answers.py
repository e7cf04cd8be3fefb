"""What an engine answers about pages beside the issue: rules, promises, numbers, how it stands."""

from __future__ import annotations

from typing import Any

READINESS = {
    "findings": [
        {"part": "mailbox", "grade": "ready", "said": "All 12 mails are here", "allows": "Rings."},
        {"part": "shop", "grade": "missing", "said": "No shop is connected", "allows": "Less."},
        {"part": "hours", "grade": "missing", "said": "All hours count", "allows": "Say when."},
    ]
}
ACCOUNT = {
    "name": "Shop",
    "address": "shop@mill.example",
    "type": "imap",
    "state": "failing",
    "last_ok_at": "2026-11-17T12:02:00Z",
    "last_try_at": "2026-11-17T13:02:00Z",
    "rhythm": "every 60 s",
    "error": "The server does not answer.",
    "folders": [
        {
            "folder": "INBOX",
            "role": "inbox",
            "on_server": 1204,
            "stored": 1190,
            "left_out": {"It is larger than 50 MB": 4},
            "to_come": 10,
        }
    ],
}
HEALTH = {
    "accounts": [ACCOUNT],
    "program": {"Frontburner": "0.1.0"},
    "files": [
        {"what": "Everything", "path": "/home/jo/f.db", "bytes": 2**20, "there": True},
        {"what": "Your rules", "path": "/home/jo/rules", "bytes": 0, "there": False},
    ],
}
COPIES: dict[str, Any] = {
    "on": True,
    "folder": "/home/jo/shop/backups",
    "is_chosen": True,
    "trouble": {"error": "KnownError", "title": "No room", "message": "Full", "hint": "Make some"},
    "copies": [
        {"file": f"/home/jo/{kind}.db", "made_at": f"2026-11-{day}T13:02:00Z", "bytes": 2**30,
         "kind": kind}
        for day, kind in (("17", "daily"), ("10", "update"), ("09", "replaced"))
    ],
}  # fmt: skip


def a_figure(**said: Any) -> dict[str, Any]:
    """One of the numbers."""
    return {
        "name": "first_response",
        "title": "To the first answer",
        "definition": "From their first mail to ours",
        "clock": "wall",
        "n": 120,
        "open": 4,
        "open_share": 0.03,
        "median_minutes": 95.0,
        "p90_minutes": 600.0,
        "share": None,
        "by": {},
        **said,
    }


REPORT = {
    "from": "2026-08-24T00:00:00Z",
    "to": "2026-11-22T00:00:00Z",
    "issues": 130,
    "figures": [
        a_figure(),
        a_figure(
            name="false_alarms",
            title="Rang for nothing",
            clock=None,
            median_minutes=None,
            p90_minutes=None,
            share=0.25,
            n=8,
            open=0,
            by={"you said so": 2},
        ),
    ],
    "before": {
        "from": "2026-05-26T00:00:00Z",
        "to": "2026-08-24T00:00:00Z",
        "issues": 80,
        "figures": [a_figure(n=80, median_minutes=1440.0)],
        "not_compared": ["The season may have changed"],
    },
}


def a_line(ring_for: str, *missed: str) -> dict[str, Any]:
    """What ringing for this would have come to."""
    return {
        "ring_for": ring_for,
        "alerts": 41,
        "issues_rung": 38,
        "false_alarms": 2,
        "missed": list(missed),
    }


SIMULATED: dict[str, Any] = {
    "issues": 130,
    "as_it_is": a_line("urgent"),
    "tried": [a_line("critical", "i1_abc"), a_line("urgent"), a_line("high")],
}

PRIORITIES = ("P1", "P2", "P3", "P4")
TIMES = {
    name: dict.fromkeys(PRIORITIES, text)
    for name, text in (
        ("first_response", "4 h"), ("next_response", "8 h"), ("resolution", "none"),
        ("warn", "none"),
    )
}  # fmt: skip
A_PROMISE: dict[str, Any] = {
    "name": "Wholesale", "kinds": ["damaged"], "priorities": ["P1"],
    "customers": ["*@chain.example"], "calendar": "always", "first_response": "30 min",
    "next_response": "", "resolution": "none", "warn": "",
}  # fmt: skip
PROMISES = {
    "times": TIMES,
    "policies": [A_PROMISE],
    "calendars": ["shop", "always"],
    "changed": True,
}

A_RULE: dict[str, Any] = {
    "name": "Wholesale",
    "on": True,
    "when": ["new", "mail"],
    "if": 'customer_domain = "bigshop.example" and total > 500',
    "then": {"tags": ["b2b"], "assign": "Mara"},
    "stop": True,
}


ANOTHER_RULE: dict[str, Any] = {
    "name": "Late",
    "on": True,
    "when": ["deadline"],
    "if": 'kind = "late" and (total > 5 or has_dispute)',
    "then": {"severity": "high"},
    "stop": False,
}


def own_rules(*rules: dict[str, Any], trouble: str = "") -> dict[str, Any]:
    """The rules of a profile, in this order."""
    return {
        "rules": list(rules),
        "state": f"state of {len(rules)}",
        "trouble": trouble,
        "file": "owner.toml",
        "templates": [{"id": "late/sorry", "title": "Sorry that it is late"}],
    }
