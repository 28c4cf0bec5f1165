"""Tables of the extracts' runs: each try of each source, what was found wrong, who decided, and the fixed baselines."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text

from kvalitet.adapters.store.tables.columns import Exact, Instant, metadata

# One try at one source. While it lasts it has no end, and there may be only one such row for each thing to pull:
# whoever has it, has the right to pull until `lease_until`. An ended one is never changed.
pull = Table(
    "pull",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("municipality", Text, nullable=False),
    Column("occurrence", Text, ForeignKey("occurrence.key")),
    Column("source", Text, nullable=False),
    Column("school_year", Integer),
    Column("request", JSON, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("lease_until", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Text),
    Column("detail", Text, nullable=False, server_default=""),
    # What came home; None when nothing did. A source that says the same again gives the same snapshot again.
    Column("snapshot", Integer, ForeignKey("snapshot.id")),
    Column("next_try", Date),
    Index(None, "municipality", "began_at"),
    Index(None, "snapshot"),
)
RUNNING = pull.c.ended_at.is_(None)
Index(
    "uq_pull_running",
    pull.c.occurrence,
    pull.c.source,
    pull.c.school_year,
    unique=True,
    sqlite_where=RUNNING,
    postgresql_where=RUNNING,
)

# What is wrong with a snapshot, row by row; `holds` tells what keeps the whole of it from being shown.
finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("snapshot", Integer, ForeignKey("snapshot.id"), nullable=False),
    Column("holds", Boolean, nullable=False),
    Column("row", Integer),
    Column("column_name", Text, nullable=False, server_default=""),
    Column("value", Text, nullable=False, server_default=""),
    Column("why", Text, nullable=False),
    # Which indicator it is about, so that a confidential one's value is kept from those who may not see it.
    Column("indicator", Text, nullable=False, server_default=""),
    Column("unit", Text, nullable=False, server_default=""),
    Index(None, "snapshot"),
)

# A person's answer to a snapshot that was held back: released or rejected, once.
snapshot_decision = Table(
    "snapshot_decision",
    metadata,
    Column("snapshot", Integer, ForeignKey("snapshot.id"), primary_key=True),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Instant, nullable=False),
)

# The figure that a goal is counted from, as it was the first time: a later revision does not move the goal.
baseline = Table(
    "baseline",
    metadata,
    Column("municipality", Text, primary_key=True),
    Column("indicator", Text, primary_key=True),
    Column("school_year", Integer, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("value", Exact),
    Column("level", Text),
    Column("pupils", Integer),
    Column("source", Text, nullable=False),
    Column("published_on", Date),
    Column("fixed_at", Instant, nullable=False),
)
