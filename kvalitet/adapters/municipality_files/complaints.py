"""Complaints: what is wrong, told in Danish and with the place; what pydantic finds, and what points to nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kvalitet.adapters.sources.indicators import load_catalogue

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from kvalitet.adapters.municipality_files.documents import Document, Place, Problem

TEXTS = {
    "missing": "Nøglen mangler; tilføj den.",
    "string_type": "Her skal stå en tekst.",
    "string_too_short": "Teksten må ikke være tom.",
    "int_parsing": "»{input}« er ikke et helt tal.",
    "int_type": "Her skal stå et helt tal.",
    "bool_parsing": "»{input}« skal være true eller false.",
    "tuple_type": "Her skal stå en liste: en linje med bindestreg for hvert punkt.",
    "dict_type": "Her skal stå nøgler med værdier.",
    "model_type": "Her skal stå nøgler med værdier.",
    "date_from_datetime_parsing": "»{input}« er ikke en dato; skriv den som 2026-08-31.",
    "date_parsing": "»{input}« er ikke en dato; skriv den som 2026-08-31.",
    "date_type": "Her skal stå en dato, fx 2026-08-31.",
    "time_parsing": "»{input}« er ikke et klokkeslæt; skriv det som 09:00.",
    "time_type": "Her skal stå et klokkeslæt, fx 09:00.",
    "too_short": "Listen må ikke være tom.",
    "greater_than_equal": "»{input}« er for lidt; mindst {ge}.",
    "less_than_equal": "»{input}« er for meget; højst {le}.",
    "enum": "»{input}« kendes ikke; vælg en af: {expected}.",
    "literal_error": "»{input}« kendes ikke; vælg en af: {expected}.",
}


def complaints(document: Document, model: type[BaseModel], errors: Iterable[ErrorDetails]) -> list[Problem]:
    """Tell each error at its line."""
    return [document.problem(_place(error), _text(model, error)) for error in errors]


def unique(document: Document, places: Iterable[tuple[Place, str]], what: str) -> Iterator[Problem]:
    """Find values that stand twice where each must be one of its kind."""
    first: dict[str, int] = {}
    for place, value in places:
        if value in first:
            message = f"{what} »{value}« står to gange, første gang i linje {first[value]}; ret den ene."
            yield document.problem(place, message)
        first.setdefault(value, document.line(place))


def unknown_indicator(key: str) -> str:
    """Say that an indicator is not in the catalogue."""
    hint = meant(key, load_catalogue().indicators) or "; vælg et fra kataloget i docs/kommunens-filer.md."
    return f"Nøgletallet »{key}« kendes ikke{hint}"


def unknown_activity(key: str, known: Iterable[str]) -> str:
    """Say that an activity is not in the wheel."""
    return f"Aktiviteten »{key}« findes ikke{meant(key, known) or '; ret nøglen.'}"


def meant(word: str, known: Iterable[str]) -> str:
    """Give "; mener du »…«?" with the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; mener du »{near[0]}«?" if near else ""


def _place(error: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(part for part in error["loc"] if part != "[key]")


def _text(model: type[BaseModel], error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(model, str(error["loc"][-1]), error["loc"][:-1])
    if kind == "value_error":
        return str(context["error"])
    if error["input"] is None:
        return "Nøglen har ingen værdi; skriv en, eller slet linjen."
    values: dict[str, Any] = {"input": error["input"], **context}
    if "expected" in values:
        values["expected"] = str(values["expected"]).replace("'", "").replace(" or ", ", ")
    return TEXTS.get(kind, "»{input}« kan ikke bruges her.").format(**values)


def _unknown_key(model: type[BaseModel], key: str, around: tuple[str | int, ...]) -> str:
    known = _keys_at(model, around)
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"; mener du »{near[0]}«?" if near else f"; her kan stå: {', '.join(known)}."
    return f"Nøglen »{key}« kendes ikke{hint}"


def _keys_at(model: type[BaseModel], around: tuple[str | int, ...]) -> list[str]:
    """Find which keys may stand at a place, by walking the models down to it."""
    current: type[BaseModel] | None = model
    for part in around:
        if isinstance(part, str) and current and part in current.model_fields:
            current = _model_in(current.model_fields[part].annotation)
    return list(current.model_fields) if current else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if hasattr(annotation, "model_fields"):
        found: type[BaseModel] = annotation
        return found
    inner = (_model_in(argument) for argument in getattr(annotation, "__args__", ()))
    return next((found for found in inner if found), None)
