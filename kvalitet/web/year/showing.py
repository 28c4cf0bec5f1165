"""Showing: the chosen part of the year, gathered once for the wheel, the timeline, the list and the files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from kvalitet.adapters.danish import sort_key
from kvalitet.feeds import ROLES
from kvalitet.rights import Right
from kvalitet.web.drawing.wheel_model import RING_TITLES, START_TEXTS, WheelModel, model_of
from kvalitet.web.views import view_of
from kvalitet.web.year.choosing import Choice, choice_of, concerns, own_roles, schools_of, written
from kvalitet.wheel import Ring, Role

if TYPE_CHECKING:
    from starlette.requests import Request

    from kvalitet.board import Board
    from kvalitet.municipality import School
    from kvalitet.web.drawing.wheel_model import Start
    from kvalitet.web.views import View
    from kvalitet.wheel import Activity


@dataclass(frozen=True)
class Shown:
    """Det viste: a view, what was chosen of its year, and what there is to choose."""

    view: View
    choice: Choice

    @cached_property
    def board(self) -> Board:
        """The board with what was chosen of it."""
        return self.choice.narrow(self.view.board)

    @cached_property
    def model(self) -> WheelModel:
        """What the wheel, the timeline and the list show."""
        last = self._last_year() if self.choice.last_year else None
        return model_of(self.board, whole=self.view.board, last=last, start=self.choice.start)

    @property
    def links_query(self) -> str | None:
        """What ends the addresses of the points; None for who may not open their pages."""
        return self.view.query if self.view.may(Right.SEE_SCHOOLS) else None

    @property
    def total(self) -> int:
        """How many points the year has in all."""
        return len(self._activities)

    @property
    def can_compare(self) -> bool:
        """Tell whether last year is planned, so that it can be laid under this one."""
        return self.view.school_year.plus(-1) in self.view.school_years

    @property
    def rings(self) -> tuple[tuple[Ring, str], ...]:
        """The rings that the year has anything in."""
        present = {activity.ring for activity in self._activities}
        return tuple((ring, RING_TITLES[ring]) for ring in Ring if ring in present)

    @property
    def roles(self) -> tuple[tuple[Role, str], ...]:
        """The roles that have a task in the year or take part."""
        present = [role for role in Role if any(concerns(activity, {role}) for activity in self._activities)]
        return tuple((role, ROLES[role][:1].upper() + ROLES[role][1:]) for role in present)

    @property
    def schools(self) -> tuple[School, ...]:
        """The schools to choose between, in Danish order; none when there is but one."""
        found = sorted(schools_of(self.view), key=lambda school: sort_key(school.name))
        return tuple(found) if len(found) > 1 else ()

    @property
    def has_own(self) -> bool:
        """Tell whether only a part of the year concerns the viewer's own roles."""
        mine = own_roles(self.view)
        return len({concerns(activity, mine) for activity in self._activities}) > 1

    @property
    def starts(self) -> dict[Start, str]:
        """What can lie at the top of the wheel."""
        return START_TEXTS

    def address(self, page: str = "", **changed: object) -> str:
        """Give the address of a page with the same choice, or with some of it changed."""
        choice = replace(self.choice, **changed)  # type: ignore[arg-type]  # the fields of a choice
        return f"/{self.view.municipality.key}/{page}{written(self.view, choice.pairs)}"

    def cleared(self, page: str = "") -> str:
        """Give the address of a page with everything in it."""
        return f"/{self.view.municipality.key}/{page}{self.view.query}"

    @cached_property
    def _activities(self) -> tuple[Activity, ...]:
        return tuple(activity for activity, _ in self.view.board.activities())

    def _last_year(self) -> Board | None:
        if not self.can_compare:
            return None
        view = self.view
        board = view.installation.board(view.municipality, view.school_year.plus(-1), now=view.now)
        return self.choice.narrow(view.viewer.board(board))


def shown_of(request: Request) -> Shown:
    """Read which municipality, year, day and part of the year a page is about."""
    view = view_of(request)
    return Shown(view, choice_of(request, view))
