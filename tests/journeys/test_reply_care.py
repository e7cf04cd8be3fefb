"""The reply by command: held against its issue, asked after, promised, begun with a text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.correspondence import letters
from tests.support.dovecot import Mailbox
from tests.support.program import Program
from tests.support.smtp_server import SmtpServer

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("journeys")]

WRONG = "Hello,\n\nabout your order MM-99999: we will refund you within 5 days, see attachment.\n"


@pytest.fixture
def key(connected: Program, mailbox: Mailbox) -> str:
    mailbox.add(letters(1))
    connected.do("poll")
    found: str = connected.inbox()[0]["key"]
    return found


@pytest.fixture
def body(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text(WRONG, encoding="utf-8")
    return path


def test_what_asks_is_listed_and_goes_anyway(
    connected: Program, key: str, body: Path, smtp: SmtpServer
) -> None:
    """First told, then refused, then sent with a word; its promise and its follow-up stand."""
    found = connected.json("reply", key, "--body", str(body), "--check")
    assert [one["words"] for one in found] == ["MM-99999", "see attachment"]
    refused = connected.run("reply", key, "--body", str(body), "--send")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "MM-99999" in refused.stderr
    assert "nothing is attached" in refused.stderr
    connected.do("reply", key, "--body", str(body), "--anyway", "--follow-up", "3d", "--send")
    (received,) = smtp.wait_for(1)
    assert "within 5 days" in received.mail.get_body().get_content()  # type: ignore[union-attr]
    connected.wait(lambda: connected.json("promises", key), what="the promise stands")
    (promise,) = connected.json("promises", key)
    assert (promise["title"], promise["state"]) == ("The refund you promised", "open")
    (shown,) = connected.json("show", key)
    assert shown["snoozed_until"] is not None
    connected.do("promises", key, "--done", promise["name"])
    (promise,) = connected.json("promises", key)
    assert promise["state"] == "kept"
    assert connected.run("promises", key, "--done", "nothing").returncode == 1
    assert connected.run("reply", key, "--follow-up", "soon").returncode == 2


def test_templates_by_command(connected: Program, key: str, tmp_path: Path) -> None:
    """Import, list, show on a real issue, delete; a broken file is one line."""
    export = tmp_path / "macros.json"
    actions = [{"field": "comment_value", "value": "Hi {{ticket.requester.name}}, {{ticket.x}}"}]
    export.write_text(json.dumps({"macros": [{"title": "Glaze", "actions": actions}]}))
    told = connected.do("template", "import", str(export), "--check")
    assert "Would be imported from Zendesk: 1." in told
    (taken,) = connected.json("template", "import", str(export))
    (one,) = taken["imported"]
    rows = connected.json("template", "list")
    (row,) = [each for each in rows if each["own"]]
    assert (row["id"], row["title"]) == (one["id"], "Glaze")
    assert connected.do("template", "show", one["id"], "--on", key) == "Hi Customer 0, [ticket x]\n"
    text = tmp_path / "text.txt"
    text.write_text("Hello {{ customer.name | you }}.\n")
    connected.do("template", "save", str(text), one["id"], "--title", "Glaze, shorter")
    assert connected.do("template", "show", one["id"], "--on", key) == "Hello Customer 0.\n"
    connected.do("template", "delete", one["id"])
    assert connected.run("template", "show", one["id"]).returncode == 1
    export.write_text("{")
    broken = connected.run("template", "import", str(export))
    assert (broken.returncode, broken.stderr.count("\n")) == (1, 1)
    assert "no whole JSON file" in broken.stderr
