"""`kvalitet extract enter`: one figure that no source has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kvalitet.adapters import clock
from kvalitet.adapters.extracting.entering import Typist, enter, standing_at, told
from kvalitet.adapters.extracting.telling import written
from kvalitet.adapters.sources.entered import entry
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.board import danish_date
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command
from kvalitet.cli.opening import chosen, opened
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.pulls import PullOutcome

if TYPE_CHECKING:
    from kvalitet.adapters.extracting.entering import Standing
    from kvalitet.adapters.extracting.keeping import Kept
    from kvalitet.adapters.sources.entered.entry import Place

UNITS = {"kommune": MUNICIPALITY, "land": COUNTRY}
By = Annotated[str, typer.Option("--by", metavar="NAVN", help="Hvem der indtaster det.")]


def register(app: typer.Typer) -> None:
    """Add the command to `kvalitet extract`."""
    app.command("enter", cls=Command)(enter_figure)


def enter_figure(  # noqa: PLR0913 -- what a person types, each under its own name
    indicator: Annotated[str, typer.Argument(metavar="NØGLETAL", help="Nøgletallets nøgle eller navn.")],
    year: Annotated[str, typer.Argument(metavar="ÅR", help="Skoleåret, som tallet gælder: 2025/26.")],
    unit: Annotated[str, typer.Argument(metavar="HVEM", help="Skolens institutionsnummer, kommune eller land.")],
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    value: Annotated[str, typer.Option("--value", metavar="TAL", help="Tallet (7,3), niveauet, eller »ingen«.")],
    source: Annotated[str, typer.Option("--source", metavar="TEKST", help="Hvor tallet kommer fra.")],
    by: By,
    pupils: Annotated[str, typer.Option("--pupils", metavar="ANTAL", help="Antal elever bag tallet.")] = "",
    published: Annotated[
        str | None, typer.Option("--published", metavar="DATO", help="Dagen, tallet er fra; ellers i dag.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Indtast et tal, som ingen kilde har.

    Det, der stod før, bliver gemt. »ingen« tager et tal tilbage.
    """
    now = clock.now()
    today = danish_date(now)
    typed = {
        entry.VALUE: entry.NO_FIGURE if value.casefold() == "ingen" else value,
        entry.PUPILS: pupils,
        entry.SOURCE: source,
        entry.DATE: published or today.isoformat(),
    }
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        place = entry.place_of(found, load_catalogue().indicators, _which(indicator, year, unit), today=today)
        with installation.store.read() as connection:
            before = standing_at(connection, found, place)
        measured = entry.entered(place, typed, today=today)
        kept = enter(installation, found, measured, place, Typist(by, now, saw=before.mark))
    if as_json:
        output.say_json(_as_json(place, kept, before))
        return
    is_new = kept.outcome is PullOutcome.PUBLISHED
    output.say(f"{told(found, place)} {'er indtastet' if is_new else 'er uændret'}. {_before(place, before)}")


def _which(indicator: str, year: str, unit: str) -> dict[str, str]:
    known = load_catalogue().named(indicator)
    return {
        entry.INDICATOR: known.key if known else indicator,
        entry.YEAR: year,
        entry.UNIT: UNITS.get(unit.casefold(), unit),
    }


def _before(place: Place, before: Standing) -> str:
    """Say what stood there; not where it is confidential or withheld, since what is written here may be logged."""
    if before.now is None:
        return "Der stod ikke noget tal."
    if place.indicator.confidential or before.is_withheld:
        return "Der stod et tal i forvejen; det er gemt."
    return f"Før stod der {written(before.now)} (kilde: {before.now.source})."


def _as_json(place: Place, kept: Kept, before: Standing) -> dict[str, Any]:
    return {
        "snapshot": kept.snapshot.id,
        "outcome": kept.outcome.value,
        "indicator": place.indicator.key,
        "school_year": place.school_year.label,
        "unit": place.unit,
        "confidential": place.indicator.confidential,
        "former_snapshot": before.mark or None,
    }
