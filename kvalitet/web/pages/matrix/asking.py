"""Asking: which schools and deliverables of the matrix somebody wants to see, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet.status import State
from kvalitet.web.filters import search_in

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from kvalitet.web.views import View

# The states that a deliverable can have, in the order of its life.
STATES = (
    State.NOT_OPEN,
    State.OPEN,
    State.DUE_SOON,
    State.OVERDUE,
    State.DELIVERED,
    State.SENT_BACK,
    State.APPROVED,
    State.WAIVED,
)


class Order(StrEnum):
    """Rækkefølge: by what the schools are sorted."""

    NAME = "navn"
    MISSING = "mangler"
    GROUP = "gruppe"


ORDERS = {Order.NAME: "navn", Order.MISSING: "antal, der mangler", Order.GROUP: "skolegruppe"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Ønske: what the matrix is narrowed to; "" and None narrow nothing."""

    search: str = ""
    group: str = ""
    activity: str = ""
    state: State | None = None
    only_missing: bool = False
    order: Order = Order.NAME

    @classmethod
    def of(cls, query: QueryParams) -> Asked:
        """Read the query; what nothing can be narrowed to narrows nothing, so that an old bookmark still works."""
        state, order = query.get("status", ""), query.get("sorter", "")
        return cls(
            search=search_in(query, "skole"),
            group=query.get("gruppe", ""),
            activity=query.get("aktivitet", ""),
            state=State(state) if state in STATES else None,
            only_missing=query.get("kun") == Order.MISSING.value,
            order=Order(order) if order in list(Order) else Order.NAME,
        )

    @property
    def is_narrowed(self) -> bool:
        """Tell whether something may be left out."""
        return bool(self.search or self.group or self.activity or self.state or self.only_missing)

    def words(self) -> dict[str, str]:
        """Give the query that asks for the same."""
        return {
            "skole": self.search,
            "gruppe": self.group,
            "aktivitet": self.activity,
            "status": self.state.value if self.state else "",
            "kun": Order.MISSING.value if self.only_missing else "",
            "sorter": "" if self.order is Order.NAME else self.order.value,
        }

    def query(self, view: View) -> str:
        """Give the query of a link that goes on asking for the same."""
        return view.query_with(**self.words())

    def address(self, view: View, page: str = "skoler") -> str:
        """Give the address of a page that shows the same."""
        return f"/{view.municipality.key}/{page}{self.query(view)}"
