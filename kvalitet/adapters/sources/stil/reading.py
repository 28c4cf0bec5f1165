"""Læsning af STIL's svar: from bytes to a page of rows, a cube's entry in the catalogue, or a dimension's members."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from kvalitet.adapters.sources.asking import Service, json_in
from kvalitet.adapters.sources.source import SourceBrokenError
from kvalitet.adapters.sources.stil.cubes import CatalogueEntry
from kvalitet.adapters.sources.stil.pages import Rows

_PLAIN = {str, int, float, bool, type(None)}


def page_in(content: bytes, service: Service) -> tuple[bytes, Rows]:
    """Read a page; the array has been met wrapped in a JSON string, too."""
    found = json_in(content, service)
    if isinstance(found, str):
        found = json_in(found.encode(errors="replace"), service)
    if not isinstance(found, list) or not _are_flat(found):
        raise SourceBrokenError(f"{service.name} sendte noget andet end rækker med tal; formen kan være ændret.")
    return content, found


def entry_in(content: bytes, service: Service) -> CatalogueEntry:
    """Read a cube's measures and dimensions."""
    found = json_in(content, service)
    entry = found if isinstance(found, dict) else {}
    dimensions = tuple(_name_of(item) for item in _listed(entry.get("detaljer")))
    return CatalogueEntry(tuple(map(str, _listed(entry.get("nøgletal")))), dimensions)


def members_in(content: bytes, service: Service) -> tuple[str, ...]:
    """Read the members of a dimension; the shape of the list is not documented, so every text in it counts."""
    return tuple(dict.fromkeys(_texts_in(json_in(content, service))))


def _are_flat(rows: list[Any]) -> bool:
    """Whether all rows are objects of plain values."""
    if not all(isinstance(row, dict) for row in rows):
        return False
    return set(map(type, chain.from_iterable(map(dict.values, rows)))) <= _PLAIN


def _listed(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def _name_of(item: object) -> str:
    return str(item.get("name", item.get("Name", ""))) if isinstance(item, dict) else str(item)


def _texts_in(found: object) -> Iterator[str]:
    waiting = [found]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting += reversed(item.values())
        elif isinstance(item, list):
            waiting += reversed(item)
