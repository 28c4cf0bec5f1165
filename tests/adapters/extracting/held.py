"""A pull whose figures wait for a person, for tests of what is shown of it and done to it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from kvalitet.adapters.store import Store, snapshots
from kvalitet.adapters.store.extracts import pulls, reviews
from kvalitet.adapters.store.extracts.pulls import Ending, PullKey
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement
from kvalitet.pulls import Finding, PullOutcome

YEAR = SchoolYear(2024)
FINDINGS = (
    Finding(
        why="»Samlet elevfravær« har flyttet sig mere, end et tal plejer fra år til år.",
        holds=True,
        column="Samlet elevfravær",
        value="7,3 → 31,5",
        indicator="absence",
        unit="323001",
    ),
    Finding(
        why="Tallet ligger uden for det, som nøgletallet kan være.",
        holds=True,
        value="187,5",
        indicator="good_results_danish",
        unit="323002",
    ),
    Finding(why="Rækken er udeladt: »mange« er ikke et tal.", row=7),
)


def figure(value: str, *, indicator: str = "absence", unit: str = "323001") -> Measurement:
    """Make a figure of the school year that is pulled."""
    return Measurement(indicator=indicator, school_year=YEAR, unit=unit, source="STIL", value=Decimal(value))


def held(store: Store, municipality: str, occurrence: str | None, *, now: datetime) -> int:
    """Let a source have given figures that cannot be true, and give the pull's number."""
    key = PullKey(municipality, occurrence, "files", YEAR)
    figures = (figure("31.5"), figure("187.5", indicator="good_results_danish", unit="323002"))
    raw = b"raa;svar"
    if occurrence is None:  # each is another than the one before
        with store.read() as connection:
            raw += str(len(snapshots.snapshots(connection, municipality))).encode()
    new = NewSnapshot(municipality, occurrence, "files", {"request": "filer"}, raw, figures, school_year=YEAR)
    detail = "2 tal er holdt tilbage, til en person har set på dem. De seneste gode tal vises fortsat."
    with store.write() as connection:
        kept, _ = snapshots.add(connection, new, now=now)
        reviews.add_findings(connection, kept.id, FINDINGS)
        ending = Ending(PullOutcome.QUARANTINED, detail, kept.id, date(2026, 11, 23))
        return pulls.keep(connection, key, {"school_year": YEAR.label}, ending, now=now)
