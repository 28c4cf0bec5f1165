"""Entering: a figure that a person types, beside what stands there today and what stood there before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.extracting.keeping import Kept, keep
from kvalitet.adapters.extracting.limits import load_limits
from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.sources.entered.entry import ENTERED, VALUE, EntryError, Place, extract_of, unit_name
from kvalitet.adapters.store import log, snapshots
from kvalitet.adapters.store.extracts import baselines, pulls
from kvalitet.adapters.store.extracts.pulls import Ending, PullKey
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.measurements import MissingReason, danish_decimal, find_measurement
from kvalitet.pulls import PullOutcome

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.snapshots import Snapshot
    from kvalitet.measurements import Measurement
    from kvalitet.municipality import Municipality

NOTHING_STANDS = 0


class StandsOtherwiseError(OperationError):
    """Der står noget andet: somebody else has changed the figure since the person looked."""


@dataclass(frozen=True)
class Standing:
    """Det, der står: all figures that have been shown at a place, the newest first.

    They are `is_withheld` where few pupils stand behind the newest, or where it would give such a figure away.
    Goals are counted from `fixed`, whatever is entered later; where they are `counted_from` the place and nothing is
    fixed yet, the next figure is.
    """

    told: tuple[tuple[Snapshot, Measurement], ...]
    is_withheld: bool = False
    counted_from: bool = False
    fixed: Measurement | None = None

    @property
    def mark(self) -> int:
        """What tells whether something else has been shown since."""
        return self.told[0][0].id if self.told else NOTHING_STANDS

    @property
    def now(self) -> Measurement | None:
        """The figure that stands."""
        return self.told[0][1] if self.told else None

    def of_snapshot(self, number: int) -> Measurement | None:
        """Find a figure by the snapshot that brought it, so that it can be put back; none that is withheld."""
        return None if self.is_withheld else next((one for kept, one in self.told if kept.id == number), None)


def standing_at(connection: Connection, municipality: Municipality, place: Place) -> Standing:
    """Tell what stands at a place, and what has stood there."""
    key, year, unit = place.indicator.key, place.school_year, place.unit
    told = tuple(
        (kept, one)
        for kept, one in snapshots.told_of(connection, municipality.key, key, unit)
        if kept.published_at is not None and one.school_year == year and one.missing is not MissingReason.NOT_PUBLISHED
    )
    shown = shown_figures(connection, municipality, viewer_may_see_confidential=True, indicators=[key], unit=unit)
    withheld = any(one.school_year == year and one.missing is MissingReason.SUPPRESSED for one in shown)
    counted_from = any(
        goal.indicator is not None and goal.indicator.key == key and goal.baseline_year == year
        for goal in municipality.goals
    )
    known = baselines.baselines(connection, municipality.key) if counted_from else ()
    return Standing(told, withheld, counted_from, find_measurement(known, key, year, unit))


def enter(installation: Installation, municipality: Municipality, found: Measurement, place: Place, by: Typist) -> Kept:
    """Keep a figure and show it; what was shown before stays in the store, and can be entered again."""
    _refuse_impossible(found)
    extract = extract_of(found, by=by.name)
    new = NewSnapshot(
        municipality.key,
        None,
        ENTERED,
        {"request": extract.request},
        extract.content,
        extract.measurements,
        content_type=extract.content_type,
        label=extract.label,
    )
    with installation.store.write() as connection:
        if by.saw is not None and standing_at(connection, municipality, place).mark != by.saw:
            raise StandsOtherwiseError("En anden har ændret tallet imens. Se, hvad der står nu, før du gemmer igen.")
        kept = keep(connection, municipality, new, (), now=by.now)
        if kept.outcome is PullOutcome.PUBLISHED:
            _tell(connection, municipality, place, kept, by)
    return kept


@dataclass(frozen=True)
class Typist:
    """Den, der taster: who, when, and what stood there when they looked (None where nobody looked first)."""

    name: str
    now: datetime
    saw: int | None = None


def told(municipality: Municipality, place: Place) -> str:
    """Say which figure it is, without the figure: it stands in logs that many people read."""
    return f"{place.indicator.title} for {unit_name(municipality, place.unit)} i {place.school_year.label}"


def _refuse_impossible(found: Measurement) -> None:
    limits = load_limits().get(found.indicator)
    if limits and found.value is not None and not limits.lowest <= found.value <= limits.highest:
        lowest, highest = danish_decimal(limits.lowest), danish_decimal(limits.highest)
        raise EntryError({VALUE: f"Tallet skal ligge mellem {lowest} og {highest}."})


def _tell(connection: Connection, municipality: Municipality, place: Place, kept: Kept, by: Typist) -> None:
    detail = f"{told(municipality, place)} er indtastet."
    ending = Ending(kept.outcome, detail, kept.snapshot.id)
    key = PullKey(municipality.key, None, ENTERED, None)
    number = pulls.keep(connection, key, {"file": detail}, ending, now=by.now)
    event = "figure_entered"
    key_of_event = f"{event}:{municipality.key}:{number}"
    log.tell(connection, log.Event(key_of_event, by.now, event, municipality.key, detail=detail, actor=by.name))
