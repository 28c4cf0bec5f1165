"""Tables of who is let in, what they may do, and what they did."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from kvalitet.adapters.store.tables.columns import Instant, metadata

# Known by who vouches for them and by that one's name for them; an address may go to another person.
account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    UniqueConstraint("issuer", "subject"),
)

access_grant = Table(
    "access_grant",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", Integer, ForeignKey("account.id"), nullable=False),
    Column("municipality", Text, nullable=False),
    Column("access", Text, nullable=False),
    Column("school", Text),
    Column("school_group", Text),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index(None, "account"),
    Index(None, "municipality"),
)

# A browser that is let in. One who came by a link in a mail is known by the address; what that address may do is
# read from the files each time.
session = Table(
    "session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_sha256", Text, nullable=False, unique=True),
    Column("municipality", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("account", Integer, ForeignKey("account.id")),
    Column("address", Text, nullable=False, server_default=""),
    # In a demonstration only: what the visitor has chosen to be.
    Column("access", Text),
    Column("school", Text),
    Column("school_group", Text),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(None, "municipality", "address"),
    Index(None, "account"),
)

login_link = Table(
    "login_link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_sha256", Text, nullable=False, unique=True),
    Column("municipality", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index(None, "municipality", "address"),
)

# Counted in the database, so that two processes count together; `key` is a digest, and rows are let go after a day.
attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "key", "at"),
)

# Append-only: triggers refuse every change, whoever asks for it.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("municipality", Text, nullable=False, server_default=""),
    Column("actor", Text, nullable=False),
    Column("access", Text, nullable=False, server_default=""),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),
    Column("school", Text, nullable=False, server_default=""),
    Column("outcome", Integer, nullable=False),
    Index(None, "municipality", "at"),
)
