"""The demonstration: on an empty installation, the current wheels played up to now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.installation import DEMONSTRATION
from kvalitet.adapters.store import log, plans
from kvalitet.board import danish_date
from kvalitet.days import SchoolYear
from kvalitet.simulation.playing import Play
from kvalitet.simulation.promising import play_promises

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality

SEED = 2018
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
        play_promises(installation, municipality, school_year, SEED)
        Play(installation, municipality, school_year, SEED).run(now)
    with installation.store.write() as connection:
        log.remember(connection, DEMONSTRATION, FINISHED)
    return True


def _current(municipality: Municipality, now: datetime) -> SchoolYear:
    """Give the newest school year whose wheel has begun."""
    today = danish_date(now)
    middle = SchoolYear.containing(today)
    return next(year for year in (middle.plus(1), middle, middle.plus(-1)) if municipality.wheel.span(year)[0] <= today)
