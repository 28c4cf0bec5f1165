"""What may stand under `report` in municipality.yaml."""

from __future__ import annotations

from pydantic import Field

from kvalitet.adapters.municipality_files.words import Entry, Key, Name
from kvalitet.quality_reports import Section, Version


class ReportEntry(Entry):
    """How the yearly report is to be."""

    title: Name = "Kvalitetsrapport"
    audience: Name = "kommunalbestyrelsen"
    introduction: str = ""
    sections: tuple[Section, ...] = Field(default=tuple(Section), min_length=1)
    steps: tuple[Version, ...] = Field(default=tuple(Version), min_length=1)
    deliveries: tuple[Key, ...] = ()
    activity: Key | None = None
    statements: Key | None = None
