"""Definitioner: what each indicator measures and how it is to be read, from `definitions.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Definition:
    """Definition: what a figure is, what one must know to read it, who works it out, and where to read more."""

    what: str
    source: str
    notes: tuple[str, ...] = ()
    about: str = ""


@cache
def definitions() -> dict[str, Definition]:
    """Read the definitions that come with the program, by indicator."""
    text = files("kvalitet.adapters.figures").joinpath("definitions.yaml").read_text(encoding="utf-8")
    return {
        key: Definition(**{**entry, "notes": tuple(entry.get("notes", ()))})
        for key, entry in yaml.safe_load(text).items()
    }


def definition_of(indicator: str) -> Definition | None:
    """Give the definition of an indicator; None when there is none."""
    return definitions().get(indicator)
