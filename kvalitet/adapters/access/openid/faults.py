"""Faults: why the municipality's login let nobody in, each in one sentence that says what to do."""

from __future__ import annotations

from kvalitet.adapters.errors import OperationError, UserError

AGAIN = "Begynd forfra med »Log ind med kommunens login«."
TELL = "Hjælper det ikke, så sig det til dem, der driver systemet."
NO_ANSWER = "Kommunens login svarer ikke lige nu, så ingen kan logge ind ad den vej. Prøv igen om et øjeblik. " + TELL
WRONG_ISSUER = (
    "Kommunens login kalder sig noget andet end det, der står i kommunens filer (login: issuer). "
    "Sig det til dem, der driver systemet."
)
NOT_KNOWN_THERE = (
    "Kommunens login afviser hemmeligheden i KVALITET_OPENID_SECRETS; den er forkert eller udløbet. "
    "Sig det til dem, der driver systemet."
)
NOT_SET_UP = (
    "Kommunens login er ikke sat færdig op: hemmeligheden mangler i KVALITET_OPENID_SECRETS. "
    "Sig det til dem, der driver systemet."
)
USED_UP = f"Loginet er brugt, eller det tog for lang tid. {AGAIN}"
NOT_OURS = f"Loginet er ikke begyndt i denne browser, eller det tog for lang tid. {AGAIN}"
STOPPED = f"Kommunens login lukkede dig ikke ind, eller du fortrød. {AGAIN}"
NOT_TRUE = f"Svaret fra kommunens login passer ikke til det, der blev spurgt om, så ingen er lukket ind. {AGAIN} {TELL}"
CLOCKS = (
    "Uret hos kommunens login og uret her går ikke ens, så svaret kan ikke bruges. "
    "Sig det til dem, der driver systemet."
)


class ProviderFault(OperationError):  # noqa: N818 -- as the other errors that are shown
    """Fejl hos kommunens login: it does not answer, or is not set up as the files say."""


class AnswerFault(UserError):  # noqa: N818 -- as above
    """Svaret kan ikke bruges: what a browser brought back lets nobody in."""
