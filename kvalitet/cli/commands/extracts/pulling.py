"""`kvalitet extract`: pulling figures, and reading them from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kvalitet.adapters import clock
from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.extracting.asking import source_name
from kvalitet.adapters.extracting.importing import import_file as read_file
from kvalitet.adapters.extracting.pulling import Errand, pull
from kvalitet.cli import options, output
from kvalitet.cli.commands.extracts import deciding, showing
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, opened, planned_occurrence
from kvalitet.pulls import PullOutcome
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from kvalitet.adapters.installation import Installation

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

    Med en FOREKOMST spørges alle kilder til netop det dataudtræk, også uden for dets periode.
    """
    from flows import data_extract  # noqa: PLC0415 -- brings Prefect, which takes two seconds

    with opened(home, files) as installation, output.working("Henter tal …"):
        if key:
            summary, rows, failures = _pull(installation, key)
        else:
            found = chosen(installation.municipalities, municipality)
            outcome = data_extract.run(installation, found, now=clock.now())
            summary, failures = outcome.summary, outcome.failures
            rows = [
                {"extract": row["udtræk"], "source": row["kilde"], "outcome": row["hvad der skete"]}
                for row in outcome.rows
            ]
    if as_json:
        output.say_json(rows)
    else:
        for row in rows:
            output.say(f"{row['extract']}, {row['source']}: {row['outcome']}")
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

    En fil med fejl afvises helt, og de tal, der vises, bliver stående. Tal, der ikke ligner de hidtidige, holdes
    tilbage, til nogen har set på dem (»kvalitet extract show«).
    """
    with opened(home, files) as installation, output.working("Læser filen …"):
        found = chosen(installation.municipalities, municipality)
        kept = read_file(installation, found, file, now=clock.now())
        with installation.store.read() as connection:
            row = showing.newest_of(connection, found, kept.snapshot)
    if as_json:
        output.say_json(row)
    elif kept.outcome is not PullOutcome.QUARANTINED:
        output.say(f"{kept.snapshot.rows} tal fra {file.name} er indlæst og vises nu.")
    if kept.outcome is PullOutcome.QUARANTINED:
        number = row["id"]
        raise OperationError(f"{row['detail']} Se hvorfor med »kvalitet extract show {number}«.")


def _pull(installation: Installation, key: str) -> tuple[str, list[dict[str, str]], tuple[str, ...]]:
    municipality, occurrence = planned_occurrence(installation, key)
    if occurrence.kind is not Kind.EXTRACT:
        raise UserError(f"»{occurrence.title}« er ikke et dataudtræk.")
    pulled = pull(Errand(installation, municipality, occurrence, clock.now()))
    if not pulled:
        raise OperationError("Dataudtrækket hentes allerede; vent, til det er færdigt.")
    rows = [
        {"extract": occurrence.title, "source": source_name(each.asked.source), "outcome": each.ending.detail}
        for each in pulled
        if not each.ending.outcome.is_failure
    ]
    failures = tuple(
        f"{source_name(each.asked.source)}: {each.ending.detail}" for each in pulled if each.ending.outcome.is_failure
    )
    return "Dataudtrækket er hentet." if rows else "Der kom ingen nye tal.", rows, failures


showing.register(app)
deciding.register(app)
