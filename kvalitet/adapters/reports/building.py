"""Building: the facts of one edition become what the report says; nothing is read and nothing is set here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.reports.figures import figure_lines
from kvalitet.adapters.reports.goals import counted, goals_of, matrix_of
from kvalitet.adapters.reports.model import Cover, DeliveryCount, QualityReport, VersionLine
from kvalitet.adapters.reports.schools import school_parts, statements_of
from kvalitet.adapters.reports.sentences import sentences_of, shortened
from kvalitet.adapters.reports.sources import definitions_of, gaps_of, sources_of, withheld_of
from kvalitet.board import progress_of
from kvalitet.status import State
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.adapters.reports.gathering import Facts
    from kvalitet.adapters.reports.keeping import StoredReport
    from kvalitet.board import Row
    from kvalitet.quality_reports import Version
    from kvalitet.wheel import Activity

CONFIDENTIAL = "Fortrolig: indeholder prøveresultater (folkeskoleloven § 55 b) og må ikke offentliggøres eller deles."
DEMONSTRATION = "Demonstration: skolernes afleveringer er opdigtede. Tallene er rigtige, med kilde."


def build(facts: Facts, version: Version, *, number: int = 0, earlier: Iterable[StoredReport] = ()) -> QualityReport:
    """Make the report of one edition; `number` is that of the stored version, 0 for a preview."""
    plan = facts.municipality.report
    cover = Cover(
        title=plan.title,
        municipality=facts.municipality.name,
        school_year=facts.school_year.label,
        edition=facts.edition.danish,
        version=version.danish,
        number=number,
        audience=plan.audience,
        introduction=plan.introduction,
        seen_on=danish.date_text(facts.today),
        note=" ".join(filter(None, [CONFIDENTIAL * facts.sees_confidential, DEMONSTRATION * facts.is_demonstration])),
    )
    schools = school_parts(facts)
    own = [judged.attainment for school in schools for judged in school.own]
    return QualityReport(
        cover=cover,
        sections=plan.sections,
        sentences=sentences_of(facts),
        goal_titles=tuple(goal.title for goal in facts.municipality.goals),
        matrix=matrix_of(facts),
        counts=tuple(_count(facts, *one) for one in facts.board.activities() if one[0].kind is not Kind.EFFORT),
        goals=goals_of(facts),
        schools=schools,
        figures=figure_lines(facts),
        own_goals=counted(own, "mål", "mål", one="et"),
        statements=statements_of(facts),
        sources=sources_of(facts),
        definitions=definitions_of(facts),
        gaps=gaps_of(facts),
        withheld=withheld_of(facts),
        versions=tuple(map(_version, earlier)),
    )


def _version(stored: StoredReport) -> VersionLine:
    written = danish.date_text(danish.local(stored.written_at).date())
    title = f"{stored.version.danish.capitalize()}, nr. {stored.number}"
    return VersionLine(title, written, stored.written_by, stored.digest[:16])


def _count(facts: Facts, activity: Activity, rows: tuple[Row, ...]) -> DeliveryCount:
    counted = progress_of(rows)
    late = [row.occurrence.school for row in rows if row.state is State.OVERDUE and row.occurrence.school]
    names = danish.in_order(facts.municipality.school(number).name for number in late)
    told = shortened(names) or (str(counted.overdue) if counted.overdue else "ingen")
    opens = min(row.occurrence.opens for row in rows)
    due = max(row.occurrence.due for row in rows)
    period = f"{danish.short_date(opens)} – {danish.date_text(due)}"
    return DeliveryCount(activity.title, period, counted.done, counted.expected, told)
