"""Choosing: which part of the year is shown, read from the address and written into it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from starlette.exceptions import HTTPException

from kvalitet.adapters.danish import list_text
from kvalitet.feeds import ROLES
from kvalitet.rights import ACCESS_OF
from kvalitet.web.drawing.wheel_model import RING_TITLES, START_TEXTS, Start
from kvalitet.web.views import LONGEST_SHOWN
from kvalitet.wheel import Ring, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from kvalitet.board import Board
    from kvalitet.municipality import School
    from kvalitet.web.views import View
    from kvalitet.wheel import Activity

RING, ROLE, SCHOOL, MINE, LAST_YEAR, START = "ring", "rolle", "skole", "min", "sidste", "start"
YES = "ja"

Key = TypeVar("Key", Ring, Role, Start)


@dataclass(frozen=True)
class Choice:
    """Valg: the rings, roles and schools that are shown (none: all of them), and how.

    `mine` are the viewer's own roles when only what concerns them is asked for.
    """

    rings: frozenset[Ring] = frozenset()
    roles: frozenset[Role] = frozenset()
    schools: tuple[School, ...] = ()
    mine: frozenset[Role] | None = None
    last_year: bool = False
    start: Start = Start.WHEEL

    @property
    def narrows(self) -> bool:
        """Tell whether something may be left out."""
        return bool(self.rings or self.roles or self.schools or self.mine is not None)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Write it as it stands in an address, always in the same order."""
        found = [(RING, ring.value) for ring in Ring if ring in self.rings]
        found += [(ROLE, role.value) for role in Role if role in self.roles]
        found += [(SCHOOL, school.number) for school in self.schools]
        found += [(MINE, YES)] if self.mine is not None else []
        found += [(LAST_YEAR, YES)] if self.last_year else []
        found += [(START, self.start.value)] if self.start is not Start.WHEEL else []
        return tuple(found)

    @property
    def text(self) -> str:
        """Say what is shown, for paper: "ringen Data; for skoleleder; hos Buerup Skole"; "" when it is everything."""
        rings = [RING_TITLES[ring] for ring in Ring if ring in self.rings]
        roles = [ROLES[role] for role in Role if role in self.roles]
        schools = [school.name for school in self.schools]
        parts = [
            f"ring: {list_text(rings)}" if rings else "",
            f"rolle: {list_text(roles)}" if roles else "",
            f"skole: {list_text(schools)}" if schools else "",
            "kun det, der angår mig" if self.mine is not None else "",
        ]
        return "; ".join(filter(None, parts))

    def narrow(self, board: Board) -> Board:
        """Give the board with what was chosen of it."""
        wanted = self._of_schools(board)
        activity = board.municipality.wheel.activity
        rows = tuple(
            row
            for row in board.rows
            if self._takes(activity(row.occurrence.activity)) and (wanted is None or row.occurrence.key in wanted)
        )
        return replace(board, rows=rows) if self.narrows else board

    def _takes(self, activity: Activity) -> bool:
        return (
            (not self.rings or activity.ring in self.rings)
            and (not self.roles or concerns(activity, self.roles))
            and (self.mine is None or concerns(activity, self.mine))
        )

    def _of_schools(self, board: Board) -> set[str] | None:
        if not self.schools:
            return None
        return {row.occurrence.key for school in self.schools for row in board.of_school(school.number)}


def concerns(activity: Activity, roles: Iterable[Role]) -> bool:
    """Tell whether any of some roles has the task or takes part."""
    return bool({activity.owner, *activity.participants} & set(roles))


def choice_of(request: Request, view: View) -> Choice:
    """Read what was chosen; what the wheel does not have is a 400, and a school that is not the viewer's a 404."""
    asked = request.query_params
    return Choice(
        rings=frozenset(_read(Ring, text, "en ring i årshjulet") for text in asked.getlist(RING) if text),
        roles=frozenset(_read(Role, text, "en rolle") for text in asked.getlist(ROLE) if text),
        schools=_schools(view, asked.getlist(SCHOOL)),
        mine=own_roles(view) if asked.get(MINE) == YES else None,
        last_year=asked.get(LAST_YEAR) == YES,
        start=_read(Start, asked.get(START) or Start.WHEEL, f"en begyndelse; vælg en af: {', '.join(START_TEXTS)}"),
    )


def own_roles(view: View) -> frozenset[Role]:
    """Give the roles that the viewer has in the municipality."""
    mine = {standing.access for standing in view.viewer.standings if standing.municipality == view.municipality.key}
    return frozenset(role for role, access in ACCESS_OF.items() if access in mine)


def schools_of(view: View) -> tuple[School, ...]:
    """List the schools that the viewer can choose between: those with anything of their own in the year."""
    present = {row.occurrence.school for row in view.board.rows}
    return tuple(school for school in view.municipality.schools if school.number in present)


def written(view: View, pairs: Iterable[tuple[str, str]]) -> str:
    """Write the query of a page: the year and day that were asked for, and a choice."""
    year = [("skoleaar", view.asked_year.key)] if view.asked_year else []
    day = [("dato", view.asked_day.isoformat())] if view.asked_day else []
    wanted = [*year, *day, *pairs]
    return f"?{urlencode(wanted)}" if wanted else ""


def _schools(view: View, numbers: Iterable[str]) -> tuple[School, ...]:
    wanted = {number for number in numbers if number}
    if not wanted:
        return ()
    found = tuple(school for school in schools_of(view) if school.number in wanted)
    unknown = wanted - {school.number for school in found}
    if unknown:
        raise HTTPException(404, f"Der er ingen skole »{min(unknown)[:LONGEST_SHOWN]}«, som du kan vælge i årshjulet.")
    return found


def _read(kind: type[Key], text: str, what: str) -> Key:
    try:
        return kind(text)
    except ValueError as error:
        raise HTTPException(400, f"»{text[:LONGEST_SHOWN]}« er ikke {what}.") from error
