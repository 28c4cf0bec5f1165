"""Dossiers: all that is known of one pull, as somebody may see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import snapshots
from kvalitet.adapters.store.extracts import baselines, pulls, reviews
from kvalitet.disclosure import is_withheld_by_itself, withhold_family
from kvalitet.measurements import MissingReason
from kvalitet.pulls import Difference, difference, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sqlalchemy import Connection

    from kvalitet.adapters.store.extracts.pulls import Pull
    from kvalitet.adapters.store.extracts.reviews import SnapshotDecision
    from kvalitet.adapters.store.snapshots import Snapshot
    from kvalitet.measurements import Indicator, Measurement
    from kvalitet.municipality import Municipality
    from kvalitet.pulls import Finding, Place

HIDDEN = "Rækken er udeladt. Hvorfor, vises kun for dem, der må se fortrolige tal."


@dataclass(frozen=True)
class Dossier:
    """Sag om en hentning: the try, what it brought, what is wrong with it, what it changes, and who decided.

    `fixed` are the baselines that goals are counted from, by what they are figures of; no revision moves them.
    `is_confidential` tells that there are figures among them that only some may see, and `is_overtaken` that newer
    ones of the same pull are shown.
    """

    pull: Pull
    snapshot: Snapshot | None
    request: Mapping[str, Any]
    findings: tuple[Finding, ...]
    change: Difference
    fixed: Mapping[Place, Measurement]
    decision: SnapshotDecision | None
    is_confidential: bool
    is_overtaken: bool = False

    @property
    def is_held(self) -> bool:
        """Tell whether it waits for a person."""
        is_shown = self.snapshot is None or self.snapshot.published_at is not None
        return not is_shown and self.decision is None and not self.is_overtaken


def dossier(
    connection: Connection, municipality: Municipality, number: int, *, sees_confidential: bool
) -> Dossier | None:
    """Gather what is known of a pull; None when the municipality has none with that number."""
    tried = pulls.pull(connection, number)
    if tried is None or tried.municipality != municipality.key:
        return None
    kept = snapshots.snapshot(connection, municipality.key, tried.snapshot) if tried.snapshot else None
    if kept is None:
        return Dossier(tried, None, tried.request, (), Difference(), {}, None, is_confidential=False)
    secret = _confidential()
    is_confidential = bool(secret & {found.indicator for found in snapshots.measurements_of(connection, kept.id)})
    hidden = frozenset() if sees_confidential else secret
    former, now = _two_editions(connection, kept, hidden)
    few = {(found.indicator, found.unit) for found in now if found.missing is MissingReason.SUPPRESSED}
    findings = reviews.findings(connection, kept.id)
    fixed = baselines.baselines(connection, municipality.key)
    return Dossier(
        tried,
        kept,
        {**tried.request, **snapshots.request_of(connection, kept.id)},
        tuple(_seen(found, hidden, few, whole=is_confidential) for found in findings),
        difference(former, now),
        {place_of(found): found for found in fixed},
        reviews.decisions(connection, municipality.key).get(kept.id),
        is_confidential=is_confidential,
        is_overtaken=snapshots.is_overtaken(connection, kept),
    )


def _confidential() -> frozenset[str]:
    return frozenset(key for key, indicator in load_catalogue().indicators.items() if indicator.confidential)


def _seen(found: Finding, hidden: frozenset[str], few: set[tuple[str, str]], *, whole: bool) -> Finding:
    """Give a finding without the figures that are hidden; a row that could not be read may hold any of them."""
    if found.row is not None and hidden and whole:
        return replace(found, why=HIDDEN, value="")
    is_hidden = found.indicator in hidden or (found.indicator, found.unit) in few
    return replace(found, value="") if is_hidden else found


def _two_editions(
    connection: Connection, kept: Snapshot, hidden: frozenset[str]
) -> tuple[tuple[Measurement, ...], tuple[Measurement, ...]]:
    """Give what was shown before and what came, without what is hidden, and without what few pupils stand behind."""
    came = snapshots.measurements_of(connection, kept.id)
    keys = {found.indicator for found in came if found.indicator in load_catalogue()} - hidden
    was = snapshots.measurements(connection, kept.municipality, indicators=keys, before=kept.id)
    return _discreet(was), _discreet([found for found in came if found.indicator in keys], earlier=was)


def _discreet(figures: Sequence[Measurement], *, earlier: Sequence[Measurement] = ()) -> tuple[Measurement, ...]:
    """Withhold what a table must not show, also not beside the one before it."""
    known = load_catalogue().indicators
    figures = [found for found in figures if found.indicator in known]
    if not any(is_withheld_by_itself(found, known[found.indicator]) for found in (*figures, *earlier)):
        return tuple(figures)
    families: dict[str, list[Indicator]] = {}
    for key in dict.fromkeys(found.indicator for found in figures):
        families.setdefault(known[key].family or key, []).append(known[key])
    shown: list[Measurement] = []
    for family in families.values():
        tables = withhold_family(_tables(figures, family), earlier=[_tables(earlier, family)])
        shown += [found for rows in tables.values() for found in rows]
    return tuple(shown)


def _tables(figures: Sequence[Measurement], family: Sequence[Indicator]) -> dict[Indicator, tuple[Measurement, ...]]:
    return {one: tuple(found for found in figures if found.indicator == one.key) for one in family}
