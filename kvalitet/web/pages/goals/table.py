"""The matrix of goals and schools: verdicts, and the schools' figures where the goal is the municipality's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.building import COUNTRY_TITLE, why_missing, written
from kvalitet.adapters.danish import sort_key
from kvalitet.goals import Per
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.verdicts import Attainment
from kvalitet.web.pages.figures.seeing import may_see
from kvalitet.web.pages.goals.asking import Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kvalitet.adapters.store.verdicts import KeptVerdict
    from kvalitet.days import SchoolYear
    from kvalitet.goals import Goal
    from kvalitet.measurements import Measurement
    from kvalitet.municipality import School
    from kvalitet.web.pages.figures.seeing import Seen
    from kvalitet.web.pages.goals.asking import AskedGoals
    from kvalitet.web.views import View

_SHORT_TEXTS = {
    "reached": "nået",
    "not_reached": "ikke nået",
    "on_course": "på rette vej",
    "off_course": "ikke på rette vej",
    "under_way": "i gang",
    "uncertain": "for usikkert",
    "unknown": "kan ikke vurderes",
}
# What stands in a cell, where there is little room.
SHORT = {one: _SHORT_TEXTS[one.value] for one in Attainment}
BEHIND = frozenset({Attainment.NOT_REACHED, Attainment.OFF_COURSE})


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Vurderinger: by goal and unit the newest that is no later than the school year shown, and may be seen."""

    newest: Mapping[tuple[str, str], KeptVerdict]

    def of(self, goal: Goal, unit: str) -> KeptVerdict | None:
        """Give a verdict."""
        return self.newest.get((goal.key, unit))


@dataclass(frozen=True, slots=True)
class Column:
    """Kolonne: a goal with how many of the shown schools stand where; `year` is that of the figures, if it has any."""

    goal: Goal
    year: SchoolYear | None
    counts: tuple[tuple[Attainment, int], ...]

    @property
    def is_judged(self) -> bool:
        """Tell whether schools are judged by it; else their figures are all that there is to show."""
        return self.goal.per is Per.SCHOOL or bool(self.counts)


@dataclass(frozen=True, slots=True)
class Cell:
    """Celle: a verdict, the figure that it is about, and why the figure is missing; empty where there is nothing."""

    verdict: KeptVerdict | None = None
    figure: Measurement | None = None
    text: str = ""
    why: str = ""

    @property
    def attainment(self) -> Attainment | None:
        """Where the school stands."""
        return Attainment(self.verdict.attainment) if self.verdict else None


@dataclass(frozen=True, slots=True)
class OwnGoal:
    """Lokalt mål: a goal that a school has set for itself, with its verdict; None until it is judged."""

    goal: Goal
    verdict: KeptVerdict | None

    @property
    def attainment(self) -> Attainment:
        """Where the school stands with it."""
        return Attainment(self.verdict.attainment) if self.verdict else Attainment.UNKNOWN


@dataclass(frozen=True, slots=True)
class Line:
    """Linje: a unit with one cell for each column; without a school it is the municipality or the country."""

    title: str
    unit: str
    cells: tuple[Cell, ...]
    school: School | None = None
    group: str = ""
    own: tuple[OwnGoal, ...] = ()

    @property
    def attainments(self) -> tuple[Attainment | None, ...]:
        """Where the school stands with each goal, the municipality's and its own."""
        return *(cell.attainment for cell in self.cells), *(one.attainment for one in self.own)

    @property
    def behind(self) -> int:
        """How many goals the school has not reached, or is not on course for."""
        return sum(attainment in BEHIND for attainment in self.attainments)


@dataclass(frozen=True, slots=True)
class Table:
    """Tabel: what the matrix shows; `whole` are the lines of the country and the municipality."""

    columns: tuple[Column, ...]
    whole: tuple[Line, ...]
    lines: tuple[Line, ...]

    @property
    def has_own(self) -> bool:
        """Tell whether any of the schools has a goal of its own."""
        return any(line.own for line in self.lines)

    @property
    def own_counts(self) -> tuple[tuple[Attainment, int], ...]:
        """How many of the schools' own goals stand where."""
        return _counted(one.attainment for line in self.lines for one in line.own)

    def told(self) -> list[tuple[Goal, list[tuple[Line, KeptVerdict]]]]:
        """Give the verdicts of each goal, to be read one after another."""
        found = [
            (column.goal, [(line, line.cells[n].verdict) for line in self.lines])
            for n, column in enumerate(self.columns)
        ]
        told = [(goal, [(line, verdict) for line, verdict in judged if verdict]) for goal, judged in found]
        return [(goal, judged) for goal, judged in told if judged]


def table_of(view: View, seen: Seen, verdicts: Verdicts, local: Iterable[Goal], asked: AskedGoals) -> Table:
    """Lay goals and schools out as somebody asked; `local` are the goals that the schools have set."""
    goals = [goal for goal in view.municipality.goals if asked.wants_goal(goal) and _is_shown(view, goal, seen.schools)]
    years = [seen.newest(goal.indicator.key) if goal.indicator else None for goal in goals]
    figures = [_figures(seen, goal, year) for goal, year in zip(goals, years, strict=True)]
    schools = [school for school in seen.schools if asked.wants_school(school)]
    own = _own(view, filter(asked.wants_goal, local), verdicts)
    lines = [
        replace(_line(view, school, goals, figures, verdicts), own=tuple(own.get(school.number, ())))
        for school in schools
    ]
    if asked.attainment:
        lines = [line for line in lines if asked.attainment in line.attainments]
    columns = [Column(goal, years[place], _counts(lines, place)) for place, goal in enumerate(goals)]
    whole = _whole(view, goals, figures)
    # A goal of the municipality with neither figures nor verdicts of schools has nothing to show here.
    with_figures = {place for line in lines for place, cell in enumerate(line.cells) if cell.text}
    kept = [place for place, column in enumerate(columns) if column.is_judged or place in with_figures]
    return Table(
        tuple(columns[place] for place in kept),
        tuple(_with(line, kept) for line in whole),
        tuple(_sorted([_with(line, kept) for line in lines], asked.order)),
    )


def _with(line: Line, kept: Sequence[int]) -> Line:
    return replace(line, cells=tuple(line.cells[place] for place in kept))


def _own(view: View, local: Iterable[Goal], verdicts: Verdicts) -> dict[str, list[OwnGoal]]:
    """Gather the schools' own goals that the viewer may see, by school."""
    found: dict[str, list[OwnGoal]] = {}
    for goal in local:
        if goal.school and (goal.indicator is None or may_see(view, goal.indicator, goal.school)):
            found.setdefault(goal.school, []).append(OwnGoal(goal, verdicts.of(goal, goal.school)))
    return found


def _is_shown(view: View, goal: Goal, schools: Sequence[School]) -> bool:
    """Tell whether the viewer may see anything of a goal: a school's figures of test results are not for all."""
    indicator = goal.indicator
    return indicator is None or any(may_see(view, indicator, unit) for unit in (MUNICIPALITY, *_numbers(schools)))


def _numbers(schools: Sequence[School]) -> list[str]:
    return [school.number for school in schools]


def _figures(seen: Seen, goal: Goal, year: SchoolYear | None) -> Mapping[str, Measurement]:
    return seen.of_year(goal.indicator.key, year) if goal.indicator and year else {}


def _line(
    view: View,
    school: School,
    goals: Sequence[Goal],
    figures: Sequence[Mapping[str, Measurement]],
    verdicts: Verdicts,
) -> Line:
    cells = tuple(
        _cell(view, goal, school.number, found, verdicts.of(goal, school.number))
        for goal, found in zip(goals, figures, strict=True)
    )
    return Line(school.name, school.number, cells, school, view.municipality.group(school.group).name)


def _cell(view: View, goal: Goal, unit: str, found: Mapping[str, Measurement], verdict: KeptVerdict | None) -> Cell:
    """Make a cell; it is empty where the figure is not for the viewer, or where nobody has any."""
    if goal.indicator is None:
        return Cell(verdict)
    if not may_see(view, goal.indicator, unit):
        return Cell()
    if not (found or verdict):
        return Cell()
    figure = found.get(unit)
    return Cell(verdict, figure, written(goal.indicator, figure), why_missing(figure))


def _whole(view: View, goals: Sequence[Goal], figures: Sequence[Mapping[str, Measurement]]) -> tuple[Line, ...]:
    """Give the lines of the country and the municipality, where any of the goals has figures."""
    if not any(figures):
        return ()
    both = list(zip(goals, figures, strict=True))
    titles = {COUNTRY: COUNTRY_TITLE, MUNICIPALITY: view.municipality.name}
    return tuple(
        Line(title, unit, tuple(_cell(view, goal, unit, found, None) for goal, found in both))
        for unit, title in titles.items()
    )


def _counts(lines: Sequence[Line], place: int) -> tuple[tuple[Attainment, int], ...]:
    return _counted(line.cells[place].attainment for line in lines)


def _counted(found: Iterable[Attainment | None]) -> tuple[tuple[Attainment, int], ...]:
    counted = Counter(found)
    return tuple((attainment, counted[attainment]) for attainment in Attainment if counted[attainment])


def _sorted(lines: list[Line], order: Order) -> list[Line]:
    if order is Order.BEHIND:
        return sorted(lines, key=lambda line: -line.behind)
    return sorted(lines, key=lambda line: sort_key(line.group)) if order is Order.GROUP else lines
