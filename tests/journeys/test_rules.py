"""A rule of the owner from its file to an issue, through the whole program."""

from __future__ import annotations

from pathlib import Path

from tests.support.engine import a_letter
from tests.support.program import Program


def test_a_rule_is_tried_kept_applied_and_undone(program: Program, tmp_path: Path) -> None:
    mails = tmp_path / "mails"
    mails.mkdir()
    (mails / "1.eml").write_bytes(a_letter())
    settings = (f"path={mails}", f"outbox={tmp_path}", "address=hello@shop.example")
    words = [word for one in settings for word in ("--set", one)]
    program.do("account", "add", "folder", "Shop", *words)
    program.do("poll")
    (tried,) = program.json("rules", "try", "--if", 'subject contains "MUGS"')
    assert (tried["matched"], tried["asked"]) == (1, 1)
    assert program.json("rules", "list") == []

    file = program.profile / "rules" / "owner.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(
        "[[rule]]\nname = 'Mugs'\nif = 'subject contains \"mugs\"'\nthen = { tags = ['b2b'] }\n"
    )
    (listed,) = program.json("rules", "list")
    assert (listed["place"], listed["name"], listed["when"]) == (1, "Mugs", ["new", "mail"])
    (told,) = program.json("rules", "apply", "Mugs")
    assert (told["matched"], "entries" in told) == (1, False)
    (done,) = program.json("rules", "apply", "Mugs", "--yes")
    assert len(program.json("search", "tag:b2b")) == done["done"] == 1
    program.do("undo", *done["entries"])
    second = a_letter(message_id="<2@other.example>", sender="Al <al@other.example>")
    (mails / "2.eml").write_bytes(second)
    program.do("poll")
    (found,) = program.json("search", "tag:b2b")
    assert found["customer"] == "al@other.example"
    (shown,) = program.json("show", found["key"])
    (entry,) = [one for one in shown["journal"] if one["type"] == "rule"]
    program.do("undo", entry["entry"])
    assert program.json("search", "tag:b2b") == []

    file.write_text(file.read_text().replace("subject", "subjct"))
    for action in ("list", "check", "reload"):
        refused = program.run("rules", action)
        assert refused.returncode == 1
        assert "Did you mean subject?" in refused.stderr
