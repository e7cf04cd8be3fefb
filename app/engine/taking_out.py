"""Taking out: everything of a profile as files that any program reads, and that `import` takes.

export.json     when, by which version, and how many rows of what
issues.csv ...  for people and their spreadsheets
mails/          every mail as it came (.eml), by month
data/           every row of every table, one JSON object a line
rules/ ...      what the owner wrote: rules, templates, settings
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import msgspec

from app import __version__
from app.config.paths import Profile
from app.domain.clock import Clock
from app.domain.errors import KnownError
from app.domain.translation import tr
from app.engine.new_folder import new_folder
from app.storage import database, messages, sheets, tables
from app.storage.connection import Connection

FORMAT: Final = 1
HEADER: Final = "export.json"
OWN_FILES: Final = ("rules", "templates", "policies", "evidence", "settings.toml")


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """The header of an export; `rows` counts by table, `mails` the files."""

    format: int
    version: str
    exported_at: str
    migrations: tuple[str, ...]
    rows: Mapping[str, int]
    mails: int


def take_out(profile: Profile, folder: Path, *, clock: Clock) -> Contents:
    """Write the whole profile into a folder that is not there yet; it appears complete.

    Raises:
        Refused: the folder has something in it.
        KnownError: it cannot be written.
    """
    with new_folder(folder) as draft:
        return _write(profile, draft, clock=clock)


def told(contents: Contents) -> dict[str, int]:
    """What an export holds, for its owner."""
    return {
        "mails": contents.mails,
        "issues": contents.rows.get("issue", 0),
        "orders": contents.rows.get("purchase", 0),
        "decisions": contents.rows.get("journal", 0),
    }


def _write(profile: Profile, draft: Path, *, clock: Clock) -> Contents:
    with closing(database.open_reader(profile.database)) as reader:
        reader.execute("BEGIN")  # one moment for all of it, while the engine goes on writing
        mails = _write_mails(reader, draft)
        counts = {
            name: _write_rows(reader, name, draft)
            for name in tables.names(reader)
            if name != tables.RAW
        }
        _write_sheets(reader, draft)
        contents = Contents(
            format=FORMAT,
            version=__version__,
            exported_at=f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
            migrations=tables.migrations(reader),
            rows=counts,
            mails=mails,
        )
    _copy_own_files(profile, draft)
    header = msgspec.json.format(msgspec.json.encode(contents), indent=2)
    (draft / HEADER).write_bytes(header + b"\n")
    return contents


def _write_mails(db: Connection, draft: Path) -> int:
    count = 0
    for count, id_ in enumerate(messages.with_bytes(db), 1):  # noqa: B007 - the last is the answer
        file = draft / sheets.mail_file(id_)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(messages.raw(db, id_))
    return count


def _write_rows(db: Connection, table: str, draft: Path) -> int:
    folder = draft / "data"
    folder.mkdir(exist_ok=True)
    encode, count = msgspec.json.Encoder(enc_hook=_refuse).encode, 0
    with (folder / f"{table}.jsonl").open("wb") as file:
        for count, row in enumerate(tables.rows(db, table), 1):  # noqa: B007
            file.write(encode({name: _out(value) for name, value in row.items()}) + b"\n")
    return count


def _out(value: Any) -> Any:
    return {"base64": value} if isinstance(value, bytes) else value


def _refuse(value: Any) -> Any:
    raise KnownError(
        tr("A row cannot be written as JSON"),
        tr("It holds a {name__}", name__=type(value).__name__),
    )


def _write_sheets(db: Connection, draft: Path) -> None:
    for name in sheets.SHEETS:
        # With the mark by which spreadsheets know UTF-8.
        with (draft / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=sheets.separator()).writerows(sheets.lines(db, name))


def _copy_own_files(profile: Profile, draft: Path) -> None:
    for name in OWN_FILES:
        own = profile.folder / name
        copy_files(own, draft / name)


def copy_files(source: Path, target: Path) -> None:
    """Copy a file, or all files of a folder, over what is there; raises the first OSError."""
    for file in sorted(source.rglob("*")) if source.is_dir() else (source,):
        if file.is_file():
            copied = target / file.relative_to(source)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copied)
