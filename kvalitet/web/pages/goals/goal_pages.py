"""Goals and figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.store import snapshots, verdicts
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.rights import Right
from kvalitet.verdicts import Attainment
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.adapters.store.verdicts import KeptVerdict
    from kvalitet.days import SchoolYear
    from kvalitet.goals import Goal
    from kvalitet.measurements import Indicator, Measurement
    from kvalitet.municipality import Municipality, School
    from kvalitet.web.views import View


@dataclass(frozen=True)
class GoalLine:
    """Mål på siden: the goal with its newest verdict for each unit that the viewer sees; `is_judged` for anybody."""

    goal: Goal
    verdicts: tuple[tuple[str, KeptVerdict], ...]
    is_judged: bool

    @property
    def counts(self) -> tuple[tuple[Attainment, int], ...]:
        """How many units stand where, in the order of the attainments."""
        counted = Counter(Attainment(verdict.attainment) for _, verdict in self.verdicts)
        return tuple((attainment, counted[attainment]) for attainment in Attainment if counted[attainment])

    def story(self, verdict: KeptVerdict) -> str:
        """Give a verdict's sentence without the title and the outcome that already stand above it."""
        told = verdict.sentence.removeprefix(f"{self.goal.title}: ")
        told = told.removeprefix(f"{Attainment(verdict.attainment).danish}: ")
        return told[:1].upper() + told[1:]


@dataclass(frozen=True)
class Figures:
    """Tal: one indicator in one school year, for the country, the municipality and each school."""

    indicator: Indicator
    school_year: SchoolYear
    cells: dict[str, Measurement]

    def written(self, unit: str) -> str:
        """Give a figure as it is read; a missing one as a dash."""
        found = self.cells.get(unit)
        if found is None or found.missing is not None:
            return "–"
        return found.level or (self.indicator.written(found.value) if found.value is not None else "–")

    def why_missing(self, unit: str) -> str:
        """Say why a figure is missing."""
        found = self.cells.get(unit)
        if found is None:
            return "tallet er ikke hentet"
        return found.missing.danish if found.missing else ""


def goals(request: Request) -> Response:
    """Show goals by school with verdicts, and the figures behind them."""
    view = view_of(request)
    with view.installation.store.read() as connection:
        kept = verdicts.verdicts(connection, view.municipality.key)
        measured = snapshots.measurements(connection, view.municipality.key)
        pulled = [found for found in snapshots.snapshots(connection, view.municipality.key) if found.published_at]
    mine = (school for school in view.municipality.schools if view.may(Right.SEE_SCHOOLS, school.number))
    schools = sorted(mine, key=lambda school: sort_key(school.name))
    return render(
        request,
        "goals.html",
        view=view,
        page="maal",
        goals=[
            GoalLine(goal, _newest(view, goal, kept, schools), any(found.goal == goal.key for found in kept))
            for goal in view.municipality.goals
        ],
        attainments={attainment.value: attainment for attainment in Attainment},
        figures=_figures(view.municipality, measured),
        schools=schools,
        country=COUNTRY,
        own=MUNICIPALITY,
        pulled=pulled[0] if pulled else None,
        sources=sorted({found.source for found in measured}),
    )


def _newest(
    view: View, goal: Goal, kept: list[KeptVerdict], schools: list[School]
) -> tuple[tuple[str, KeptVerdict], ...]:
    """Give the newest verdict for each unit that is no later than the school year shown."""
    newest: dict[str, KeptVerdict] = {}
    for verdict in kept:
        if verdict.goal == goal.key and verdict.school_year <= view.school_year and _may_see(view, verdict):
            newest[verdict.unit] = verdict
    names = {MUNICIPALITY: view.municipality.name, **{school.number: school.name for school in schools}}
    return tuple((name, newest[unit]) for unit, name in names.items() if unit in newest)


def _may_see(view: View, verdict: KeptVerdict) -> bool:
    """Tell whether a verdict is for the viewer: a confidential one of the whole municipality, whoever sees all."""
    if not verdict.confidential:
        return True
    if verdict.unit == MUNICIPALITY:
        return view.viewer.may_everywhere(Right.SEE_CONFIDENTIAL, view.municipality)
    return view.may(Right.SEE_CONFIDENTIAL, verdict.unit)


def _figures(municipality: Municipality, measured: tuple[Measurement, ...]) -> list[Figures]:
    """Gather the newest school year of each indicator; confidential ones stay out of this page."""
    found: dict[tuple[str, SchoolYear], dict[str, Measurement]] = defaultdict(dict)
    for one in measured:
        found[one.indicator, one.school_year][one.unit] = one
    figures = []
    for indicator in municipality.indicators:
        years = [year for key, year in found if key == indicator.key]
        if years and not indicator.confidential:
            figures.append(Figures(indicator, max(years), found[indicator.key, max(years)]))
    return figures
