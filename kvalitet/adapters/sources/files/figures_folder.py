"""The figures folder: files that a municipality lays beside its wheel, read like any other source."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kvalitet.adapters.sources.files.school_figures_file import FiguresFile
from kvalitet.adapters.sources.source import ExtractRequest, NotPublishedYetError, RawExtract
from kvalitet.measurements import Measurement

ENDINGS = frozenset({".csv", ".xlsx"})
# What Excel and LibreOffice lay beside a file while somebody has it open.
LOCKS = ("~$", ".~")


@dataclass(frozen=True)
class FiguresFolder:
    """Mappe med tal: every CSV and Excel file in it; those of the wanted school year count."""

    folder: Path

    def fetch(self, request: ExtractRequest) -> RawExtract:
        """Read the school year's figures; a folder without any is "not published yet"."""
        read = [
            FiguresFile.at(path).read(schools=request.schools, municipality_name=request.municipality_name)
            for path in self._files()
        ]
        used = [extract for extract in read if _asked_for(extract, request)]
        if not used:
            year = request.school_year.label
            raise NotPublishedYetError(f"Der er ingen tal for skoleåret {year} i mappen »{self.folder.name}« endnu.")
        return RawExtract(
            content=b"\n".join(extract.content for extract in used),
            content_type="text/csv",
            label=", ".join(extract.label for extract in used),
            request=f"filer i mappen {self.folder.name} for skoleåret {request.school_year.label}",
            measurements=tuple(measurement for extract in used for measurement in _asked_for(extract, request)),
            problems=tuple(problem for extract in read for problem in extract.problems),
            left_out=tuple(row for extract in read for row in extract.left_out),
        )

    def _files(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        files = (path for path in self.folder.iterdir() if path.suffix.lower() in ENDINGS)
        return sorted(path for path in files if not path.name.startswith(LOCKS))


def _asked_for(extract: RawExtract, request: ExtractRequest) -> list[Measurement]:
    """Give the figures of a file that are of the school year and the indicators."""
    of_year = (measurement for measurement in extract.measurements if measurement.school_year == request.school_year)
    return [measurement for measurement in of_year if measurement.indicator in request.indicators]
