"""Kvalitetsrapport: how a municipality wants its yearly report, and what must be done before its next version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Edition(StrEnum):
    """Udgave: for whom it is written; the internal one alone holds what is confidential (folkeskoleloven § 55 b)."""

    PUBLIC = "public"
    INTERNAL = "internal"

    @property
    def danish(self) -> str:
        """The edition as a person reads it."""
        return _EDITION_TEXTS[self]


class Version(StrEnum):
    """Version: how far the report is on its way, from the draft to the final one."""

    DRAFT = "draft"
    COUNCIL = "council"
    FINAL = "final"

    @property
    def danish(self) -> str:
        """The version as a person reads it."""
        return _VERSION_TEXTS[self]


class Section(StrEnum):
    """Afsnit: a part of the report that a municipality may leave out."""

    SUMMARY = "summary"
    GOALS = "goals"
    SCHOOLS = "schools"
    STATEMENTS = "statements"
    SOURCES = "sources"


_EDITION_TEXTS = {Edition.PUBLIC: "offentlig udgave", Edition.INTERNAL: "intern udgave, fortrolig"}
_VERSION_TEXTS = {
    Version.DRAFT: "kladde",
    Version.COUNCIL: "udkast til kommunalbestyrelsen",
    Version.FINAL: "endelig",
}


@dataclass(frozen=True)
class ReportPlan:
    """Rapportplan: what the report is called, for whom it is, what is in it, and the steps that it goes through.

    `deliveries` names what of the schools' deliveries is printed on their pages.
    `activity` is the point of the wheel that the final version is: what it comes `after` must be done first.
    `statements` is the deliverable with the school boards' statements, which are printed.
    """

    title: str = "Kvalitetsrapport"
    audience: str = "kommunalbestyrelsen"
    introduction: str = ""
    sections: tuple[Section, ...] = tuple(Section)
    steps: tuple[Version, ...] = tuple(Version)
    deliveries: tuple[str, ...] = ()
    activity: str = ""
    statements: str = ""

    def obstacles(self, version: Version, written: Collection[Version], unfinished: Collection[str]) -> tuple[str, ...]:
        """Say in Danish what must be done before a version can be written; nothing when it can.

        `written` are the versions of the school year that are there, `unfinished` what the final one waits for.
        """
        if version not in self.steps:
            return (f"Kommunens rapport har ikke trinnet »{version.danish}«; trinnene står i municipality.yaml.",)
        earlier = self.steps[: self.steps.index(version)]
        found = [f"»{step.danish.capitalize()}« er ikke skrevet endnu." for step in earlier if step not in written]
        if version is Version.FINAL:
            found += [f"{what} mangler." for what in unfinished]
        return tuple(found)

    def next_step(self, written: Collection[Version]) -> Version | None:
        """Give the first step that has not been written; None when the final version is there."""
        return next((step for step in self.steps if step not in written), None)
