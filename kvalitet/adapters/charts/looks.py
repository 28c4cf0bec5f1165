"""Udseende: how the country, the municipality and schools are told apart, also in black and white."""

from __future__ import annotations

from enum import Enum
from html import escape

from kvalitet.adapters.charts.svg import element

FONT = "IBM Plex Sans, Segoe UI, Liberation Sans, Arial, sans-serif"
INK, QUIET, GRID = "#16202c", "#56616f", "#dbe1e8"
TEXT = 13.0
SMALL = 12.0

_SHAPES = {
    "circle": "M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1-4.5 0Z",
    "square": "M-4-4H4V4H-4Z",
    "diamond": "M0-6.5 6.5 0 0 6.5-6.5 0Z",
    "triangle": "M0-6 5.6 4.4H-5.6Z",
    "wedge": "M0 6 5.6-4.4H-5.6Z",
    "plus": "M-1.7-5.5H1.7V-1.7H5.5V1.7H1.7V5.5H-1.7V1.7H-5.5V-1.7H-1.7Z",
}


class Look(Enum):
    """Udseende: shape, colour, how the line is broken, and whether the shape is filled."""

    COUNTRY = ("square", QUIET, "7 4", False)
    MUNICIPALITY = ("circle", INK, "", False)
    FIRST = ("diamond", "#0b5394", "", True)
    SECOND = ("triangle", "#8a4b00", "12 3 2 3", True)
    THIRD = ("wedge", "#5a3d8a", "2 3", True)
    FOURTH = ("plus", "#1c6b43", "14 5", True)
    OTHER = ("circle", "#8a96a5", "", True)

    def __init__(self, shape: str, colour: str, dashes: str, is_filled: bool) -> None:  # noqa: FBT001 -- how Enum gives it
        self.shape, self.colour, self.dashes, self.is_filled = shape, colour, dashes, is_filled


# The looks of schools that somebody has chosen, in the order in which they are given.
CHOSEN = (Look.FIRST, Look.SECOND, Look.THIRD, Look.FOURTH)


def marker(look: Look, x: float, y: float, *, told: str = "", scale: float = 1.0) -> str:
    """Write the shape of a figure; `told` is said where a mouse rests on it."""
    title = element("title", escape(told)) if told else ""
    size = f" scale({scale:g})" if scale != 1 else ""
    return element(
        "path",
        title,
        class_="point",
        d=_SHAPES[look.shape],
        transform=f"translate({x:.1f} {y:.1f}){size}",
        fill=look.colour if look.is_filled else "#fff",
        stroke=look.colour,
        stroke_width="1.8",
    )


def absent(look: Look, x: float, y: float, *, told: str) -> str:
    """Write the cross that stands where a figure is missing."""
    cross = "M-3.4-3.4 3.4 3.4M3.4-3.4-3.4 3.4"
    place = f"translate({x:.1f} {y:.1f})"
    return element(
        "path", element("title", escape(told)), class_="absent", d=cross, transform=place, stroke=look.colour,
        stroke_width="1.8", fill="none",
    )  # fmt: skip


def label(  # noqa: PLR0913 -- a text, its place, and how it looks
    text: str,
    x: float,
    y: float,
    *,
    size: float = TEXT,
    anchor: str = "start",
    fill: str = INK,
    bold: bool = False,
    halo: bool = False,
) -> str:
    """Write a text; a halo keeps what runs behind it from being read with it."""
    behind = {"paint_order": "stroke", "stroke": "#fff", "stroke_width": "4", "stroke_linejoin": "round"}
    return element(
        "text", escape(text), x=f"{x:.1f}", y=f"{y:.1f}", font_size=f"{size:g}", text_anchor=anchor, fill=fill,
        font_weight="600" if bold else None, **(behind if halo else {}),
    )  # fmt: skip


def line(points: list[tuple[float, float]], look: Look, *, width: float = 2.2) -> str:
    """Write a line through points."""
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return element(
        "path", d=f"M{path}", fill="none", stroke=look.colour, stroke_width=f"{width:g}", stroke_dasharray=look.dashes,
        stroke_linejoin="round",
    )  # fmt: skip


def rule(  # noqa: PLR0913 -- two ends, and how it looks
    x1: float, y1: float, x2: float, y2: float, *, colour: str = GRID, dashes: str = "", width: float = 1
) -> str:
    """Write a straight line of the ground."""
    return element(
        "line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}", stroke=colour,
        stroke_width=f"{width:g}", stroke_dasharray=dashes,
    )  # fmt: skip


def frame(content: str, width: float, height: float, told: str) -> str:
    """Write the drawing itself; a screen reader is told what it shows, and reads the table beside it."""
    return element(
        "svg", content, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:g} {height:g}", class_="chart",
        role="img", aria_label=told, font_family=FONT, lang="da",
    )  # fmt: skip
