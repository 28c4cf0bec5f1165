"""Tables of the wheel, its deliveries and its figures; the same on SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from kvalitet.adapters.store.tables.columns import Exact, Instant, metadata, occurrence_key

installation = Table(
    "installation", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False)
)

occurrence = Table(
    "occurrence",
    metadata,
    Column("key", Text, primary_key=True),
    Column("municipality", Text, nullable=False),
    Column("school_year", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("activity", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("opens", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("school", Text),
    Column("school_group", Text),
    Column("planned_at", Instant, nullable=False),
    Column("opened_at", Instant),
    Column("dropped_at", Instant),
    # The next day on which somebody must look at this row: a day's turn is one indexed query.
    Column("wake_on", Date),
    Index(None, "municipality", "school_year", "position"),
    Index(None, "municipality", "wake_on"),
    Index(None, "municipality", "school"),
)

booking = Table(
    "booking",
    metadata,
    occurrence_key(primary=True),
    Column("state", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("place", Text, nullable=False, default=""),
    Column("sequence", Integer, nullable=False, default=0),
    # DTSTAMP of the last revision that was sent; the next one must be later (RFC 5546 § 2.1.5).
    Column("stamped_at", Instant),
    Column("changed_at", Instant, nullable=False),
    # The meeting's name in calendars: a new one when it is booked again after a cancellation. None: nobody was invited.
    Column("uid", Text),
    # A mark of the text that was last announced, so that a changed one is announced anew.
    Column("wording", Text, nullable=False, server_default=""),
)

# Every revision that was ever sent: calendars compare them, so none may go back (RFC 5546 § 2.1.5).
revision = Table(
    "revision",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("stamped_at", Instant, primary_key=True),
    occurrence_key(),
    Column("sequence", Integer, nullable=False),
    Column("method", Text, nullable=False),
    # The one whom it was for; "" when it was for all who were invited.
    Column("address", Text, nullable=False, server_default=""),
    Index(None, "occurrence"),
)

attendee = Table(
    "attendee",
    metadata,
    occurrence_key(primary=True),
    Column("address", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("sequence", Integer, nullable=False, default=0),
    Column("answered_at", Instant),
    Column("comment", Text, nullable=False, default=""),
    # Whether the mail server vouches for the sender of the answer (RFC 8601); else it is shown as unconfirmed.
    Column("is_confirmed", Boolean, nullable=False, server_default="1"),
    Column("removed_at", Instant),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    occurrence_key(),
    Column("version", Integer, nullable=False),
    Column("delivered_at", Instant, nullable=False),
    Column("delivered_by", Text, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("file_name", Text),
    Column("file_sha256", Text),
    Column("file_size", Integer),
    Column("decision", Text),
    Column("decided_at", Instant),
    Column("decided_by", Text),
    Column("comment", Text, nullable=False, default=""),
    # A form's own mark: sent twice by a double click, it is still one delivery.
    Column("token", Text, unique=True),
    UniqueConstraint("occurrence", "version"),
)

waiver = Table(
    "waiver",
    metadata,
    occurrence_key(primary=True),
    Column("reason", Text, nullable=False),
    Column("waived_by", Text, nullable=False),
    Column("waived_at", Instant, nullable=False),
)

# One school's own due date of one deliverable; the plan keeps the wheel's own beside it.
extension = Table(
    "extension",
    metadata,
    occurrence_key(primary=True),
    Column("due", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("extended_by", Text, nullable=False),
    Column("extended_at", Instant, nullable=False),
)

# What somebody has typed and not delivered yet; `base_version` is the newest version when they began.
draft = Table(
    "draft",
    metadata,
    occurrence_key(primary=True),
    Column("author", Text, primary_key=True),
    Column("answers", JSON, nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("saved_at", Instant, nullable=False),
)

contact_note = Table(
    "contact_note",
    metadata,
    Column("id", Integer, primary_key=True),
    occurrence_key(),
    Column("text", Text, nullable=False),
    Column("noted_by", Text, nullable=False),
    Column("noted_at", Instant, nullable=False),
    Index(None, "occurrence"),
)

# What one source gave once. The database refuses every change of it but the one from held back to shown.
snapshot = Table(
    "snapshot",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("municipality", Text, nullable=False),
    Column("occurrence", Text, ForeignKey("occurrence.key")),
    Column("source", Text, nullable=False),
    Column("request", JSON, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("pulled_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("rows", Integer, nullable=False),
    # The school year that was asked for; None for a file that a person gave.
    Column("school_year", Integer),
    Column("content_type", Text, nullable=False, server_default=""),
    # A file name or an address.
    Column("label", Text, nullable=False, server_default=""),
    # What the source itself says of its data: when they came out, and when they were last changed.
    Column("published_on", Date),
    Column("updated_at", Instant),
    Index(None, "municipality", "sha256"),
    Index(None, "occurrence"),
)

measurement = Table(
    "measurement",
    metadata,
    Column("snapshot", Integer, ForeignKey("snapshot.id"), primary_key=True),
    Column("indicator", Text, primary_key=True),
    Column("school_year", Integer, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("value", Exact),
    Column("level", Text),
    Column("missing", Text),
    Column("source", Text, nullable=False),
    Column("published_on", Date),
    # How many pupils the figure is made of, where the source tells.
    Column("pupils", Integer),
    Index(None, "indicator", "unit"),
)

verdict = Table(
    "verdict",
    metadata,
    Column("municipality", Text, primary_key=True),
    Column("goal", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("school_year", Integer, primary_key=True),
    Column("attainment", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("confidential", Boolean, nullable=False, default=False),
    Column("judged_at", Instant, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("event", Text, nullable=False),
    Column("municipality", Text, nullable=False),
    Column("activity", Text, nullable=False, default=""),
    Column("occurrence", Text, nullable=False, default=""),
    Column("school", Text, nullable=False, default=""),
    Column("recipient", Text, nullable=False, default=""),
    Column("message_id", Text, nullable=False, default=""),
    Column("detail", Text, nullable=False, default=""),
    # Who did it; "" for what the service did by itself.
    Column("actor", Text, nullable=False, default="", server_default=""),
    Index(None, "municipality", "at"),
    Index(None, "occurrence"),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("detail", Text, nullable=False, default=""),
)
