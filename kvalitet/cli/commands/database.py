"""`kvalitet db`: upgrading the database, backing up and restoring."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kvalitet.adapters import backups, clock, danish
from kvalitet.adapters.store import upgrade as upgrade_store
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import settings_of

app = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def db() -> None:
    """Opgradér databasen, tag sikkerhedskopi, og læg den tilbage."""


@app.command(cls=Command)
def upgrade(home: options.Home = None, *, as_json: options.AsJson = False) -> None:
    """Opret eller opgradér databasens tabeller."""
    settings = settings_of(home, None)
    upgrade_store(settings.store_url)
    if as_json:
        output.say_json({"current": True})
    else:
        output.say("Databasen har de nyeste tabeller.")


@app.command(cls=Command)
def backup(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="Hvor sikkerhedskopien lægges, fx kvalitet.zip.")],
    home: options.Home = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Tag en sikkerhedskopi af database, filer og kommuner i ét arkiv.

    Den kan tages, mens kvalitet kører. Indstillingerne (med adgangskoder) er ikke med.
    """
    settings = settings_of(home, None)
    with output.working("Tager sikkerhedskopi …"):
        made = backups.create(settings, file, now=clock.now())
    if as_json:
        output.say_json({"file": str(made.path), "files": made.files, "bytes": made.size, "sha256": made.sha256})
    else:
        count = danish.count_text(made.files, "fil", "filer")
        output.say(f"Sikkerhedskopien ligger i {made.path}: database og {count}, {danish.number_text(made.size)} byte.")


@app.command(cls=Command)
def restore(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="Sikkerhedskopien.")],
    home: options.Home = None,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Erstat en installation, der er i brug.", show_default=False)
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Læg en sikkerhedskopi tilbage.

    Alt kontrolleres først; det, der lå der, gemmes i en mappe ved siden af. Stop kvalitet imens.
    """
    settings = settings_of(home, None)
    with output.working("Lægger sikkerhedskopien tilbage …"):
        restored = backups.restore(settings, file, replace=yes, now=clock.now())
    if as_json:
        kept = str(restored.kept) if restored.kept else None
        output.say_json({"made_at": restored.made_at, "files": restored.files, "kept": kept})
    else:
        output.say(f"Sikkerhedskopien fra {restored.made_at} er lagt tilbage.")
        if restored.kept:
            output.say(f"Det, der lå der før, er gemt i {restored.kept}.")
        output.say("Mails er sat på pause: se udbakken igennem, og kør så »kvalitet mail resume --all«.")
