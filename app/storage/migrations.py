"""Migrations: how a file becomes what this version expects, step by step, append only.

Only `database.open_writer` comes here, and only when a file is behind: the library behind this is
heavy, and the window must never load it. All steps run in one transaction, so no step may ask to
run outside of one.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from app.storage import (
    awaiting,
    contacts,
    crossing,
    deadlines,
    every_folder,
    failed_payments,
    feeds,
    findings,
    forgotten,
    labels,
    lessons,
    orders,
    outbox,
    saved_views,
    schema,
    search,
    stories,
    tags,
    template_use,
    version,
)
from app.storage import disputes as dispute_tables

migrations = Migrations(version.MIGRATION_SET)


@migrations()
def first_light(db: Database) -> None:
    """Everything that one mail needs on its walk, from the mailbox to a sent reply."""
    for statement in schema.FIRST_LIGHT:
        db.execute(statement)


@migrations()
def incidents(db: Database) -> None:
    """Issues of many customers that have one cause."""
    for statement in schema.INCIDENTS:
        db.execute(statement)


@migrations()
def every_folder_of_an_account(db: Database) -> None:
    """Roles, flags and moves: more than the INBOX is read."""
    for statement in every_folder.EVERY_FOLDER:
        db.execute(statement)


@migrations()
def gmail_ids(db: Database) -> None:
    """What Gmail calls its mails and conversations."""
    for statement in schema.GMAIL_IDS:
        db.execute(statement)


@migrations()
def ways_out(db: Database) -> None:
    """What a person can say of a reply beside its words: files, sender, when, and what then."""
    for statement in (
        "ALTER TABLE reply ADD COLUMN files TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE reply ADD COLUMN scheduled INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE reply ADD COLUMN follow_up_days INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE draft ADD COLUMN files TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE draft ADD COLUMN sender TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX reply_created ON reply(created_at)",
    ):
        db.execute(statement)


@migrations()
def order_links(db: Database) -> None:
    """Orders found by a parcel or a name, and why an issue is about its order."""
    for statement in schema.ORDER_LINKS:
        db.execute(statement)
    orders.note_all_clues(db.conn)


@migrations()
def calm_alerts(db: Database) -> None:
    """Alerts that pass through quiet hours, and how often one was shown again."""
    for column in ("passes", "repeats"):
        db.execute(f"ALTER TABLE alert ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")


@migrations()
def feeds_of_platforms(db: Database) -> None:
    """How far the streams of shops and payment providers were read, and which order is whose."""
    for statement in feeds.FEEDS:
        db.execute(statement)


@migrations()
def disputes(db: Database) -> None:
    """Disputes with their lives, payments that failed, what else records show without any mail."""
    tables = (dispute_tables.DISPUTES, failed_payments.FAILED_PAYMENTS, findings.FINDINGS)
    for statement in (one for statements in tables for one in statements):
        db.execute(statement)
    orders.note_all_clues(db.conn)


@migrations()
def promises_in_working_time(db: Database) -> None:
    """Promises and clocks by name, that can stand still and remind."""
    for statement in deadlines.PROMISES:
        db.execute(statement)


@migrations()
def contacts_and_calls(db: Database) -> None:
    """Who is told when nobody takes an issue, how far that has come, and every call."""
    for statement in contacts.CONTACTS:
        db.execute(statement)


@migrations()
def when_to_look_again(db: Database) -> None:
    """When time alone next changes where an issue stands."""
    for statement in schema.LOOK_AGAIN:
        db.execute(statement)


@migrations()
def lessons_learnt(db: Database) -> None:
    """What the owner's corrections taught, and the mails as the learner keeps them."""
    for statement in lessons.LESSONS:
        db.execute(statement)


@migrations()
def awaiting_judgement(db: Database) -> None:
    """Mails of a large delivery are stored first and judged afterwards."""
    db.execute(awaiting.AWAITING)


@migrations()
def mail_labels(db: Database) -> None:
    """What a mail is labelled with on its server."""
    for statement in labels.LABELS:
        db.execute(statement)


