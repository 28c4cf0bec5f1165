"""Asking: which goals and schools somebody wants to see, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet.adapters.danish import sort_key
from kvalitet.verdicts import Attainment
from kvalitet.web.filters import search_in

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from kvalitet.goals import Goal
    from kvalitet.municipality import School
    from kvalitet.web.views import View


class Order(StrEnum):
    """Rækkefølge: by what the schools are sorted."""

    NAME = "navn"
    BEHIND = "bagud"
    GROUP = "gruppe"


ORDERS = {Order.NAME: "navn", Order.BEHIND: "flest mål, der ikke er nået", Order.GROUP: "skolegruppe"}


@dataclass(frozen=True, slots=True)
class AskedGoals:
    """Ønske: what the matrix of goals is narrowed to; "" and None narrow nothing."""

    search: str = ""
    group: str = ""
    focus_area: str = ""
    attainment: Attainment | None = None
    order: Order = Order.NAME

    @classmethod
    def of(cls, query: QueryParams) -> AskedGoals:
        """Read the query; what nothing can be narrowed to narrows nothing, so that an old bookmark still works."""
        attainment, order = query.get("status", ""), query.get("sorter", "")
        return cls(
            search=search_in(query, "skole"),
            group=query.get("gruppe", ""),
            focus_area=query.get("indsatsomraade", ""),
            attainment=Attainment(attainment) if attainment in {one.value for one in Attainment} else None,
            order=Order(order) if order in list(Order) else Order.NAME,
        )

    @property
    def is_narrowed(self) -> bool:
        """Tell whether something may be left out."""
        return bool(self.search or self.group or self.focus_area or self.attainment)

    def wants_goal(self, goal: Goal) -> bool:
        """Tell whether a goal is of the focus area that is asked for."""
        return self.focus_area in {"", goal.focus_area}

    def wants_school(self, school: School) -> bool:
        """Tell whether a school is of the group, and has the name, that is asked for."""
        return self.group in {"", school.group} and sort_key(self.search)[0] in sort_key(school.name)[0]

    def words(self) -> dict[str, str]:
        """Give the query that asks for the same."""
        return {
            "skole": self.search,
            "gruppe": self.group,
            "indsatsomraade": self.focus_area,
            "status": self.attainment.value if self.attainment else "",
            "sorter": "" if self.order is Order.NAME else self.order.value,
        }

    def address(self, view: View, page: str = "maal") -> str:
        """Give the address of a page that shows the same."""
        return f"/{view.municipality.key}/{page}{view.query_with(**self.words())}"
