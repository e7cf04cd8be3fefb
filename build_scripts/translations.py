"""Translations: collects every text that the owner reads and brings the language files up to date.

    python3 build_scripts/translations.py            says what is missing in each language
    python3 build_scripts/translations.py --update   writes the missing ones into the files, empty

A file keeps what is translated; what is no longer said anywhere leaves it. The texts are those in
`tr`, `trn` and `to_translate`.
"""

from __future__ import annotations

import argparse
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
KEYWORDS = {"tr": None, "to_translate": None, "trn": (1, 2)}
# What stands between figures is the language's own; see `domain.translation`.
MARKS = (("thousands", ","), ("decimal", "."))


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
    found = extract_from_dir(
        ROOT / "app", method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=()
    )
    for text in sorted({text for _, _, text, _, _ in found}, key=str):
        said.add(text)
    for context, mark in MARKS:
        said.add(mark, context=context)
    return said


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
    forms = known.string if isinstance(known.string, tuple) else (known.string,)
    return all(forms)


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
