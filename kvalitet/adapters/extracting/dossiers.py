"""Dossiers: all that is known of one pull, as somebody may see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kvalitet.adapters.extracting.keeping import change_of
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import snapshots
from kvalitet.adapters.store.extracts import baselines, pulls, reviews
from kvalitet.pulls import Difference, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import Connection

    from kvalitet.adapters.store.extracts.pulls import Pull
    from kvalitet.adapters.store.extracts.reviews import SnapshotDecision
    from kvalitet.adapters.store.snapshots import Snapshot
    from kvalitet.measurements import Measurement
    from kvalitet.municipality import Municipality
    from kvalitet.pulls import Finding, Place

HIDDEN = "Rækken er udeladt. Hvorfor, vises kun for dem, der må se fortrolige tal."


@dataclass(frozen=True)
class Dossier:
    """Sag om en hentning: the try, what it brought, what is wrong with it, what it changes, and who decided.

    `fixed` are the baselines that goals are counted from, by what they are figures of; no revision moves them.
    `is_confidential` tells that there are figures among them that only some may see.
    """

    pull: Pull
    snapshot: Snapshot | None
    request: Mapping[str, Any]
    findings: tuple[Finding, ...]
    change: Difference
    fixed: Mapping[Place, Measurement]
    decision: SnapshotDecision | None
    is_confidential: bool

    @property
    def is_held(self) -> bool:
        """Tell whether it waits for a person."""
        return self.snapshot is not None and self.snapshot.published_at is None and self.decision is None


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
    findings = reviews.findings(connection, kept.id)
    fixed = baselines.baselines(connection, municipality.key)
    return Dossier(
        tried,
        kept,
        {**tried.request, **snapshots.request_of(connection, kept.id)},
        tuple(_seen(found, hidden, whole=is_confidential) for found in findings),
        _without(change_of(connection, kept), hidden),
        {place_of(found): found for found in fixed},
        reviews.decisions(connection, municipality.key).get(kept.id),
        is_confidential=is_confidential,
    )


def _confidential() -> frozenset[str]:
    return frozenset(key for key, indicator in load_catalogue().indicators.items() if indicator.confidential)


def _seen(found: Finding, hidden: frozenset[str], *, whole: bool) -> Finding:
    """Give a finding without the figures that are hidden; a row that could not be read may hold any of them."""
    if found.row is not None and hidden and whole:
        return replace(found, why=HIDDEN, value="")
    return replace(found, value="") if found.indicator in hidden else found


def _without(change: Difference, hidden: frozenset[str]) -> Difference:
    return Difference(
        new=tuple(found for found in change.new if found.indicator not in hidden),
        gone=tuple(found for found in change.gone if found.indicator not in hidden),
        revised=tuple(found for found in change.revised if found.now.indicator not in hidden),
    )
