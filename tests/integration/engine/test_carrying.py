"""Everything out as files, and in again, without loss."""

from __future__ import annotations

import csv
import json
import os
import shutil
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from gettext import NullTranslations
from pathlib import Path

import pytest

from app.config.language import translations
from app.config.paths import Profile
from app.domain.account import AccountType
from app.domain.errors import DiskFull, KnownError, ProfileTooNew, Refused
from app.domain.money import Money
from app.domain.reply import OutboxState, Reply
from app.domain.translation import speak
from app.domain.views import InboxRow
from app.engine.bringing_in import bring_in
from app.engine.queries import Queries
from app.engine.taking_out import take_out
from app.storage import accounts, database, orders, outbox
from app.storage.migrations import migrate_to
from app.storage.writer import Writer
from tests.support.engine import NOON, Engine, FixedClock, a_letter, an_engine
from tests.support.small_disk import small_disk
from tests.support.storage import an_order

CLOCK = FixedClock()


def folder_of(path: Path) -> Profile:
    path.mkdir(exist_ok=True)
    return Profile(path)


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """The export of a profile with mails, a reply, decisions, rules and an account's secrets."""
    with an_engine(tmp_path / "old") as engine:
        engine.receive(a_letter())
        engine.receive(
            a_letter(
                sender="Zoë Ray <zoe@customer.example>",
                subject="=1+1 paid twice",
                text="I paid twice for order #1044.",
                message_id="<second@customer.example>",
            )
        )
        key = engine.rows()[0].key
        engine.desk.note(key, text="called")
        engine.desk.override(key, kind="late")
        engine.writer.do(
            lambda db: accounts.add(
                db,
                name="Other",
                type=AccountType.IMAP,
                settings={"address": "s@shop.example", "host": "localhost"},
                secret=b"locked",
                secret_command="pass show shop",
                now=NOON,
            )
        )
    profile = Profile(tmp_path / "old")
    profile.rules.mkdir()
    (profile.rules / "scoring.toml").write_text("regular_from = 5\n")
    take_out(profile, tmp_path / "out", clock=CLOCK)
    return tmp_path / "out"


@pytest.fixture
def empty(tmp_path):
    profile = folder_of(tmp_path / "new")
    writer = Writer(profile.database, now=NOON)
    writer.start()
    yield profile, writer
    writer.stop()


