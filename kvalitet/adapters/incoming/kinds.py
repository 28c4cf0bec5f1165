"""The Danish words for what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.store.incoming import IncomingKind

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLES = {
    IncomingKind.HUMAN: "skrevet af et menneske",
    IncomingKind.FILE: "med en fil",
    IncomingKind.ANSWER: "svar på indkaldelser",
    IncomingKind.SET_ASIDE: "svar, der ikke tæller",
    IncomingKind.BOUNCE: "kom retur",
    IncomingKind.DELAY: "forsinket",
    IncomingKind.AUTOMATIC: "automatiske svar",
}
_COUNTED = {
    IncomingKind.HUMAN: ("en mail til gennemsyn", "mails til gennemsyn"),
    IncomingKind.FILE: ("en mail med en fil", "mails med en fil"),
    IncomingKind.ANSWER: ("et svar på en indkaldelse", "svar på indkaldelser"),
    IncomingKind.SET_ASIDE: ("et svar, der ikke tæller", "svar, der ikke tæller"),
    IncomingKind.BOUNCE: ("en mail kom retur", "mails kom retur"),
    IncomingKind.DELAY: ("en forsinket mail", "forsinkede mails"),
    IncomingKind.AUTOMATIC: ("et automatisk svar", "automatiske svar"),
}


def counted_text(counted: Mapping[IncomingKind, int]) -> str:
    """Write "to svar på indkaldelser, et automatisk svar"; "" for nothing."""
    words = ((number, *_COUNTED[kind]) for kind, number in counted.items() if number)
    return ", ".join(one if number == 1 else danish.count_text(number, one, many) for number, one, many in words)
