"""`kvalitet status`: who is missing, activity by activity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from kvalitet.adapters import danish
from kvalitet.board import progress_of
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, opened, require_planned, seen_from
from kvalitet.extensions import shared_due
from kvalitet.messages import unit_name
from kvalitet.status import State
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kvalitet.board import Board, Row
    from kvalitet.wheel import Activity

HEADINGS = ("Aflevering", "Frist", "Afleveret", "Overskredet", "Mangler")
app = typer.Typer(cls=Group, rich_markup_mode=None)


@app.command(cls=Command)
def status(
    municipality: options.Chosen = None,
    date: options.Day = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Vis, hvem der mangler at aflevere."""
    now = seen_from(date)
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        year = installation.current_year(found, now=now)
        require_planned(installation, found, year)
        board = installation.board(found, year, now=now)
    shown = [(activity, rows) for activity, rows in board.activities() if activity.kind is Kind.DELIVERABLE]
    if as_json:
        output.say_json([_as_json(board, activity, rows) for activity, rows in shown])
        return
    output.say(f"{found.name}, skoleåret {year.label}, {danish.weekday_date(board.today)}")
    output.table(HEADINGS, [_texts(board, activity, rows) for activity, rows in shown], empty="Der afleveres intet.")


def _as_json(board: Board, activity: Activity, rows: Sequence[Row]) -> dict[str, Any]:
    progress = progress_of(rows)
    return {
        "municipality": board.municipality.key,
        "school_year": board.school_year.label,
        "activity": activity.key,
        "title": activity.title,
        "opens": rows[0].occurrence.opens.isoformat(),
        "due": shared_due(row.occurrence for row in rows).isoformat(),
        "done": progress.done,
        "expected": progress.expected,
        "overdue": progress.overdue,
        "missing": [
            {
                "key": row.occurrence.key,
                "school": row.occurrence.school,
                "school_name": unit_name(board.municipality, row.occurrence),
                "status": row.state.value,
            }
            for row in _missing(board, rows)
        ],
    }


def _texts(board: Board, activity: Activity, rows: Sequence[Row]) -> tuple[str, ...]:
    progress = progress_of(rows)
    missing = ", ".join(unit_name(board.municipality, row.occurrence) for row in _missing(board, rows))
    opens = rows[0].occurrence.opens
    closed = f"åbner {danish.short_date(opens)}" if board.today < opens else ""
    return (
        activity.title,
        danish.date_text(shared_due(row.occurrence for row in rows)),
        f"{progress.done} af {progress.expected}",
        str(progress.overdue or ""),
        missing or closed,
    )


def _missing(board: Board, rows: Sequence[Row]) -> list[Row]:
    """List who has not delivered what is open, in Danish order."""
    open_ones = [row for row in rows if not row.state.is_done and row.state is not State.NOT_OPEN]
    return sorted(open_ones, key=lambda row: danish.sort_key(unit_name(board.municipality, row.occurrence)))
