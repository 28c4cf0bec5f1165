"""Fixing: the figures that goals are counted from stay as they were when they were first shown or judged on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.store import snapshots
from kvalitet.adapters.store.extracts import baselines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.goals import Goal


def fix_baselines(connection: Connection, municipality: str, goals: Iterable[Goal], *, now: datetime) -> None:
    """Fix what is on show of the goals' baseline years, for every unit; what is fixed already stays as it is."""
    years = {(goal.indicator.key, goal.baseline_year) for goal in goals if goal.indicator and goal.baseline_year}
    if years:
        shown = snapshots.measurements(connection, municipality, indicators={key for key, _ in years})
        found = [one for one in shown if (one.indicator, one.school_year) in years]
        baselines.fix(connection, municipality, found, now=now)
