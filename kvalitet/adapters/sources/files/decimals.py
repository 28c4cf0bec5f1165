"""Decimaltegn: whether a file writes 7,3 or 7.3, decided by its own figures and never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from kvalitet.adapters.sources.files.sheet import place_of
from kvalitet.adapters.sources.source import WrongFileError
from kvalitet.measurements import parse_danish_number

_SWAPPED = str.maketrans(",.", ".,")


# A figure's text with its row and column.
Place: TypeAlias = tuple[str, int, int]


class Decimals(Enum):
    """Decimaltegn: what stands before the decimals."""

    COMMA = ","
    POINT = "."


def read_number(text: str, decimals: Decimals, *, whole: bool = False) -> Decimal | None:
    """Read a figure; a marker for "no figure" is None, and anything that is no number a ValueError in Danish."""
    try:
        value = parse_danish_number(_danish(text) if decimals is Decimals.POINT else text)
    except ValueError as error:
        wanted = "7,3" if decimals is Decimals.COMMA else "7.3"
        raise ValueError(f"»{text}« er ikke et tal (som {wanted})") from error
    if whole and value is not None and value % 1:
        raise ValueError(f"»{text}« er ikke et helt antal")
    return value


@dataclass
class Evidence:
    """Spor: the first place in a file where a figure can only be read in the one way, or in both."""

    name: str
    comma: Place | None = None
    point: Place | None = None
    unsure: Place | None = None

    def add(self, text: str, row: int, column: int, *, whole: bool) -> None:
        """Look at a figure's text; `whole` where it can only be a whole number, such as a number of pupils."""
        if "," not in text and "." not in text:
            return
        readings = [_is_number(text, decimals, whole=whole) for decimals in Decimals]
        place = (text, row, column)
        match readings:
            case [True, False]:
                self.comma = _first(self.comma, place)
            case [False, True]:
                self.point = _first(self.point, place)
            case [True, True]:
                self.unsure = _first(self.unsure, place)

    def decide(self) -> Decimals:
        """Give the file's decimal mark; one that writes both, or that cannot be told, is refused."""
        if self.comma and self.point:
            both = " og ".join(f"»{text}« i {place_of(row, column)}" for text, row, column in (self.comma, self.point))
            raise WrongFileError(
                f"Filen {self.name} bruger både komma og punktum som decimaltegn: {both}. Ret det, og prøv igen."
            )
        if self.unsure and not self.comma and not self.point:
            text, row, column = self.unsure
            raise WrongFileError(
                f"I filen {self.name} kan »{text}« i {place_of(row, column)} læses på to måder, og intet andet tal "
                "viser, om decimaltegnet er komma eller punktum. Skriv tallene med komma og uden punktum, og prøv igen."
            )
        return Decimals.POINT if self.point else Decimals.COMMA


def _first(known: Place | None, found: Place) -> Place:
    """Give the one that a person comes to first."""
    return found if known is None or found[1:] < known[1:] else known


def _is_number(text: str, decimals: Decimals, *, whole: bool) -> bool:
    try:
        return read_number(text, decimals, whole=whole) is not None
    except ValueError:
        return False


def _danish(text: str) -> str:
    """Swap the marks of a number; the two points that mean "no figure" stay."""
    return text.translate(_SWAPPED) if any(map(str.isdigit, text)) else text
