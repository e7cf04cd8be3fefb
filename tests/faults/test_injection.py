"""What would be more than words, cases 80 to 90 of the list of threats.

The number in a test's name is the case's. Where a case stands elsewhere it is by the thing that it
is about: commands in Message-IDs and folder names with a real server (tests/integration/mail), the
template language and the guard (tests/unit/replies), spreadsheets (integration/engine), the search
(integration/storage), thumbnails (integration/engine).
"""

from __future__ import annotations

import ast
import csv
import io
import pickle
import threading
import time
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.config.paths import resources, rules
from app.config.settings import Settings, read_settings
from app.domain.assessment import Kind
from app.domain.errors import KnownError
from app.domain.reply import Template
from app.mail import parse
from app.mail.imap import ImapSource
from app.replies.evidence_rules import EvidenceRules
from app.storage import sheets
from app.triage.adjustment import Adjustment
from app.triage.classifier import LearnedClassifier
from app.triage.owner_rules import read_file
from app.triage.rules import Rules
from app.ui.issue.attachment_words import file_words
from tests.support.certificates import Authority
from tests.support.engine import RULES, Engine, a_letter, an_engine
from tests.support.mail_memory import Memory
from tests.support.mailbox_script import Box, Letter, MailboxServer
from tests.support.mails import a_mail, a_raw_mail

ROOT = Path(__file__).parents[2]


def filled(engine: Engine, text: str) -> str:
    """A template of the owner's, filled in for the one issue."""
    template = Template(
        id="other/mine", kind=Kind.OTHER, name="mine", language="en", title="Mine", body=text
    )
    return str(engine.writing.fill(engine.only_key(), template)["text"])


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with an_engine(tmp_path) as made:
        yield made


NAMES = (
    b'say "hi"',
    b"back\\slash\\",
    b"{5}",
    b"}{+}\x01",
    b"&AAo-Z1 DELETE INBOX",  # modified UTF-7 of a line feed
    b"&-&-&&&",
    b"&" + b"A" * 3_000 + b"-",
    b"/".join([b"x"] * 300),
    b"INBOX (\\Seen) NIL",
    "Entwürfe".encode(),
    b"\xff\xfe",
)


@pytest.mark.servers
def test_case_081_names_of_folders_are_names_whatever_stands_in_them(tmp_path: Path) -> None:
    """As literals, as a server may say them: INBOX is read, and no name became a command."""
    listed = b"".join(b'* LIST () "/" {%d}\r\n%s\r\n' % (len(name), name) for name in NAMES)

    def instead(tag: bytes, rest: bytes) -> bytes | None:
        if rest.upper().startswith(b"LIST"):
            return listed + b'* LIST () "/" INBOX\r\n' + tag + b" OK done\r\n"
        known = b"INBOX" in rest and b"DELETE" not in rest and b"NIL" not in rest
        if rest.upper().startswith((b"SELECT", b"EXAMINE", b"STATUS")) and not known:
            return tag + b" NO no such folder\r\n"
        return None

    boxes = {"INBOX": Box(letters={1: Letter(raw=a_mail())})}
    with MailboxServer(Authority(tmp_path), boxes, instead=instead) as server:
        source = ImapSource(server.account(), "secret")
        memory = Memory()
        source.round(memory, memory.deliver, threading.Event())
        source.close()
        words = {line.split(b" ")[1].upper() for line in server.heard if line}
    assert [one.uid for one in memory.mails] == [1]
    assert words <= {b"CAPABILITY", b"LOGIN", b"LIST", b"NAMESPACE", b"SELECT", b"EXAMINE",
                     b"STATUS", b"UID", b"NOOP", b"ID", b"ENABLE", b"LOGOUT", b"CLOSE"}  # fmt: skip


