"""`kvalitet goals`: how far the goals are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kvalitet.adapters import danish
from kvalitet.adapters.evaluating import goals_of, judge_all
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, opened, seen_from, year_of
from kvalitet.measurements import MUNICIPALITY

if TYPE_CHECKING:
    from decimal import Decimal

    from kvalitet.goals import Goal
    from kvalitet.municipality import Municipality
    from kvalitet.verdicts import Verdict

HIDDEN = "Fortrolig vurdering; vis den med --confidential."
# What a school has written of its test results may name them.
LOCAL_HIDDEN = "Skolens eget mål for testresultater"
app = typer.Typer(cls=Group, rich_markup_mode=None)


@app.command(cls=Command)
def goals(  # noqa: PLR0913 -- each is an option of the command
    year: options.Year,
    municipality: options.Chosen = None,
    date: options.Day = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    confidential: Annotated[
        bool, typer.Option("--confidential", help="Vis også fortrolige tal (prøver og test).", show_default=False)
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Vurdér målene på de tal og afleveringer, der er.

    Et tal, der mangler, tæller aldrig som 0 og aldrig som et mål, der ikke er nået.
    """
    school_year, now = year_of(year), seen_from(date)
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        with installation.store.read() as connection:
            judged = judge_all(connection, found, school_year, now=now)
            known = {goal.key: goal for goal in goals_of(connection, found, school_year)}
    rows = [
        _as_json(found, known[verdict.goal], verdict, hidden=verdict.confidential and not confidential)
        for verdict in judged
    ]
    if as_json:
        output.say_json(rows)
    else:
        lines = [(row["title"], row["unit_name"], row["verdict"], row["sentence"]) for row in rows]
        lines.sort(key=lambda line: [danish.sort_key(text) for text in line[:2]])
        output.table(("Mål", "For", "Vurdering", "Hvorfor"), lines, empty="Kommunen har ingen mål.")


def _as_json(municipality: Municipality, goal: Goal, verdict: Verdict, *, hidden: bool) -> dict[str, Any]:
    whole = verdict.unit == MUNICIPALITY
    return {
        "goal": verdict.goal,
        "title": LOCAL_HIDDEN if hidden and goal.is_local else goal.title,
        "focus_area": goal.focus_area,
        "unit": verdict.unit,
        "unit_name": municipality.name if whole else municipality.school(verdict.unit).name,
        "school_year": verdict.school_year.label,
        "local": goal.is_local,
        "attainment": None if hidden else verdict.attainment.value,
        "verdict": "fortroligt" if hidden else verdict.attainment.danish,
        "sentence": HIDDEN if hidden else verdict.sentence,
        "value": _number(verdict.value, hidden=hidden),
        "level": None if hidden else verdict.level,
        "baseline": _number(verdict.baseline, hidden=hidden),
        "target": _number(verdict.target, hidden=hidden),
        "pace": _number(verdict.pace, hidden=hidden),
        "pupils": None if hidden else verdict.pupils,
        "confidential": verdict.confidential,
        "missing": None if hidden or verdict.missing is None else verdict.missing.value,
        "sources": list(verdict.sources),
    }


def _number(value: Decimal | None, *, hidden: bool) -> str | None:
    """Write a number exactly, so that a program can read it again without rounding."""
    return None if hidden or value is None else format(value, "f")
