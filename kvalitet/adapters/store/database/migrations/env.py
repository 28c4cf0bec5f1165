"""Runs the migrations on the connection that `upgrading.upgrade` hands over."""

from alembic import context

from kvalitet.adapters.store.tables.columns import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, transaction_per_migration=False
)
context.run_migrations()
