"""`kvalitet up`, `simulate` and `deploy`: the whole installation, and a year of it in seconds."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kvalitet.adapters import danish
from kvalitet.adapters.municipality_files import load_all
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Group
from kvalitet.cli.opening import chosen, settings_of, year_of
from kvalitet.simulation import play_year

app = typer.Typer(cls=Group, rich_markup_mode=None)


@app.command()
def simulate(  # noqa: PLR0913 -- each is an option of the command
    year: options.Year,
    out: Annotated[Path, typer.Option("--out", metavar="MAPPE", help="En tom eller ny mappe til det hele.")],
    municipality: options.Chosen = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="TAL", help="Samme tal giver samme år, byte for byte.", show_default=False)
    ] = 1,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Afspil et skoleår med et ur for sig.

    Skolerne afleverer efter et mønster. Alle mails, en log (events.csv), årshjulet ved hver måneds
    udgang og et sammendrag lægges i mappen; ingen installation røres.
    """
    school_year = year_of(year)
    folder = settings_of(home, files).municipality_folder
    found = chosen(load_all(folder), municipality)
    with output.working("Afspiller …") as status:

        def tell(day: date) -> None:
            if status is not None:
                status.update(f"Afspiller {danish.date_text(day)} …")
            elif day.day == 1:
                sys.stderr.write(f"Afspiller {danish.date_text(day)}\n")

        play_year(found, school_year, out, seed=seed, files=folder, tell=tell)
    mails = sum(1 for _ in (out / "mail").glob("*.eml"))
    if as_json:
        output.say_json(
            {"municipality": found.key, "school_year": school_year.label, "out": str(out), "seed": seed, "mails": mails}
        )
    else:
        output.say(f"{found.name} {school_year.label} er afspillet: {mails} mails. Se {out / 'summary.md'}.")
