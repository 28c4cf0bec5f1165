"""Answers: how what is typed into a form is kept: one text for each place in it.

A simple field is one place, its key. A goal has a place for each of its parts (`absence.target`), a table one for
each cell (`agreements.2.partner`), and the answer to last year's promises two for each (`last_year.2.outcome`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet.wheel import FieldType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.days import SchoolYear
    from kvalitet.wheel import FormField

MOST_ROWS = 50
GOAL_PARTS = {"text": "Målet", "indicator": "Nøgletal", "target": "Måltal", "by": "Nås senest"}
PROMISE_PARTS = ("promise", "outcome", "word")


class Outcome(StrEnum):
    """Udfald: what became of a promise."""

    DONE = "done"
    DROPPED = "dropped"
    CONTINUED = "continued"


OUTCOMES = {Outcome.DONE: "gennemført", Outcome.DROPPED: "opgivet", Outcome.CONTINUED: "fortsætter"}


@dataclass(frozen=True, slots=True)
class Promise:
    """Løfte: one row of a table of promises, as the school wrote it."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Promised:
    """Lovet: what a school promised in an earlier school year, and is to say what became of."""

    school_year: SchoolYear
    promises: tuple[Promise, ...]


NOTHING_PROMISED: Mapping[str, Promised] = {}


def place(field: FormField, *parts: object) -> str:
    """Name a place in a field."""
    return ".".join((field.key, *map(str, parts)))


def knows(field: FormField, name: str) -> bool:
    """Tell whether a place may stand in a field."""
    key, *parts = name.split(".")
    if key != field.key or field.type is FieldType.FILE:
        return False
    match field.type, parts:
        case FieldType.GOAL, [part]:
            return part in GOAL_PARTS
        case FieldType.TABLE, [number, column]:
            return _is_row(number) and any(known.key == column for known in field.columns)
        case FieldType.PROMISES, [number, part]:
            return _is_row(number) and part in PROMISE_PARTS
        case _, []:
            return not field.is_composed
    return False


def rows_of(field: FormField, answers: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    """List the rows of a table that have something in them, each with a text for every column."""
    found: dict[int, dict[str, str]] = {}
    for name, text in answers.items():
        if text.strip() and knows(field, name):
            _, number, column = name.split(".")
            found.setdefault(int(number), {known.key: "" for known in field.columns})[column] = text.strip()
    return tuple(found[number] for number in sorted(found))


def cleaned(fields: Iterable[FormField], answers: Mapping[str, str]) -> dict[str, str]:
    """Leave out the empty rows of tables and number the others anew; everything else stays as it was typed."""
    tables = [field for field in fields if field.type is FieldType.TABLE]
    kept = {name: text for name, text in answers.items() if not any(knows(table, name) for table in tables)}
    for table in tables:
        for number, row in enumerate(rows_of(table, answers), start=1):
            kept |= {place(table, number, column): text for column, text in row.items()}
    return kept


def promises_in(field: FormField, answers: Mapping[str, str]) -> tuple[Promise, ...]:
    """Read a table of promises."""
    return tuple(Promise(number, _line(row.values())) for number, row in enumerate(rows_of(field, answers), start=1))


def with_promises(
    fields: Iterable[FormField], answers: Mapping[str, str], promised: Mapping[str, Promised]
) -> dict[str, str]:
    """Write beside each answer which promise it is about, so that it can be read by itself."""
    found = dict(answers)
    for field in fields:
        for promise in promised[field.key].promises if field.key in promised else ():
            found.setdefault(place(field, promise.number, "promise"), promise.text)
    return found


def shown(field: FormField, answers: Mapping[str, str]) -> tuple[str, ...]:
    """Write what was answered in a field, line by line; nothing for what was left empty."""
    if field.type is FieldType.GOAL:
        return _shown_goal(field, answers)
    if field.type is FieldType.TABLE:
        return tuple(_line(row.values()) for row in rows_of(field, answers))
    if field.type is FieldType.PROMISES:
        return _shown_promises(field, answers)
    text = answers.get(field.key, "").strip()
    return (f"{text} {field.unit}".strip(),) if text else ()


def is_answered(field: FormField, answers: Mapping[str, str]) -> bool:
    """Tell whether there is anything in a field."""
    return bool(shown(field, answers))


def differing(fields: Iterable[FormField], mine: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[FormField, ...]:
    """List the fields that two have filled in differently."""
    return tuple(field for field in fields if shown(field, mine) != shown(field, theirs))


def taking(fields: Iterable[FormField], mine: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """Put another's answers to some fields in the place of one's own."""
    given = tuple(fields)
    rest = {name: text for name, text in mine.items() if not any(knows(field, name) for field in given)}
    return rest | {name: text for name, text in theirs.items() if any(knows(field, name) for field in given)}


def places_of(field: FormField, answers: Mapping[str, str]) -> dict[str, str]:
    """Give what was answered in a field, place by place, as the field is asked now."""
    return cleaned([field], {name: text for name, text in answers.items() if knows(field, name)})


def promise_rows(field: FormField, answers: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """Give what was answered to each promise by number: the promise, its outcome and a word on it."""
    found: dict[int, dict[str, str]] = {}
    for name, text in answers.items():
        if knows(field, name):
            _, number, part = name.split(".")
            found.setdefault(int(number), dict.fromkeys(PROMISE_PARTS, ""))[part] = text.strip()
    return dict(sorted(found.items()))


def _shown_goal(field: FormField, answers: Mapping[str, str]) -> tuple[str, ...]:
    texts = {part: answers.get(place(field, part), "").strip() for part in GOAL_PARTS}
    titles = {option.key: option.title for option in field.indicators}
    measured = [
        titles.get(texts["indicator"], texts["indicator"]),
        f"måltal {texts['target']}" if texts["target"] else "",
        f"senest {day_text(texts['by'])}" if texts["by"] else "",
    ]
    return tuple(filter(None, (texts["text"], ", ".join(filter(None, measured)))))


def _shown_promises(field: FormField, answers: Mapping[str, str]) -> tuple[str, ...]:
    said = {key.value: text for key, text in OUTCOMES.items()}
    return tuple(
        ": ".join(filter(None, (row["promise"], ". ".join(filter(None, (said.get(row["outcome"], ""), row["word"]))))))
        for row in promise_rows(field, answers).values()
        if row["outcome"] or row["word"]
    )


def day_text(text: str) -> str:
    """Write a day as Danes do; what is no day stays as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day}.{day.month}.{day.year}"


def _line(cells: Iterable[str]) -> str:
    return " · ".join(cell for cell in cells if cell)


def _is_row(number: str) -> bool:
    return number.isascii() and number.isdecimal() and len(number) <= 3  # noqa: PLR2004 -- nobody fills in a thousand
