"""Confirming: the link in our mail makes the file a delivery, once however often it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.deliveries import deliver_within
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.offers import keeping
from kvalitet.adapters.offers.receiving import choices_of, owed_of
from kvalitet.adapters.store import deliveries, hold
from kvalitet.adapters.store.deliveries import Submission

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.offers.keeping import Offer
    from kvalitet.adapters.store.deliveries import Delivery
    from kvalitet.municipality import Contact, Municipality
    from kvalitet.offers import Choice

NO_SUCH = "Linket virker ikke mere. Svar på mailen igen med filen, eller aflevér på siden."


@dataclass(frozen=True)
class Waiting:
    """Ventende fil: an offer with what it may be delivered as, or the delivery that it became."""

    offer: Offer
    person: Contact
    choices: tuple[Choice, ...]

    def choice(self, key: str) -> Choice | None:
        """Find one of the choices, or the only one."""
        if len(self.choices) == 1 and not key:
            return self.choices[0]
        return next((choice for choice in self.choices if choice.occurrence.key == key), None)


def delivered(connection: Connection, municipality: Municipality, token: str) -> Delivery | None:
    """Find the delivery that a link has made."""
    known = keeping.with_token(connection, token)
    if known is None or known.municipality != municipality.key or known.delivery is None:
        return None
    return deliveries.one(connection, known.delivery)


def waiting(connection: Connection, municipality: Municipality, token: str, *, now: datetime) -> Waiting:
    """Find the file that a link is about; a link that is unknown, too old or another's is a UserError."""
    known = keeping.with_token(connection, token)
    if known is None or known.municipality != municipality.key or known.used_at or known.expires_at <= now:
        raise UserError(NO_SUCH)
    owed, person = owed_of(connection, municipality, known.answers, known.address)
    if person is None:
        raise UserError(NO_SUCH)
    return Waiting(known, person, choices_of(connection, municipality, owed, now=now))


def confirm(
    installation: Installation,
    municipality: Municipality,
    token: str,
    key: str,
    answers: Mapping[str, str],
    *,
    now: datetime,
) -> Delivery:
    """Deliver the file as one of its choices; whoever confirms again gets the delivery that it became."""
    with installation.store.write() as connection:
        hold(connection, f"offer:{municipality.key}")
        if earlier := delivered(connection, municipality, token):
            return earlier
        found = waiting(connection, municipality, token, now=now)
        choice = found.choice(key)
        if choice is None:
            raise UserError("Vælg, hvad filen er.")
        hold(connection, f"deliver:{choice.occurrence.key}")
        submission = Submission(answers, found.person.name, found.offer.file, token=f"offer:{found.offer.mark}")
        made = deliver_within(connection, installation, choice.occurrence.key, submission, now=now)
        keeping.use(connection, found.offer.mark, delivery=made.id, now=now)
    return made
