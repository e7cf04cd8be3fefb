"""Schema: the tables as the first migration makes them; once released, never edited again.

Rules of the file: every table is STRICT, instants are integers (microseconds, UTC), enums are text.
What can be computed from a row is a generated column, and what can be counted is counted by a
trigger, so that neither can drift from the truth.
"""

from __future__ import annotations

_PROFILE = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID
"""

_ACCOUNTS = (
    """
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    settings TEXT NOT NULL,
    secret BLOB,
    secret_command TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT
""",
    """
CREATE TABLE health (
    account_id INTEGER PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    message TEXT NOT NULL,
    hint TEXT NOT NULL,
    last_try_at INTEGER,
    last_ok_at INTEGER
) STRICT
""",
)

# A location is where a stored mail lies on a server, or (with a reason) a mail that was passed
# over. `holding` counts the stored ones, so that the books of a folder cost one row to read.
_FOLDERS = (
    """
CREATE TABLE folder (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    uid_validity INTEGER,
    uid_next INTEGER,
    modseq INTEGER,
    on_server INTEGER,
    checked_at INTEGER,
    UNIQUE (account_id, name)
) STRICT
""",
    """
CREATE TABLE location (
    folder_id INTEGER NOT NULL REFERENCES folder(id) ON DELETE CASCADE,
    uid_validity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    message_id INTEGER REFERENCES message(id),
    reason TEXT,
    PRIMARY KEY (folder_id, uid_validity, uid),
    CHECK ((message_id IS NULL) <> (reason IS NULL))
) STRICT, WITHOUT ROWID
""",
    """
CREATE INDEX location_skipped ON location(folder_id, uid_validity, reason)
WHERE reason IS NOT NULL
""",
    """
