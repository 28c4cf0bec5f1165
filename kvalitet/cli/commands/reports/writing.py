"""`kvalitet report`: the yearly report, one version after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kvalitet.adapters import clock
from kvalitet.adapters.errors import UserError
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, opened, require_planned, year_of
from kvalitet.quality_reports import Edition, Version

if TYPE_CHECKING:
    from kvalitet.adapters.reports.keeping import StoredReport
    from kvalitet.adapters.reports.writers import Format

app = typer.Typer(cls=Group, rich_markup_mode=None)
BY = Annotated[str, typer.Option("--by", metavar="NAVN", help="Hvem der skriver den.")]
FORMATS = "html,pdf,xlsx"


@app.command(cls=Command)
def report(  # noqa: PLR0913 -- each is an option of the command
    year: options.Year,
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    version: Annotated[
        str,
        typer.Option("--version", metavar="VERSION", help="draft (kladde), council (udkast), final (endelig)."),
    ] = Version.DRAFT.value,
    edition: Annotated[
        str | None,
        typer.Option(
            "--edition",
            metavar="UDGAVE",
            help="Nævn kun public eller internal.",
            show_default=False,
        ),
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="FORMATER", help="Nævn kun disse, med komma imellem.")
    ] = FORMATS,
    by: BY = "Kommandolinjen",
    yes: options.Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Skriv årets rapport: kladde, udkast eller den endelige.

    Begge udgaver skrives altid i alle formater. En version, der er skrevet, får et nummer og bliver aldrig ændret.
    """
    from kvalitet.adapters.reports import releasing  # noqa: PLC0415 -- brings typst, which not every command needs

    school_year, wanted = year_of(year), _version(version)
    shown = [(one, form) for one in _editions(edition) for form in _formats(formats)]
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        require_planned(installation, found, school_year)
        if wanted is not Version.DRAFT:
            output.ask(f"Skriv {found.report.title} {school_year.label} som »{wanted.danish}«?", yes=yes)
        with output.working("Skriver rapporten"):
            stored = releasing.release(installation, found, school_year, wanted, by=by, now=clock.now())
    paths = [str(stored.path(one, form)) for one, form in shown]
    if as_json:
        output.say_json(_as_json(found.key, stored, paths))
    else:
        output.say(f"{found.report.title} for {school_year.label}, {wanted.danish}, nr. {stored.number}, er skrevet:")
        for path in paths:
            output.say(f"  {path}")


def _as_json(municipality: str, stored: StoredReport, paths: list[str]) -> dict[str, object]:
    return {
        "municipality": municipality,
        "school_year": stored.school_year.label,
        "version": stored.version.value,
        "number": stored.number,
        "sha256": stored.digest,
        "files": paths,
    }


def _version(text: str) -> Version:
    try:
        return Version(text)
    except ValueError:
        raise UserError(f"Versionen »{text}« kendes ikke; skriv draft, council eller final.") from None


def _editions(text: str | None) -> list[Edition]:
    try:
        return [Edition(text)] if text else list(Edition)
    except ValueError:
        raise UserError(f"Udgaven »{text}« kendes ikke; skriv public eller internal.") from None


def _formats(text: str) -> list[Format]:
    from kvalitet.adapters.reports.writers import Format  # noqa: PLC0415 -- as above

    try:
        return [Format(part.strip()) for part in text.split(",")]
    except ValueError:
        raise UserError(f"Formatet »{text}« kendes ikke; skriv et eller flere af {FORMATS}.") from None
