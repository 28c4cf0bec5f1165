"""The demonstration: on an empty installation, the current wheels played up to now."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from kvalitet.adapters.extracting.asking import figures_folder
from kvalitet.adapters.extracting.importing import import_file
from kvalitet.adapters.installation import DEMONSTRATION
from kvalitet.adapters.store import log, plans
from kvalitet.board import danish_date
from kvalitet.days import SchoolYear
from kvalitet.municipality import DANISH_TIME
from kvalitet.simulation.playing import Play
from kvalitet.simulation.promising import play_promises

if TYPE_CHECKING:
    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality

SEED = 2018
EARLIER_FIGURES = "tidligere-skoleaar.csv"
BEGINS_AT = time(6, 0)
UNFINISHED, FINISHED = "unfinished", "finished"


def play_demonstration(installation: Installation, *, now: datetime) -> bool:
    """Play every municipality's current wheel into an empty installation; tells whether it did.

    Of the year before there is only what this year's forms ask what became of.

    Mails go into the local mailbox, whatever server the settings name. The installation is marked
    as a demonstration before anything else, so that an interrupted play is never taken for real;
    the next start goes on where it stopped, since nothing in a play happens twice.
    """
    with installation.store.write() as connection:
        mark = log.recall(connection, DEMONSTRATION)
        is_empty = not any(plans.count(connection, municipality.key) for municipality in installation.municipalities)
        if mark == FINISHED or (mark is None and not is_empty):
            return False
        log.remember(connection, DEMONSTRATION, UNFINISHED)
    for municipality in installation.municipalities:
        school_year = _current(municipality, now)
        _read_earlier_figures(installation, municipality, school_year)
        play_promises(installation, municipality, school_year, SEED)
        Play(installation, municipality, school_year, SEED).run(now)
    with installation.store.write() as connection:
        log.remember(connection, DEMONSTRATION, FINISHED)
    return True


def _read_earlier_figures(installation: Installation, municipality: Municipality, school_year: SchoolYear) -> None:
    """Import the figures of earlier school years, as an administration does when it begins; the wheel asks for none."""
    path = figures_folder(installation, municipality) / EARLIER_FIGURES
    if path.is_file():
        begins = datetime.combine(municipality.wheel.span(school_year)[0], BEGINS_AT, DANISH_TIME)
        import_file(installation, municipality, path, now=begins.astimezone(UTC))


def _current(municipality: Municipality, now: datetime) -> SchoolYear:
    """Give the newest school year whose wheel has begun."""
    today = danish_date(now)
    middle = SchoolYear.containing(today)
    return next(year for year in (middle.plus(1), middle, middle.plus(-1)) if municipality.wheel.span(year)[0] <= today)
