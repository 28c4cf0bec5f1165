"""The words of the log: what each kind of event is called on the pages."""

from __future__ import annotations

TEXTS = {
    "mail_sent": "Mail sendt",
    "delivered": "Afleveret",
    "waived": "Fritaget",
    "extract_published": "Dataudtræk hentet",
    "meeting_booked": "Møde indkaldt",
    "meeting_cancelled": "Møde aflyst",
    "occurrence_opened": "Åbnet",
    "verdict": "Mål vurderet",
    "planned": "Planlagt",
}


def told(event: str) -> str:
    """Give the Danish name of an event; one that is not known by now is shown as it is."""
    return TEXTS.get(event, event.replace("_", " ").capitalize())
