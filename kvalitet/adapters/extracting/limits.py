"""Limits: between what each indicator's figures must lie, read from `limits.yaml`."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.plausibility import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def load_limits() -> dict[str, Limits]:
    """Give the limits of every indicator that has numbers: its own, else its unit's."""
    text = files("kvalitet.adapters.extracting").joinpath("limits.yaml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(text)
    found = {
        key: entries["indicators"].get(key) or entries["units"].get(indicator.unit.value)
        for key, indicator in load_catalogue().indicators.items()
    }
    return {key: _limits(entry) for key, entry in found.items() if entry}


def _limits(entry: Mapping[str, Any]) -> Limits:
    numbers = {name: Decimal(str(entry[name])) for name in ("lowest", "highest", "jump")}
    return Limits(**numbers, schools_only=entry.get("schools_only", False))
