"""Writers of the report: the same model as HTML, as a tagged PDF and as a workbook."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet.adapters.reports.writers.html import as_html
from kvalitet.adapters.reports.writers.pdf import as_pdf
from kvalitet.adapters.reports.writers.xlsx import as_xlsx

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.reports.model import QualityReport


class Format(StrEnum):
    """Format: what a report is saved as."""

    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"


def written(report: QualityReport, format_: Format, *, now: datetime) -> bytes:
    """Write a report; the same model at the same instant gives the same bytes."""
    match format_:
        case Format.HTML:
            return as_html(report)
        case Format.PDF:
            return as_pdf(report, now=now)
        case Format.XLSX:
            return as_xlsx(report, now=now)
