"""`kvalitet sessions`: browsers that are logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kvalitet.adapters import clock
from kvalitet.adapters.access import accounts
from kvalitet.adapters.access.logging_out import log_out
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, opened

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality

app = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def group() -> None:
    """Log folk ud."""


@app.command(cls=Command)
def end(
    address: Annotated[str, typer.Argument(metavar="ADRESSE", help="Mailadressen på den, der skal logges ud.")],
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Log en person ud af alle browsere."""
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        ended = _end(installation, found, address.strip().lower(), now=clock.now())
    if as_json:
        output.say_json({"municipality": found.key, "address": address.strip().lower(), "ended": ended})
    else:
        output.say(f"{address} er logget ud; der var {ended or 'ingen'} {'browser' if ended == 1 else 'browsere'}.")


def _end(installation: Installation, municipality: Municipality, address: str, *, now: datetime) -> int:
    """End the sessions of a mailbox, and of the people whose login has that address; tell how many."""
    issuer = municipality.login.issuer
    with installation.store.read() as connection:
        known = accounts.accounts(connection, issuer) if issuer else []
    theirs = [account.id for account in known if account.address == address]
    return log_out(installation, municipality, mailbox=address, accounts=theirs, now=now)
