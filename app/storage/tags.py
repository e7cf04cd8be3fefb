"""Tags: the words that people and rules put on issues, as `tag:` finds them.

Which an issue has is decided in its journal; the file itself keeps this table beside `decisions`,
so that nobody who writes an issue has to think of it.
"""

from __future__ import annotations

TAGS: tuple[str, ...] = (
    """
CREATE TABLE issue_tag (
    issue_id INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (issue_id, name)
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX issue_tag_name ON issue_tag(name, issue_id)",
    """
CREATE TRIGGER issue_tags_move AFTER UPDATE OF decisions ON issue
WHEN NEW.decisions -> '$.tags' IS NOT OLD.decisions -> '$.tags' BEGIN
    DELETE FROM issue_tag WHERE issue_id = NEW.id;
    INSERT OR IGNORE INTO issue_tag SELECT NEW.id, value FROM json_each(NEW.decisions, '$.tags');
END
""",
    """
CREATE TRIGGER issue_tags_go BEFORE DELETE ON issue BEGIN
    DELETE FROM issue_tag WHERE issue_id = OLD.id;
END
""",
    """
INSERT OR IGNORE INTO issue_tag
SELECT i.id, t.value FROM issue i, json_each(i.decisions, '$.tags') t
""",
)
