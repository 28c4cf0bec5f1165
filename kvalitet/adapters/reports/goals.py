"""Goals in the report: the matrix of goals and schools, and a part about each goal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.reports.figures import chart_of, figure_of, years_of
from kvalitet.adapters.reports.model import Cell, EffortLine, GoalPart, Judged, MatrixRow
from kvalitet.goals import CountPerSchool, DocumentsPerSchool, Per
from kvalitet.measurements import MUNICIPALITY, danish_decimal
from kvalitet.verdicts import Attainment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.adapters.reports.gathering import Facts
    from kvalitet.goals import Goal
    from kvalitet.municipality import Effort, Municipality, School
    from kvalitet.verdicts import Verdict

# In a few words, for where there is no room for more; the same as on the pages.
SHORT = {
    Attainment.REACHED: "nået",
    Attainment.NOT_REACHED: "ikke nået",
    Attainment.ON_COURSE: "på rette vej",
    Attainment.OFF_COURSE: "ikke på rette vej",
    Attainment.UNDER_WAY: "i gang",
    Attainment.UNCERTAIN: "for usikkert",
    Attainment.UNKNOWN: "kan ikke vurderes",
}
CONFIDENTIAL = "fortroligt"
NOTHING = Cell(None, "–")


def schools_of(facts: Facts) -> tuple[School, ...]:
    """List the schools that take part in the school year, in Danish order."""
    first = facts.school_year.first_day
    mine = [school for school in facts.municipality.schools if school.takes_part(first, first)]
    return tuple(sorted(mine, key=lambda school: danish.sort_key(school.name)))


def matrix_of(facts: Facts) -> tuple[MatrixRow, ...]:
    """Lay out goals and schools; the municipality as a whole stands first."""
    goals = facts.municipality.goals
    whole = MatrixRow(facts.municipality.name, True, tuple(_whole_cell(facts, goal) for goal in goals))  # noqa: FBT003 -- a field
    return (
        whole,
        *(
            MatrixRow(school.name, False, tuple(_school_cell(facts, goal, school) for goal in goals))  # noqa: FBT003 -- a field
            for school in schools_of(facts)
        ),
    )


def goals_of(facts: Facts) -> tuple[GoalPart, ...]:
    """Make the part about each goal, in the order of the municipality's own plan."""
    return tuple(_part(facts, goal, number) for number, goal in enumerate(facts.municipality.goals, start=1))


def judged_of(facts: Facts, goal: Goal, unit: str) -> Judged | None:
    """Give how far one unit is with one goal."""
    verdict = facts.verdict.get((goal.key, unit))
    return _judged(facts.municipality, goal, verdict) if verdict else None


def written_of(goal: Goal, verdict: Verdict) -> str:
    """Write what was found: the figure, the level, or how much has been delivered."""
    if verdict.level is not None:
        return verdict.level
    if verdict.value is None:
        return ""
    if isinstance(goal.target, CountPerSchool | DocumentsPerSchool):
        wanted = f" af {danish_decimal(verdict.target)}" if verdict.target is not None else ""
        return danish_decimal(verdict.value) + wanted
    return goal.indicator.written(verdict.value) if goal.indicator else danish_decimal(verdict.value)


def counted(attainments: Iterable[Attainment], singular: str = "skole", plural: str = "skoler", one: str = "en") -> str:
    """Say how many schools (or goals) stand where, the best first."""
    found = Counter(attainments)
    parts = [
        f"{danish.count_text(found[each], singular, plural, one=one)}: {each.danish}"
        for each in Attainment
        if found[each]
    ]
    return f"{'; '.join(parts)}.".capitalize() if parts else ""


def effort_line(effort: Effort, municipality: Municipality) -> EffortLine:
    """Tell of one of the municipality's efforts."""
    last = effort.last_school_year
    when = f"{effort.first_school_year}-{last}" if last else f"siden {effort.first_school_year}"
    names = [municipality.school(number).name for number in effort.schools if municipality.has_school(number)]
    return EffortLine(effort.title, when, danish.list_text(danish.in_order(names)) or "alle skoler", effort.description)


def _part(facts: Facts, goal: Goal, number: int) -> GoalPart:
    municipality, schools = facts.municipality, schools_of(facts)
    found = [judged for school in schools if (judged := judged_of(facts, goal, school.number))]
    is_hidden = facts.hides(goal)
    indicator = None if is_hidden else goal.indicator
    year = facts.newest_year.get(indicator.key) if indicator else None
    return GoalPart(
        number=number,
        title=goal.title,
        focus_area=goal.focus_area,
        confidential=is_hidden,
        whole=judged_of(facts, goal, MUNICIPALITY),
        counted=counted([judged.attainment for judged in found]),
        schools=tuple(found),
        indicator=indicator.title if indicator else "",
        years=years_of(facts, indicator) if indicator else (),
        chart=chart_of(facts, indicator, year, schools) if indicator and year else None,
        efforts=tuple(
            effort_line(effort, municipality)
            for effort in municipality.efforts
            if goal.key in effort.goals and effort.is_on(facts.school_year.label)
        ),
    )


def _judged(municipality: Municipality, goal: Goal, verdict: Verdict) -> Judged:
    is_whole = verdict.unit == MUNICIPALITY
    story = verdict.sentence.removeprefix(f"{goal.title}: ").removeprefix(f"{verdict.attainment.danish}: ")
    return Judged(
        goal=goal.title,
        name=municipality.name if is_whole else municipality.school(verdict.unit).name,
        unit="" if is_whole else verdict.unit,
        attainment=verdict.attainment,
        text=verdict.attainment.danish,
        written=written_of(goal, verdict),
        story=story[:1].upper() + story[1:],
        sentence=verdict.sentence,
        school_year=verdict.school_year.label,
        confidential=verdict.confidential,
        value=verdict.value,
        target=verdict.target,
    )


def _whole_cell(facts: Facts, goal: Goal) -> Cell:
    if facts.hides(goal):
        return Cell(None, CONFIDENTIAL)
    if goal.per is Per.MUNICIPALITY:
        return _verdict_cell(facts, goal, MUNICIPALITY)
    found = [verdict for verdict in facts.verdicts if verdict.goal == goal.key and verdict.unit != MUNICIPALITY]
    reached = sum(verdict.attainment is Attainment.REACHED for verdict in found)
    return Cell(None, f"{reached} af {len(found)} nået") if found else NOTHING


def _school_cell(facts: Facts, goal: Goal, school: School) -> Cell:
    """Give the school's verdict; of a goal for the municipality as a whole the school's own figure."""
    if facts.hides(goal):
        return Cell(None, CONFIDENTIAL)
    if (goal.key, school.number) in facts.verdict:
        return _verdict_cell(facts, goal, school.number)
    whole = facts.verdict.get((goal.key, MUNICIPALITY))
    if goal.indicator is None or whole is None:
        return NOTHING
    indicator, newest = goal.indicator, facts.newest_year.get(goal.indicator.key)
    own = facts.figure.get((indicator.key, whole.school_year, school.number))
    if own is None and newest is not None and newest != whole.school_year:
        found = figure_of(indicator, facts.figure.get((indicator.key, newest, school.number)))
        return Cell(None, found.written, newest.label)
    return Cell(None, figure_of(indicator, own).written)


def _verdict_cell(facts: Facts, goal: Goal, unit: str) -> Cell:
    verdict = facts.verdict.get((goal.key, unit))
    if verdict is None:
        return NOTHING
    return Cell(verdict.attainment, SHORT[verdict.attainment], written_of(goal, verdict))
