"""Templates: ranked by what was taken before, edited and imported while the engine runs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from app.domain.errors import KnownError, NotFound, Refused
from app.domain.journal import EntryType
from app.domain.reply import OutboxState
from app.engine.template_desk import USED_WITHIN, TemplateDesk
from app.replies.shelf import Shelf
from app.replies.templates import TemplateFault, Templates
from app.storage import issues, journal, outbox, template_use
from app.storage.connection import Connection
from tests.support.engine import Engine, a_letter, an_engine

DAMAGED = "My mug arrived broken, it is damaged. Order MM-10227."


@pytest.fixture
def engine(tmp_path):
    with an_engine(tmp_path / "profile") as made:
        made.receive(a_letter(DAMAGED))
        yield made


@pytest.fixture
def key(engine):
    return engine.only_key()


def offered(engine: Engine, key: str) -> list[str]:
    return [one["id"] for one in engine.writing.templates(key)["templates"]]


def send(engine: Engine, key: str, template: str, *, body: str = "") -> None:
    """Begin with a template, write `body` instead of it if given, and let it leave."""
    values = {"reply.amount": "10 EUR", "reply.date": "Monday"}
    rendered = engine.writing.render(key, template, "en", values)["text"]
    engine.writing.send_reply(
        key, body or rendered, template=template, rendered=rendered, insist=True
    )
    engine.clock.forward(seconds=20)
    engine.outbox().step()


class TestRanking:
    """Learnt from use."""

    def test_without_any_use_the_kinds_own_come_first(self, engine, key):
        """By name, and nothing is said about them."""
        first, *_ = engine.writing.templates(key)["templates"]
        assert first["id"] == "damaged/ask_photos"
        assert first["because"] == ""

    def test_what_was_taken_comes_first_and_says_why(self, engine, key):
        """Only what left counts: not what was looked at, nor what was taken back."""
        send(engine, key, "damaged/replacement")
        reply = engine.writing.send_reply(key, "Hi Ben", template="damaged/refund", rendered="Hi")
        engine.on_its_way.undo_send(reply["reply"])
        first, second, *_ = engine.writing.templates(key)["templates"]
        assert (first["id"], first["used"]) == ("damaged/replacement", 1)
        assert first["because"] == "used once for this kind, changed little"
        assert second["because"] == ""

    @pytest.mark.parametrize("verb", ["undo_send", "discard_reply"])
    def test_a_reply_that_came_back_still_teaches_when_it_is_sent_again(self, engine, key, verb):
        """All that a draft keeps comes back, also what the template gave."""
        reply = engine.writing.send_reply(
            key, "Hi Ben, two photos?", template="damaged/refund", rendered="Hi Ben, photos?"
        )["reply"]
        if verb == "discard_reply":
            engine.writer.do(lambda db: outbox.set_state(db, reply, OutboxState.FAILED))
        back = engine.on_its_way.verbs()[verb](reply=reply)
        told = {name: back[name] for name in ("body", "template", "rendered", "files", "sender")}
        assert told == {
            "body": "Hi Ben, two photos?",
            "template": "damaged/refund",
            "rendered": "Hi Ben, photos?",
            "files": [],
            "sender": "hello@shop.example",
        }

    def test_what_is_always_rewritten_stands_behind_what_is_kept(self, engine, key):
        """Taken twice and thrown away is worth less than taken once and sent."""
        send(engine, key, "damaged/ask_photos", body="No words of it are left. ¡Olé!")
        send(engine, key, "damaged/ask_photos", body="No words of it are left. ¡Olé!")
        send(engine, key, "damaged/refund")
        assert offered(engine, key)[:2] == ["damaged/refund", "damaged/ask_photos"]
        told = engine.writing.templates(key)["templates"][1]["because"]
        assert told == "used 2 times for this kind, mostly rewritten"

    def test_a_text_of_another_kind_is_brought_in_where_it_was_taken_twice(self, engine, key):
        """Once may have been a mistake."""
        send(engine, key, "wrong_item/ask_what_came")
        assert "wrong_item/ask_what_came" not in offered(engine, key)
        send(engine, key, "wrong_item/ask_what_came")
        assert offered(engine, key)[0] == "wrong_item/ask_what_came"


class TestLanguage:
    """Which language a reply begins in."""

    def test_a_template_is_offered_in_each_of_its_languages_the_customers_first(self, engine, key):
        """Where we heard the language wrong, a person takes another."""
        first, *_ = engine.writing.templates(key)["templates"]
        assert (first["language"], first["languages"][0]) == ("en", "en")
        assert {"de", "fr", "es"} <= set(first["languages"])

    def test_where_nobody_knows_it_the_owners_setting_counts(self, engine):
        """The setting was shown and asked by nobody."""
        engine.receive(
            a_letter("MM-10299", subject="MM-10299", message_id="<few@words.example>",
                     sender="Ida <ida@other.example>")
        )  # fmt: skip
        engine.settings = replace(engine.settings, language="de")
        key = next(row.key for row in engine.rows() if row.subject == "MM-10299")
        answer = engine.writing.templates(key)
        assert answer["language"] == "de"
        assert answer["templates"][0]["language"] == "de"
        assert engine.writing.render(key, "other/received")["text"].startswith("Hallo Ida,")
        engine.writing.send_reply(key, "Hallo Ida,\n\ndanke.")
        engine.clock.forward(minutes=1)
        engine.outbox().step()
        assert b"Uhr schrieb Ida:" in engine.connections.post.sent[-1]


class TestEditing:
    """What the editor's verbs do to the files."""

    def test_a_changed_template_is_in_use_at_once_and_ours_comes_back(self, engine, key):
        """Saving writes the owner's file; deleting it brings ours back; both can be undone."""
        desk = engine.template_desk
        saved = desk.save("Photos, please", "Hi {{ customer.first_name | there }}, photos?", "en",
                          template="damaged/ask_photos")  # fmt: skip
        assert Path(saved["file"]) == engine.shelf.own / "damaged/ask_photos.en.txt"
        assert saved["before"] is None
        assert engine.writing.render(key, "damaged/ask_photos", "en")["text"] == "Hi Ben, photos?"
        read = desk.read("damaged/ask_photos", "en")
        assert read["own"]
        assert "two photos" in read["shipped"]["body"]
        removed = desk.remove("damaged/ask_photos", "en")
        assert removed["shipped_again"]
        assert "two photos" in engine.writing.render(key, "damaged/ask_photos", "en")["text"]
        was = removed["before"]
        desk.save(was["title"], was["body"], was["language"], template=was["id"])
        assert engine.writing.render(key, "damaged/ask_photos", "en")["text"] == "Hi Ben, photos?"

    def test_a_new_one_gets_a_name_and_is_offered(self, engine, key):
        """Two of the same title are two files."""
        desk = engine.template_desk
        first = desk.save("Neue Tasse für Sie", "Hello!", "en", kind="damaged")
        second = desk.save("Neue Tasse für Sie", "Hello again!", "en", kind="damaged")
        assert first["id"] == "damaged/neue_tasse_fur_sie"
        assert second["id"] == "damaged/neue_tasse_fur_sie_2"
        assert {first["id"], second["id"]} <= set(offered(engine, key))

    def test_a_file_whose_name_has_a_blank_can_be_edited(self, engine, key):
        """As people call their files."""
        path = engine.shelf.own / "damaged" / "my answer.en.txt"
        path.parent.mkdir(parents=True)
        path.write_text("Title: Mine\n\nHello!\n")
        desk = engine.template_desk
        assert "damaged/my answer" in offered(engine, key)
        assert desk.preview(key, "damaged/my answer", "en", "Mine", "Hi")["text"] == "Hi"
        desk.save("Mine", "Hello again!", "en", template="damaged/my answer")
        assert engine.shelf.present.get("damaged/my answer", "en").body == "Hello again!"
        desk.remove("damaged/my answer", "en")
        assert not path.exists()

    def test_a_file_that_was_edited_by_hand_is_noticed(self, engine, key):
        """No restart, no button."""
        made = engine.template_desk.save("Mine", "One", "en", kind="damaged")
        Path(made["file"]).write_text("Title: Mine\n\nTwo, by hand\n")
        assert engine.writing.render(key, made["id"], "en")["text"] == "Two, by hand"
        Path(made["file"]).unlink()
        assert made["id"] not in offered(engine, key)

    @pytest.mark.parametrize(
        ("title", "body", "said"),
        [
            ("", "Hello", "has no title yet"),
            ("Mine", "  ", "has no text"),
            ("Mine", "Hello {{ custommer.name }}", "customer.name"),
            ("Mine", "Hello {{ there", "braces that are no variable"),
            ("Mine", "x" * 70_000, "longer than 64 KiB"),
        ],
    )
    def test_what_cannot_be_used_is_not_written(self, engine, title, body, said):
        """The sentence says what is wrong with it."""
        with pytest.raises(TemplateFault) as fault:
            engine.template_desk.save(title, body, "en", kind="damaged")
        assert said in fault.value.sentence
        assert not list(engine.shelf.own.glob("*/*"))

    @pytest.mark.parametrize(
        "id_", ["../damaged/x", "damaged/../x", "damaged/", "x", "damaged/a.b"]
    )
    def test_no_name_leads_out_of_the_folder(self, engine, id_):
        """A desk's word is not a path."""
        with pytest.raises(KnownError):
            engine.template_desk.save("Mine", "Hello", "en", template=id_)
        assert not list(engine.shelf.own.parent.glob("damaged"))

    def test_ours_cannot_be_deleted(self, engine):
        """It says so; nothing is lost."""
        with pytest.raises(Refused, match="came with Frontburner"):
            engine.template_desk.remove("damaged/refund", "en")

    def test_a_disk_that_is_full_or_closed_says_so(self, engine):
        """Where the folder is a file, nothing can lie in it."""
        engine.shelf.own.mkdir()
        (engine.shelf.own / "damaged").write_text("in the way")
        with pytest.raises(KnownError, match="could not be written"):
            engine.template_desk.save("Mine", "Hello", "en", kind="damaged")

    def test_a_preview_is_filled_and_kept_nowhere(self, engine, key):
        """With the issue's own customer; holes are named."""
        answer = engine.template_desk.preview(
            key, "damaged/refund", "en", "T", "Hi {{ customer.first_name }}, {{ reply.amount }}"
        )
        assert answer["text"] == "Hi Ben, {{ reply.amount }}"
        assert answer["holes"] == ["reply.amount"]
        assert not list(engine.shelf.own.glob("*/*"))

    def test_the_list_tells_how_much_people_change(self, engine, key):
        """By the replies that left."""
        send(engine, key, "damaged/refund")
        rows = engine.template_desk.listed()["templates"]
        (row,) = [one for one in rows if (one["id"], one["language"]) == ("damaged/refund", "en")]
        assert (row["used"], row["changed"], row["changed_words"]) == (1, 0.0, "changed little")

    def test_a_use_is_one_of_the_text_in_the_issues_language(self, engine, key):
        """A German text that no reply began with was never used, whatever the English one was; a
        use whose text is gone since is told nowhere."""
        send(engine, key, "damaged/refund")
        mine = engine.template_desk.save("Mine", "Hello", "en", kind="damaged")["id"]
        send(engine, key, mine)
        engine.template_desk.remove(mine, "en")
        rows = engine.template_desk.listed()["templates"]
        used = {(one["id"], one["language"]): one["used"] for one in rows if one["used"]}
        assert used == {("damaged/refund", "en"): 1}

    def test_the_folder_is_looked_at_once_for_each_text_and_not_for_each_use(self, engine, key):
        """A year of 7,000 replies looked at each of its files 7,000 times: 13 seconds."""
        sent(engine, key, "damaged/refund", times=200)
        shelf = CountingShelf(engine.shelf.shipped, engine.shelf.own)
        desk = TemplateDesk(
            shelf=shelf, writer=engine.writer, clock=engine.clock, fill=engine.writing.fill
        )
        rows = desk.listed()["templates"]
        assert max(one["used"] for one in rows) == 200
        assert shelf.looks < 5

    def test_what_is_offered_goes_by_the_newest_uses_and_is_told_how_many(self, engine, key):
        """They are read with every issue that is opened: a bound, whatever the shop sends."""
        sent(engine, key, "damaged/refund", times=6)
        since = engine.clock.now() - USED_WITHIN
        read = partial(template_use.since, at=since)
        every, newest = engine.writer.do(read), engine.writer.do(partial(read, newest=4))
        assert (len(every), newest) == (6, every[-4:])


