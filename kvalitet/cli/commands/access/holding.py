"""`kvalitet access`: what is held about a person."""

from __future__ import annotations

from typing import Annotated

import typer

from kvalitet.adapters.access.personal_data import held_about
from kvalitet.adapters.danish import count_text
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, opened

app = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def group() -> None:
    """Vis, hvad der er gemt om en person."""


@app.command(cls=Command)
def export(
    address: Annotated[str, typer.Argument(metavar="ADRESSE", help="Personens mailadresse.")],
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Vis, hvad databasen rummer om en person.

    Det er til den, der vil se, hvad der er gemt om dem selv. Uden --json tælles rækkerne op; med --json skrives de.
    """
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        with installation.store.read() as connection:
            held = held_about(connection, found, address)
    if as_json:
        told = {"municipality": found.key, "address": address.strip().lower(), "names": list(held.names)}
        output.say_json({**told, "by_address": held.by_address, "by_name": held.by_name})
        return
    lines = [(name, str(len(rows)), "adresse") for name, rows in held.by_address.items()]
    lines += [(name, str(len(rows)), "navn") for name, rows in held.by_name.items()]
    output.table(("Tabel", "Rækker", "Fundet på"), lines, empty=f"Der er ikke gemt noget om {address}.")
    if held.by_name:
        names = " og ".join(f"»{name}«" for name in held.names)
        count = sum(map(len, held.by_name.values()))
        counted = count_text(count, "række", "rækker").capitalize()
        output.say(f"{counted} er fundet på navnet {names}; se efter, om de er om en anden.")
