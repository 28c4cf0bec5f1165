"""Runs of the extracts: tries, findings, decisions, fixed baselines; what was brought home is never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CONTENT = (
    "id, municipality, occurrence, source, request, raw, sha256, pulled_at, rows,"
    " school_year, content_type, label, published_on, updated_at"
)
# Rows that are written once.
WRITTEN_ONCE = ("measurement", "finding", "snapshot_decision", "baseline")


def upgrade() -> None:
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("school_year", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("content_type", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("label", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("published_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pupils", sa.Integer(), nullable=True))

    op.create_table(
        "pull",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=True),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=True),
        sa.Column("next_try", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["occurrence"], ["occurrence.key"], name=op.f("fk_pull_occurrence")),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshot.id"], name=op.f("fk_pull_snapshot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pull")),
    )
    with op.batch_alter_table("pull", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pull_municipality_began_at"), ["municipality", "began_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_pull_snapshot"), ["snapshot"], unique=False)
        batch_op.create_index(
            "uq_pull_running",
            ["occurrence", "source", "school_year"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("column_name", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshot.id"], name=op.f("fk_finding_snapshot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_snapshot"), ["snapshot"], unique=False)

    op.create_table(
        "snapshot_decision",
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshot.id"], name=op.f("fk_snapshot_decision_snapshot")),
        sa.PrimaryKeyConstraint("snapshot", name=op.f("pk_snapshot_decision")),
    )
    op.create_table(
        "baseline",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("pupils", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "indicator", "school_year", "unit", name=op.f("pk_baseline")),
    )
    # Snapshots of the first versions were shown as soon as they were there.
    op.execute(
        "INSERT INTO pull"
        " (municipality, occurrence, source, request, began_at, lease_until, ended_at, outcome, snapshot)"
        " SELECT municipality, occurrence, source, request, pulled_at, pulled_at, pulled_at, 'published', id"
        " FROM snapshot WHERE published_at IS NOT NULL ORDER BY id"
    )
    for statement in GUARDS[op.get_bind().dialect.name]():
        op.execute(statement)


def sqlite_guards() -> list[str]:
    def refuse(table: str, name: str, when: str) -> str:
        refusal = f"SELECT RAISE(ABORT, 'rows of {table} are never changed')"
        return f"CREATE TRIGGER {table}_{name} BEFORE {when} BEGIN {refusal}; END"

    return [
        *(refuse(table, "update", f"UPDATE ON {table}") for table in WRITTEN_ONCE),
        *(refuse(table, "delete", f"DELETE ON {table}") for table in (*WRITTEN_ONCE, "snapshot", "pull")),
        refuse("snapshot", "content", f"UPDATE OF {CONTENT} ON snapshot"),
        refuse("snapshot", "publish", "UPDATE OF published_at ON snapshot WHEN OLD.published_at IS NOT NULL"),
        refuse("pull", "ended", "UPDATE ON pull WHEN OLD.ended_at IS NOT NULL"),
    ]


def postgresql_guards() -> list[str]:
    def refuse(table: str, name: str, when: str, condition: str = "") -> str:
        which = f"WHEN ({condition}) " if condition else ""
        return (
            f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table}"
            f" FOR EACH ROW {which}EXECUTE FUNCTION refuse_change()"
        )

    return [
        """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$""",
        *(refuse(table, "change", "UPDATE OR DELETE") for table in WRITTEN_ONCE),
        *(refuse(table, "delete", "DELETE") for table in ("snapshot", "pull")),
        refuse("snapshot", "content", f"UPDATE OF {CONTENT}"),
        refuse("snapshot", "publish", "UPDATE OF published_at", "OLD.published_at IS NOT NULL"),
        refuse("pull", "ended", "UPDATE", "OLD.ended_at IS NOT NULL"),
    ]


GUARDS = {"sqlite": sqlite_guards, "postgresql": postgresql_guards}
