"""The legend of a saved wheel: what the marks mean, in the two lower corners that the circle leaves empty."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.svg import element
from kvalitet.status import TEXTS, State
from kvalitet.web.drawing.svg import diamond, mark
from kvalitet.web.drawing.wheel_model import MARK_TEXTS

if TYPE_CHECKING:
    from kvalitet.web.drawing.wheel_model import WheelModel

BOTTOM, STEP, TEXT = 1188.0, 25.0, 17.0
LEFT, RIGHT, GAP = 12.0, 1188.0, 15.0
MEETINGS = (State.HELD, State.BOOKED, State.PROPOSED)


def draw(model: WheelModel) -> str:
    """Draw the legend from the bottom up: how an activity stands to the left, the rest to the right."""
    left = [(mark(kind, LEFT, _height(n) - 6), text) for n, (kind, text) in enumerate(reversed(MARK_TEXTS.items()))]
    right = [(_box("holiday", 0, 4), "skoleferie")]
    right += [
        (
            element("g", diamond(state, RIGHT, _height(n) - 6), class_=f"meeting {state.value}"),
            f"møde {TEXTS[state]}",
        )
        for n, state in enumerate(MEETINGS, start=1)
    ]
    if any(bar.waits_for for bar in model.bars):
        right.append((element("g", _box("waits", len(right), 12), class_="bar"), "venter på et andet punkt"))
    if any(bar.before for bar in model.bars):
        right.append((element("g", _box("", len(right), 10), class_="before"), "sidste år"))
    texts = [_text(text, LEFT + GAP, n, "start") for n, (_, text) in enumerate(left)]
    texts += [_text(text, RIGHT - GAP, n, "end") for n, (_, text) in enumerate(right)]
    return element("g", "".join([*(key for key, _ in (*left, *right)), *texts]), class_="legend-text")


def _height(line: int) -> float:
    return BOTTOM - line * STEP


def _box(kind: str, line: int, height: float) -> str:
    y = _height(line) - 6 - height / 2
    return element("rect", class_=kind, x=f"{RIGHT - 9:g}", y=f"{y:g}", width="18", height=f"{height:g}")


def _text(text: str, x: float, line: int, anchor: str) -> str:
    place = {"x": f"{x:g}", "y": f"{_height(line):g}", "font_size": f"{TEXT:g}", "text_anchor": anchor}
    return element("text", escape(text), class_="legend-line", **place)
