"""Reading: what of the written reports somebody may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.reports.keeping import file_name
from kvalitet.adapters.reports.writers import Format
from kvalitet.quality_reports import Edition, Version
from kvalitet.rights import Right

if TYPE_CHECKING:
    from kvalitet.adapters.reports.keeping import StoredReport
    from kvalitet.municipality import Municipality
    from kvalitet.rights import Viewer

# By the name in the address: what it is.
FILES = {file_name(edition, form): (edition, form) for edition in Edition for form in Format}
FORMAT_TEXTS = {Format.HTML: "læs på skærmen", Format.PDF: "PDF", Format.XLSX: "Excel"}


@dataclass(frozen=True)
class Shelf:
    """Hylde: one written version, with the files of it that somebody may open, by edition."""

    stored: StoredReport
    files: dict[Edition, tuple[tuple[str, str], ...]]


def may_see(viewer: Viewer, municipality: Municipality, edition: Edition, version: Version) -> bool:
    """Tell whether somebody may open an edition of a version.

    The final public one is for everybody who is let in, the others for those who follow all schools; what is
    confidential is for those who may see it everywhere (folkeskoleloven § 55 b).
    """
    if edition is Edition.INTERNAL:
        return viewer.may_everywhere(Right.SEE_CONFIDENTIAL, municipality)
    return version is Version.FINAL or viewer.may_everywhere(Right.SEE_SCHOOLS, municipality)


def shelves(viewer: Viewer, municipality: Municipality, stored: tuple[StoredReport, ...]) -> list[Shelf]:
    """List the versions that somebody may open anything of, the newest first."""
    found = [Shelf(one, _files(viewer, municipality, one)) for one in reversed(stored)]
    return [shelf for shelf in found if shelf.files]


def _files(
    viewer: Viewer, municipality: Municipality, stored: StoredReport
) -> dict[Edition, tuple[tuple[str, str], ...]]:
    return {
        edition: tuple((name, FORMAT_TEXTS[form]) for name, (of, form) in FILES.items() if of is edition)
        for edition in Edition
        if may_see(viewer, municipality, edition, stored.version)
    }
