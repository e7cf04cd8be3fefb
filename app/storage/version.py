"""Version: which migrations a file has seen, told without the library that runs them.

The window asks here before it reads, so nothing in this module may import sqlite_utils; a test
holds `KNOWN` against the migrations that are really there.
"""

from __future__ import annotations

import sqlite3

from app.domain.errors import ProfileTooNew
from app.domain.translation import tr

# The names of all migrations in order; the file's user_version is how many of them it has seen.
KNOWN = (
    "first_light", "incidents", "every_folder_of_an_account", "gmail_ids", "ways_out",
    "order_links", "calm_alerts", "feeds_of_platforms", "disputes", "promises_in_working_time",
    "contacts_and_calls", "when_to_look_again", "lessons_learnt", "awaiting_judgement",
    "mail_labels", "tags_of_issues", "contacts_taken_back", "saved_searches",
    "templates_in_use", "forgotten_customers", "turns_at_hand", "alerts_by_name",
    "words_merged_at_leisure", "files_at_hand", "archived_mails",
    "searched_at_hand", "left_out_of_feeds", "crossed_mails", "replies_in_doubt",
    "what_accounts_want", "plans_without_statistics",
)  # fmt: skip

MIGRATION_SET = "frontburner"


def applied(db: sqlite3.Connection) -> tuple[str, ...]:
    """The migrations that the file has seen; empty for a new file."""
    if not db.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlite_migrations'"
    ).fetchone():
        return ()
    rows = db.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", (MIGRATION_SET,)
    )
    return tuple(name for (name,) in rows)


def require_known(db: sqlite3.Connection, known: tuple[str, ...] = KNOWN) -> tuple[str, ...]:
    """The migrations that the file has seen, none of them strange to us.

    Raises:
        ProfileTooNew: a newer Frontburner has written this file.
    """
    seen = applied(db)
    (user_version,) = db.execute("PRAGMA user_version").fetchone()
    if user_version > len(known) or not set(seen) <= set(known):
        raise ProfileTooNew(
            tr("This profile belongs to a newer Frontburner"),
            tr(
                "A newer version has written it; this one would not understand all of it and leaves"
                " it as it is"
            ),
            tr("Install the newest Frontburner, or choose another profile with --profile"),
        )
    return seen
