"""What a file is called in the mail to which it is attached."""

from __future__ import annotations

import mimetypes
from pathlib import Path

import pytest

from app.engine.enclosing import enclose


@pytest.fixture
def a_system_with_excel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its registry says of which program a file is, and Python takes that for the file's type."""
    mimetypes.init()
    monkeypatch.setitem(mimetypes.types_map, ".csv", "application/vnd.ms-excel")
    monkeypatch.setitem(mimetypes.types_map, ".docx", "application/x-word")


@pytest.mark.usefixtures("a_system_with_excel")
def test_a_table_is_text_whatever_the_system_opens_it_with(tmp_path: Path) -> None:
    types = {"a.csv": "text/csv", "a.pdf": "application/pdf", "a.docx": "application/x-word"}
    for name, type_ in types.items():
        (tmp_path / name).write_bytes(b"x")
        (enclosed,) = enclose([str(tmp_path / name)])
        assert enclosed.content_type == type_
