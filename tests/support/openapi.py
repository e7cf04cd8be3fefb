"""A provider's published OpenAPI as a judge: whether what a played server answers has its form.

The documents are not part of the project; where they are absent nothing is judged, and the test
that is about the form itself says that it is skipped.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema  # type: ignore[import-untyped]

from tests.support.shared_data import where


@cache
def document(name: str) -> dict[str, Any] | None:
    """The OpenAPI document of this file name, as JSON Schema can be read; None where absent."""
    path = where(f"contracts/{name}")
    if not path.is_file():
        return None
    plain: dict[str, Any] = _plain(json.loads(path.read_text(encoding="utf-8")))
    return plain


def judge(name: str, schema: str, data: Any, *, strict: bool = True) -> None:
    """Raise what is wrong with the data by the schema of this name; nothing where it is absent."""
    found = document(name)
    if found is None or not strict:
        return
    _validator(name, schema).validate(data)


@cache
def _validator(name: str, schema: str) -> Any:
    found = document(name)
    assert found is not None
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": found["components"]}
    )


def _plain(value: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema lists null among the types."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    plain = {name: _plain(one) for name, one in value.items() if name != "nullable"}
    if value.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain
