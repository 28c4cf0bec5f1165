"""`kvalitet schools`: the municipality's schools beside the state's register of institutions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kvalitet.adapters import danish
from kvalitet.adapters.municipality_files import load_all
from kvalitet.adapters.sources.register.comparing import compare
from kvalitet.adapters.sources.register.register_file import read_register
from kvalitet.board import danish_date
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, seen_from, settings_of

if TYPE_CHECKING:
    from kvalitet.adapters.sources.register.comparing import Finding
    from kvalitet.adapters.sources.register.register_file import Register
    from kvalitet.municipality import Municipality

app = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def schools() -> None:
    """Hold skolerne op mod Institutionsregisteret."""


@app.command(cls=Command)
def check(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="Et udtræk af Institutionsregisteret.")],
    municipality: options.Chosen = None,
    date: options.Day = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Vis, hvor skolerne i filerne ikke passer med et udtræk af registret.

    Lukkede, nye, sammenlagte og omdøbte skoler, og skoler, der ville blive talt to gange. Intet ændres.
    """
    found = chosen(load_all(settings_of(home, files).municipality_folder), municipality)
    register = read_register(file)
    findings = compare(found, register, today=danish_date(seen_from(date)))
    if as_json:
        output.say_json(_as_json(found, register, findings))
        return
    for line in (*(f"Udeladt fra registret: {problem}." for problem in register.problems), *_texts(findings)):
        output.say(line)
    output.say(_sum(found, register, findings))


def _texts(findings: list[Finding]) -> list[str]:
    return [finding.text for finding in findings]


def _sum(municipality: Municipality, register: Register, findings: list[Finding]) -> str:
    ours = danish.count_text(len(municipality.schools), "skole", "skoler").capitalize()
    read = danish.count_text(len(register.institutions), "institution", "institutioner")
    outcome = danish.count_text(len(findings), "forskel", "forskelle") if findings else "Alt passer"
    return f"{ours} i {municipality.name} er holdt op mod {read}. {outcome.capitalize()}."


def _as_json(municipality: Municipality, register: Register, findings: list[Finding]) -> dict[str, Any]:
    return {
        "municipality": municipality.key,
        "schools": len(municipality.schools),
        "institutions": len(register.institutions),
        "problems": [
            {"row": problem.row, "column": problem.column, "why": problem.why} for problem in register.problems
        ],
        "findings": [
            {"kind": found.kind.value, "number": found.number, "name": found.name, "text": found.text}
            for found in findings
        ],
    }
