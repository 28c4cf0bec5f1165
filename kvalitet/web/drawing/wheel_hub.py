"""The hub of the wheel: the school year, how much is missing, and what is due next."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.svg import element
from kvalitet.adapters.danish import count_text, short_date
from kvalitet.status import State
from kvalitet.web.drawing.geometry import CENTER
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from datetime import date

    from kvalitet.board import Board
    from kvalitet.web.drawing.wheel_model import WheelModel

# The radius at which the texts have their full size; a narrower hub makes them smaller.
ROOMY = 143.0


def draw(model: WheelModel, radius: float) -> str:
    """Draw the hub."""
    board = model.board
    missing = board.missing()
    overdue = sum(row.state is State.OVERDUE for row in missing)
    day, schools = next_due(board)
    is_asked_for = bool(board.deliverables())  # "0 mangler" would be said to who is shown nobody's
    lines = [
        ("hub-name", -86, 18, board.municipality.name),
        ("hub-year", -54, 32, board.school_year.label),
        ("hub-count", 18, 76, str(len(missing)) if is_asked_for else ""),
        ("hub-text", 43, 16, ("aflevering mangler" if len(missing) == 1 else "afleveringer mangler") * is_asked_for),
        ("hub-overdue", 65, 15, f"heraf {overdue} overskredet" if overdue else ""),
        ("hub-text", 92, 14, f"Næste frist {short_date(day)}" if day else ""),
        ("hub-text", 110, 14, f"{count_text(schools, 'skole', 'skoler')} mangler" if day else ""),
    ]
    scale = min(radius / ROOMY, 1.0)
    texts = "".join(_line(kind, offset * scale, size * scale, text) for kind, offset, size, text in lines if text)
    return element("circle", class_="hub", cx=f"{CENTER:g}", cy=f"{CENTER:g}", r=f"{radius:.1f}") + texts


def next_due(board: Board) -> tuple[date | None, int]:
    """Give the next due date on which something is still missing, and for how many schools."""
    coming = [
        row.occurrence
        for row in board.rows
        if row.occurrence.kind is Kind.DELIVERABLE and not row.state.is_done and row.occurrence.due >= board.today
    ]
    day = min((occurrence.due for occurrence in coming), default=None)
    return day, len({occurrence.school for occurrence in coming if occurrence.due == day})


def _line(kind: str, offset: float, size: float, text: str) -> str:
    place = {"x": f"{CENTER:g}", "y": f"{CENTER + offset:.1f}", "font_size": f"{size:.1f}", "text_anchor": "middle"}
    return element("text", escape(text), class_=kind, **place)
