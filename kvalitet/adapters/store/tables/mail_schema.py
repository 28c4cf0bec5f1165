"""Tables of mail: the outbox, what comes back, pauses, and the calendars that people subscribe to."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from kvalitet.adapters.store.tables.columns import Instant, metadata, occurrence_key

WAITING = text("state IN ('queued', 'retry')")

mail = Table(
    "mail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("municipality", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("template", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("recipient_name", Text, nullable=False),
    Column("school", Text),
    Column("activity", Text),
    Column("subject", Text, nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    # The final bytes, frozen before the first try: a second try sends the very same message.
    Column("content", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_until", Instant),
    Column("worker", Text),
    Column("sent_at", Instant),
    Column("reason", Text, nullable=False, default=""),
    # What a held mail waits for: a person, the surge guard or its address.
    Column("held_for", Text),
    # When the newest try began: what the mail server takes a minute is counted by it.
    Column("attempted_at", Instant),
    # When a person let it go in spite of the surge guard.
    Column("released_at", Instant),
    Column("may_be_doubled", Boolean, nullable=False, server_default="0"),
    Column("bounced_at", Instant),
    Index(None, "state", "not_before"),
    Index(None, "attempted_at"),
    Index(None, "municipality", "created_at"),
    # The next mail to send is found without sorting all that waits; the words are those of the claiming statement.
    Index("ix_mail_waiting", "not_before", "id", sqlite_where=WAITING, postgresql_where=WAITING),
)

mail_about = Table(
    "mail_about",
    metadata,
    Column("mail", Integer, ForeignKey("mail.id"), primary_key=True),
    occurrence_key(primary=True),
    Column("step", Text, nullable=False),
    # The due date that the mail names; a mail that names another one than holds is replaced before it is sent.
    Column("due", Date),
    Index(None, "occurrence", "step"),
)

# No mail of a municipality ("" for all of them) leaves while there is a row.
mail_pause = Table(
    "mail_pause",
    metadata,
    Column("municipality", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("paused_by", Text, nullable=False),
    Column("paused_at", Instant, nullable=False),
)

# A school that is not reminded of anything for a while (inclusive days; None: until somebody ends it).
school_pause = Table(
    "school_pause",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("municipality", Text, nullable=False),
    Column("school", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date),
    Column("reason", Text, nullable=False),
    Column("paused_by", Text, nullable=False),
    Column("paused_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(None, "municipality", "school"),
)

# An address whose mails came back.
address_mark = Table(
    "address_mark",
    metadata,
    Column("municipality", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("marked_at", Instant, nullable=False),
    Column("mail", Integer, ForeignKey("mail.id")),
)

incoming = Table(
    "incoming",
    metadata,
    Column("id", Integer, primary_key=True),
    # The sender's message id, or the content's SHA-256 where it has none: the same mail is kept once.
    Column("key", Text, nullable=False, unique=True),
    Column("municipality", Text),
    Column("received_at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    # The mail of ours that it answers, and the occurrence that it is about, where that is known.
    Column("mail", Integer, ForeignKey("mail.id")),
    Column("occurrence", Text, ForeignKey("occurrence.key")),
    Column("is_confirmed", Boolean, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("handled_at", Instant),
    Column("handled_by", Text, nullable=False, server_default=""),
    Index(None, "municipality", "received_at"),
)

# A file that came by mail, waiting for its sender to confirm that it is the delivery.
offer = Table(
    "offer",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("incoming", Integer, ForeignKey("incoming.id"), nullable=False),
    Column("municipality", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", Text, nullable=False),
    Column("file_size", Integer, nullable=False),
    Column("offered_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("delivery", Integer, ForeignKey("delivery.id")),
    Index(None, "incoming"),
)

# A private calendar: its address is its secret, so only a hash of it is kept.
feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_sha256", Text, nullable=False, unique=True),
    Column("municipality", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("revoked_at", Instant),
    Column("used_at", Instant),
    Index(None, "municipality", "address"),
)
