"""The report as a PDF: A4, tagged (PDF/UA-1), with contents and page numbers."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kvalitet.adapters.printing.typesetting import typeset
from kvalitet.adapters.reports.goals import SHORT
from kvalitet.adapters.reports.writers.shapes import svg_of
from kvalitet.verdicts import Attainment

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.reports.model import QualityReport

TEMPLATE = "quality_report"
# How wide a drawing is set, in mm, and how tall it may become.
WIDE, TALLEST = 141.0, 205.0
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def as_pdf(report: QualityReport, *, now: datetime) -> bytes:
    """Set the report."""
    files = {f"{one.value}.svg": svg_of(one).encode() for one in Attainment}
    files |= {f"chart-{goal.number}.svg": goal.chart.svg.encode() for goal in report.goals if goal.chart}
    return typeset(TEMPLATE, values(report), now=now, files=files)


def values(report: QualityReport) -> dict[str, Any]:
    """Give what the template sets: the model as plain values; numbers stand there as they are written."""
    plain: dict[str, Any] = asdict(report, dict_factory=_plain)
    cover = report.cover
    return plain | {
        "widths": {str(goal.number): _width(goal.chart.svg) for goal in report.goals if goal.chart},
        "heading": f"{cover.title} {cover.school_year} – {cover.municipality}",
        "standing": cover.standing,
        "legend": [{"key": one.value, "short": SHORT[one], "text": one.danish} for one in Attainment],
    }


def _width(svg: str) -> float:
    """Give how wide a drawing is set so that it stays on one page."""
    box = _BOX.search(svg)
    return min(WIDE, TALLEST * float(box[1]) / float(box[2])) if box else WIDE


def _plain(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Leave out the numbers themselves and the drawings, which go in as files."""
    left_out = {"value", "target", "svg"}
    return {name: value.value if isinstance(value, Attainment) else value for name, value in fields
            if name not in left_out}  # fmt: skip
