"""Building the plan of the report from its entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.quality_reports import ReportPlan, Section

if TYPE_CHECKING:
    from kvalitet.adapters.municipality_files.report.entries import ReportEntry


def report_of(entry: ReportEntry) -> ReportPlan:
    """Build the plan; the sections stand in the order in which they are printed, whatever the file's."""
    return ReportPlan(
        title=entry.title,
        audience=entry.audience,
        introduction="\n\n".join(" ".join(part.split()) for part in entry.introduction.strip().split("\n\n")),
        sections=tuple(section for section in Section if section in entry.sections),
        steps=entry.steps,
        deliveries=entry.deliveries,
        activity=entry.activity or "",
        statements=entry.statements or "",
    )