def everything(folder: Path) -> dict[str, bytes]:
    """All files of an export but its header, which says when it was made."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "export.json"
    }


def listed(queries: Queries) -> list[InboxRow]:
    return queries.rows(queries.inbox_ids("all", now=NOON))


def contents(profile: Profile) -> list[InboxRow]:
    queries = Queries(profile.database)
    try:
        return listed(queries)
    finally:
        queries.close()


def test_there_and_back_is_the_same(exported, empty, tmp_path):
    """What an import made of an export is exported as the same files, byte for byte."""
    profile, writer = empty
    bring_in(profile, exported, writer=writer, now=NOON)
    take_out(profile, tmp_path / "again", clock=CLOCK)
    assert everything(tmp_path / "again") == everything(exported)


def test_the_inbox_and_its_words_are_there(exported, empty, tmp_path):
    """The list is in the same order, a mail is found by its words, decisions still stand."""
    profile, writer = empty
    bring_in(profile, exported, writer=writer, now=NOON)
    before, after = Queries(tmp_path / "old" / "frontburner.db"), Queries(profile.database)
    rows = listed(after)
    assert [row.key for row in rows] == [row.key for row in listed(before)]
    assert len(after.search("paid twice", now=NOON)) == 1
    assert any(row.kind == "late" for row in rows)
    before.close()
    after.close()


def test_passwords_stay_behind_and_no_command_comes_along(exported, empty):
    """Neither the locked password nor the command that prints one is in an export, or taken
    from one that somebody else made."""
    written = b"".join(everything(exported).values())
    assert b"locked" not in written
    assert b"pass show shop" not in written
    rows = exported / "data" / "account.jsonl"
    account = json.loads(rows.read_text().splitlines()[-1])
    rows.write_text(
        "\n".join(
            [*rows.read_text().splitlines()[:-1], json.dumps({**account, "secret_command": "evil"})]
        )
    )
    profile, writer = empty
    bring_in(profile, exported, writer=writer, now=NOON)
    assert not any(one.secret_command for one in writer.do(accounts.every))


def test_mails_are_files_and_tables_open_in_a_spreadsheet(exported):
    """Case 85: every mail lies there as it came; no cell is a formula."""
    mails = list((exported / "mails").rglob("*.eml"))
    assert any(b"#1044" in mail.read_bytes() for mail in mails)
    with (exported / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "Zoë Ray" in cells
    assert not any(cell.startswith("=") for cell in cells)
    assert any(cell.startswith("'=1+1") for cell in cells)


def _sheet(folder: Path, name: str, *, separator: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


@pytest.mark.parametrize(
    ("language", "separator", "totals"),
    [("en", ",", ["1204.50", "15000", "3.250"]), ("de", ";", ["1204,50", "15000", "3,250"])],
)
def test_a_spreadsheet_of_the_owners_country_reads_amounts_and_dates(
    tmp_path, language, separator, totals
):
    """In Germany cells are parted by semicolons and cents by a comma; amounts are whole units of
    each currency, umlauts stay, an instant is a date that every spreadsheet knows."""
    with an_engine(tmp_path / "old") as engine:
        engine.receive(a_letter(sender="Jörg Weiß <j@customer.example>", subject="Größe; Straße"))
        for number, (minor, currency) in enumerate(
            ((120450, "EUR"), (15000, "JPY"), (3250, "KWD"))
        ):
            order = an_order(f"#{number}", total=Money(minor, currency))
            engine.writer.do(partial(orders.upsert, order=order))
    speak(translations(language))
    try:
        take_out(Profile(tmp_path / "old"), tmp_path / "out", clock=CLOCK)
    finally:
        speak(NullTranslations())
    bought = _sheet(tmp_path / "out", "orders", separator=separator)
    assert [one["total"] for one in bought] == totals
    assert [one["currency"] for one in bought] == ["EUR", "JPY", "KWD"]
    (issue,) = _sheet(tmp_path / "out", "issues", separator=separator)
    assert (issue["customer_name"], issue["subject"]) == ("Jörg Weiß", "Größe; Straße")
    assert issue["first_at_utc"] == "2026-11-20 12:00:00"


def test_each_mail_of_the_table_names_its_file(exported):
    """As text: its number has more digits than a spreadsheet keeps."""
    files = [one["file"] for one in _sheet(exported, "messages", separator=",")]
    assert len(files) == 2
    assert all((exported / file).is_file() for file in files)


def test_no_cell_is_longer_than_a_spreadsheet_takes(tmp_path):
    """It would go on in the next row; the whole note stands in the data."""
    note = " ".join(["long"] * 20_000)
    with an_engine(tmp_path / "old") as engine:
        engine.receive(a_letter())
        engine.desk.note(engine.only_key(), text=note)
    take_out(Profile(tmp_path / "old"), tmp_path / "out", clock=CLOCK)
    (decision,) = _sheet(tmp_path / "out", "decisions", separator=",")
    assert len(decision["data"]) < 32_767
    assert note in (tmp_path / "out" / "data" / "journal.jsonl").read_text()


@pytest.mark.parametrize("harm", ["a row", "a file", "a mail", "half a line", "a strange table"])
def test_what_is_not_whole_is_refused_and_leaves_nothing(exported, empty, harm):
    """A missing row, file or mail, a torn line or a table of another make: one sentence, and the
    profile is as empty as before."""
    rows = exported / "data" / "message.jsonl"
    match harm:
        case "a row":
            rows.write_text("".join(rows.read_text().splitlines(keepends=True)[1:]))
        case "a file":
            rows.unlink()
        case "a mail":
            next((exported / "mails").rglob("*.eml")).unlink()
        case "half a line":
            rows.write_text(rows.read_text()[:-20])
        case "a strange table":
            header = json.loads((exported / "export.json").read_text())
            header["rows"]['x"; DROP TABLE issue; --'] = 0
            (exported / "export.json").write_text(json.dumps(header))
    profile, writer = empty
    with pytest.raises(KnownError, match=r"not whole|another make"):
        bring_in(profile, exported, writer=writer, now=NOON)
    assert not contents(profile)
    assert not list(profile.folder.glob(".import-*"))


def test_only_an_empty_profile_takes_one(exported, empty):
    """A second import would mix two profiles."""
    profile, writer = empty
    bring_in(profile, exported, writer=writer, now=NOON)
    with pytest.raises(Refused, match="not empty"):
        bring_in(profile, exported, writer=writer, now=NOON)


def test_a_reply_that_was_planned_before_the_export_leaves_once(tmp_path, empty):
    """The old laptop sends it at its hour; the new one asks a person, whatever the hour, and finds
    it in Sent when it is told to send it."""
    with an_engine(tmp_path / "old") as old:
        old.receive(a_letter())
        planned(old)
        take_out(Profile(tmp_path / "old"), tmp_path / "out", clock=CLOCK)
        old.clock.forward(days=1, minutes=5)
        old.outbox().step()
        assert len(old.connections.post.sent) == 1
        in_sent = old.connections.copies
    profile, writer = empty
    bring_in(profile, tmp_path / "out", writer=writer, now=NOON)
    writer.stop()
    with an_engine(profile.folder) as new:
        asked = the_reply(new)
        assert (asked.state, asked.in_doubt) == (OutboxState.UNKNOWN, True)
        assert "copy of the profile" in asked.error
        new.clock.forward(days=2)
        box = new.outbox()
        box.recover()
        box.step()
        assert new.connections.post.sent == []
        new.connections.copies.filed += in_sent.filed
        new.on_its_way.retry_reply(asked.id)
        box.step()
        assert new.connections.post.sent == []
        assert the_reply(new).state is OutboxState.FILED


def test_a_reply_of_a_copy_that_a_person_wants_sent_goes_at_its_planned_hour(tmp_path, empty):
    """Saying yes to it does not move it to now."""
    with an_engine(tmp_path / "old") as old:
        old.receive(a_letter())
        at = planned(old)
        take_out(Profile(tmp_path / "old"), tmp_path / "out", clock=CLOCK)
    profile, writer = empty
    bring_in(profile, tmp_path / "out", writer=writer, now=NOON)
    writer.stop()
    with an_engine(profile.folder) as new:
        new.on_its_way.retry_reply(the_reply(new).id)
        waiting = the_reply(new)
        assert (waiting.state, waiting.not_before) == (OutboxState.QUEUED, at)
        new.clock.forward(days=1, minutes=5)
        new.outbox().step()
        assert len(new.connections.post.sent) == 1


def test_a_reply_in_a_copy_of_the_database_waits_for_a_person(tmp_path):
    """Put back a week later, it would send what has left long ago. The profile itself goes on."""
    with an_engine(tmp_path / "old") as old:
        old.receive(a_letter())
        planned(old)
        with closing(database.open_reader(old.database)) as reader:
            database.backup(reader, tmp_path / "back" / "frontburner.db")
        assert the_reply(old).state is OutboxState.QUEUED
    with an_engine(tmp_path / "back") as back:
        assert (the_reply(back).state, the_reply(back).in_doubt) == (OutboxState.UNKNOWN, True)
        back.clock.forward(days=7)
        box = back.outbox()
        box.recover()
        box.step()
        assert back.connections.post.sent == []


def test_a_reply_in_a_copy_waits_for_a_person_where_mail_goes_to_a_folder_too(tmp_path):
    """Whoever empties the folder may have taken it already."""
    with an_engine(tmp_path / "old") as old:
        old.receive(a_letter())
        planned(old)
        old.writer.do(lambda db: db.execute("UPDATE account SET type = 'folder'"))
        with closing(database.open_reader(old.database)) as reader:
            database.backup(reader, tmp_path / "back" / "frontburner.db")
    with an_engine(tmp_path / "back") as back:
        back.outbox().recover()
        assert the_reply(back).state is OutboxState.UNKNOWN


def planned(engine: Engine) -> datetime:
    """A reply to the only issue is to go tomorrow."""
    at = engine.clock.now() + timedelta(days=1)
    engine.writing.send_reply(
        key=engine.only_key(),
        body="Hello Ben,\n\nwe send two new mugs today.\n\nBest wishes,\nJo",
        at=at.isoformat(),
        insist=True,
    )
    return at


def the_reply(engine: Engine) -> Reply:
    (reply,) = engine.writer.do(lambda db: outbox.in_state(db, *OutboxState))
    return reply


def test_a_newer_one_is_left_alone(exported, empty):
    """This version would not understand all of it."""
    header = json.loads((exported / "export.json").read_text())
    header["migrations"].append("years_ahead")
    (exported / "export.json").write_text(json.dumps(header))
    profile, writer = empty
    with pytest.raises(ProfileTooNew, match="newer"):
        bring_in(profile, exported, writer=writer, now=NOON)


def test_an_older_one_is_brought_up_to_date(exported, empty):
    """Rows of the first shape become rows of today's."""
    header = json.loads((exported / "export.json").read_text())
    header["migrations"] = ["first_light"]
    shape = exported.parent / "shape" / "frontburner.db"
    first = ("first_light",)
    opened = database.open_writer(
        shape, now=NOON, known=first, migrate=lambda db: migrate_to(db, first)
    )
    with closing(opened) as old:
        columns = {
            table: {
                name for (name,) in old.execute("SELECT name FROM pragma_table_info(?)", (table,))
            }
            for table in header["rows"]
        }
    for table in list(header["rows"]):
        file = exported / "data" / f"{table}.jsonl"
        if not columns[table]:
            header["rows"].pop(table)
            file.unlink()
            continue
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        file.write_text(
            "".join(
                json.dumps({k: v for k, v in row.items() if k in columns[table]}) + "\n"
                for row in rows
            )
        )
    (exported / "export.json").write_text(json.dumps(header))
    profile, writer = empty
    bring_in(profile, exported, writer=writer, now=NOON)
    assert len(contents(profile)) == 2


