"""Goals: those of the municipality with their sentences, and the matrix of goals and schools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from kvalitet.adapters.evaluating import goals_of
from kvalitet.adapters.store import verdicts as store
from kvalitet.goals import Per
from kvalitet.measurements import MUNICIPALITY
from kvalitet.rights import Right
from kvalitet.verdicts import Attainment
from kvalitet.web.access.guarding import NOT_YOURS
from kvalitet.web.answering.packing import packed
from kvalitet.web.pages.csv_files import CSV, file
from kvalitet.web.pages.figures.seeing import seen_by
from kvalitet.web.pages.goals.asking import ORDERS, AskedGoals
from kvalitet.web.pages.goals.cells import Writer
from kvalitet.web.pages.goals.exporting import rows_of
from kvalitet.web.pages.goals.table import SHORT, Verdicts, table_of
from kvalitet.web.pages.spreadsheets import XLSX, as_csv, as_xlsx
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kvalitet.adapters.store.verdicts import KeptVerdict
    from kvalitet.goals import Goal
    from kvalitet.municipality import Effort
    from kvalitet.web.pages.figures.seeing import Seen
    from kvalitet.web.pages.goals.table import Table
    from kvalitet.web.views import View

# So many schools' sentences stand below the matrix, and of so few they lie open.
MOST_TOLD, TOLD_AT_ONCE = 60, 3
NOT_JUDGED = "Målet er ikke vurderet her, eller vurderingen er ikke for dig."


@dataclass(frozen=True)
class GoalLine:
    """Mål på siden: a goal of the municipality with its newest verdict, and its efforts; `is_judged` for anybody."""

    goal: Goal
    verdict: KeptVerdict | None
    is_judged: bool
    efforts: tuple[Effort, ...]


def story(goal: Goal, verdict: KeptVerdict) -> str:
    """Give a verdict's sentence without the title and the outcome that already stand above it."""
    told = verdict.sentence.removeprefix(f"{goal.title}: ")
    told = told.removeprefix(f"{Attainment(verdict.attainment).danish}: ")
    return told[:1].upper() + told[1:]


def show(request: Request) -> Response:
    """Show the goals."""
    view = view_of(request)
    asked, seen = AskedGoals.of(request.query_params), _seen(request, view)
    kept, judged = _verdicts(view)
    table = table_of(view, seen, kept, _local(view), asked)
    response = render(
        request,
        "goals.html",
        view=view,
        page="maal",
        asked=asked,
        goals=_lines(view, asked, kept, judged),
        table=table,
        cells=Writer(table, view.query).cells,
        told=table.told() if len(table.lines) <= MOST_TOLD else [],
        most_told=MOST_TOLD,
        tells_at_once=len(table.lines) <= TOLD_AT_ONCE,
        orders=ORDERS,
        shorts=SHORT,
        story=story,
        attainments={one.value: one for one in Attainment},
        areas=_areas(view),
        is_many=len(seen.schools) > 1,
        has_goals=bool(view.municipality.goals),
        sources=sorted({found.source for found in seen.figures}),
    )
    return packed(request, response)


def csv_file(request: Request) -> Response:
    """Give the matrix as CSV."""
    view, table = _as_asked(request)
    return file(_name(view, "csv"), as_csv(rows_of(table)), CSV)


def xlsx_file(request: Request) -> Response:
    """Give the matrix as a spreadsheet."""
    view, table = _as_asked(request)
    title = f"Mål og skoler {view.school_year.label}, {view.municipality.name}"
    return file(_name(view, "xlsx"), as_xlsx(rows_of(table), title, sheet="Mål"), XLSX)


