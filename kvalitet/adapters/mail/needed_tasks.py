"""Still needed? The mails of the reminder ladder: nobody is reminded of what is done, paused or due on another day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import TYPE_CHECKING

from kvalitet.adapters.mail.draining import STILL_NEEDED, Judgement
from kvalitet.adapters.offers import keeping
from kvalitet.adapters.store import plans
from kvalitet.adapters.store.dispatch.newer import told_by_newer
from kvalitet.adapters.store.dispatch.subjects import Subject, subjects
from kvalitet.adapters.store.quiet import school_pauses
from kvalitet.board import danish_date
from kvalitet.messages import Item, task_item, task_message
from kvalitet.municipality import DANISH_TIME
from kvalitet.occurrences import stands
from kvalitet.reminders import NOW, is_reached, stage_of, steps
from kvalitet.status import status_of
from kvalitet.wheel import Stage

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

TASKS = frozenset(stage.value for stage in Stage)
ALL_DONE = "Alt, som mailen handler om, er afleveret, fritaget eller ikke længere aktuelt."
ON_PAUSE = "Skolen er sat på pause; det, der stadig mangler, kommer med igen efter pausen."
NEW_DUE = "Erstattet af en mail med den frist, der gælder nu."
SOME_DONE = "Erstattet af en mail om det, der stadig mangler."
NEWER = "Erstattet af en nyere mail til den samme; ingen får to på én dag."
UNKNOWN = "Modtageren står ikke længere i kommunens liste over kontakter."


@dataclass
class _Rest:
    """Rest: what of a mail still holds today, what waits for the end of a pause, and whether its dates still hold."""

    municipality: Municipality
    mail: Mail
    today: date
    items: list[Item] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
    is_outdated: bool = False

    def keep(self, occurrence: Occurrence, step: str, *, shown: date) -> None:
        """Keep what is still true to say of an undelivered occurrence; `shown` is the due date in the mail."""
        activity = self.municipality.wheel.activity(occurrence.activity)
        ladder = steps(occurrence, activity, self.municipality.calendar)
        is_moved = shown != occurrence.due
        if is_moved and not is_reached(ladder, step, today=self.today):
            return
        stage = stage_of(ladder, step, occurrence, today=self.today)
        # The due date passed while the mail waited; the next step of the ladder says it better.
        has_passed = danish_date(self.mail.created_at) <= occurrence.due < self.today
        if stage is Stage.REMINDER and has_passed:
            return
        self.items.append(task_item(self.municipality, occurrence, stage, step, address=self.mail.recipient))
        self.is_outdated = self.is_outdated or is_moved or (step == NOW and has_passed)


def judge(
    connection: Connection, renderer: Renderer, mail: Mail, municipality: Municipality, *, now: datetime
) -> Judgement:
    """Judge one mail; where only some of it holds, a new one about that takes its place."""
    about = subjects(connection, mail.id)
    rest = _rest(connection, mail, municipality, about, now)
    # What was not said because of a pause is still to be said: it is looked at again.
    plans.set_wakes(connection, dict.fromkeys(rest.paused, danish_date(now)))
    if not rest.items:
        return Judgement(ON_PAUSE if rest.paused else ALL_DONE)
    person = municipality.person_at(mail.recipient)
    if person is None:
        # Whoever has taken over is to hear of it.
        plans.set_wakes(connection, {item.occurrence.key: danish_date(now) for item in rest.items})
        return Judgement(UNKNOWN)
    if _is_overtaken(connection, mail, about, now=now):
        return Judgement(NEWER)
    if len(rest.items) == len(about) and not rest.is_outdated:
        return STILL_NEEDED
    awaited = keeping.awaited(connection, municipality.key, now=now)
    items = [replace(item, awaits_word=item.occurrence.key in awaited) for item in rest.items]
    message = task_message(municipality, person, items, today=danish_date(now), key=_next_key(mail.key))
    return Judgement(NEW_DUE if rest.is_outdated else SOME_DONE, renderer.render(message, now=now))


def _is_overtaken(connection: Connection, mail: Mail, about: list[Subject], *, now: datetime) -> bool:
    """Tell whether an old mail is to give way: a person gets the newest one alone, and no second one the same day.

    What only the old one says comes with the next.
    """
    today = danish_date(now)
    if danish_date(mail.created_at) >= today:
        return False
    told = told_by_newer(connection, mail, TASKS, morning=datetime.combine(today, time(), DANISH_TIME))
    if told:
        plans.set_wakes(connection, dict.fromkeys({each.occurrence.key for each in about} - told, today))
    return bool(told)


def _rest(connection: Connection, mail: Mail, municipality: Municipality, about: list[Subject], now: datetime) -> _Rest:
    today = danish_date(now)
    rest = _Rest(municipality, mail, today)
    pauses = school_pauses.on(connection, municipality.key, today)
    for each in about:
        occurrence = each.occurrence
        if each.is_dropped or not stands(municipality, occurrence, today=today):
            continue
        if status_of(occurrence, each.facts, now=now, today=today).is_done:
            continue
        if occurrence.school in pauses:
            rest.paused.append(occurrence.key)
        else:
            rest.keep(occurrence, each.step, shown=each.shown)
    return rest


def _next_key(key: str) -> str:
    stem, found, number = key.rpartition(":r")
    return f"{stem}:r{int(number) + 1}" if found and number.isdigit() else f"{key}:r2"