def test_an_export_never_overwrites(exported, tmp_path):
    """A folder that has something in it is refused, and nothing is left half-done beside it."""
    with pytest.raises(Refused, match="not empty"):
        take_out(Profile(tmp_path / "old"), exported, clock=CLOCK)
    assert not (tmp_path / ".out.part").exists()


def test_a_folder_of_mails_is_no_export(empty, tmp_path):
    """It says what to do with one."""
    (tmp_path / "mails").mkdir()
    profile, writer = empty
    with pytest.raises(Refused, match="account add folder"):
        bring_in(profile, tmp_path / "mails", writer=writer, now=NOON)
    shutil.rmtree(tmp_path / "mails")


def test_an_import_that_finds_no_room_for_the_owners_files_can_be_done_once_more(
    tmp_path: Path,
) -> None:
    """The rows come last: while they are not there the profile is empty, and nothing is missing."""
    terms = os.urandom(6_000_000)
    with an_engine(tmp_path / "old") as engine:
        engine.receive(a_letter())
        (tmp_path / "old" / "policies").mkdir()
        (tmp_path / "old" / "policies" / "refund.pdf").write_bytes(terms)
        take_out(Profile(tmp_path / "old"), tmp_path / "export", clock=CLOCK)
    with small_disk(tmp_path / "disk", megabytes=24) as disk:
        profile = folder_of(disk.path / "new")
        writer = Writer(profile.database, now=NOON)
        writer.start()
        try:
            disk.leave(1000)
            with pytest.raises(DiskFull):
                bring_in(profile, tmp_path / "export", writer=writer, now=NOON)
            assert not list(profile.folder.glob(".import-*"))
            disk.free()
            bring_in(profile, tmp_path / "export", writer=writer, now=NOON)
        finally:
            writer.stop()
        assert (profile.policies / "refund.pdf").read_bytes() == terms
        assert len(Queries(profile.database).inbox_ids("all", now=NOON)) == 1
