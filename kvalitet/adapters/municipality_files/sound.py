"""Sound parts: what is left of a document when its faulty values are left out.

One mistake must not hide the next: the rest of the file is checked as if the faulty part were not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from kvalitet.adapters.municipality_files.complaints import complaints

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from kvalitet.adapters.municipality_files.documents import Document, Place, Problem

_NAMES = ("key", "number", "role")


@dataclass(frozen=True)
class Sound:
    """What is sound: the document and its entry (None when nothing is), the complaints, and the keys left out."""

    document: Document
    entry: Any
    problems: list[Problem]
    lost: set[str]


def sound_part(document: Document, model: type[BaseModel]) -> Sound:
    """Check a document's values, and give what is left without the faulty ones."""
    problems: list[Problem] = []
    lost: set[str] = set()
    left = document
    while True:
        try:
            return Sound(left, model.model_validate(left.content), problems, lost)
        except ValidationError as error:
            mistakes = [mistake for mistake in error.errors(include_url=False) if not _is_echo(mistake)]
        if left is document:
            problems = complaints(document, model, mistakes)
        faulty = {_faulty(mistake) for mistake in mistakes}
        if () in faulty:
            return Sound(left, None, problems, lost)
        lost |= {name for place in faulty for name in _names_at(left.content, place)}
        left = left.without(faulty)


def _is_echo(mistake: ErrorDetails) -> bool:
    """Tell whether a list is only called empty because all its items have mistakes of their own."""
    return mistake["type"] == "too_short" and bool(mistake["input"])


def _faulty(mistake: ErrorDetails) -> Place:
    """Give the smallest part to leave out: for a key that is missing, what it is missing from."""
    place = tuple(part for part in mistake["loc"] if part != "[key]")
    return place[:-1] if mistake["type"] in {"missing", "too_short"} else place


def _names_at(content: Any, place: Place) -> list[str]:
    """List the names by which other entries may point to the part."""
    for part in place:
        content = content[part]
    if not isinstance(content, dict):
        return [content] if place[-1] in _NAMES and isinstance(content, str) else []
    found = [content.get(name) for name in _NAMES]
    return [name for name in found if isinstance(name, str)]
