"""Silence: why a person gets no mail on a day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.follow_up.reasons import why_not
from kvalitet.adapters.mail_preview.lines import Line
from kvalitet.adapters.store import facts, plans
from kvalitet.adapters.store.quiet import school_pauses
from kvalitet.board import board_of, danish_date
from kvalitet.days import SchoolYear
from kvalitet.messages import owing, told_of
from kvalitet.occurrences import stands
from kvalitet.reminders import steps
from kvalitet.status import State
from kvalitet.wheel import Kind, Stage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from kvalitet.adapters.mail_preview.rehearsing import Rehearsal
    from kvalitet.adapters.store.quiet.school_pauses import SchoolPause
    from kvalitet.board import Row
    from kvalitet.municipality import Contact, Municipality
    from kvalitet.reminders import Step


@dataclass
class _Concern:
    """Hvad en person har med at gøre: what they owe, and what of others' they are told of when it is late."""

    own: list[Row] = field(default_factory=list)
    of_others: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class _Day:
    """Dagen: what the reasons are looked up in."""

    municipality: Municipality
    rehearsal: Rehearsal
    pauses: Mapping[str, SchoolPause]

    @property
    def today(self) -> date:
        """The day itself."""
        return danish_date(self.rehearsal.at)

    def ladder(self, row: Row) -> tuple[Step, ...]:
        """Give a deliverable's steps."""
        activity = self.municipality.wheel.activity(row.occurrence.activity)
        return steps(row.occurrence, activity, self.municipality.calendar)

    def obstacle(self, row: Row) -> str:
        """Say why nobody is to hear of a deliverable; "" when nothing is in the way."""
        connection, now = self.rehearsal.connection, self.rehearsal.at
        return why_not(connection, self.municipality, row.occurrence, row.facts, self.pauses, now=now)

    def next_mail(self, row: Row) -> date | None:
        """Give the day of a deliverable's next step."""
        return next((step.day for step in self.ladder(row) if step.day > self.today), None)

    def detail(self, row: Row) -> str:
        """Say of one deliverable why it leads to no mail."""
        title = f"»{row.occurrence.title}«"
        if reason := self.obstacle(row):
            return f"{title} {reason}"
        coming = self.next_mail(row)
        return f"{title} mangler; næste mail er {danish.date_text(coming)}" if coming else f"{title} mangler; {NO_MORE}"


NO_MORE = "der er ikke flere trin på rykkerstigen"


def silent(
    municipality: Municipality, rehearsal: Rehearsal, *, told: Collection[str], marks: Mapping[str, str], closed: str
) -> Iterator[Line]:
    """Say of each person without a mail why there is none: the school leaders first, then the others."""
    pauses = school_pauses.on(rehearsal.connection, municipality.key, danish_date(rehearsal.at))
    day = _Day(municipality, rehearsal, pauses)
    concerns = _concerns(day)
    for person in _people(municipality, day.today):
        if person.address not in told:
            concern = concerns[person.address]
            reason = _reason(day, person, concern, mark=marks.get(person.address.lower(), ""), closed=closed)
            details = () if closed else tuple(map(day.detail, concern.own))
            yield Line(person.address, person.name, person.school, None, reason=reason, details=details)


def _people(municipality: Municipality, today: date) -> list[Contact]:
    schools = sorted(municipality.schools, key=lambda school: danish.sort_key(school.name))
    leaders = [school.leader for school in schools if school.takes_part(today, today)]
    return list({person.address: person for person in (*leaders, *municipality.contacts)}.values())


def _concerns(day: _Day) -> defaultdict[str, _Concern]:
    """Gather by address what each person has to do with."""
    municipality, connection = day.municipality, day.rehearsal.connection
    planned = [
        occurrence
        for occurrence in plans.occurrences(connection, municipality.key)
        if occurrence.kind is Kind.DELIVERABLE and stands(municipality, occurrence, today=day.today)
    ]
    known = facts.of_year(connection, municipality.key)
    board = board_of(municipality, SchoolYear.containing(day.today), planned, known, now=day.rehearsal.at)
    found: defaultdict[str, _Concern] = defaultdict(_Concern)
    for row in board.rows:
        own = owing(municipality, row.occurrence)
        for address in own:
            found[address].own.append(row)
        graver = [step for step in day.ladder(row) if step.stage is Stage.ESCALATION]
        for address in {person.address for step in graver for person in told_of(municipality, row.occurrence, step)}:
            if address not in own:
                found[address].of_others.append(row)
    return found


def _reason(day: _Day, person: Contact, concern: _Concern, *, mark: str, closed: str) -> str:
    if closed:
        return f"Lukket ({closed})."
    if mark:
        return f"Adressen er mærket, så intet sendes til den: {mark}"
    has_begun = any(row.state is not State.NOT_OPEN for row in concern.own)
    if concern.own and (has_begun or not concern.of_others):
        return _of_own(day, concern.own)
    if concern.of_others:
        return _of_others(day, concern.of_others)
    if person.role in day.municipality.digest_to:
        return "Får ugens overblik på ugens første skoledag."
    return "Afleverer intet og får ikke besked om andres."


def _of_own(day: _Day, rows: list[Row]) -> str:
    begun = [row for row in rows if row.state is not State.NOT_OPEN]
    missing = [row for row in begun if not row.state.is_done]
    if not missing:
        return _all_done(begun) if begun else "Intet er åbent."
    obstacles = {row.occurrence.key: day.obstacle(row) for row in missing}
    if all(obstacles.values()):
        return f"Mangler at aflevere, men {_together(missing, obstacles)}."
    coming = [when for row in missing if not obstacles[row.occurrence.key] and (when := day.next_mail(row))]
    if not coming:
        return f"Mangler at aflevere, men {NO_MORE}."
    return f"Mangler at aflevere; næste mail er {danish.date_text(min(coming))}."


def _together(rows: list[Row], obstacles: Mapping[str, str]) -> str:
    """Tell what stands in the way, each reason once: »Mål« og »Plan« er på pause (Ny leder)."""
    titles: dict[str, dict[str, None]] = {}
    for row in rows:
        titles.setdefault(obstacles[row.occurrence.key], {})[f"»{row.occurrence.title}«"] = None
    return danish.list_text([f"{danish.list_text(found)} {reason}" for reason, found in titles.items()])


def _all_done(begun: list[Row]) -> str:
    if any(row.state is State.WAIVED for row in begun):
        return "Har afleveret eller er fritaget for alt, der er åbent."
    return "Har afleveret alt, der er åbent."


def _of_others(day: _Day, rows: list[Row]) -> str:
    late = [row for row in rows if row.state is State.OVERDUE and not day.obstacle(row)]
    if not late:
        return "Ingen er over fristen med noget, som rollen får besked om."
    coming = [
        step.day for row in late for step in day.ladder(row) if step.day > day.today and step.stage is Stage.ESCALATION
    ]
    if not coming:
        return "Har fået besked om alle, der er over fristen."
    return f"Nogle er over fristen; rollen får tidligst besked {danish.date_text(min(coming))}."
