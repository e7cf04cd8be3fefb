"""Real and broken mails of other projects: none makes the reader fail, none is dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.mail import fallback, headers, parse, plain
from app.mail.pieces import Piece
from app.mail.reading import new_part, said
from app.mail.written import MAX_TEXT
from tests.support.shared_data import shared_data

# The reply in each fixture, by the fixture's own account of itself; "" is the whole text.
REPLIES = {
    "correct_sig.txt": "this is an email with a correct -- signature.",
    "email_1_4.txt": "Awesome! I haven't had another problem with it.",
    "email_1_5.txt": "",
    "email_1_7.txt": ":+1:",
    "email_2_1.txt": "Outlook with a reply",
    "email_2_2.txt": "Outlook with a reply directly above line",
    "email_2_3.txt": "Outlook with a reply directly above line",
    "email_BlackBerry.txt": "Here is another email",
    "email_iPhone.txt": "Here is another email",
    "email_multi_word_sent_from_my_mobile_device.txt": "Here is another email",
    "email_sent_from_my_not_signature.txt": "",
    "email_sig_delimiter_in_middle_of_line.txt": "",
}
TALON = ["Hi.", "I", "am", "fine.", "Thanks,", "Alex"]
# How the reply in each of the longer ones begins and ends.
EDGES = {
    "email_1_1.txt": ("Hi folks", "I am currently using the Java HTTP API."),
    "email_1_2.txt": ("Hi,", 'need to delete them all individually."'),
    "email_1_3.txt": ("Oh thanks.", "Having the function would be great."),
    "email_1_6.txt": ("I get proper rendering as well.", "a magnificent torch of pixels"),
    "email_1_8.txt": ("I will reply under this one", "and under this."),
    "email_bullets.txt": ("test 2 this should list second", "- and another"),
    "email_one_is_not_on.txt": ("Thank, this is really helpful.", "when I run..."),
    "greedy_on.txt": ("On your remote host you can run:", "the tunnel is not working."),
    "pathological.txt": ("I think you're onto something.", "get back to a computer."),
}


def mails() -> list[Path]:
    return sorted(shared_data("mail").rglob("*.eml"))


@pytest.mark.parametrize("body", [None, fallback.body], ids=["fast", "fallback"])
def test_all_mails_are_read_and_none_is_dropped(body):
    found = mails()
    messages = [parse.read(path.read_bytes(), reader=body) for path in found]
    assert len(messages) == len(found) == 200
    assert all(message.message_id for message in messages)
    assert not any("\0" in message.text + message.subject for message in messages)
    for path, message in zip(found, messages, strict=True):
        for one in message.attachments:
            content = parse.attachment(path.read_bytes(), one.part)
            assert content is not None
            assert len(content) == one.size


def test_the_quick_reader_says_what_the_complete_one_says_and_reads_a_third():
    raws = [path.read_bytes() for path in mails()]
    quickly = [plain.body(raw, headers.split(raw)) for raw in raws]
    pairs = [(one, fallback.body(raw)) for one, raw in zip(quickly, raws, strict=True) if one]
    assert all(one == other for one, other in pairs)
    assert len(pairs) > len(raws) // 3


def test_the_replies_in_the_fixtures_of_email_reply_parser_are_found(record_property):
    folder = shared_data("mail/email_reply_parser")
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}
    wrong = [
        name
        for name, reply in REPLIES.items()
        if new_part(texts[name]) != (reply or texts[name].strip())
    ]
    for name, (begins, ends) in EDGES.items():
        reply = new_part(texts[name])
        if not (reply.startswith(begins) and reply.endswith(ends)):
            wrong.append(name)
    record_property("right", f"{len(REPLIES) + len(EDGES) - len(wrong)}")
    assert wrong == []


def test_the_replies_in_the_mails_of_talon_are_found():
    folder = shared_data("mail/talon/standard_replies")
    found = {path.name: parse.read(path.read_bytes()).new_text for path in folder.glob("*.eml")}
    assert len(found) == 12
    assert [name for name, reply in found.items() if reply != "Hello"] == []


def test_the_replies_in_the_html_of_talon_are_found():
    folder = shared_data("mail/talon/html_replies")
    wrong = []
    for path in folder.glob("*.html"):
        html = path.read_text(encoding="utf-8", errors="replace")
        if said((Piece(html=html),), most=MAX_TEXT).new_text.split() != TALON:
            wrong.append(path.name)
    assert wrong == []