@migrations()
def tags_of_issues(db: Database) -> None:
    """The tags of issues, so that they can be searched for."""
    for statement in tags.TAGS:
        db.execute(statement)


@migrations()
def contacts_taken_back(db: Database) -> None:
    """A contact or a way that was removed can be had back for a while."""
    for statement in contacts.REMOVED:
        db.execute(statement)


@migrations()
def saved_searches(db: Database) -> None:
    """Searches that are kept under a name."""
    for statement in saved_views.SAVED_VIEWS:
        db.execute(statement)


@migrations()
def templates_in_use(db: Database) -> None:
    """Which templates the sent replies began with is found without reading the whole journal."""
    db.execute(template_use.SENT)


@migrations()
def forgotten_customers(db: Database) -> None:
    """What was deleted at its owner's wish does not come back from a server."""
    db.execute(forgotten.FORGOTTEN)


@migrations()
def turns_at_hand(db: Database) -> None:
    """Who spoke when, without the mails themselves: what the figures are made of."""
    for statement in stories.TURNS_AT_HAND:
        db.execute(statement)


@migrations()
def alerts_by_name(db: Database) -> None:
    """Which alerts have to be named on a card, and which issues a card only counts."""
    for statement in schema.ALERTS_BY_NAME:
        db.execute(statement)


@migrations()
def words_merged_at_leisure(db: Database) -> None:
    """While much is stored, the index of words puts off what merging can wait."""
    for statement in schema.WORDS_AT_LEISURE:
        db.execute(statement)


@migrations()
def files_at_hand(db: Database) -> None:
    """Which mails carry files is found without reading all of them."""
    db.execute(search.FILES_AT_HAND)


@migrations()
def archived_mails(db: Database) -> None:
    """A mail that was archived at Gmail is not gone."""
    for statement in every_folder.ARCHIVED:
        db.execute(statement)


@migrations()
def searched_at_hand(db: Database) -> None:
    """What is over is found by kind, severity or being unread without reading all of it."""
    for statement in search.SEARCHED_AT_HAND:
        db.execute(statement)


@migrations()
def left_out_of_feeds(db: Database) -> None:
    """Which records of a platform could not be taken in, and why."""
    db.execute(feeds.LEFT_OUT)


@migrations()
def crossed_mails(db: Database) -> None:
    """A mail that met a decision on its way here comes after it."""
    db.execute(crossing.CROSSED)


@migrations()
def replies_in_doubt(db: Database) -> None:
    """Which replies may have left already, since when one is tried, and no draft of such words."""
    for statement in outbox.IN_DOUBT:
        db.execute(statement)


@migrations()
def what_accounts_want(db: Database) -> None:
    """A password is asked for only where one helps."""
    db.execute(schema.WHAT_ACCOUNTS_WANT)


@migrations()
def plans_without_statistics(db: Database) -> None:
    """How rows are looked up is the same in every profile.

    By SQLite's counts of ten years (all replies are filed, nearly all issues done) the few that are
    still open seemed not worth an index, and were looked for among all.
    """
    if db["sqlite_stat1"].exists():
        db.execute("DELETE FROM sqlite_stat1")
        db.execute("ANALYZE sqlite_schema")  # read anew by this connection as well


def migrate(db: sqlite3.Connection, steps: Migrations = migrations) -> None:
    """Bring the file up to date: either all pending steps, or none."""
    database = Database(db)
    with database.atomic():
        steps.apply(database)
        (count,) = db.execute(
            "SELECT count(*) FROM _sqlite_migrations WHERE migration_set = ?", (steps.name,)
        ).fetchone()
        db.execute(f"PRAGMA user_version = {int(count)}")


def migrate_to(db: sqlite3.Connection, names: tuple[str, ...]) -> None:
    """Give a new file the shape that these first steps make, for rows that an older one wrote."""
    database = Database(db)
    with database.atomic():
        migrations.apply(database, stop_before=set(version.KNOWN) - set(names))
        db.execute(f"PRAGMA user_version = {len(names)}")
