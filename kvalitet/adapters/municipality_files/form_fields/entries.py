"""What may stand at a form field of wheel.yaml."""

from __future__ import annotations

from pydantic import Field

from kvalitet.adapters.municipality_files.words import DanishNumber, Entry, Flag, Key, Line, Name, Whole
from kvalitet.answers import MOST_ROWS
from kvalitet.wheel import FieldType


class ColumnEntry(Entry):
    """One column of a table."""

    key: Key
    title: Name
    required: Flag = True


class FieldEntry(Entry):
    """One form field of a deliverable."""

    key: Key
    title: Name
    type: FieldType = FieldType.TEXT
    required: Flag = True
    help: str = ""
    unit: Line = ""
    minimum: DanishNumber | None = None
    maximum: DanishNumber | None = None
    choices: tuple[Name, ...] = ()
    indicators: tuple[str, ...] = ()
    columns: tuple[ColumnEntry, ...] = ()
    least_rows: Whole = Field(default=0, ge=0, le=MOST_ROWS)
    promises: Flag = False
    answers_to: Line = ""