def test_case_082_no_line_break_of_theirs_is_a_header_of_ours(
    engine: Engine, tmp_path: Path
) -> None:
    """In name, subject, order number and name of a file, the whole way to the server."""
    breaks = "=?utf-8?Q?{}=0D=0ABcc:_spy@evil.example=0D=0A=0D=0A<b>?="
    raw = a_raw_mail(
        f"From: {breaks.format('Ben')} <ben@customer.example>",
        "To: hello@shop.example",
        f"Subject: {breaks.format('Broken')}",
        "Message-ID: <1@customer.example>",
        body="My mugs arrived broken.",
    )
    engine.receive(raw)
    file = tmp_path / "a\nBcc: spy@evil.example\n.txt"
    file.write_text("x")
    assert filled(engine, "Hello {{ customer.name | you }}").count("\n") == 0
    body = "Hello Ben,\n\nwe send two new mugs, see the attachment.\n\nJo"
    engine.writing.send_reply(engine.only_key(), body, files=[str(file)])
    engine.clock.forward(seconds=20)
    engine.outbox().step()
    (mime,) = engine.connections.post.sent
    sent = BytesParser(policy=policy.default).parsebytes(mime)
    assert sent["Bcc"] is None
    assert len(sent.get_all("To", [])) == 1
    assert [one.addr_spec for one in sent["To"].addresses] == ["ben@customer.example"]
    assert not any(part["Bcc"] for part in sent.walk())


@pytest.mark.parametrize("name", ["{{ config.smtp_password }}", "{0.__class__}", "%(shop)s{{7*7}}"])
def test_case_083_a_customer_may_be_called_like_a_variable(engine: Engine, name: str) -> None:
    engine.receive(a_letter(sender=f'"{name}" <ben@customer.example>'))
    """Nobody is greeted so: the place stays a hole, and nothing is expanded."""
    said = filled(engine, "From {{ shop.name }} to {{ customer.name }}.")
    assert said == "From Mill & Moss to {{ customer.name }}."


@pytest.mark.parametrize(
    "cell",
    ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "|x", "=1\n=2"],
)
def test_case_085_no_cell_of_an_export_is_a_formula(engine: Engine, cell: str) -> None:
    engine.receive(a_letter("Hello", subject=cell.replace("\r", "").replace("\n", " ").strip("\t")))
    engine.writer.do(lambda db: db.execute("UPDATE issue SET subject = ?", (cell,)))
    out = io.StringIO()
    csv.writer(out).writerows(engine.writer.do(lambda db: list(sheets.lines(db, "issues"))))
    for row in csv.reader(io.StringIO(out.getvalue())):
        for one in row:
            assert one.lstrip()[:1] not in set("=+-@|"), one
            assert one[:1] not in {"\t", "\r"}


@pytest.mark.parametrize(("separator", "other"), [(",", ";"), (";", ","), (",", "\t")])
@pytest.mark.parametrize("begin", ["=cmd|'/c calc'!A1", "  +A1", "@SUM(A1)", "-cmd|x", "＝A1"])
def test_case_085_nor_where_a_program_takes_another_separator(
    engine: Engine, separator: str, other: str, begin: str
) -> None:
    """A spreadsheet of another country breaks "Hi;=cmd" in two, and "Hi" and the next line too."""
    engine.receive(a_letter("Hello"))
    cell = f"Hi{other}{begin}\n{begin}"
    engine.writer.do(lambda db: db.execute("UPDATE issue SET subject = ?", (cell,)))
    out = io.StringIO()
    lines = engine.writer.do(lambda db: list(sheets.lines(db, "issues")))
    csv.writer(out, delimiter=separator).writerows(lines)
    cells = [one for row in csv.reader(io.StringIO(out.getvalue()), delimiter=other) for one in row]
    assert len(cells) > len(lines)
    assert not [one for one in cells if one.strip('" ')[:1] in set("=+-@|＝")]


