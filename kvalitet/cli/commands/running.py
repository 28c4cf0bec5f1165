"""`kvalitet up`, `simulate` and `deploy`: the whole installation, and a year of it in seconds."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kvalitet.adapters import danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.municipality_files import load_all
from kvalitet.adapters.settings import MUNICIPALITIES, SETTINGS_FILE
from kvalitet.adapters.store import upgrade
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import DEMONSTRATION_FILES, chosen, settings_of, year_of
from kvalitet.supervisor import run_all
from kvalitet.supervisor.guarding import check_ports

EMPTY_SETTINGS = (
    "# Installationens indstillinger, én pr. linje; alle er forklaret i docs/operation.md.\n# KVALITET_SMTP_HOST=\n"
)

app = typer.Typer(cls=Group, rich_markup_mode=None)


@app.command(cls=Command)
def up(home: options.Home = None, files: options.Files = None) -> None:
    """Start det hele: statusoverblik, planlægger og mails.

    Uden --home og uden egne kommuner er det en demonstration med de kommuner, der følger med:
    første gang afspilles skoleåret indtil i dag, og alle mails bliver på maskinen.
    """
    settings = settings_of(home, files)
    demonstrate = home is None and settings.municipality_folder == DEMONSTRATION_FILES
    if home is not None and settings.municipality_folder == DEMONSTRATION_FILES:
        _begin(home)
    check_ports(settings)
    upgrade(settings.store_url)
    raise typer.Exit(run_all(settings, demonstrate=demonstrate))


@app.command(cls=Command)
def deploy(home: options.Home = None, *, as_json: options.AsJson = False) -> None:
    """Registrér flowene hos Prefect.

    Derefter kan arbejdere (»prefect worker start«) på en eller flere maskiner tage kørslerne.
    """
    from kvalitet.adapters.engine import registering  # noqa: PLC0415 -- brings Prefect, which takes two seconds

    with output.working("Registrerer …"):
        names = registering.deploy(settings_of(home, None))
    if as_json:
        output.say_json(list(names))
    else:
        for name in names:
            output.say(f"Registreret: {name}")


@app.command(cls=Command)
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
    from kvalitet.simulation import play_year  # noqa: PLC0415 -- brings Prefect, which takes two seconds

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


def _begin(home: Path) -> None:
    """Make the folders of an installation of one's own, and say what goes into them."""
    folder = home / MUNICIPALITIES
    folder.mkdir(parents=True, exist_ok=True)
    settings = home / SETTINGS_FILE
    if not settings.exists():
        settings.write_text(EMPTY_SETTINGS, encoding="utf-8")
    raise UserError(
        f"Der er ingen kommuner i {folder} endnu. Læg en mappe med kommunens filer dér (kopiér fx "
        f"deployments/kalundborg, og ret den), prøv dem med »kvalitet check«, og start igen. "
        f"Mailserver med mere sættes i {settings}."
    )
