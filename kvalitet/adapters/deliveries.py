"""Delivering and waiving: what a school or the administration does to a deliverable."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from kvalitet import forms
from kvalitet.adapters.delivering import drafts, earlier
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.mail.enqueueing import enqueue_each, note
from kvalitet.adapters.store import deliveries, facts, hold, log, plans
from kvalitet.answers import cleaned, with_promises
from kvalitet.board import danish_date
from kvalitet.letters import receipt
from kvalitet.occurrences import stands
from kvalitet.wheel import FieldType, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.deliveries import Delivery, Submission
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence


class AnswersRefusedError(UserError):
    """Svar, der mangler noget: `problems` maps field keys to Danish sentences."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class OvertakenError(UserError):
    """Overhalet: somebody else has delivered since the form was opened; `newest` is what they wrote."""

    def __init__(self, newest: Delivery) -> None:
        super().__init__(
            f"{newest.delivered_by} har afleveret udgave {newest.version}, mens du skrev. Intet er gået tabt: "
            "Se, hvad I hver især har skrevet, og aflevér igen."
        )
        self.newest = newest


def deliver(installation: Installation, key: str, submission: Submission, *, now: datetime) -> Delivery:
    """Keep a delivery, end its reminders and send a receipt (a receipt that cannot be written is told in the log).

    An unknown occurrence or one that is not open is a UserError; wrong answers are AnswersRefusedError, and a newer
    version than the one that the form began from is an OvertakenError.
    With a token (the mark of one filled-in form) a second call gives the first one's delivery, unless something else
    is said in it: somebody has gone back to the form and changed it.
    """
    with installation.store.write() as connection:
        hold(connection, f"deliver:{key}")
        return deliver_within(connection, installation, key, submission, now=now)


def deliver_within(
    connection: Connection, installation: Installation, key: str, submission: Submission, *, now: datetime
) -> Delivery:
    """Do as `deliver`, in the transaction of a caller that lets one at a time through."""
    known = deliveries.with_token(connection, submission.token) if submission.token else None
    if known and not _says_the_same(known, submission):
        submission = replace(submission, token=_mark_of_change(submission))
        known = deliveries.with_token(connection, submission.token or "")
    if known:
        return known
    occurrence = deliverable(connection, key)
    municipality = installation.municipality(occurrence.municipality)
    if not stands(municipality, occurrence, today=occurrence.due):
        raise UserError(f"»{occurrence.title}« er udgået af årshjulet; der skal ikke afleveres noget.")
    activity = municipality.wheel.activity(occurrence.activity)
    _refuse_when_closed(connection, occurrence, now=now)
    file_fields = frozenset(field.key for field in activity.fields if field.type is FieldType.FILE)
    given = file_fields if submission.file else frozenset()
    before = deliveries.newest(connection, key)
    if before and submission.base is not None and submission.base < before.version:
        raise OvertakenError(before)
    promised = earlier.promised(connection, municipality, occurrence)
    answers = cleaned(activity.fields, submission.answers)
    if problems := forms.problems(activity, answers, files=given, promised=promised):
        raise AnswersRefusedError(problems)
    kept = replace(submission, answers=with_promises(activity.fields, answers, promised))
    delivery = deliveries.add(connection, key, kept, now=now)
    plans.set_wake(connection, key, None)
    drafts.drop(connection, key, submission.author)
    suffix = f":{delivery.version}"
    log.tell(
        connection,
        log.about("delivered", occurrence, at=now, suffix=suffix, detail=_told(delivery), actor=submission.by),
    )
    message = receipt(municipality, occurrence, delivery, now=now)
    # What a school has delivered is kept, also when its receipt cannot be written.
    _, failed = enqueue_each(connection, installation.renderer, [message], now=now)
    note(connection, municipality, failed, now=now)
    return delivery


def waive(installation: Installation, key: str, *, reason: str, by: str, now: datetime) -> bool:
    """Free a school from a deliverable, with a reason; tells whether that was new."""
    if not reason.strip():
        raise UserError("Skriv, hvorfor skolen fritages; begrundelsen vises på statusoverblikket.")
    with installation.store.write() as connection:
        hold(connection, f"deliver:{key}")
        occurrence = deliverable(connection, key)
        if facts.of(connection, [key])[key].is_handed_in:
            raise UserError(f"»{occurrence.title}« er afleveret; det, der er afleveret, kan der ikke fritages for.")
        if not deliveries.waive(connection, key, reason=reason.strip(), by=by, now=now):
            return False
        plans.set_wake(connection, key, None)
        log.tell(connection, log.about("waived", occurrence, at=now, detail=reason.strip(), actor=by))
    return True


def deliverable(connection: Connection, key: str, municipality: Municipality | None = None) -> Occurrence:
    """Find something that is to be delivered, of one municipality or of any; anything else is a UserError."""
    occurrence = plans.occurrence(connection, key)
    if occurrence is None or (municipality and occurrence.municipality != municipality.key):
        raise UserError(f"»{key}« findes ikke i planen; se nøglerne med »kvalitet occurrences«.")
    if occurrence.kind is not Kind.DELIVERABLE:
        raise UserError(f"»{occurrence.title}« er ikke noget, som skoler afleverer.")
    if plans.is_dropped(connection, key):
        raise UserError(f"»{occurrence.title}« er udgået af planen; der skal ikke afleveres noget.")
    return occurrence


def _refuse_when_closed(connection: Connection, occurrence: Occurrence, *, now: datetime) -> None:
    if facts.of(connection, [occurrence.key])[occurrence.key].waived:
        raise UserError(f"Skolen er fritaget for »{occurrence.title}«; der skal ikke afleveres noget.")
    if danish_date(now) < occurrence.opens:
        opens = occurrence.opens.strftime("%d.%m.%Y")
        raise UserError(f"»{occurrence.title}« åbner først {opens}; prøv igen den dag.")


def _says_the_same(known: Delivery, submission: Submission) -> bool:
    """Tell whether a form says what it said when it was delivered; which promise an answer is about is added then."""
    said, kept = _texts(submission.answers), _texts(known.answers)
    added = {name for name in kept.keys() - said.keys() if name.endswith(".promise")}
    return known.file == submission.file and said == {name: kept[name] for name in kept.keys() - added}


def _texts(answers: Mapping[str, str]) -> dict[str, str]:
    return {name: text.strip() for name, text in answers.items() if text.strip()}


def _mark_of_change(submission: Submission) -> str:
    """Give the mark of a form that was sent before with something else in it: the same for the same change."""
    said = repr((submission.token, sorted(_texts(submission.answers).items()), submission.file))
    return sha256(said.encode()).hexdigest()


def _told(delivery: Delivery) -> str:
    file = f", {delivery.file.name}" if delivery.file else ""
    return f"udgave {delivery.version}{file}"