class CountingShelf(Shelf):
    """Counts how often the folder is looked at."""

    looks = 0

    @property
    def present(self) -> Templates:
        self.looks += 1
        return super().present


def sent(engine: Engine, key: str, template: str, *, times: int) -> None:
    """So many replies that left a minute after another, as the journal has them."""

    def write(db: Connection) -> None:
        issue_id, now = issues.by_key(db, key), engine.clock.now()
        for n in range(times):
            journal.append(
                db,
                issue_id=issue_id,
                type=EntryType.REPLY_SENT,
                at=now - timedelta(minutes=times - n),
                data={"template": template, "changed": n / times},
            )

    engine.writer.do(write)


ZENDESK = {
    "macros": [
        {
            "title": "Refund: done",
            "active": True,
            "actions": [
                {"field": "status", "value": "solved"},
                {
                    "field": "comment_value",
                    "value": ["channel:all", ("Hi {{ticket.requester.first_name}},\n\nyour refund"
                              " for {{ticket.title}} is on its way.\n\n{{current_user.name}}")],
                },
            ],
        },
        {"title": "Close", "active": True, "actions": [{"field": "status", "value": "closed"}]},
        {"title": "Old", "active": False, "actions": [{"field": "comment_value", "value": "Hi"}]},
        {
            "title": "Return label",
            "actions": [
                {"field": "comment_value_html",
                 "value": "<p>Hi {{ticket.requester.name}},</p><p>print the label &amp; send.</p>"}
            ],
        },
    ]
}  # fmt: skip
GORGIAS = {
    "data": [
        {
            "name": "Wo ist meine Bestellung",
            "intent": "shipping/status",
            "language": "de",
            "actions": [
                {
                    "name": "setResponseText",
                    "arguments": {
                        "body_text": "Hallo {{ticket.customer.firstname}},\n\nIhre Bestellung"
                        " {{ticket.customer.integrations.shopify.orders[0].name}} ist unterwegs:"
                        " {{ticket.customer.integrations.shopify.orders[0].fulfillments[0]"
                        ".tracking_number}}",
                        "body_html": "",
                    },
                }
            ],
        }
    ]
}
FRESHDESK = [
    {"id": 1, "title": "Hello", "content": "Hi {{ticket.requester.firstname}}", "content_html":
     "<div>Hi {{ticket.requester.firstname}},<br>one moment. {{ticket.agent.name}}</div>"}
]  # fmt: skip
HELPSCOUT = {
    "_embedded": {
        "replies": [
            {"id": 7, "name": "Damaged parcel", "text":
             "<p>Hi {%customer.firstName,fallback=there%},</p><p>sorry! {%user.firstName%}</p>"}
        ]
    }
}  # fmt: skip


