"""Every folder: the tables and columns for more than the INBOX; once released, never edited again.

`missing` are messages whose last place was lost: a mail that vanished from one folder and came up
in another is the same mail moved, so it counts as gone only after `rounds` whole rounds without a
place. `left_there` marks mails in Junk that were looked at and not brought in. `mark` tells a mail
from another that the server may file under its number one day (domain.mailbox.mark_of).
`wanted_flag` is what the owner's doing should mean on the server, if the owner wants that.
"""

from __future__ import annotations

EVERY_FOLDER: tuple[str, ...] = (
    "ALTER TABLE folder ADD COLUMN role TEXT NOT NULL DEFAULT 'inbox'",
    "ALTER TABLE location ADD COLUMN mark INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE location ADD COLUMN flags INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE location ADD COLUMN left_there INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX location_message ON location(message_id) WHERE message_id IS NOT NULL",
    """
CREATE TABLE missing (
    message_id INTEGER PRIMARY KEY REFERENCES message(id),
    rounds INTEGER NOT NULL DEFAULT 0
) STRICT
""",
    """
CREATE TABLE wanted_flag (
    message_id INTEGER PRIMARY KEY REFERENCES message(id),
    flags INTEGER NOT NULL
) STRICT
""",
    """
CREATE TRIGGER message_left AFTER DELETE ON location
WHEN OLD.message_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM location WHERE message_id = OLD.message_id) BEGIN
    INSERT INTO missing (message_id) VALUES (OLD.message_id) ON CONFLICT DO NOTHING;
END
""",
    """
CREATE TRIGGER message_replaced AFTER UPDATE OF message_id ON location
WHEN OLD.message_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM location WHERE message_id = OLD.message_id) BEGIN
    INSERT INTO missing (message_id) VALUES (OLD.message_id) ON CONFLICT DO NOTHING;
END
""",
)

# Archived at Gmail: it lies in no folder that is read, and is kept in this one. What was taken for
# gone before there was this column is asked about again.
ARCHIVED = (
    "ALTER TABLE missing ADD COLUMN kept_in TEXT",
    "UPDATE missing SET rounds = 0 WHERE message_id IN (SELECT message_id FROM gmail)",
)
