"""`kvalitet login`: a login link without a mail, for whoever sits at the machine."""

from __future__ import annotations

from typing import Annotated

import typer

from kvalitet.adapters import clock, danish
from kvalitet.adapters.access import links
from kvalitet.adapters.access.visitors import is_let_in_by_mail
from kvalitet.adapters.errors import UserError
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, opened

app = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def access() -> None:
    """Luk folk ind på siderne."""


@app.command(cls=Command)
def login(
    address: Annotated[
        str, typer.Argument(metavar="ADRESSE", help="En mailadresse i kommunens filer, eller driftens.")
    ],
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Skriv et link, der logger ind én gang.

    Det virker i ti minutter og er til dig selv, fx når der endnu ikke er en mailserver.
    """
    now, mailbox = clock.now(), address.strip().lower()
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        if not is_let_in_by_mail(installation, found.key, mailbox, now=now):
            raise UserError(
                f"»{address}« kan ikke logge ind i {found.name} med et link; adressen skal stå i kommunens filer, hos "
                "en skole, der ikke er lukket, eller i KVALITET_OPERATORS, og login.by_mail må ikke være slået fra."
            )
        with installation.store.write() as connection:
            token = links.make(connection, found.key, mailbox, now=now)
        text = f"{installation.settings.public_url}/log-ind/link/{token}"
    ends_at = now + links.LIFE
    if as_json:
        output.say_json({"municipality": found.key, "address": mailbox, "link": text, "ends_at": ends_at.isoformat()})
        return
    output.say(text)
    output.say(f"Linket virker én gang, til kl. {danish.time_text(ends_at)}. Det er kun til dig.")
