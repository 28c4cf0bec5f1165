"""Forms: whether a delivery answers what its deliverable asks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kvalitet.answers import (
    GOAL_PARTS,
    MOST_ROWS,
    NOTHING_PROMISED,
    OUTCOMES,
    PROMISE_PARTS,
    Outcome,
    Promised,
    knows,
    place,
    promise_rows,
    rows_of,
)
from kvalitet.measurements import parse_danish_number
from kvalitet.wheel import FieldType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kvalitet.wheel import Activity, FormField

LONGEST_TEXT = 20_000


def problems(
    activity: Activity,
    answers: Mapping[str, str],
    *,
    files: frozenset[str],
    promised: Mapping[str, Promised] = NOTHING_PROMISED,
) -> dict[str, str]:
    """Say what is wrong with the answers: place in the form -> one Danish sentence; empty when all is well.

    `files` holds the keys of the file fields that a file comes with, `promised` what each field of promises (by key)
    is to answer. The rows of tables are numbered from 1, as `answers.cleaned` does.
    """
    found: dict[str, str] = {}
    for name, text in answers.items():
        field = next((field for field in activity.fields if knows(field, name) or field.key == name), None)
        if field is None or (field.is_composed and field.key == name):
            found[name] = f"Feltet »{name}« findes ikke i »{activity.title}«."
        elif len(text) > LONGEST_TEXT:
            found[name] = f"»{field.title}« er for lang; højst {LONGEST_TEXT} tegn, eller vedhæft en fil."
    for field in activity.fields:
        for name, sentence in _of_field(field, answers, files, promised.get(field.key)):
            found.setdefault(name, sentence)
    return found


def _of_field(
    field: FormField, answers: Mapping[str, str], files: frozenset[str], promised: Promised | None
) -> Iterator[tuple[str, str]]:
    if field.type is FieldType.GOAL:
        yield from _of_goal(field, answers)
    elif field.type is FieldType.TABLE:
        yield from _of_table(field, answers)
    elif field.type is FieldType.PROMISES:
        yield from _of_promises(field, answers, promised)
    else:
        given = field.key in files if field.type is FieldType.FILE else answers.get(field.key, "").strip()
        problem = _problem(field, answers.get(field.key, "").strip()) if given else _missing(field)
        if problem:
            yield field.key, problem


def _missing(field: FormField) -> str:
    if not field.required:
        return ""
    verb = "Vedhæft" if field.type is FieldType.FILE else "Udfyld"
    return f"{verb} »{field.title}«."


def _problem(field: FormField, answer: str) -> str:
    if field.type is FieldType.NUMBER:
        return _number_problem(field, answer)
    if field.type is FieldType.CHOICE and answer not in field.choices:
        return f"Vælg en af mulighederne i »{field.title}«: {', '.join(field.choices)}."
    return ""


def _number_problem(field: FormField, answer: str) -> str:
    try:
        number = parse_danish_number(answer)
    except ValueError:
        number = None
    if number is None:
        return f"Skriv »{field.title}« som et tal, fx 5,4."
    low, high = field.minimum, field.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        return f"»{field.title}« skal ligge mellem {_plain(low)} og {_plain(high)}."
    return ""


def _plain(bound: float | None) -> str:
    return "…" if bound is None else f"{bound:g}".replace(".", ",")


def _of_goal(field: FormField, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Check a goal: whoever sets one says what, measured on what, how much and by when."""
    texts = {part: answers.get(place(field, part), "").strip() for part in GOAL_PARTS}
    if not field.required and not any(texts.values()):
        return
    known = {option.key for option in field.indicators}
    if not texts["text"]:
        yield place(field, "text"), f"Skriv målet i »{field.title}«."
    if texts["indicator"] not in known:
        yield place(field, "indicator"), f"Vælg det nøgletal, som »{field.title}« måles på."
    if not _is_number(texts["target"]):
        yield place(field, "target"), f"Skriv måltallet i »{field.title}« som et tal, fx 5,4."
    if not _is_day(texts["by"]):
        yield place(field, "by"), f"Skriv den dag, hvor »{field.title}« senest er nået, fx 2027-06-30."


def _of_table(field: FormField, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    rows = rows_of(field, answers)
    least = max(field.least_rows, 1) if field.required else 0
    if len(rows) > MOST_ROWS:
        first = place(field, MOST_ROWS + 1, field.columns[0].key)
        yield first, f"»{field.title}« har plads til {MOST_ROWS} rækker; saml nogle af dem."
    for number, row in enumerate(rows, start=1):
        for column in field.columns:
            if column.required and not row[column.key]:
                yield place(field, number, column.key), f"Udfyld »{column.title}« i række {number} af »{field.title}«."
    if len(rows) < least:
        first = place(field, len(rows) + 1, field.columns[0].key)
        if least == 1:
            yield first, f"Udfyld »{field.title}«."
        else:
            yield first, f"Udfyld mindst {least} rækker i »{field.title}«; der er {len(rows)}."


def _of_promises(field: FormField, answers: Mapping[str, str], promised: Promised | None) -> Iterator[tuple[str, str]]:
    """Check that every promise of the year before is answered."""
    given = promise_rows(field, answers)
    for promise in promised.promises if promised else ():
        row = given.get(promise.number, dict.fromkeys(PROMISE_PARTS, ""))
        is_another = row["promise"] not in {"", promise.text}
        if row["outcome"] not in set(Outcome) or is_another:
            choices = ", ".join(OUTCOMES.values())
            said = f"Svar på, hvad der blev af »{promise.text}«"
            yield place(field, promise.number, "outcome"), f"{said}: {choices}."
        elif not row["word"]:
            yield place(field, promise.number, "word"), f"Skriv med et par ord, hvordan det gik med »{promise.text}«."


def _is_number(text: str) -> bool:
    try:
        return parse_danish_number(text) is not None
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
