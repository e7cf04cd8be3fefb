"""Translations: collects every text that the owner reads and brings the language files up to date.

    python3 build_scripts/translations.py            says what is missing in each language
    python3 build_scripts/translations.py --update   writes the missing ones into the files, empty

A file keeps what is translated; what is no longer said anywhere leaves it. The texts are those in
`tr`, `trn` and `to_translate`, and what shipped rules and the list of providers say.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
CALLS = ("tr", "trn", "to_translate")
# What the owner reads of these files; the rest of their words are what is looked for.
SHOWN = {
    "rules/clocks.toml": ("title", "consequence"),
    "rules/disputes.toml": ("name",),
    "rules/escalation.toml": ("name",),
    "rules/evidence.toml": ("title", "why", "advice", "said"),
    "rules/gate.toml": ("because",),
    "rules/severity.toml": ("because",),
    "resources/providers.toml": ("hint", "help"),
}
# What stands between figures, on which side of them a currency's sign does, and whether names are
# written small amid a sentence ("small" or "as it is"), is the language's own; see
# `domain.translation`.
MARKS = (
    ("thousands", ","),
    ("decimal", "."),
    ("amid a sentence", "small"),
    ("amount", "{symbol}{figure}"),
)


def main() -> int:
    """1 if a text is missing in a language."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--update", action="store_true", help="write what is missing, empty")
    chosen = options.parse_args()
    said = collected()
    status = 0
    for file in sorted(FOLDER.glob("*.po")):
        catalog = read(file)
        missing = [one for one in said if not translated(catalog, one.id, one.context)]
        print(f"{file.name}: {len(said) - len(missing)} of {len(said)} texts")
        for one in missing:
            status = 1
            print(f"  missing: {one.id!r}")
        if chosen.update:
            write(file, updated(catalog, said))
    return status


def collected() -> Catalog:
    """Every text that is said, in the order of the alphabet."""
    said = Catalog()
    found = {text for file in sorted((ROOT / "app").rglob("*.py")) for text in said_in(file)}
    for text in sorted(found | set(_of_files()), key=str):
        said.add(text)
    for context, mark in MARKS:
        said.add(mark, context=context)
    return said


def said_in(file: Path) -> Iterator[str | tuple[str, str]]:
    """The texts that are written out in calls of a module; a pair for those with a number."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
            texts = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
            if texts and node.func.id == "trn":  # type: ignore[attr-defined]
                yield (str(texts[0]), str(texts[1]))
            elif texts and texts[0]:
                yield str(texts[0])


def _of_files() -> Iterator[str]:
    """What is shown of the files that come along; who shows it puts it through `tr`."""
    for file, names in SHOWN.items():
        yield from _named(tomllib.loads((ROOT / file).read_text("utf-8")), names)


def _named(part: Any, names: Collection[str]) -> Iterator[str]:
    """The texts under these names, however deep."""
    if isinstance(part, list):
        for one in part:
            yield from _named(one, names)
    elif isinstance(part, dict):
        for name, one in part.items():
            if name in names and isinstance(one, str):
                yield one
            yield from _named(one, names)


def updated(old: Catalog, said: Catalog) -> Catalog:
    """The same translations, with a place for each text that is said and none for others."""
    new = Catalog(locale=old.locale, fuzzy=False, project="Frontburner", copyright_holder="")
    for one in said:
        if one.id:
            known = old.get(one.id, one.context)
            kept = known.string if known is not None and known.id == one.id else ""
            new.add(one.id, kept, context=one.context)
    return new


def translated(
    catalog: Catalog, text: str | list[str] | tuple[str, ...], context: str | None
) -> bool:
    """Whether every form of the text has its translation."""
    if not text:
        return True  # the header
    known = catalog.get(text, context)
    if known is None or known.fuzzy or known.id != text:
        return False
    return all(forms(known.string))


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Every form of a text: one, or one for each sort of number."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def read(file: Path) -> Catalog:
    """A language's file."""
    return read_po(BytesIO(file.read_bytes()), locale=file.stem)


def write(file: Path, catalog: Catalog) -> None:
    """Write a language's file, without anything that changes by itself."""
    out = BytesIO()
    write_po(out, catalog, omit_header=True, sort_output=False, width=100)
    head = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Language: {file.stem}\\n"\n"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    file.write_bytes(head.encode() + out.getvalue())


if __name__ == "__main__":
    sys.exit(main())