def verdict(request: Request) -> Response:
    """Show one verdict: its sentence, and those of earlier school years."""
    view, asked = view_of(request), request.path_params
    unit = asked["unit"]
    goals = (*view.municipality.goals, *_local(view)) if _may_know_of(view, unit) else ()
    goal = next((one for one in goals if one.key == asked["goal"]), None)
    if goal is None or goal.school not in {None, unit}:
        raise HTTPException(404, NOT_YOURS)
    with view.installation.store.read() as connection:
        found = store.verdicts(connection, view.municipality.key, unit=unit)
    mine = [one for one in reversed(found) if one.goal == goal.key and _may_see(view, one)]
    if not mine:
        raise HTTPException(404, NOT_JUDGED)  # without its title, which a school may have written its results in
    return render(request, "verdict.html", view=view, page="maal", **_verdict_values(view, goal, unit, mine))


def _verdict_values(view: View, goal: Goal, unit: str, found: list[KeptVerdict]) -> dict[str, Any]:
    school = view.municipality.school(unit) if unit != MUNICIPALITY else None
    return {
        "goal": goal,
        "unit": unit,
        "school": school,
        "title": school.name if school else view.municipality.name,
        "verdicts": found,
        "story": story,
        "attainments": {one.value: one for one in Attainment},
        "efforts": _efforts(view, goal, unit),
    }


def _may_know_of(view: View, unit: str) -> bool:
    return unit == MUNICIPALITY or view.may(Right.SEE_SCHOOLS, unit)


def _may_see(view: View, verdict: KeptVerdict) -> bool:
    """Tell whether a verdict is for the viewer: a confidential one of the whole municipality, whoever sees all."""
    if not verdict.confidential:
        return _may_know_of(view, verdict.unit)
    if verdict.unit == MUNICIPALITY:
        return view.viewer.may_everywhere(Right.SEE_CONFIDENTIAL, view.municipality)
    return view.may(Right.SEE_CONFIDENTIAL, verdict.unit)


def _seen(request: Request, view: View) -> Seen:
    return seen_by(request, view, {goal.indicator.key for goal in view.municipality.goals if goal.indicator})


def _local(view: View) -> tuple[Goal, ...]:
    """List the goals that the schools have set for themselves, and that stand in the school year shown."""
    with view.installation.store.read() as connection:
        found = goals_of(connection, view.municipality, view.school_year)
    return tuple(goal for goal in found if goal.is_local)


def _verdicts(view: View) -> tuple[Verdicts, frozenset[str]]:
    """Give the verdicts that the viewer may see, and the goals that anybody has one of."""
    with view.installation.store.read() as connection:
        found = store.newest(connection, view.municipality.key, until=view.school_year)
    mine = {(one.goal, one.unit): one for one in found if _may_see(view, one)}
    return Verdicts(mine), frozenset(one.goal for one in found)


def _lines(view: View, asked: AskedGoals, kept: Verdicts, judged: frozenset[str]) -> list[GoalLine]:
    """List the municipality's own goals that are asked for; those of each school stand in the matrix."""
    return [
        GoalLine(goal, kept.of(goal, MUNICIPALITY), goal.key in judged, _efforts(view, goal, MUNICIPALITY))
        for goal in view.municipality.goals
        if asked.wants_goal(goal) and goal.per is Per.MUNICIPALITY
    ]


def _efforts(view: View, goal: Goal, unit: str) -> tuple[Effort, ...]:
    """List what is done for a goal in the school year shown: by everybody, or by one school."""
    year = view.school_year.label
    return tuple(
        effort
        for effort in view.municipality.efforts
        if goal.key in effort.goals
        and effort.first_school_year <= year <= (effort.last_school_year or year)
        and (unit == MUNICIPALITY or not effort.schools or unit in effort.schools)
    )


def _areas(view: View) -> list[str]:
    """List the focus areas, in the order of the goals."""
    return list(dict.fromkeys(goal.focus_area for goal in view.municipality.goals))


def _as_asked(request: Request) -> tuple[View, Table]:
    view = view_of(request)
    kept, _ = _verdicts(view)
    return view, table_of(view, _seen(request, view), kept, _local(view), AskedGoals.of(request.query_params))


def _name(view: View, ending: str) -> str:
    return f"maal-{view.municipality.key}-{view.school_year.key}.{ending}"
