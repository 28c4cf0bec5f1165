"""Gathering: everything that a report is made from, read in one transaction, so that its numbers belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kvalitet.adapters.evaluating import goals_of, judge_all
from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.installation import DEMONSTRATION, board_on
from kvalitet.adapters.sources.series_breaks import load_series_breaks
from kvalitet.adapters.store import deliveries, log
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.quality_reports import Edition
from kvalitet.status import State

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.store.deliveries import Delivery
    from kvalitet.board import Board
    from kvalitet.days import SchoolYear
    from kvalitet.goals import Goal
    from kvalitet.measurements import Measurement, SeriesBreak
    from kvalitet.municipality import Municipality
    from kvalitet.verdicts import Verdict


@dataclass(frozen=True)
class Facts:
    """Kendsgerninger: what one edition may know of a school year; `goals` are the schools' own as well."""

    board: Board
    edition: Edition
    goals: tuple[Goal, ...]
    verdicts: tuple[Verdict, ...]
    figures: tuple[Measurement, ...]
    breaks: tuple[SeriesBreak, ...] = ()
    answers: Mapping[str, Delivery] = field(default_factory=dict)
    waivers: Mapping[str, str] = field(default_factory=dict)
    is_demonstration: bool = False

    @property
    def municipality(self) -> Municipality:
        """The municipality that the report is about."""
        return self.board.municipality

    @property
    def school_year(self) -> SchoolYear:
        """The school year that the report is about."""
        return self.board.school_year

    @property
    def today(self) -> date:
        """The day that the report is seen from."""
        return self.board.today

    @property
    def sees_confidential(self) -> bool:
        """Whether the edition holds what is confidential."""
        return self.edition is Edition.INTERNAL

    @cached_property
    def figure(self) -> Mapping[tuple[str, SchoolYear, str], Measurement]:
        """The figures by indicator, school year and unit."""
        return {(one.indicator, one.school_year, one.unit): one for one in self.figures}

    @cached_property
    def newest_year(self) -> Mapping[str, SchoolYear]:
        """By indicator the newest school year that a school has a figure of, else that anybody has or lacks one of."""
        found: dict[str, tuple[bool, bool, SchoolYear]] = {}
        for one in self.figures:
            is_there = one.missing is None
            rank = is_there and one.unit not in {COUNTRY, MUNICIPALITY}, is_there, one.school_year
            found[one.indicator] = max(found.get(one.indicator, rank), rank)
        return {indicator: year for indicator, (*_, year) in found.items()}

    @cached_property
    def verdict(self) -> Mapping[tuple[str, str], Verdict]:
        """The verdicts by goal and unit."""
        return {(one.goal, one.unit): one for one in self.verdicts}

    def hides(self, goal: Goal) -> bool:
        """Tell whether the edition says nothing of how far a goal is."""
        return goal.indicator is not None and goal.indicator.confidential and not self.sees_confidential


def gather(
    connection: Connection, municipality: Municipality, school_year: SchoolYear, edition: Edition, *, now: datetime
) -> Facts:
    """Read what an edition may know; what it may not know is never read into it."""
    sees_confidential = edition is Edition.INTERNAL
    board = board_on(connection, municipality, school_year, now=now)
    figures = shown_figures(connection, municipality, viewer_may_see_confidential=sees_confidential)
    judged = judge_all(connection, municipality, school_year, now=now)
    allowed = [verdict for verdict in judged if sees_confidential or not verdict.confidential]
    printed = {*municipality.report.deliveries, municipality.report.statements}
    return Facts(
        board=board,
        edition=edition,
        goals=goals_of(connection, municipality, school_year),
        verdicts=tuple(allowed),
        figures=tuple(one for one in figures if one.school_year <= school_year),
        breaks=load_series_breaks(),
        answers=deliveries.newest_of(connection, [key for row in board.rows if (key := row.occurrence.key)
                                                  and row.occurrence.activity in printed]),
        waivers=_waivers(connection, board) if sees_confidential else {},
        is_demonstration=log.recall(connection, DEMONSTRATION) is not None,
    )  # fmt: skip


def _waivers(connection: Connection, board: Board) -> dict[str, str]:
    """Read why school boards are let off their statements; the reasons may be about people, and are not published."""
    rows = (row for row in board.of(board.municipality.report.statements) if row.state is State.WAIVED)
    found = ((row.occurrence.key, deliveries.waiver(connection, row.occurrence.key)) for row in rows)
    return {key: waiver.reason for key, waiver in found if waiver}
