"""Paper: the wheel as a sheet of A3 that can hang on a wall, and be read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kvalitet.adapters.danish import count_text, date_text, list_text, short_date
from kvalitet.adapters.printing.typesetting import typeset
from kvalitet.web.drawing import card, wheel_svg
from kvalitet.web.drawing.wheel_bars import told_before
from kvalitet.web.drawing.wheel_model import RING_TITLES

if TYPE_CHECKING:
    from kvalitet.web.drawing.wheel_model import Bar, WheelModel

TEMPLATE, DRAWING = "year_wheel", "wheel.svg"


def sheet(model: WheelModel, chosen: str) -> bytes:
    """Set the sheet; `chosen` says what part of the year it shows, "" for all of it."""
    drawing = wheel_svg.draw(model, links=False).encode()
    return typeset(TEMPLATE, values(model, chosen), now=model.board.now, files={DRAWING: drawing})


def values(model: WheelModel, chosen: str) -> dict[str, Any]:
    """Give what stands on the sheet."""
    board = model.board
    title = f"Årshjul {board.school_year.label}"
    points = count_text(len(model.bars), "punkt", "punkter", one="et")
    return {
        "title": f"{title} – {board.municipality.name}",
        "municipality": board.municipality.name,
        "seen": f"Set den {date_text(board.today)}.",
        "chosen": f"Vist er kun {chosen}." if chosen else "",
        "alt": f"{title} for {board.municipality.name} tegnet som en cirkel med {points}. "
        "Listen ved siden af siger det samme med ord.",
        "rings": [
            {"title": RING_TITLES[ring], "points": [_point(bar) for bar in bars]} for ring, bars in model.by_ring()
        ],
    }


def _point(bar: Bar) -> dict[str, str]:
    met = list_text(short_date(meeting.day) for meeting in bar.meetings)
    return {
        "number": str(bar.number),
        "title": bar.activity.title,
        "window": f"{short_date(bar.opens)} – {short_date(bar.due)}",
        "people": card.people(bar),
        "status": ", ".join(filter(None, (card.counted(bar), card.standing(bar)))),
        "meetings": f"Møder: {met}" if met else "",
        "before": told_before(bar.before) if bar.before else "",
    }
