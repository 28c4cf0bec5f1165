"""What municipality.yaml says of the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import check, load
from kvalitet.quality_reports import ReportPlan, Section, Version
from tests.adapters.municipality_files.folder import folder

LAST = "due_soon_days: 14\n"
COUNCIL = """\
  - key: council
    title: Status
    kind: deliverable
    per: municipality
    opens: end-02-01
    due: end-03-31
    owner: administration
    fields: [{key: text, title: Status}]
"""
ACTIVITIES = ("wheel.yaml", "activities:\n", f"activities:\n{COUNCIL}")


def report(*lines: str) -> tuple[str, str, str]:
    """Give the change that puts a report into municipality.yaml."""
    return "municipality.yaml", LAST, "".join([LAST, "report:\n", *(f"  {line}\n" for line in lines)])


def told(tmp_path: Path, *changes: tuple[str, str, str]) -> list[str]:
    _, problems = check(folder(tmp_path, *changes))
    return [str(problem) for problem in problems]


def test_without_a_word_of_it_the_report_is_the_usual_one(tmp_path: Path) -> None:
    assert load(folder(tmp_path)).report == ReportPlan()


def test_what_is_written_of_the_report_is_read(tmp_path: Path) -> None:
    lines = (
        "title: Skoleudviklingssamtale",
        "audience: børneudvalget",
        'introduction: "Her er status.\\n"',
        "sections: [sources, summary]",
        "steps: [draft, final]",
        "deliveries: [local_goals]",
        "activity: council",
        "statements: local_goals",
    )
    waits = (
        "wheel.yaml",
        "owner: administration\n    fields",
        "owner: administration\n    after: [local_goals]\n    fields",
    )
    assert load(folder(tmp_path, ACTIVITIES, waits, report(*lines))).report == ReportPlan(
        title="Skoleudviklingssamtale",
        audience="børneudvalget",
        introduction="Her er status.",
        sections=(Section.SUMMARY, Section.SOURCES),
        steps=(Version.DRAFT, Version.FINAL),
        deliveries=("local_goals",),
        activity="council",
        statements="local_goals",
    )


@pytest.mark.parametrize("steps", ["[final, draft]", "[draft, council]", "[draft, draft, final]", "[final]"])
def test_steps_in_another_order_or_without_an_end_are_refused(tmp_path: Path, steps: str) -> None:
    assert told(tmp_path, report(f"steps: {steps}")) == [
        (
            "municipality.yaml, linje 14, report.steps: Trinnene skal være [draft, council, final] eller [draft, "
            "final], i den rækkefølge."
        )
    ]


def test_a_point_of_the_wheel_that_is_not_there_is_pointed_out(tmp_path: Path) -> None:
    assert told(tmp_path, report("activity: council", "statements: local_goal", "deliveries: [dialogue]")) == [
        "municipality.yaml, linje 14, report.activity: Aktiviteten »council« findes ikke; ret nøglen.",
        "municipality.yaml, linje 15, report.statements: Aktiviteten »local_goal« findes ikke; mener du »local_goals«?",
        (
            "municipality.yaml, linje 16, report.deliveries[0]: »dialogue« skal være en leverance (deliverable) pr. "
            "skole med mindst ét felt at skrive i."
        ),
    ]


def test_statements_that_the_report_does_not_wait_for_are_pointed_out(tmp_path: Path) -> None:
    assert told(tmp_path, ACTIVITIES, report("activity: council", "statements: local_goals")) == [
        (
            "municipality.yaml, linje 15, report.statements: Skriv også »after: [local_goals]« ved »council« i "
            "wheel.yaml, så rapporten venter."
        )
    ]


def test_an_unknown_section_names_the_known_ones(tmp_path: Path) -> None:
    assert told(tmp_path, report("sections: [resume]")) == [
        (
            "municipality.yaml, linje 14, report.sections[0]: »resume« kendes ikke; vælg en af: summary, goals, "
            "schools, statements, sources."
        )
    ]
