"""The supervisor: keeps the board, Prefect's server and the served flows running."""

from kvalitet.supervisor.running import run_all

__all__ = ["run_all"]
