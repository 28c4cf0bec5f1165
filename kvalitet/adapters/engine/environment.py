"""What Prefect is told by its environment, which it reads when it is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.settings import CHECKOUT

if TYPE_CHECKING:
    from kvalitet.adapters.settings import Settings

# Prefect's server has no login of its own, so it is for this machine alone.
SERVER_HOST = "127.0.0.1"
RUNS_KEPT_DAYS = 365


def address(settings: Settings) -> str:
    """Give where people find Prefect's pages."""
    return f"http://{SERVER_HOST}:{settings.prefect_port}"


def environment(settings: Settings) -> dict[str, str]:
    """Give the variables for Prefect's server, for the served flows and for Prefect's own commands."""
    home = (settings.home / "prefect").resolve()
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"{address(settings)}/api",
        "PREFECT_SERVER_API_HOST": SERVER_HOST,
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        # Never in the store's own database: Prefect locks and clears it as it likes.
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        # Both are needed for a server and a client that call nobody.
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # Out of the box any page in a browser on this machine may post to the server.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": address(settings),
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        # What is worth keeping longer lies in the store.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(RUNS_KEPT_DAYS * 24 * 60 * 60),
        # A run that was killed keeps its place for so long, and all others are dropped meanwhile.
        "PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION": "60",
        "KVALITET_CHECKOUT": str(CHECKOUT),
    }
