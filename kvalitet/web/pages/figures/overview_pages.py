"""All indicators by area, with the newest figures of the municipality, the country and a school that is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.building import why_missing, written
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.web.pages.csv_files import CSV, file
from kvalitet.web.pages.figures.asking import AskedList
from kvalitet.web.pages.figures.exporting import rows_of
from kvalitet.web.pages.figures.seeing import indicators_of, may_see, seen_by
from kvalitet.web.pages.spreadsheets import XLSX, as_csv, as_xlsx
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Indicator, Measurement
    from kvalitet.web.pages.figures.seeing import Seen
    from kvalitet.web.pages.spreadsheets import Value
    from kvalitet.web.views import View

FOR_OTHERS = "fortroligt: vises kun for dem, der må se alle skolers testresultater"


@dataclass(frozen=True)
class Line:
    """Linje: one indicator's newest figures; without a year there are none."""

    indicator: Indicator
    year: SchoolYear | None
    figures: dict[str, Measurement]
    schools: int
    hidden: frozenset[str]

    @property
    def count(self) -> int:
        """How many of the schools have a figure."""
        whole = {COUNTRY, MUNICIPALITY}
        return sum(unit not in whole and found.missing is None for unit, found in self.figures.items())

    def written(self, unit: str) -> str:
        """Give a figure as it is read; "" when it is missing."""
        return written(self.indicator, self.figures.get(unit))

    def why(self, unit: str) -> str:
        """Say why a figure is missing, or is not for the viewer."""
        return FOR_OTHERS if unit in self.hidden else why_missing(self.figures.get(unit))


def show(request: Request) -> Response:
    """Show the list."""
    view = view_of(request)
    asked, seen = AskedList.of(request.query_params), seen_by(request, view)
    school = _chosen(view, asked, seen)
    lines = _lines(view, asked, seen)
    return render(
        request,
        "indicators.html",
        view=view,
        page="noegletal",
        asked=asked,
        groups=[(area, list(found)) for area, found in groupby(lines, key=lambda line: line.indicator.area)],
        count=len(lines),
        areas=list(dict.fromkeys(one.area for one in indicators_of(view))),
        schools=[(one.number, one.name) for one in seen.schools],
        units=[*([school] if school else []), MUNICIPALITY, COUNTRY],
        school=school,
        titles=seen.titles,
        has_any=bool(seen.figures),
    )


def csv_file(request: Request) -> Response:
    """Give the figures as CSV."""
    view, rows = _rows(request)
    return file(f"noegletal-{view.municipality.key}.csv", as_csv(rows), CSV)


def xlsx_file(request: Request) -> Response:
    """Give the figures as a spreadsheet."""
    view, rows = _rows(request)
    written_out = as_xlsx(rows, f"Nøgletal, {view.municipality.name}", sheet="Nøgletal")
    return file(f"noegletal-{view.municipality.key}.xlsx", written_out, XLSX)


def _rows(request: Request) -> tuple[View, list[list[Value]]]:
    """Give the rows as shown, or every school year of the one indicator that is asked for."""
    view, key = view_of(request), request.query_params.get("noegletal", "")
    asked, known = AskedList.of(request.query_params), indicators_of(view)
    if any(one.key == key for one in known):
        seen = seen_by(request, view, [key])
        chosen = [(one, year) for one in known if one.key == key for year in seen.years(key)]
        return view, rows_of(seen, chosen)
    seen = seen_by(request, view)
    return view, rows_of(seen, [(line.indicator, line.year) for line in _lines(view, asked, seen) if line.year])


def _lines(view: View, asked: AskedList, seen: Seen) -> list[Line]:
    lines = []
    for one in indicators_of(view):
        year = seen.newest(one.key)
        if asked.wants(one) and (year or not asked.with_figures):
            hidden = frozenset(unit for unit in seen.titles if not may_see(view, one, unit))
            lines.append(Line(one, year, seen.of_year(one.key, year) if year else {}, len(seen.schools), hidden))
    return lines


def _chosen(view: View, asked: AskedList, seen: Seen) -> str:
    """Give the school whose figures stand beside: the one that is asked for, else the viewer's own."""
    wanted = asked.school or view.own_school or ""
    return wanted if wanted in {school.number for school in seen.schools} else ""
