"""Building: a form field, from its entry in wheel.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.wheel import Column, FormField, Option

if TYPE_CHECKING:
    from kvalitet.adapters.municipality_files.form_fields.entries import FieldEntry


def field_of(entry: FieldEntry) -> FormField:
    """Build one form field; an indicator that is not known, which the check tells of, is left out."""
    catalogue = load_catalogue()
    values = {name: getattr(entry, name) for name in type(entry).model_fields}
    limits = {"minimum": entry.minimum, "maximum": entry.maximum}
    values |= {name: None if limit is None else float(limit) for name, limit in limits.items()}
    values["indicators"] = tuple(Option(key, catalogue[key].title) for key in entry.indicators if key in catalogue)
    values["columns"] = tuple(Column(column.key, column.title, column.required) for column in entry.columns)
    return FormField(**values)