CREATE TABLE holding (
    folder_id INTEGER NOT NULL REFERENCES folder(id) ON DELETE CASCADE,
    uid_validity INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    PRIMARY KEY (folder_id, uid_validity)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TRIGGER location_added AFTER INSERT ON location WHEN NEW.message_id IS NOT NULL BEGIN
    INSERT INTO holding VALUES (NEW.folder_id, NEW.uid_validity, 1)
    ON CONFLICT DO UPDATE SET stored = stored + 1;
END
""",
    """
CREATE TRIGGER location_changed AFTER UPDATE OF message_id ON location
WHEN (OLD.message_id IS NULL) <> (NEW.message_id IS NULL) BEGIN
    INSERT INTO holding VALUES
        (NEW.folder_id, NEW.uid_validity, iif(NEW.message_id IS NULL, -1, 1))
    ON CONFLICT DO UPDATE SET stored = stored + excluded.stored;
END
""",
    """
CREATE TRIGGER location_gone AFTER DELETE ON location WHEN OLD.message_id IS NOT NULL BEGIN
    UPDATE holding SET stored = stored - 1
    WHERE folder_id = OLD.folder_id AND uid_validity = OLD.uid_validity;
END
""",
)

# `bucket` is the place of an issue in the house: past (from before the account was connected),
# noise, open, waiting, done. It is for counting and for single rows: an index that a query over a
# generated column uses does not cover it, so the lists have partial indexes, each in the order of
# the list and with all that its views ask for. The conditions stand in inbox.py word for word.
_ISSUES = (
    """
CREATE TABLE issue (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    account_id INTEGER REFERENCES account(id) ON DELETE SET NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    second_kind TEXT,
    severity TEXT NOT NULL,
    priority TEXT NOT NULL,
    score INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    snoozed_until INTEGER,
    deadline_at INTEGER,
    waiting_since INTEGER,
    history INTEGER NOT NULL,
    unseen INTEGER NOT NULL,
    unsure INTEGER NOT NULL,
    suspicious INTEGER NOT NULL,
    automatic INTEGER NOT NULL,
    message_count INTEGER NOT NULL DEFAULT 0,
    assignee TEXT NOT NULL DEFAULT '',
    customer_key TEXT NOT NULL,
    customer_email TEXT NOT NULL,
    customer_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    preview TEXT NOT NULL DEFAULT '',
    order_number TEXT NOT NULL DEFAULT '',
    order_minor INTEGER,
    order_currency TEXT,
    confidence REAL NOT NULL,
    language TEXT NOT NULL,
    reasons TEXT NOT NULL,
    suspicious_because TEXT NOT NULL,
    decisions TEXT NOT NULL,
    bucket TEXT GENERATED ALWAYS AS (
        CASE WHEN history AND state IN ('resolved', 'closed') THEN 'past'
             WHEN kind = 'not_an_issue' THEN 'noise'
             WHEN state = 'waiting' THEN 'waiting'
             WHEN state IN ('new', 'acknowledged') THEN 'open'
             ELSE 'done' END) VIRTUAL
) STRICT
""",
    """
CREATE INDEX issue_live ON issue
    (score DESC, last_at DESC, state, snoozed_until, priority, kind, second_kind, assignee)
WHERE state IN ('new', 'acknowledged', 'waiting') AND kind <> 'not_an_issue'
""",
    """
CREATE INDEX issue_live_count ON issue
    (state, kind, second_kind, priority, snoozed_until, assignee)
WHERE state IN ('new', 'acknowledged', 'waiting') AND kind <> 'not_an_issue'
""",
    """
CREATE INDEX issue_done ON issue(score DESC, last_at DESC, state, history, kind)
WHERE state IN ('resolved', 'closed') AND kind <> 'not_an_issue' AND NOT history
""",
    """
CREATE INDEX issue_noise ON issue(score DESC, last_at DESC, state, history, kind)
WHERE kind = 'not_an_issue'
""",
    "CREATE INDEX issue_all ON issue(score DESC, last_at DESC)",
    "CREATE INDEX issue_customer ON issue(customer_key, state)",
    "CREATE INDEX issue_number ON issue(order_number) WHERE order_number <> ''",
    "CREATE INDEX issue_asleep ON issue(snoozed_until) WHERE snoozed_until IS NOT NULL",
    "CREATE INDEX issue_account ON issue(account_id)",
    "CREATE TABLE tally (bucket TEXT PRIMARY KEY, issues INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """
CREATE TRIGGER issue_added AFTER INSERT ON issue BEGIN
    INSERT INTO tally VALUES (NEW.bucket, 1) ON CONFLICT DO UPDATE SET issues = issues + 1;
END
""",
    """
CREATE TRIGGER issue_moved AFTER UPDATE OF state, kind, history ON issue
WHEN OLD.bucket <> NEW.bucket BEGIN
    UPDATE tally SET issues = issues - 1 WHERE bucket = OLD.bucket;
    INSERT INTO tally VALUES (NEW.bucket, 1) ON CONFLICT DO UPDATE SET issues = issues + 1;
END
""",
    """
CREATE TRIGGER issue_gone AFTER DELETE ON issue BEGIN
    UPDATE tally SET issues = issues - 1 WHERE bucket = OLD.bucket;
END
""",
    """
CREATE TABLE atom (
    atom TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    issue_id INTEGER NOT NULL REFERENCES issue(id),
    alias INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID
""",
    "CREATE UNIQUE INDEX atom_key ON atom(key, issue_id)",
    "CREATE INDEX atom_issue ON atom(issue_id)",
)

# The id of a message grows with its arrival (see messages.py): the newest mail has the highest id,
# in whatever order a mailbox was read, and `words` can be walked from the newest down.
_MESSAGES = (
    """
CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    issue_id INTEGER NOT NULL REFERENCES issue(id),
    account_id INTEGER REFERENCES account(id) ON DELETE SET NULL,
    direction TEXT NOT NULL,
    message_id TEXT NOT NULL,
    from_key TEXT NOT NULL,
    from_email TEXT,
    from_name TEXT,
    received_at INTEGER NOT NULL,
    sent_at INTEGER,
    raw_sha256 TEXT NOT NULL,
    raw_size INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    joined_because TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    assessment TEXT,
    new_text TEXT,
    text TEXT NOT NULL
) STRICT
""",
    "CREATE INDEX message_issue ON message(issue_id)",
    "CREATE INDEX message_named ON message(message_id)",
    "CREATE INDEX message_account ON message(account_id)",
    "CREATE INDEX message_unjudged ON message(id) WHERE assessment IS NULL AND direction = 'in'",
    "CREATE TABLE raw (id INTEGER PRIMARY KEY REFERENCES message(id), zlib BLOB NOT NULL) STRICT",
    """
CREATE VIEW message_words AS SELECT id, subject,
    ifnull(from_name, '') || ' ' || ifnull(from_email, '') AS sender,
    substr(text, 1, 32768) AS body
FROM message
""",
    """
CREATE VIRTUAL TABLE words USING fts5(
    subject, sender, body, content='message_words', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='2 3')
""",
    "CREATE TABLE unindexed (id INTEGER PRIMARY KEY) STRICT",
)

# What people decided is only ever added; a merge may say which issue it is about now.
_JOURNAL = (
    """
CREATE TABLE journal (
    id TEXT PRIMARY KEY,
    issue_id INTEGER NOT NULL REFERENCES issue(id),
    device TEXT NOT NULL,
    counter INTEGER NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    atoms TEXT NOT NULL,
    base TEXT NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (device, counter)
) STRICT
""",
    "CREATE INDEX journal_issue ON journal(issue_id, counter)",
    """
CREATE TRIGGER journal_stands
BEFORE UPDATE OF id, device, counter, at, type, atoms, base, data ON journal BEGIN
    SELECT RAISE(ABORT, 'a journal entry is never changed');
END
""",
    """
CREATE TRIGGER journal_stays BEFORE DELETE ON journal BEGIN
    SELECT RAISE(ABORT, 'a journal entry is never deleted');
END
""",
    """
CREATE TABLE deadline (
    issue_id INTEGER NOT NULL REFERENCES issue(id),
    metric TEXT NOT NULL,
    planned_at INTEGER NOT NULL,
    met_at INTEGER,
    breached_at INTEGER,
    explanation TEXT NOT NULL,
    PRIMARY KEY (issue_id, metric)
) STRICT, WITHOUT ROWID
""",
    """
CREATE INDEX deadline_open ON deadline(planned_at)
WHERE met_at IS NULL AND breached_at IS NULL
""",
)

_ALERTS = (
    """
CREATE TABLE alert (
    id INTEGER PRIMARY KEY,
    dedupe TEXT NOT NULL UNIQUE,
    level TEXT NOT NULL,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    issue_keys TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    shown_at INTEGER,
    shown_by TEXT NOT NULL,
    clicked_at INTEGER
) STRICT
""",
    "CREATE INDEX alert_created ON alert(created_at)",
    "CREATE INDEX alert_state ON alert(state)",
    """
CREATE TABLE alert_issue (
    key TEXT NOT NULL,
    alert_id INTEGER NOT NULL REFERENCES alert(id),
    PRIMARY KEY (key, alert_id)
) STRICT, WITHOUT ROWID
""",
)

_REPLIES = (
    """
CREATE TABLE reply (
    id INTEGER PRIMARY KEY,
    issue_id INTEGER NOT NULL REFERENCES issue(id),
    account_id INTEGER NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    request TEXT UNIQUE,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    sent_at INTEGER,
    attempt INTEGER NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    error TEXT NOT NULL,
    smtp_reply TEXT NOT NULL,
    template TEXT NOT NULL,
    rendered TEXT NOT NULL,
    body TEXT NOT NULL,
    mime BLOB NOT NULL
) STRICT
""",
    "CREATE INDEX reply_state ON reply(state, not_before)",
    "CREATE INDEX reply_issue ON reply(issue_id)",
    """
CREATE TABLE draft (
    issue_id INTEGER PRIMARY KEY REFERENCES issue(id),
    subject TEXT NOT NULL,
    to_ TEXT NOT NULL,
    cc TEXT NOT NULL,
    template TEXT NOT NULL,
    rendered TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT
""",
    """
CREATE TABLE purchase (
    platform TEXT NOT NULL,
    platform_id TEXT NOT NULL,
    number_key TEXT NOT NULL,
    customer_key TEXT NOT NULL,
    placed_at INTEGER NOT NULL,
    order_ TEXT NOT NULL,
    PRIMARY KEY (platform, platform_id)
) STRICT
""",
    "CREATE INDEX purchase_number ON purchase(number_key, placed_at)",
    "CREATE INDEX purchase_customer ON purchase(customer_key, placed_at)",
)

FIRST_LIGHT: tuple[str, ...] = (
    _PROFILE,
    *_ACCOUNTS,
    *_ISSUES,
    *_MESSAGES,
    *_FOLDERS,
    *_JOURNAL,
    *_ALERTS,
    *_REPLIES,
)

# Many customers with one cause. `alerted`: how often it has rung. Put away until it grows again.
INCIDENTS = (
    """
CREATE TABLE incident (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    sort TEXT NOT NULL,
    title TEXT NOT NULL,
    grave INTEGER NOT NULL,
    customers INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    alerted INTEGER NOT NULL,
    put_away_at INTEGER
) STRICT
""",
    """
CREATE TABLE incident_issue (
    issue_id INTEGER PRIMARY KEY REFERENCES issue(id) ON DELETE CASCADE,
    incident_id INTEGER NOT NULL REFERENCES incident(id)
) STRICT
""",
    "CREATE INDEX incident_members ON incident_issue(incident_id)",
)

# Gmail's own names: one mail under several labels, and which mails it shows as one conversation.
GMAIL_IDS: tuple[str, ...] = (
    """
CREATE TABLE gmail (
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    mail INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    message_id INTEGER NOT NULL REFERENCES message(id),
    PRIMARY KEY (account_id, mail)
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX gmail_thread ON gmail(account_id, thread)",
)

# By what else an order is found: the tracking numbers of its parcels, its customer's last name.
ORDER_LINKS = (
    """
CREATE TABLE purchase_clue (
    clue TEXT NOT NULL,
    platform TEXT NOT NULL,
    platform_id TEXT NOT NULL,
    PRIMARY KEY (clue, platform, platform_id),
    FOREIGN KEY (platform, platform_id) REFERENCES purchase(platform, platform_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX purchase_clue_of ON purchase_clue(platform, platform_id)",
    "ALTER TABLE issue ADD COLUMN order_link TEXT",
)

# When waiting or a deadline next changes an issue's score: the watch looks at nothing else.
LOOK_AGAIN = (
    "ALTER TABLE issue ADD COLUMN look_at INTEGER",
    "CREATE INDEX issue_look ON issue(look_at) WHERE look_at IS NOT NULL",
)

# What rang before by itself had named its issue.
ALERTS_BY_NAME = (
    "ALTER TABLE alert ADD COLUMN by_name INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE alert_issue ADD COLUMN named INTEGER NOT NULL DEFAULT 1",
    "UPDATE alert SET by_name = 1 WHERE json_array_length(issue_keys) = 1",
)

# As a mailbox is read, every transaction leaves a segment of the index behind. FTS5 would merge
# four of them at once, again and again: a fifth of what indexing costs. `messages.merge_words` does
# it when there is nothing else to do; until then so many do not slow a search.
WORDS_AT_LEISURE = (
    "INSERT INTO words (words, rank) VALUES ('automerge', 16)",
    "INSERT INTO words (words, rank) VALUES ('crisismerge', 64)",
)

# What helps an account that asks for its owner: to sign in, other folders, or its server.
WHAT_ACCOUNTS_WANT = "ALTER TABLE health ADD COLUMN wants TEXT NOT NULL DEFAULT 'sign_in'"
