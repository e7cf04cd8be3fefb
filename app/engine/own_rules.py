"""OwnRules: the profile's own rule files, changed without losing a comment, and taken over at once.

What is written must be readable as a whole: where the terms cannot be read with it, the file is put
back as it was and the reason is raised.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.config import toml_text
from app.config.system import make_private_folder, write_private
from app.domain.errors import KnownError
from app.domain.translation import tr
from app.escalation.terms import Terms
from app.storage.database import disk_errors

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


class OwnRules:
    """Changes the files in `folder`; `load` reads the terms anew, `renew` lets them hold."""

    def __init__(
        self, *, folder: Path, load: Callable[[], Terms], renew: Callable[[Terms], None]
    ) -> None:
        self.folder = folder
        self._load = load
        self._renew = renew
        self._one_at_a_time = threading.Lock()

    def change(self, file: str, edit: Callable[[TOMLDocument], None]) -> None:
        """Edit a file and take all terms over. Raises KnownError; then nothing has changed."""
        path = self.folder / file
        with self._one_at_a_time:
            before = path.read_bytes() if path.exists() else None
            document = _document(path)
            edit(document)
            make_private_folder(self.folder)
            with disk_errors():
                write_private(path, document.as_string().encode())
            try:
                terms = self._load()
            except KnownError:
                _put_back(path, before)
                raise
            self._renew(terms)

    def reload(self) -> Terms:
        """Read all terms anew from their files and let them hold. Raises KnownError."""
        terms = self._load()
        self._renew(terms)
        return terms


def set_table(document: TOMLDocument, name: str, values: Mapping[str, Any]) -> None:
    """Let a table have exactly these values; what stays keeps its place and its comment."""
    import tomlkit  # only writing needs it

    table = document.get(name)
    if table is None:
        if not values:
            return
        table = document[name] = tomlkit.table()
    set_values(table, values)
    if not values:
        del document[name]


def set_values(table: Any, values: Mapping[str, Any]) -> None:
    """Let a table have exactly these values, comments kept."""
    for name in [name for name in table if name not in values]:
        del table[name]
    for name, value in values.items():
        if name not in table or _plain(table[name]) != _plain(value):
            table[name] = value


def set_policies(document: TOMLDocument, policies: Sequence[Mapping[str, Any]]) -> None:
    """Let [[policy]] be exactly these, in this order; one of the same name keeps its comments."""
    import tomlkit

    known = {str(one.get("name")): one for one in document.get("policy", ())}
    wanted = tomlkit.aot()
    for values in policies:
        table = known.get(str(values["name"]), tomlkit.table())
        set_values(table, values)
        wanted.append(table)
    document.pop("policy", None)
    if policies:
        document["policy"] = wanted


def _document(path: Path) -> TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        text = path.read_text("utf-8-sig") if path.exists() else ""
        toml_text.loads(text)  # what this refuses, the other reader would stumble over
        return tomlkit.parse(text)
    except (TOMLKitError, ValueError, OSError) as error:
        raise KnownError(
            tr("{path} cannot be changed", path=path),
            f"{error}.",
            tr("Mend it by hand, or remove it; then try again"),
        ) from error


def _plain(value: Any) -> Any:
    return value.unwrap() if hasattr(value, "unwrap") else value


def _put_back(path: Path, before: bytes | None) -> None:
    if before is None:
        path.unlink(missing_ok=True)
    else:
        write_private(path, before)
