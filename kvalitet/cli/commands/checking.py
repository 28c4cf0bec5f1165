"""`kvalitet check`: the settings and every municipality's files, with all errors at once."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kvalitet.adapters import clock, danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.mail.rendering import Renderer
from kvalitet.adapters.mail_specimens import unusable
from kvalitet.adapters.municipality_files import Problem
from kvalitet.adapters.municipality_files import check as check_files
from kvalitet.board import danish_date
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.failing import LinesError
from kvalitet.cli.opening import settings_of
from kvalitet.days import SchoolYear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kvalitet.adapters.settings import Settings
    from kvalitet.municipality import Municipality

MUNICIPALITY_FILE = "municipality.yaml"
UNCONFIRMED = (
    "Alle svar på indkaldelser vises som ubekræftede, fordi KVALITET_AUTHSERV_ID ikke er sat; se docs/operation.md."
)
app = typer.Typer(cls=Group, rich_markup_mode=None)


@app.command(cls=Command)
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[MAPPE]", help="En kommunes mappe, eller en mappe med flere.", show_default=False),
    ] = None,
    home: options.Home = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Kontrollér indstillinger, kommunernes filer og mailskabelonerne."""
    settings = settings_of(home, None)
    folders = _folders(folder or settings.municipality_folder)
    checked = [(place, *check_files(place)) for place in folders]
    problems = [(place, problem) for place, _, found in checked for problem in found]
    sound = [municipality for _, municipality, _ in checked if municipality]
    problems += [(settings.templates, problem) for problem in _of_templates(settings, sound)]
    if as_json:
        output.say_json([{"municipality": place.name, **asdict(problem)} for place, problem in problems])
    if problems:
        raise LinesError([] if as_json else [_line(place, problem) for place, problem in problems], _sum(len(problems)))
    if not as_json:
        for _, municipality, _ in checked:
            output.say(_praise(municipality) if municipality else "")
        if settings.imap_host and not settings.authserv_id:
            output.say(UNCONFIRMED)


def _of_templates(settings: Settings, sound: list[Municipality]) -> Iterator[Problem]:
    """Write every mail once, and tell what cannot be written."""
    renderer = Renderer(settings.templates, settings.public_url)
    this_year = SchoolYear.containing(danish_date(clock.now()))
    for name, mistake in unusable(renderer, sound, this_year):
        yield Problem(mistake.file or name, mistake.line or 1, name if mistake.file else "", mistake.text)


def _folders(given: Path) -> list[Path]:
    """List the municipality folders in a folder, or the folder itself when it is one."""
    if not given.is_dir():
        raise UserError(f"Mappen {given} findes ikke; angiv mappen med kommunens filer.")
    if any(given.glob("*.yaml")) and not _inside(given):
        return [given]
    if found := _inside(given):
        return found
    raise UserError(f"Mappen {given} har ingen kommuner; hver kommune har sin egen mappe med {MUNICIPALITY_FILE}.")


def _inside(given: Path) -> list[Path]:
    return sorted(path.parent for path in given.glob(f"*/{MUNICIPALITY_FILE}"))


def _line(place: Path, problem: Problem) -> str:
    return f"{place.name}/{problem}"


def _sum(count: int) -> str:
    found = danish.count_text(count, "fejl", "fejl").capitalize()
    return f"{found} i kommunernes filer; ret dem, og kør »kvalitet check« igen."


def _praise(found: Municipality) -> str:
    schools = danish.count_text(len(found.schools), "skole", "skoler")
    activities = danish.count_text(len(found.wheel.activities), "aktivitet", "aktiviteter")
    goals = danish.count_text(len(found.goals), "mål", "mål", one="et")
    return f"{found.name}: {schools}, {activities} og {goals}. Alt er i orden."