BOMBS = {
    "anchors of YAML": "a: &a [x,x]\n" + "\n".join(f"b{n}: &b{n} [*a,*a]" for n in range(40)),
    "an object of Python": "rule: !!python/object/apply:os.system ['touch {mark}']\n",
    "nested lists": "rule = " + "[" * 100_000,
    "nested tables": "rule = " + "{a=" * 100_000,
    "a key of many parts": ".".join("a" * 50_000) + " = 1\n",
    "two megabytes": "# x\n" * 500_000,
    "bytes that are no text": "rule = '\udcff'\n",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_case_087_a_file_of_rules_is_refused_by_name_and_at_once(bomb: str, tmp_path: Path):
    """The owner's rules, ours laid over, evidence, settings: each is read as TOML alone."""
    mark = tmp_path / "executed"
    text = BOMBS[bomb].replace("{mark}", str(mark)).encode("utf-8", "surrogateescape")
    folder = tmp_path / "rules"
    folder.mkdir()
    for name in ("owner.toml", "scoring.toml", "evidence.toml"):
        (folder / name).write_bytes(text)
    readers: dict[str, Any] = {
        "owner.toml": lambda: read_file(folder / "owner.toml"),
        "scoring.toml": lambda: Rules.load(rules(), folder),
        "evidence.toml": lambda: EvidenceRules.load(rules(), folder),
    }
    begun = time.process_time()
    for name, read in readers.items():
        with pytest.raises(KnownError) as refused:
            read()
        assert name in refused.value.sentence
    (tmp_path / "settings.toml").write_bytes(text)
    settings, troubles = read_settings(tmp_path / "settings.toml")
    assert settings == Settings()
    assert len(troubles) == 1
    assert time.process_time() - begun < 5
    assert not mark.exists()


def test_cases_087_and_090_nothing_in_the_program_reads_what_could_be_executed() -> None:
    """No pickles, no YAML, no eval: weights are arrays, rules are TOML, frames are JSON."""
    guilty = []
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = [node.func.id] if node.func.id in ("eval", "exec") else []
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                names = [] if ast.unparse(node.value) == "False" else ["allow_pickle"]
            bad = {"pickle", "joblib", "shelve", "marshal", "yaml", "dill", "eval", "exec",
                   "allow_pickle"}  # fmt: skip
            guilty += [f"{path.name}: {name}" for name in names if name.split(".")[0] in bad]
    assert guilty == []


@pytest.mark.parametrize(
    ("said", "saved"),
    [
        ("../../../etc/cron.d/x", "x"),
        ("..\\..\\x.txt", "x.txt"),
        ("CON", "_CON"),
        ("LPT1.pdf", "_LPT1.pdf"),
        ("x" * 300 + ".pdf", ".pdf"),
        ("in\0voice.pdf", "invoice.pdf"),
        ("invoice.pdf  \u00a0   .exe", ".exe"),
        ("/etc/passwd", "passwd"),
        ("", "attachment-2.pdf"),
    ],
)
def test_case_088_the_name_of_a_file_in_a_mail_is_a_name_in_one_folder(
    said: str, saved: str
) -> None:
    """From the bytes of the mail to the name that the window offers; and a program says so."""
    encoded = said.encode("utf-8").hex(" ").upper().replace(" ", "%")
    lines = (
        "Content-Type: multipart/mixed; boundary=b", "",
        "--b", "Content-Type: text/plain", "", "Hello", "--b",
        "Content-Type: application/pdf",
        f"Content-Disposition: attachment; filename*=utf-8''{'%' if encoded else ''}{encoded}",
        "", "data", "--b--",
    )  # fmt: skip
    mail = parse.read("\r\n".join(("From: a@b.example", *lines)).encode())
    words = file_words(mail.attachments[0])
    assert words.file_name.endswith(saved)
    assert len(words.file_name) <= 120
    assert not set(words.file_name) & set('/\\\0:<>|?*"')
    assert words.file_name not in (".", "..")
    assert bool(words.warning) is said.endswith(".exe")


class Armed:
    """What runs when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.mark,))


def armed(kind: str, mark: Path) -> bytes:
    out = io.BytesIO()
    if kind == "pickle":
        return pickle.dumps(Armed(mark))
    if kind == "nothing":
        return b""
    if kind == "array":
        np.save(out, np.zeros(3))
        return out.getvalue()
    np.savez(out, facts=np.array([Armed(mark)], dtype=object), format=np.array([Armed(mark)]))
    return out.getvalue() if kind == "objects in arrays" else out.getvalue()[:-40]


@pytest.mark.parametrize("kind", ["pickle", "objects in arrays", "cut short", "nothing", "array"])
def test_case_090_weights_that_were_replaced_are_refused_and_nothing_runs(
    kind: str, tmp_path: Path
) -> None:
    """The rules judge alone, and it is said; what was learnt is read as warily."""
    mark = tmp_path / "executed"
    data = armed(kind, mark)
    for name in ("judgement.npz", "transformer.npz"):
        for file in (resources() / "model").iterdir():
            (tmp_path / file.name).write_bytes(data if file.name == name else file.read_bytes())
        classifier = LearnedClassifier(tmp_path / "judgement.npz", rules=RULES)
        classifier.warm()
        assert name in classifier.missing()
    with pytest.raises(ValueError, match=r"."):
        Adjustment.from_bytes(data)
    assert not mark.exists()
