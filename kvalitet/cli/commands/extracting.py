"""`kvalitet extract`: pulling figures, reading them from a file, and listing what there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kvalitet.adapters import clock, extracts
from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.store import snapshots
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, opened, planned_occurrence
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.snapshots import Snapshot

HEADINGS = ("Nr.", "Kilde", "Forekomst", "Hentet", "Vist fra", "Tal")
app = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def extract() -> None:
    """Hent og indlæs tal."""


@app.command(cls=Command)
def run(
    key: Annotated[
        str | None,
        typer.Argument(metavar="[FOREKOMST]", help="Ét dataudtræk; ellers alle, der er tid til.", show_default=False),
    ] = None,
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Hent de tal, som det er tid til.

    Med en FOREKOMST hentes netop det dataudtræk, også uden for dets periode.
    """
    from flows import data_extract  # noqa: PLC0415 -- brings Prefect, which takes two seconds

    with opened(home, files) as installation, output.working("Henter tal …"):
        if key:
            summary, rows, failures = _pull(installation, key)
        else:
            found = chosen(installation.municipalities, municipality)
            outcome = data_extract.run(installation, found, now=clock.now())
            summary, failures = outcome.summary, outcome.failures
            rows = [{"extract": row["udtræk"], "outcome": row["udfald"]} for row in outcome.rows]
    if as_json:
        output.say_json(rows)
    else:
        for row in rows:
            output.say(f"{row['extract']}: {row['outcome']}")
        output.say(summary)
    if failures:
        raise OperationError("\n".join(failures))


@app.command("import", cls=Command)
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="CSV eller Excel med tal.")],
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Indlæs tal fra en fil.

    En fil med fejl afvises helt, og de tal, der vises, bliver stående.
    """
    with opened(home, files) as installation, output.working("Læser filen …"):
        found = chosen(installation.municipalities, municipality)
        kept = extracts.import_file(installation, found, file, now=clock.now())
    if as_json:
        output.say_json(_as_json(kept))
    else:
        output.say(f"{kept.rows} tal fra {file.name} er indlæst og vises nu.")


@app.command("list", cls=Command)
def list_snapshots(
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Vis de udtræk, der er hentet eller indlæst."""
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        with installation.store.read() as connection:
            kept = snapshots.snapshots(connection, found.key)
    if as_json:
        output.say_json([_as_json(snapshot) for snapshot in kept])
    else:
        output.table(HEADINGS, map(_texts, kept), empty="Der er ikke hentet nogen tal endnu.")


def _pull(installation: Installation, key: str) -> tuple[str, list[dict[str, str]], tuple[str, ...]]:
    municipality, occurrence = planned_occurrence(installation, key)
    if occurrence.kind is not Kind.EXTRACT:
        raise UserError(f"»{occurrence.title}« er ikke et dataudtræk.")
    pulled = extracts.pull(installation, municipality, occurrence, now=clock.now())
    row = {"extract": occurrence.title, "outcome": f"{pulled.snapshot.rows} tal"}
    left_out = tuple(f"Række {problem.row} er udeladt: {problem.why}" for problem in pulled.extract.problems)
    return "Ét dataudtræk er hentet.", [row], left_out


def _as_json(kept: Snapshot) -> dict[str, Any]:
    return {
        "id": kept.id,
        "municipality": kept.municipality,
        "occurrence": kept.occurrence,
        "source": kept.source,
        "pulled_at": kept.pulled_at.isoformat(),
        "published_at": kept.published_at.isoformat() if kept.published_at else None,
        "rows": kept.rows,
        "sha256": kept.sha256,
    }


def _texts(kept: Snapshot) -> tuple[str, ...]:
    published = f"{kept.published_at:%d.%m.%Y}" if kept.published_at else "ikke vist"
    return (
        str(kept.id),
        kept.source,
        kept.occurrence or "",
        f"{kept.pulled_at:%d.%m.%Y}",
        published,
        str(kept.rows),
    )
