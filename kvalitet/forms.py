"""Forms: whether a delivery answers what its deliverable asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.measurements import parse_danish_number
from kvalitet.wheel import FieldType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kvalitet.wheel import Activity, FormField

LONGEST_TEXT = 20_000


def problems(activity: Activity, answers: Mapping[str, str], *, files: frozenset[str]) -> dict[str, str]:
    """Say what is wrong with the answers: field key -> one Danish sentence; empty when all is well.

    `files` holds the keys of the file fields that a file comes with.
    """
    found: dict[str, str] = {}
    known = {field.key for field in activity.fields}
    for key in answers:
        if key not in known:
            found[key] = f"Feltet »{key}« findes ikke i »{activity.title}«."
    for field in activity.fields:
        given = field.key in files if field.type is FieldType.FILE else answers.get(field.key, "").strip()
        problem = _missing(field) if not given else _problem(field, answers.get(field.key, "").strip())
        if problem:
            found[field.key] = problem
    return found


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
    if field.type is FieldType.TEXT and len(answer) > LONGEST_TEXT:
        return f"»{field.title}« er for lang; højst {LONGEST_TEXT} tegn, eller vedhæft en fil."
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
