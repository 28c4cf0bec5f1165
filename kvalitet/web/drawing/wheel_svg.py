"""The year wheel as SVG: one turn is the whole wheel of a school year, clockwise from its first month."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.svg import element
from kvalitet.adapters.danish import MONTHS, date_text
from kvalitet.web.drawing import legend, wheel_bars, wheel_hub
from kvalitet.web.drawing.geometry import CENTER, point, sector_path
from kvalitet.web.drawing.ring_layout import OUTSIDE, hub_radius, place
from kvalitet.web.drawing.svg import HATCH, CurvedText
from kvalitet.web.drawing.wheel_model import model_of

if TYPE_CHECKING:
    from datetime import date

    from kvalitet.board import Board
    from kvalitet.web.drawing.ring_layout import PlacedBand
    from kvalitet.web.drawing.wheel_model import WheelModel

RIM, MONTHS_INSIDE, WEEKS_INSIDE, HOLIDAYS_INSIDE = 592.0, 560.0, 537.0, 524.0
STYLE_SHEET = Path(__file__).parents[1] / "static" / "wheel.css"


def wheel_svg(board: Board, *, links: bool, query: str = "") -> str:
    """Draw a board as a year wheel.

    With `links` it is for a page, which brings the style sheet; without, it is a file of its own.
    """
    return draw(model_of(board), links=links, query=query)


def draw(model: WheelModel, *, links: bool, query: str | None = "") -> str:
    """Draw a wheel that is already gathered; for a page, `query` ends the links' addresses, None leaves them out."""
    placed = place(model.bands)
    hub = hub_radius(placed)
    curved = CurvedText()
    parts = [
        *(_background(band) for band in placed),
        _past(model, hub),
        _holidays(model, hub),
        _months(model, curved, hub),
        _weeks(model),
        *(_ring_title(band, curved) for band in placed),
        *wheel_bars.draw(model, placed, curved, query=query if links else None),
        _hand(model, hub),
        wheel_hub.draw(model, hub),
        "" if links else legend.draw(model),
    ]
    style = "" if links else element("style", _style_sheet())
    return element(
        "svg",
        style + element("defs", HATCH + "".join(curved.lines)) + "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox="0 0 1200 1200",
        class_="wheel",
        role="group",
        lang="da",
        aria_label=f"Årshjul for {model.board.municipality.name}, skoleåret {model.board.school_year.label}",
    )


def _background(band: PlacedBand) -> str:
    return element("path", class_="ring", d=sector_path(band.inner, band.outer, 0, 360))


def _ring_title(band: PlacedBand, curved: CurvedText) -> str:
    title = band.band.title.upper()
    return curved.label(title, band.title_radius, 1.2, 80, size=11.5, class_="ring-title", anchor="start")


def _past(model: WheelModel, hub: float) -> str:
    """Tint what lies behind us; the future stays white."""
    first, today = model.period.angle(model.period.first), model.period.angle(model.board.today)
    return element("path", class_="past", d=sector_path(hub, MONTHS_INSIDE, first, today)) if today > first else ""


def _months(model: WheelModel, curved: CurvedText, hub: float) -> str:
    parts = []
    for number, (first, last) in enumerate(model.period.months()):
        start, end = model.period.sector(first, last)
        tint = "month odd" if number % 2 else "month"
        name = MONTHS[first.month - 1].capitalize()
        text = f"{name} {first.year}" if number == 0 or first.month == 1 else name
        parts.append(element("path", class_=tint, d=sector_path(MONTHS_INSIDE, RIM, start, end)))
        parts.append(curved.label(text, (MONTHS_INSIDE + RIM) / 2, start, end, size=18, class_="month-name"))
        parts.append(_spoke(_spoke_class(first, is_seam=number == 0), start, hub))
    return "".join(parts)


def _spoke_class(first: date, *, is_seam: bool) -> str:
    if is_seam:
        return "spoke seam"
    return "spoke year" if (first.month, first.day) in {(1, 1), (8, 1)} else "spoke"


def _spoke(kind: str, angle: float, hub: float) -> str:
    (x1, y1), (x2, y2) = point(hub, angle), point(RIM, angle)
    return element("line", class_=kind, x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}")


def _weeks(model: WheelModel) -> str:
    parts = []
    for first, last in model.period.weeks():
        start, end = model.period.sector(first, last)
        is_now = model.today is not None and first <= model.today <= last
        parts.append(
            element(
                "path", class_="week now" if is_now else "week", d=sector_path(WEEKS_INSIDE, MONTHS_INSIDE, start, end)
            )
        )
        x, y = point((WEEKS_INSIDE + MONTHS_INSIDE) / 2, (start + end) / 2)
        number = str(first.isocalendar().week)
        place = {"x": f"{x:.1f}", "y": f"{y + 4.6:.1f}", "font_size": "13", "text_anchor": "middle"}
        parts.append(element("text", number, class_="week-number now" if is_now else "week-number", **place))
    return element("g", "".join(parts), aria_hidden="true")


def _holidays(model: WheelModel, hub: float) -> str:
    """Draw the school holidays: a thin ring that says so, and a light hatch through all rings."""
    parts = []
    for holiday in model.holidays:
        start, end = model.period.sector(holiday.first, holiday.last)
        assumed = " (antaget)" if holiday.assumed else ""
        text = f"{holiday.name}: {date_text(holiday.first)} – {date_text(holiday.last)}{assumed}"
        name = element("title", escape(text))
        parts.append(element("path", class_="hatch", d=sector_path(hub, OUTSIDE, start, end)))
        parts.append(
            element("path", name, class_="holiday", d=sector_path(HOLIDAYS_INSIDE, WEEKS_INSIDE - 2, start, end))
        )
    return "".join(parts)


def _hand(model: WheelModel, hub: float) -> str:
    """Draw today's hand from the hub to the rim."""
    if model.today is None:
        return ""
    start, end = model.period.sector(model.today, model.today)
    angle = (start + end) / 2
    x, y = point(RIM, angle)
    knob = element("circle", class_="hand-knob", cx=f"{x:.1f}", cy=f"{y:.1f}", r="6")
    name = element("title", f"I dag, {date_text(model.today)}")
    return element("g", name + _spoke("hand", angle, hub) + knob)


@lru_cache(maxsize=1)
def _style_sheet() -> str:
    return STYLE_SHEET.read_text(encoding="utf-8")


__all__ = ["CENTER", "draw", "wheel_svg"]
