"""`kvalitet extract`: pulling figures, and reading them from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kvalitet.adapters import clock
from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.extracting.asking import Asked, source_name
from kvalitet.adapters.extracting.importing import import_file as read_file
from kvalitet.adapters.extracting.pulling import Errand, pull
from kvalitet.cli import options, output
from kvalitet.cli.commands.extracts import deciding, entering, showing
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, opened, planned_occurrence, year_of
from kvalitet.pulls import PullOutcome
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from kvalitet.adapters.installation import Installation
    from kvalitet.days import SchoolYear

BUSY = "Dataudtrækket hentes allerede. Er hentningen blevet afbrudt, kan det hentes igen om en time."
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
    year: Annotated[
        list[str] | None,
        typer.Option(metavar="SKOLEÅR", help="Tal for et andet skoleår, fx 2019/20; kan gives flere gange."),
    ] = None,
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Hent de tal, som det er tid til.

    Med en FOREKOMST spørges alle kilder til netop det dataudtræk, også uden for dets periode. Med --year hentes
    forekomstens nøgletal for tidligere skoleår: til kurverne og til de mål, der regner fra et udgangspunkt.
    """
    from flows import data_extract  # noqa: PLC0415 -- brings Prefect, which takes two seconds

    if year and not key:
        raise UserError("Nævn det dataudtræk, hvis nøgletal skal hentes: kvalitet extract run FOREKOMST --year …")
    with opened(home, files) as installation, output.working("Henter tal …"):
        if key:
            summary, rows, failures = _pull(installation, key, [year_of(text) for text in year or ()])
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


def _pull(
    installation: Installation, key: str, years: list[SchoolYear]
) -> tuple[str, list[dict[str, str]], tuple[str, ...]]:
    municipality, occurrence = planned_occurrence(installation, key)
    if occurrence.kind is not Kind.EXTRACT:
        raise UserError(f"»{occurrence.title}« er ikke et dataudtræk.")
    errand = Errand(installation, municipality, occurrence, clock.now())
    pulled = pull(errand, tuple(asked.about(year) for year in years for asked in errand.parts) or None)
    if not pulled:
        raise OperationError(BUSY)
    rows = [
        {"extract": occurrence.title, "source": _named(each.asked, years), "outcome": each.ending.detail}
        for each in pulled
        if not each.ending.outcome.is_failure
    ]
    failures = tuple(
        f"{_named(each.asked, years)}: {each.ending.detail}" for each in pulled if each.ending.outcome.is_failure
    )
    has_news = any(each.ending.outcome is PullOutcome.PUBLISHED for each in pulled)
    return "Dataudtrækket er hentet." if has_news else "Der kom ingen nye tal.", rows, failures


def _named(asked: Asked, years: list[SchoolYear]) -> str:
    """Name a source, and the school year where it was asked for."""
    name = source_name(asked.source)
    return f"{name}, {asked.request.school_year.label}" if years else name


showing.register(app)
deciding.register(app)
entering.register(app)
