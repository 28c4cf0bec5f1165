"""Checking form fields: what no single value can tell, told with file, line and key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kvalitet.adapters.municipality_files.complaints import meant, unique, unknown_indicator
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.measurements import IndicatorUnit
from kvalitet.wheel import FieldType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kvalitet.adapters.municipality_files.documents import Document, Place, Problem
    from kvalitet.adapters.municipality_files.form_fields.entries import FieldEntry

# What belongs to one type alone.
BELONGS = {
    "choices": FieldType.CHOICE,
    "minimum": FieldType.NUMBER,
    "maximum": FieldType.NUMBER,
    "indicators": FieldType.GOAL,
    "columns": FieldType.TABLE,
    "least_rows": FieldType.TABLE,
    "promises": FieldType.TABLE,
    "answers_to": FieldType.PROMISES,
}
# What a type cannot be without.
NEEDED = {
    FieldType.CHOICE: ("choices", "at vælge mellem"),
    FieldType.GOAL: ("indicators", "at måle målet på"),
    FieldType.TABLE: ("columns", "at udfylde"),
    FieldType.PROMISES: ("answers_to", "med det felt, hvis løfter der svares på"),
}


def field_problems(document: Document, place: Place, activity: Any, activities: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the fields of one activity."""
    fields: tuple[FieldEntry, ...] = activity.fields
    yield from unique(document, [((*place, "fields", n, "key"), f.key) for n, f in enumerate(fields)], "Feltet")
    for number, field in enumerate(fields):
        here: Place = (*place, "fields", number)
        yield from _type_problems(document, here, field)
        yield from _indicator_problems(document, here, field)
        columns = [((*here, "columns", n, "key"), column.key) for n, column in enumerate(field.columns)]
        yield from unique(document, columns, "Kolonnen")
        if field.type is FieldType.PROMISES and field.answers_to:
            yield from _promise_problems(document, (*here, "answers_to"), field, activity, activities)
    files = [number for number, field in enumerate(fields) if field.type is FieldType.FILE]
    for number in files[1:]:
        message = "En leverance kan kun have én fil; saml dem i det første felt, eller lav to leverancer."
        yield document.problem((*place, "fields", number, "type"), message)


def _type_problems(document: Document, here: Place, field: FieldEntry) -> Iterator[Problem]:
    key, what = NEEDED.get(field.type, ("", ""))
    if key and not getattr(field, key):
        yield document.problem((*here, "type"), f"Et felt af typen {field.type} skal have »{key}« {what}.")
    for name, kind in BELONGS.items():
        value = getattr(field, name)
        is_given = value is not None if kind is FieldType.NUMBER else bool(value)
        if is_given and field.type is not kind:
            yield document.problem((*here, name), f"»{name}« hører kun til felter af typen {kind}.")
    if field.minimum is not None and field.maximum is not None and field.maximum < field.minimum:
        yield document.problem((*here, "maximum"), "Det største tilladte tal er mindre end det mindste; byt dem om.")


def _indicator_problems(document: Document, here: Place, field: FieldEntry) -> Iterator[Problem]:
    """Check what a goal may be measured on: a school gives a number to reach, so a level is nothing to measure on."""
    catalogue = load_catalogue()
    for index, key in enumerate(field.indicators):
        place: Place = (*here, "indicators", index)
        if key not in catalogue:
            yield document.problem(place, unknown_indicator(key))
        elif catalogue[key].unit is IndicatorUnit.LEVEL:
            message = f"»{key}« er et niveau og ikke et tal; skolens eget mål skal måles på et tal."
            yield document.problem(place, message)


def _promise_problems(
    document: Document, here: Place, field: FieldEntry, activity: Any, activities: Mapping[str, Any]
) -> Iterator[Problem]:
    """Check that the promises that a field answers are made somewhere, by the same unit."""
    key, _, asked = field.answers_to.partition(".")
    made = {
        f"{one.key}.{each.key}"
        for one in activities.values()
        for each in one.fields
        if each.type is FieldType.TABLE and each.promises
    }
    if f"{key}.{asked}" not in made:
        hint = meant(field.answers_to, made) or "; skriv det som leverance.felt, og sæt promises: true ved feltet."
        yield document.problem(here, f"»{field.answers_to}« er ingen tabel med løfter{hint}")
    elif activities[key].per is not activity.per:
        yield document.problem(
            here, f"»{key}« afleveres ikke af den samme enhed; brug per: {activity.per} begge steder."
        )
