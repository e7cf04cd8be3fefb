"""What servers say of the parts of a mail, in the forms in which they say it."""

from __future__ import annotations

import pytest

from app.mail.body_structure import Branch, Leaf, branches, leaves, read

TEXT = b'("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "7BIT" 12 1 NIL NIL NIL NIL)'
PHOTO = (
    b'("IMAGE" "JPEG" ("NAME" "a \\"b\\".jpg") "<1@x>" NIL "BASE64" 18000000 NIL'
    b' ("ATTACHMENT" ("FILENAME" "a.jpg")) NIL NIL)'
)


def said(structure: bytes) -> bytes:
    return b"* 1 FETCH (UID 7 BODYSTRUCTURE " + structure + b")\r\n"


def test_the_parts_of_a_mail_have_their_numbers_and_sizes():
    inner = b"(" + TEXT + TEXT + b' "ALTERNATIVE" ("BOUNDARY" "x") NIL NIL)'
    found = read(said(b"(" + inner + PHOTO + b' "MIXED" ("BOUNDARY" "y") NIL NIL NIL)'))
    assert isinstance(found, Branch)
    assert [(one.section, one.content_type, one.octets, one.is_file) for one in leaves(found)] == [
        ("1.1", "text/plain", 12, False),
        ("1.2", "text/plain", 12, False),
        ("2", "image/jpeg", 18_000_000, True),
    ]
    assert [one.section for one in branches(found)] == ["", "1"]


def test_a_mail_of_one_part_is_one_leaf():
    assert read(said(TEXT)) == Leaf(section="1", content_type="text/plain", octets=12)


def test_a_mail_in_a_mail_is_one_part():
    envelope = b'("date" "subject" NIL NIL NIL NIL NIL NIL NIL "<1@x>")'
    attached = b'("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 900 ' + envelope + b" " + TEXT + b" 20)"
    found = read(said(b"(" + TEXT + attached + b' "MIXED")'))
    assert found is not None
    assert [one.content_type for one in leaves(found)] == ["text/plain", "message/rfc822"]


@pytest.mark.parametrize(
    "structure",
    [
        b"",
        b"(",
        b"()",
        b"(" * 100_000,
        b"NIL",
        b'("TEXT" "PLAIN")',
        b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" many)',
        b"(" * 60 + TEXT + b' "MIXED")' * 60,
        b'(NIL "MIXED")',
    ],
)
def test_what_is_no_structure_is_said_to_be_none(structure):
    assert read(said(structure)) is None
