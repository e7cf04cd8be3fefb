"""What an attachment says of itself before anybody opens it."""

from __future__ import annotations

from app.domain.message import Attachment
from app.ui.issue.attachment_words import file_words


def test_a_package_of_outlook_says_what_is_in_it_and_who_can_open_it():
    words = file_words(
        Attachment(
            filename="winmail.dat",
            content_type="application/ms-tnef",
            size=20_000,
            part=2,
            contains=("Invoice.pdf", "note.txt"),
        )
    )
    assert words.what == "Outlook package, 20 kB"
    assert words.inside == "In it: Invoice.pdf, note.txt."
    assert words.warning == "Only Outlook can open this."


def test_an_invitation_is_shown_in_lines():
    lines = ("Invitation: Pick-up", "When: 2026-11-20 09:00 UTC")
    words = file_words(
        Attachment(
            filename="invite.ics", content_type="text/calendar", size=900, part=2, contains=lines
        )
    )
    assert words.what == "invitation, 900 bytes"
    assert words.inside == "Invitation: Pick-up\nWhen: 2026-11-20 09:00 UTC"


def test_what_still_lies_on_the_server_says_so_with_its_size():
    words = file_words(
        Attachment(
            filename="film.mov",
            content_type="video/quicktime",
            size=18_000_000,
            part=2,
            section="2",
        )
    )
    assert words.what == "QUICKTIME film, not downloaded, 18 MB"
