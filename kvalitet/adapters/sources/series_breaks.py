"""Databrud: the breaks that are known for the whole country, read from `series_breaks.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from kvalitet.days import SchoolYear
from kvalitet.measurements import SeriesBreak


@cache
def load_series_breaks() -> tuple[SeriesBreak, ...]:
    """Give the breaks that come with the program."""
    text = files("kvalitet.adapters.sources").joinpath("series_breaks.yaml").read_text(encoding="utf-8")
    return tuple(found for entry in yaml.safe_load(text) for found in _breaks(entry))


def _breaks(entry: Mapping[str, Any]) -> Iterator[SeriesBreak]:
    lasting = "from" in entry
    years = [entry["from"]] if lasting else entry["only"]
    for indicator in entry["indicators"]:
        for year in years:
            yield SeriesBreak(
                indicator=indicator, school_year=SchoolYear.parse(year), why=entry["why"], lasting=lasting
            )
