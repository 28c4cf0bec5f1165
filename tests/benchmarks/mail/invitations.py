"""Ten thousand different invitations: as many schools, each with its own leader, meeting, place and UID."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from kvalitet import invites
from kvalitet.invites import Invite, Papers
from kvalitet.letters import News, invitation
from kvalitet.messages import Message
from kvalitet.occurrences import plan
from kvalitet.timetable import local_slot
from tests import builders
from tests.adapters.mail.samples import GUIDE

MADE_AT = builders.instant("2026-08-24", "08:00")
PURPOSE = "Samtalen tager udgangspunkt i skolens strategi- og handleplan."


def invitations(count: int) -> list[tuple[Message, Invite]]:
    """Make the messages of as many leadership dialogues; no two of them have a reader, a title or a UID in common."""
    schools = tuple(
        builders.school(f"{100001 + number}", f"Rødkilde Skole {number + 1}", group="g") for number in range(count)
    )
    whole = builders.municipality(builders.dialogue(description=PURPOSE), schools=schools)
    whole = replace(whole, sender=replace(whole.sender, name="Fagcenter Børn, Læring og Uddannelse"))
    made = []
    for number, occurrence in enumerate(plan(whole, builders.YEAR)):
        school = whole.school(occurrence.school or "")
        revision = invites.first(invites.uid_of(occurrence.key, whole.sender.domain), now=MADE_AT)
        slot = local_slot(date(2026, 9, 1 + number % 30), time(8 + number % 7, 0), 90)
        title = f"{occurrence.title} – {school.name}"
        place = f"Rådhuset, lokale {1 + number % 40}"
        meeting = Invite(revision, slot.starts_at, slot.ends_at, title, place, PURPOSE)
        made.append((invitation(whole, occurrence, school.leader, meeting, News(papers=Papers(GUIDE))), meeting))
    return made
