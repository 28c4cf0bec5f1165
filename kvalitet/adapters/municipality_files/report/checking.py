"""Checking the report: its steps, and the points of the wheel that it waits for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kvalitet.adapters.municipality_files.complaints import unknown_activity
from kvalitet.quality_reports import Version
from kvalitet.wheel import FieldType, Kind, Per

if TYPE_CHECKING:
    from kvalitet.adapters.municipality_files.documents import Document, Place, Problem
    from kvalitet.adapters.municipality_files.report.entries import ReportEntry

POINTERS = ("activity", "statements")


def report_problems(document: Document, report: ReportEntry, wheel: Any) -> Iterator[Problem]:
    """Check what municipality.yaml says of the report; what it points to only where wheel.yaml could be read."""
    yield from _step_problems(document, report)
    if wheel:
        yield from _wheel_problems(document, report, {activity.key: activity for activity in wheel.activities})


def _step_problems(document: Document, report: ReportEntry) -> Iterator[Problem]:
    order = [step for step in Version if step in report.steps]
    if list(report.steps) != order or not {Version.DRAFT, Version.FINAL} <= set(order):
        message = "Trinnene skal være [draft, council, final] eller [draft, final], i den rækkefølge."
        yield document.problem(("report", "steps"), message)


def _wheel_problems(document: Document, report: ReportEntry, known: dict[str, Any]) -> Iterator[Problem]:
    named: list[tuple[Place, str | None]] = [(("report", name), getattr(report, name)) for name in POINTERS]
    named += [(("report", "deliveries", number), key) for number, key in enumerate(report.deliveries)]
    for place, key in named:
        if key and key not in known:
            yield document.problem(place, unknown_activity(key, known))
        elif key and "activity" not in place and not _holds_texts(known[key]):
            message = f"»{key}« skal være en leverance (deliverable) pr. skole med mindst ét felt at skrive i."
            yield document.problem(place, message)
    statements, activity = known.get(report.statements or ""), known.get(report.activity or "")
    if statements and activity and statements.key not in activity.after:
        message = f"Skriv også »after: [{statements.key}]« ved »{activity.key}« i wheel.yaml, så rapporten venter."
        yield document.problem(("report", "statements"), message)


def _holds_texts(activity: Any) -> bool:
    is_asked_of_schools = activity.kind is Kind.DELIVERABLE and activity.per is Per.SCHOOL
    return is_asked_of_schools and any(field.type is not FieldType.FILE for field in activity.fields)
