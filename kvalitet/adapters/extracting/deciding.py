"""Deciding: a person releases or rejects figures that were held back, and says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.extracting.keeping import show
from kvalitet.adapters.store import log, snapshots
from kvalitet.adapters.store.extracts import pulls, reviews
from kvalitet.adapters.store.extracts.reviews import Ruling, SnapshotDecision

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.snapshots import Snapshot
    from kvalitet.municipality import Municipality

EVENTS = {Ruling.RELEASED: "extract_released", Ruling.REJECTED: "extract_rejected"}
NO_REASON = "Skriv, hvorfor du gør det; grunden gemmes sammen med tallene."


class DecidedAlreadyError(OperationError):
    """Afgjort i forvejen: somebody else was first, or there was nothing to decide."""


@dataclass(frozen=True)
class Answer:
    """Svar: whether figures that were held back are to be shown, why, and who says so."""

    ruling: Ruling
    reason: str
    by: str


def decide(
    installation: Installation, municipality: Municipality, number: int, answer: Answer, *, now: datetime
) -> SnapshotDecision:
    """Release what a pull brought home and was held back, or reject it; the decision is kept with the reason."""
    if not answer.reason.strip():
        raise UserError(NO_REASON)
    with installation.store.write() as connection:
        kept = _held(connection, municipality, number)
        decision = SnapshotDecision(kept.id, answer.ruling, answer.reason.strip(), answer.by, now)
        if not reviews.decide(connection, decision):
            raise DecidedAlreadyError(f"Hentning nr. {number} er afgjort i forvejen; intet er ændret.")
        if answer.ruling is Ruling.RELEASED:
            show(connection, municipality, kept, now=now)
        _tell(connection, kept, decision)
    return decision


def _held(connection: Connection, municipality: Municipality, number: int) -> Snapshot:
    tried = pulls.pull(connection, number)
    if tried is None or tried.municipality != municipality.key:
        raise UserError(f"{municipality.name} har ikke nogen hentning nr. {number}; se »kvalitet extract list«.")
    kept = snapshots.snapshot(connection, municipality.key, tried.snapshot) if tried.snapshot else None
    if kept is None:
        raise DecidedAlreadyError(f"Hentning nr. {number} gav ingen tal, så der er ikke noget at afgøre.")
    if kept.published_at is not None and kept.id not in reviews.decisions(connection, municipality.key):
        raise DecidedAlreadyError(f"Hentning nr. {number} er ikke holdt tilbage; tallene er vist.")
    if snapshots.is_overtaken(connection, kept):
        raise DecidedAlreadyError(f"Hentning nr. {number} er afløst af nyere tal, som vises; der er intet at afgøre.")
    return kept


def _tell(connection: Connection, kept: Snapshot, decision: SnapshotDecision) -> None:
    event = EVENTS[decision.decision]
    told = log.Event(
        f"{event}:{kept.municipality}:{kept.id}",
        decision.decided_at,
        event,
        kept.municipality,
        occurrence=kept.occurrence or "",
        detail=decision.reason,
        actor=decision.decided_by,
    )
    log.tell(connection, told)
