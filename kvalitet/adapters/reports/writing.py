"""Writing: the quality report as one HTML file; confidential verdicts are left out."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kvalitet.adapters import danish
from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.store import snapshots, verdicts
from kvalitet.board import danish_date, progress_of
from kvalitet.verdicts import Attainment

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.verdicts import KeptVerdict
    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Municipality

HERE = Path(__file__).parent


def write(installation: Installation, municipality: Municipality, school_year: SchoolYear, *, now: datetime) -> Path:
    """Write the report of a school year as it stands at `now`; the file is there whole or not at all."""
    folder = installation.settings.home / "reports" / municipality.key
    target = folder / f"kvalitetsrapport-{school_year.key}.html"
    text = _render(installation, municipality, school_year, now=now)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(target)
    except OSError as error:
        raise OperationError(f"Rapporten kunne ikke skrives til {folder}; er disken fuld?") from error
    return target


def _render(installation: Installation, municipality: Municipality, school_year: SchoolYear, *, now: datetime) -> str:
    board = installation.board(municipality, school_year, now=now)
    with installation.store.read() as connection:
        public = [v for v in verdicts.verdicts(connection, municipality.key) if not v.confidential]
        figures = snapshots.measurements(connection, municipality.key)
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("quality_report.html").render(
        municipality=municipality,
        school_year=school_year,
        today=danish.date_text(danish_date(now)),
        activities=[(activity, progress_of(rows)) for activity, rows in board.activities()],
        missing=[
            (row.occurrence.title, municipality.school(row.occurrence.school).name)
            for row in board.missing()
            if row.occurrence.school
        ],
        goals=[(goal, _of_goal(municipality, public, goal.key)) for goal in municipality.goals],
        sources=sorted({figure.source for figure in figures}),
    )


def _of_goal(municipality: Municipality, public: list[KeptVerdict], goal: str) -> list[tuple[str, str, str]]:
    """List (unit's name, attainment, sentence) of one goal's newest verdicts."""
    names = {school.number: school.name for school in municipality.schools}
    newest = {verdict.unit: verdict for verdict in public if verdict.goal == goal}
    found = [
        (names.get(unit, municipality.name), Attainment(verdict.attainment).danish, verdict.sentence)
        for unit, verdict in newest.items()
    ]
    return sorted(found, key=lambda row: danish.sort_key(row[0]))
