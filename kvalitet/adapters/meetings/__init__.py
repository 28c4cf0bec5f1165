"""Meetings: booking, moving and cancelling, each with the mails that tell the participants.

What is to be is decided first, by reading alone, and can be shown; carrying it out comes afterwards.
"""

from kvalitet.adapters.meetings.changing import book, cancel, decide_and_do, move, reconcile, write_agenda
from kvalitet.adapters.meetings.deciding import Decision, agenda_of, agenda_text, booking_of, cancellation_of, move_of
from kvalitet.adapters.meetings.telling import Told, announcements

__all__ = [
    "Decision",
    "Told",
    "agenda_of",
    "agenda_text",
    "announcements",
    "book",
    "booking_of",
    "cancel",
    "cancellation_of",
    "decide_and_do",
    "move",
    "move_of",
    "reconcile",
    "write_agenda",
]
