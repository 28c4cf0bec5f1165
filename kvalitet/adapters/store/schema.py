"""Tables of the store; the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite, which knows no time zones, holds it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse an instant without a time zone: nobody can tell which one it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"An instant needs a time zone: {value!r}"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A decimal number kept to the digit, also on SQLite."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write the number as text."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Read the number from text."""
        return None if value is None else Decimal(value)


def _occurrence_key(*, primary: bool = False) -> Column[str]:
    return Column("occurrence", Text, ForeignKey("occurrence.key"), primary_key=primary, nullable=False)


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
    _occurrence_key(primary=True),
    Column("state", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("place", Text, nullable=False, default=""),
    Column("sequence", Integer, nullable=False, default=0),
    # DTSTAMP of the last revision that was sent; the next one must be later (RFC 5546 § 2.1.5).
    Column("stamped_at", Instant),
    Column("changed_at", Instant, nullable=False),
)

attendee = Table(
    "attendee",
    metadata,
    _occurrence_key(primary=True),
    Column("address", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("sequence", Integer, nullable=False, default=0),
    Column("answered_at", Instant),
    Column("comment", Text, nullable=False, default=""),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    _occurrence_key(),
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
    _occurrence_key(primary=True),
    Column("reason", Text, nullable=False),
    Column("waived_by", Text, nullable=False),
    Column("waived_at", Instant, nullable=False),
)

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
    Index(None, "state", "not_before"),
    Index(None, "municipality", "created_at"),
)

mail_about = Table(
    "mail_about",
    metadata,
    Column("mail", Integer, ForeignKey("mail.id"), primary_key=True),
    _occurrence_key(primary=True),
    Column("step", Text, nullable=False),
    Index(None, "occurrence", "step"),
)

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
