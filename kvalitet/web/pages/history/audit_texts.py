"""The words of the audit: what each thing that is done on the pages is called, and what came of it."""

from __future__ import annotations

from http import HTTPStatus

# By the name of the page's function. A test holds it complete; a name that has gone stays, since the audit does too.
ACTIONS = {
    "agreement_forms.post_call": "Notere et opkald",
    "agreement_forms.post_call_of_school": "Notere et opkald til en skole",
    "agreement_forms.post_end_of_extension": "Tage en udsat frist tilbage",
    "agreement_forms.post_extension": "Udsætte en frist",
    "confirm_pages.post_confirmation": "Bekræfte en fil, der kom pr. mail",
    "decision_forms.post_decision": "Godkende eller sende retur",
    "decision_forms.post_undoing": "Fortryde en afgørelse",
    "deliver_forms.post_delivery": "Aflevere",
    "draft_forms.post_draft": "Gemme en kladde",
    "draft_forms.post_removal": "Slette en kladde",
    "enter_forms.post_entry": "Indtaste et tal",
    "feed_pages.post_feed": "Lave en kalenderadresse",
    "feed_pages.post_revocation": "Tilbagekalde en kalenderadresse",
    "form_pages.post_delivery": "Aflevere",
    "form_pages.post_waiver": "Fritage en skole",
    "inbox_pages.post_seen": "Sætte en mail i indbakken som set",
    "login_pages.post_demonstration": "Prøve en rolle i demonstrationen",
    "login_pages.post_link": "Logge ind med et link",
    "login_pages.post_logout": "Logge ud",
    "login_pages.post_request": "Bede om et loginlink",
    "mail_forms.post_mail": "Gribe ind over for en mail",
    "mail_forms.post_pause": "Sætte afsendelsen på pause",
    "mail_forms.post_release": "Frigive tilbageholdte mails",
    "mail_forms.post_resumption": "Genoptage afsendelsen",
    "mail_forms.post_unmarking": "Sige, at en adresse virker igen",
    "agenda_forms.post_agenda": "Skrive et mødes dagsorden",
    "meeting_forms.post_booking": "Indkalde til et møde",
    "meeting_forms.post_cancellation": "Aflyse et møde",
    "meeting_forms.post_move": "Flytte et møde",
    "people_pages.post_grant": "Give nogen adgang",
    "people_pages.post_logout_of": "Logge en anden ud",
    "people_pages.post_revocation": "Tage nogens adgang tilbage",
    "review_forms.post_review": "Vise eller afvise tal, der var holdt tilbage",
    "reminder_forms.post_end_of_pause": "Afslutte en skoles pause",
    "reminder_forms.post_pause": "Sætte en skole på pause",
    "reminder_forms.post_reminder": "Bestille en påmindelse",
    "report_pages.post_version": "Skrive en version af rapporten",
}
DONE, SHOWN, REFUSED_INPUT = "gjort", "vist igen eller besvaret på siden", "afvist: noget var udfyldt forkert"
OUTCOMES = {
    HTTPStatus.UNAUTHORIZED: "afvist: var logget ud; det skrevne er gemt som kladde",
    HTTPStatus.FORBIDDEN: "afvist: havde ikke ret til det",
    HTTPStatus.NOT_FOUND: "afvist: findes ikke eller er en andens",
    HTTPStatus.CONFLICT: "afvist: kunne ikke lade sig gøre",
    HTTPStatus.GONE: "afvist: kunne ikke bruges mere",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "afvist: for stort",
    HTTPStatus.TOO_MANY_REQUESTS: "afvist: for mange forsøg",
}


def told(action: str) -> str:
    """Give the Danish name of an action; one that is not known by now is shown as it is."""
    return ACTIONS.get(action, action)


def outcome_text(status: int) -> str:
    """Say what came of it, from the answer's HTTP status."""
    if status in OUTCOMES:
        return OUTCOMES[HTTPStatus(status)]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "mislykkedes hos os"
    if status >= HTTPStatus.BAD_REQUEST:
        return REFUSED_INPUT
    return DONE if status >= HTTPStatus.MULTIPLE_CHOICES else SHOWN
