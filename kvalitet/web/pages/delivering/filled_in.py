"""What a form of a delivery brings: its texts by place, how many rows it showed, and what is chosen in a conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet import answers
from kvalitet.answers import MOST_ROWS
from kvalitet.wheel import FieldType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kvalitet.adapters.store.deliveries import Delivery
    from kvalitet.web.uploads import Filled
    from kvalitet.wheel import FormField

MARK = "afleveringsmærke"
BASE = "udgave"
ROWS = "rækker"
MORE_ROWS = "flere"
CHOSEN, MINE, THEIRS = "vælg", "min", "deres"
KEPT_FILE = "behold-fil"
FEWEST_ROWS, MORE = 3, 3


def texts_of(fields: Iterable[FormField], filled: Filled) -> dict[str, str]:
    """Read the texts of a form, with the rows of its tables numbered anew; simple fields are always there."""
    asked = tuple(fields)
    found = {field.key: filled.text(field.key) for field in asked if _is_simple(field)}
    for name in filled.data:
        if any(field.is_composed and answers.knows(field, name) for field in asked):
            found[name] = filled.text(name)
    return answers.cleaned(asked, found)


def shown_rows(fields: Iterable[FormField], texts: Mapping[str, str], filled: Filled | None = None) -> dict[str, int]:
    """Tell how many rows each table shows: what is filled in and an empty one, and as many as there were before."""
    return {
        field.key: min(MOST_ROWS, max(FEWEST_ROWS, field.least_rows, len(answers.rows_of(field, texts)) + 1, before))
        for field in fields
        if field.type is FieldType.TABLE
        for before in [_rows_before(field, filled)]
    }


def base_of(filled: Filled, newest: int) -> int:
    """Read which version a form began from; one that does not say so began from the newest."""
    text = filled.text(BASE)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(10**9)) else newest


def with_choices(
    fields: Iterable[FormField], texts: Mapping[str, str], theirs: Delivery, filled: Filled
) -> dict[str, str]:
    """Put the other's answers where they were chosen in a conflict."""
    chosen = [field for field in fields if filled.text(f"{CHOSEN}.{field.key}") == THEIRS]
    return answers.taking(chosen, texts, theirs.answers)


def _rows_before(field: FormField, filled: Filled | None) -> int:
    if filled is None:
        return 0
    text = filled.text(f"{ROWS}.{field.key}")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_ROWS)) else 0
    return before + MORE if filled.text(MORE_ROWS) == field.key else before


def _is_simple(field: FormField) -> bool:
    return not field.is_composed and field.type is not FieldType.FILE
