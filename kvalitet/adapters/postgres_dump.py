"""PostgreSQL's own programs for backing a database up and laying it back."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from sqlalchemy import URL, create_engine, inspect, make_url

from kvalitet.adapters.errors import OperationError

if TYPE_CHECKING:
    from pathlib import Path


def dump(url: str, target: Path) -> Path:
    """Write the whole database to a file, as it was at one instant."""
    _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={target}")
    return target


def load(url: str, source: Path) -> None:
    """Replace the database's tables with those of a file, in one transaction."""
    _run("pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction", str(source))


def has_tables(url: str) -> bool:
    """Tell whether the database holds an installation."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        return inspect(engine).has_table("occurrence")
    finally:
        engine.dispose()


def _run(program: str, url: str, *arguments: str) -> None:
    """Run a program of PostgreSQL's; the password goes by the environment, where no other user can read it."""
    path = shutil.which(program)
    if path is None:
        raise OperationError(
            f"Programmet {program} mangler på maskinen; installér PostgreSQLs klientprogrammer "
            "(på Debian pakken postgresql-client), og prøv igen."
        )
    parsed = make_url(url)
    # Setting a URL's password to None leaves it as it is, so the address is made anew without one.
    address = URL.create(
        "postgresql", parsed.username, None, parsed.host, parsed.port, parsed.database, parsed.query
    ).render_as_string()
    environment = {**os.environ, **({"PGPASSWORD": str(parsed.password)} if parsed.password else {})}
    done = subprocess.run(  # noqa: S603 -- the program is PostgreSQL's own, and nothing goes through a shell
        [path, f"--dbname={address}", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["uden forklaring"])[-1]
        raise OperationError(f"{program} mislykkedes ({said}). Intet er ændret.")
