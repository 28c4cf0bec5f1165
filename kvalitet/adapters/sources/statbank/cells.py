"""Celler fra Statistikbanken: JSON-stat and BULK (CSV) alike read as values by the codes that they lie under."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from itertools import product
from math import prod
from typing import Any

from kvalitet.adapters.danish import number_text
from kvalitet.adapters.sources.asking import Service, TryAgainError, json_in, refuse_web_page
from kvalitet.adapters.sources.source import SourceBrokenError
from kvalitet.measurements import parse_danish_number

Codes = dict[str, str]
CONTENT = "INDHOLD"
# Sparse values may claim to be of any size.
MOST_CELLS = 5_000_000


@dataclass(frozen=True)
class Cell:
    """Celle: the codes that it lies under, by variable, and its value; None where there is none (`..`)."""

    codes: Codes
    value: Decimal | None


def json_stat(content: bytes, service: Service) -> Iterator[Cell]:
    """Read JSON-stat with its quirks: wrapped or not, `id` and `size` inside `dimension`, sparse or full values.

    The contents themselves (`ContentsCode`) come as a dimension of their own, which says nothing when there is one.
    """
    found = json_in(content, service, parse_float=Decimal, parse_constant=_no_number)
    try:
        dataset = found.get("dataset", found)
        dimensions = dataset["dimension"]
        names = dimensions.get("id") or dataset["id"]
        codes = [_codes_of(dimensions[name]["category"]) for name in names]
        metric = _metric(dimensions)
        values = _full(dataset["value"], prod(map(len, codes)), service)
    except (AttributeError, LookupError, TypeError) as error:
        raise SourceBrokenError(f"{service.name} sendte noget andet end JSON-stat; formen kan være ændret.") from error
    for place, value in zip(product(*codes), values, strict=True):
        yield Cell({n: c for n, c in zip(names, place, strict=True) if n != metric}, _number(value, service))


def bulk(content: bytes, service: Service) -> Iterator[Cell]:
    """Read the streamed CSV: `;`, a column for each variable, the value last, decimal comma."""
    refuse_web_page(content, service)
    try:
        heading, *lines = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    except (ValueError, csv.Error) as error:
        raise SourceBrokenError(
            f"{service.name} sendte ikke det, der var bedt om, som kolonner med semikolon."
        ) from error
    if heading[-1:] != [CONTENT]:
        came = ", ".join(heading)[:200] or "intet"
        raise SourceBrokenError(f"{service.name} sendte ikke kolonnen {CONTENT} sidst, men {came}.")
    for line in lines:
        if len(line) != len(heading):
            raise TryAgainError(f"{service.name} sendte et svar, der er skåret over.")
        yield Cell(dict(zip(heading[:-1], line[:-1], strict=True)), _read(line[-1], service))


def _codes_of(category: Mapping[str, Any]) -> list[str]:
    """The codes in the order of their places; a category of one may leave its index out."""
    index = category.get("index") or category["label"]
    if isinstance(index, dict) and "index" in category:
        return sorted(index, key=index.__getitem__)
    return list(index)


def _metric(dimensions: Mapping[str, Any]) -> str:
    names: list[str] = dimensions.get("role", {}).get("metric", ["ContentsCode"])
    return names[0]


def _full(values: Any, size: int, service: Service) -> list[Any]:
    """All values in their order, as many as there are cells; sparse ones come by their number."""
    if size > MOST_CELLS:
        raise SourceBrokenError(f"{service.name} sendte et svar på {number_text(size)} celler; det er afvist.")
    found = [values.get(str(place)) for place in range(size)] if isinstance(values, dict) else list(values)
    if len(found) != size:
        raise SourceBrokenError(f"{service.name} sendte {len(found)} tal til {size} celler.")
    return found


def _number(value: object, service: Service) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _read(value, service)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    raise SourceBrokenError(f"{service.name} sendte »{value}« i stedet for et tal.")


def _read(text: str, service: Service) -> Decimal | None:
    try:
        return parse_danish_number(text)
    except ValueError as error:
        raise SourceBrokenError(f"{service.name} sendte et tal, der ikke kan læses: {error}") from error


def _no_number(name: str) -> None:
    """NaN and its like are no numbers, and JSON has none of them."""
    raise ValueError(name)
