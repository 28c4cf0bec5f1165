"""The Danish words for what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.store.incoming import IncomingKind

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLES = {
    IncomingKind.HUMAN: "skrevet af et menneske",
    IncomingKind.ANSWER: "svar på indkaldelser",
    IncomingKind.SET_ASIDE: "svar, der ikke tæller",
    IncomingKind.BOUNCE: "kom retur",
    IncomingKind.DELAY: "forsinket",
    IncomingKind.AUTOMATIC: "automatiske svar",
}
_COUNTED = {
    IncomingKind.HUMAN: ("mail til gennemsyn", "mails til gennemsyn"),
    IncomingKind.ANSWER: ("svar på en indkaldelse", "svar på indkaldelser"),
    IncomingKind.SET_ASIDE: ("svar, der ikke tæller", "svar, der ikke tæller"),
    IncomingKind.BOUNCE: ("mail kom retur", "mails kom retur"),
    IncomingKind.DELAY: ("forsinket mail", "forsinkede mails"),
    IncomingKind.AUTOMATIC: ("automatisk svar", "automatiske svar"),
}


def counted_text(counted: Mapping[IncomingKind, int]) -> str:
    """Write "2 svar på indkaldelser, 1 automatisk svar"; "" for nothing."""
    return ", ".join(danish.count_text(number, *_COUNTED[kind]) for kind, number in counted.items() if number)
