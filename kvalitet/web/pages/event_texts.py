"""The words of the log: what each kind of event is called on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.messages import KINDS

if TYPE_CHECKING:
    from kvalitet.adapters.store.log import Event

TEXTS = {
    "mail_sent": "Mail sendt",
    "delivered": "Afleveret",
    "waived": "Fritaget",
    "sent_back": "Sendt retur",
    "approved": "Godkendt",
    "decision_undone": "Afgørelse fortrudt",
    "file_infected": "Fil med virus afvist",
    "extract_published": "Dataudtræk hentet",
    "mail_unwritable": "Mail kunne ikke sættes op",
    "meeting_booked": "Møde indkaldt",
    "meeting_moved": "Møde flyttet",
    "meeting_reworded": "Indkaldelsens tekst ændret",
    "meeting_cancelled": "Møde aflyst",
    "agenda_written": "Mødets dagsorden skrevet",
    "participant_added": "Deltager indkaldt",
    "participant_removed": "Deltager ikke længere indkaldt",
    "occurrence_opened": "Åbnet",
    "answered": "Svar på indkaldelse",
    "extract_waiting": "Tal endnu ikke offentliggjort",
    "extract_failed": "Dataudtræk mislykkedes",
    "extract_held": "Tal holdt tilbage",
    "extract_released": "Tal frigivet",
    "extract_rejected": "Tal afvist",
    "figure_entered": "Tal indtastet",
    "extract_row_left_out": "Række udeladt af dataudtræk",
    "verdict": "Mål vurderet",
    "planned": "Planlagt",
    "mail_retry": "Mail sendes igen",
    "mail_hold": "Mail holdt tilbage",
    "mail_release": "Mail frigivet",
    "mail_cancel": "Mail annulleret",
    "mail_paused": "Afsendelsen sat på pause",
    "mail_resumed": "Afsendelsen genoptaget",
    "file_received": "Fil modtaget pr. mail",
    "file_refused": "Fil pr. mail afvist",
    "feed_created": "Kalenderadresse lavet",
    "feed_revoked": "Kalenderadresse tilbagekaldt",
    "school_paused": "Skole sat på pause",
    "school_pause_ended": "Pause afsluttet",
    "reminded": "Påmindelse bestilt",
    "extended": "Frist udsat",
    "extension_ended": "Udsættelse taget tilbage",
    "called": "Opkald noteret",
    "report_written": "Rapport skrevet",
}


def told(event: str) -> str:
    """Give the Danish name of an event; one that is not known by now is shown as it is."""
    return TEXTS.get(event, event.replace("_", " ").capitalize())


def detailed(event: Event) -> str:
    """Give what is told besides; of a mail the log keeps which template it was made from, which is no Danish word."""
    template, found, subject = event.detail.partition(": ")
    if event.event == "mail_sent" and found and template in KINDS:
        return f"{KINDS[template].capitalize()}: {subject}"
    return event.detail
