"""Writing SVG of the year: links, curved labels, and the marks that stand for a state."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.svg import element, fitting
from kvalitet.status import State
from kvalitet.web.drawing.geometry import arc_length, is_upside_down, text_path

if TYPE_CHECKING:
    from kvalitet.web.drawing.wheel_model import Mark

SPARE = 3.0

# Shapes drawn around (0, 0) in a circle of radius 7; they tell the state without any colour.
MARK_SHAPES = {
    "not_open": '<circle r="5.5" class="disc"/>',
    "running": '<circle r="5.5" class="disc"/><path d="M0-5.5A5.5 5.5 0 0 1 0 5.5Z" class="ink"/>',
    "due_soon": '<circle r="6" class="disc"/><path d="M0-3.4V.4L2.6 2" class="stroke"/>',
    "overdue": '<path d="M0-7.6 7 5.4H-7Z" class="disc"/><path d="M0-3V1.2M0 3.2V3.6" class="stroke"/>',
    "all_in": '<circle r="6.5" class="disc"/><path d="M-3 .2-.9 2.4 3.2-2.2" class="stroke"/>',
    "waived": '<circle r="5.5" class="disc"/><path d="M-2.8 0H2.8" class="stroke"/>',
}
# Patterns: school holidays, and what waits for something else; they run across each other.
HATCH = (
    '<pattern id="wheel-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0V7" class="hatch-line"/></pattern>'
    '<pattern id="wheel-waits" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
    '<path d="M0 0V6" class="waits-line"/></pattern>'
)
DIAMOND = "M0-7 7 0 0 7-7 0Z"
# What is drawn inside the diamond of a meeting, so that its colour is not all that tells of it.
DIAMOND_SIGNS = {State.HELD: "M-2.8 .3-.8 2.2 2.8-1.9", State.OVERDUE: "M0-3.4V.8M0 3V3.4"}


def link(content: str, label: str, address: str | None) -> str:
    """Write a link that a screen reader announces by its label; without address a named group."""
    inside = element("title", escape(label)) + content
    if address is None:
        return element("g", inside, role="img", aria_label=label)
    return element("a", inside, href=address, aria_label=label)


def mark(kind: Mark, x: float, y: float, *, scale: float = 1.0) -> str:
    """Write the mark of an activity."""
    size = f" scale({scale:.2f})" if scale < 1 else ""
    return element(
        "g", MARK_SHAPES[kind.value], class_=f"mark {kind.value}", transform=f"translate({x:.1f} {y:.1f}){size}"
    )


def diamond(state: State, x: float, y: float, *, scale: float = 1.0) -> str:
    """Write the diamond of a meeting: hollow, solid, with a check or with an exclamation mark."""
    sign = element("path", class_="sign", d=DIAMOND_SIGNS[state]) if state in DIAMOND_SIGNS else ""
    shape = element("path", class_="diamond", d=DIAMOND) + sign
    return element("g", shape, transform=f"translate({x:.1f} {y:.1f}) scale({scale:.2f})")


class CurvedText:
    """Buede tekster: labels along arcs; the lines that they run on are gathered for the top of the file."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def label(  # noqa: PLR0913 -- a text, its arc, and how it looks
        self, text: str, radius: float, start: float, end: float, *, size: float, class_: str, anchor: str = "middle"
    ) -> str:
        """Write a label that reads upright wherever on the wheel it is."""
        flipped = anchor == "middle" and is_upside_down(start, end)
        identity = f"wheel-line-{len(self.lines)}"
        baseline = radius + (size * 0.36 if flipped else -size * 0.36)
        # A letter beyond the end of its line is not drawn at all, so the line is a little longer than the arc.
        spare = SPARE if anchor == "middle" else 0.0
        line = text_path(baseline, start - spare, end + spare, flipped=flipped)
        self.lines.append(element("path", id=identity, d=line))
        offset = {"middle": "50%", "start": "0"}[anchor]
        run = element("textPath", escape(text), href=f"#{identity}", startOffset=offset)
        return element("text", run, class_=class_, font_size=f"{size:g}", text_anchor=anchor)

    def fitted(self, text: str, radius: float, start: float, end: float, *, size: float, class_: str) -> str:
        """Write a label shortened to its arc; nothing when the arc is too short."""
        shortened = fitting(text, arc_length(radius, start, end), size)
        return self.label(shortened, radius, start, end, size=size, class_=class_) if shortened else ""