def write(tmp_path: Path, name: str, content: object) -> str:
    path = tmp_path / name
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return str(path)


class TestImport:
    """Saved replies of others become templates, all of a file or none."""

    def test_zendesk_macros(self, engine, tmp_path):
        """Their marks become ours, those unknown become holes, and what is left out says why."""
        answer = engine.template_import.take(write(tmp_path, "macros.json", ZENDESK))
        assert answer["source"] == "Zendesk"
        refund, label = answer["imported"]
        assert (refund["kind"], refund["language"]) == ("refund_billing", "en")
        assert refund["holes"] == ["ticket title"]
        assert refund["mapped"] == {
            "{{ticket.requester.first_name}}": "customer.first_name",
            "{{current_user.name}}": "agent.name",
        }
        made = engine.template_desk.read(refund["id"], "en")["body"]
        assert made.startswith("Hi {{ customer.first_name }},\n\nyour refund for [ticket title] is")
        told = engine.template_desk.read(label["id"], "en")["body"]
        assert told == "Hi {{ customer.name }},\n\nprint the label & send."
        assert answer["skipped"] == [
            {"title": "Close", "because": "it has no text"},
            {"title": "Old", "because": "it is switched off in Zendesk"},
        ]

    def test_gorgias_macros(self, engine, tmp_path):
        """Intent and language are theirs; the shop's order is ours."""
        (one,) = engine.template_import.take(write(tmp_path, "g.json", GORGIAS))["imported"]
        assert (one["kind"], one["language"]) == ("late", "de")
        body = engine.template_desk.read(one["id"], "de")["body"]
        assert "Ihre Bestellung {{ order.number }} ist unterwegs: {{ tracking.number }}" in body

    def test_freshdesk_canned_responses(self, engine, tmp_path):
        """The formatted text is read where there is one."""
        (one,) = engine.template_import.take(write(tmp_path, "f.json", FRESHDESK))["imported"]
        body = engine.template_desk.read(one["id"], "en")["body"]
        assert body == "Hi {{ customer.first_name }},\none moment. {{ agent.name }}"

    def test_help_scout_saved_replies(self, engine, tmp_path):
        """What stands where the name is unknown stays."""
        (one,) = engine.template_import.take(write(tmp_path, "h.json", HELPSCOUT))["imported"]
        assert one["kind"] == "damaged"
        body = engine.template_desk.read(one["id"], "en")["body"]
        assert body == "Hi {{ customer.first_name | there }},\n\nsorry! {{ agent.name }}"

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            (("title,body,language,kind\nKaputt,\"Hallo {{ customer.name | du }},\n\n"
             "tut mir leid.\",de,damaged\n"), "utf-8"),
            (("Titel;Antwort;Sprache;Category\nKaputt;\"Hallo {{ customer.name | du }},\n\n"
             "tut mir leid.\";de;damaged\n"), "utf-8-sig"),
            (("Name\tMessage\tLang\tKind\nKaputt\t\"Hallo {{ customer.name | du }},\n\n"
             "tut mir leid.\"\tde\tdamaged\n"), "utf-16"),
        ],
    )  # fmt: skip
    def test_a_sheet_by_the_names_of_its_columns(self, engine, tmp_path, text, encoding):
        """Commas, semicolons or tabs; as other programs save it."""
        path = tmp_path / "sheet.csv"
        path.write_bytes(text.encode(encoding))
        (one,) = engine.template_import.take(str(path))["imported"]
        assert (one["id"], one["language"]) == ("damaged/kaputt", "de")
        body = engine.template_desk.read(one["id"], "de")["body"]
        assert body == "Hallo {{ customer.name | du }},\n\ntut mir leid."

    def test_a_hole_of_theirs_stops_a_reply(self, engine, key, tmp_path):
        """Nobody sends "[ticket title]"."""
        (one, _) = engine.template_import.take(write(tmp_path, "m.json", ZENDESK))["imported"]
        text = engine.writing.render(key, one["id"], "en")["text"]
        with pytest.raises(Refused) as refused:
            engine.writing.send_reply(key, text, insist=True)
        assert "[ticket title]" in refused.value.holes[0]

    def test_the_same_file_twice_is_taken_once(self, engine, tmp_path):
        """What is there word for word is left out."""
        file = write(tmp_path, "g.json", GORGIAS)
        engine.template_import.take(file)
        with pytest.raises(Refused, match="it is there already"):
            engine.template_import.take(file)
        assert len(list(engine.shelf.own.glob("*/*"))) == 1

    def test_a_check_writes_nothing(self, engine, tmp_path):
        """It tells what would come of it."""
        answer = engine.template_import.take(write(tmp_path, "m.json", ZENDESK), check=True)
        assert len(answer["imported"]) == 2
        assert not list(engine.shelf.own.glob("*/*"))

    def test_nothing_is_half_imported(self, engine, tmp_path):
        """The second cannot be written: the first is taken away again."""
        engine.shelf.own.mkdir()
        (engine.shelf.own / "return_request").write_text("in the way")
        with pytest.raises(Refused, match="Nothing was imported"):
            engine.template_import.take(write(tmp_path, "m.json", ZENDESK))
        assert list(engine.shelf.own.glob("*/*")) == []

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("x.json", "{\"macros\": [", "no whole JSON file (line 1)"),
            ("x.json", {"tickets": [{"a": 1}]}, "a shape that is not known here"),
            ("x.csv", "a,b\n1,2\n", "no columns that are known here"),
            ("x.csv", "title,body\n", "no saved reply"),
            ("x.csv", "title,body\nMine,\n", "Nothing in this file can be imported"),
            ("x.csv", "title,body\n\"Mine,Hello\n", "no whole CSV file"),
        ],
    )  # fmt: skip
    def test_what_is_no_export_says_so(self, engine, tmp_path, name, content, said):
        """One clear sentence, and nothing is written."""
        with pytest.raises(Refused) as refused:
            engine.template_import.take(write(tmp_path, name, content))
        assert said in refused.value.sentence
        assert not list(engine.shelf.own.glob("*/*"))

    def test_a_file_that_is_not_there(self, engine, tmp_path):
        """Its name is in the sentence."""
        with pytest.raises(NotFound, match=r"gone\.csv"):
            engine.template_import.take(str(tmp_path / "gone.csv"))
