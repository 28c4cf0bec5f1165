"""`kvalitet plan` and `kvalitet occurrences`: the wheel laid out over a school year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kvalitet.adapters import clock, danish
from kvalitet.adapters.municipality_files import load_all
from kvalitet.cli import options, output, rows
from kvalitet.cli.clashes import clashes
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, opened, require_planned, seen_from, settings_of, year_of
from kvalitet.messages import unit_name

if TYPE_CHECKING:
    from kvalitet.board import Board
    from kvalitet.cli.clashes import Clash
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Changes, Occurrence

app = typer.Typer(cls=Group, rich_markup_mode=None)


@app.command(cls=Command)
def plan(
    year: options.Year,
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="Skriv planen.", show_default=False)] = False,
    as_json: options.AsJson = False,
) -> None:
    """Vis, hvad planen for et skoleår ville ændre.

    Intet ændres uden --write. Bookede møder og afleveringer røres ikke.
    """
    from flows import plan_year  # noqa: PLC0415 -- brings Prefect, which takes two seconds

    school_year = year_of(year)
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        changes = plan_year.changes(installation, found, school_year)
        closed = clashes(found, school_year)
        if write:
            plan_year.run(installation, found, now=clock.now(), school_year=school_year)
    if as_json:
        output.say_json(
            {
                "municipality": found.key,
                "school_year": school_year.label,
                "written": write,
                **_changes_json(changes),
                "clashes": [clash.as_json() for clash in closed],
            }
        )
        return
    _tell(found, changes, closed)
    output.say(f"Planen for {school_year.label} er skrevet." if write else "Intet er ændret; skriv planen med --write.")


@app.command(cls=Command)
def occurrences(  # noqa: PLR0913 -- each is an option of the command
    year: options.Year,
    municipality: options.Chosen = None,
    date: options.Day = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    plan_only: Annotated[
        bool, typer.Option("--plan-only", help="Kun ud fra filerne, uden database.", show_default=False)
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Vis skoleårets forekomster med frister og datoer."""
    board = _board(year, municipality, date, (home, files), plan_only=plan_only)
    if as_json:
        output.say_json([rows.as_json(board, row) for row in board.rows])
    else:
        lines = [rows.as_texts(board, row) for row in board.rows]
        output.table(rows.HEADINGS, lines, empty="Der sker intet i det skoleår.")


def _board(year: str, municipality: str | None, date: str | None, place: tuple[Any, Any], *, plan_only: bool) -> Board:
    school_year, now = year_of(year), seen_from(date)
    if plan_only:
        found = chosen(load_all(settings_of(*place).municipality_folder), municipality)
        return rows.fresh_board(found, school_year, now=now)
    with opened(*place) as installation:
        found = chosen(installation.municipalities, municipality)
        require_planned(installation, found, school_year)
        return installation.board(found, school_year, now=now)


def _changes_json(changes: Changes) -> dict[str, Any]:
    return {
        "new": [_window(occurrence) for occurrence in changes.new],
        "moved": [{**_window(new), "from": _window(old)} for old, new in changes.moved],
        "dropped": [_window(occurrence) for occurrence in changes.dropped],
    }


def _window(occurrence: Occurrence) -> dict[str, Any]:
    return {
        "key": occurrence.key,
        "title": occurrence.title,
        "opens": occurrence.opens.isoformat(),
        "due": occurrence.due.isoformat(),
    }


def _tell(municipality: Municipality, changes: Changes, closed: list[Clash]) -> None:
    lines = [("ny", occurrence, "") for occurrence in changes.new]
    lines += [("ændret", new, f"før {_span(old)}") for old, new in changes.moved]
    lines += [("udgår", occurrence, "") for occurrence in changes.dropped]
    texts = [
        (what, occurrence.title, unit_name(municipality, occurrence), _span(occurrence), note)
        for what, occurrence, note in lines
    ]
    output.table(("", "Punkt", "For", "Periode", ""), texts, empty="Planen er uændret.")
    for clash in closed:
        output.say(f"Bemærk: {clash.sentence}")


def _span(occurrence: Occurrence) -> str:
    return f"{danish.date_text(occurrence.opens)} - {danish.date_text(occurrence.due)}"
