"""The card of an arc: what, when, who and how far, in the wheel's empty corner while the arc is pointed at."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.svg import element, fitting
from kvalitet.adapters.danish import count_text, date_text, list_text, short_date
from kvalitet.feeds import ROLES
from kvalitet.status import TEXTS
from kvalitet.web.drawing.wheel_model import MARK_TEXTS, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.web.drawing.wheel_model import Bar, Meeting

# How wide the corner is at each line, from the top: the wheel grows into it.
ROOM = (430.0, 360.0, 310.0, 270.0, 236.0, 210.0, 188.0)
FIRST_LINE, STEP = 26.0, 25.0
TITLE, TEXT = 20.0, 17.5
TITLE_LINES = 2


def of_bar(bar: Bar) -> str:
    """Write the card of an activity."""
    waits = f"venter på nr. {list_text(map(str, bar.waits_for))}" if bar.waits_for else ""
    lines = (f"{short_date(bar.opens)} – {short_date(bar.due)}", people(bar), counted(bar), standing(bar), waits)
    return _card(f"{bar.number} {bar.activity.title}", lines)


def of_meeting(bar: Bar, meeting: Meeting) -> str:
    """Write the card of one date."""
    count = count_text(len(meeting.rows), "møde", "møder", one="et").capitalize() if len(meeting.rows) > 1 else ""
    return _card(f"{bar.number} {bar.activity.title}", (date_text(meeting.day), count, TEXTS[meeting.state]))


def people(bar: Bar) -> str:
    """Tell who has the task, and who takes part."""
    others = [ROLES[role] for role in bar.activity.participants if role is not bar.activity.owner]
    return f"{ROLES[bar.activity.owner]} med {list_text(others)}" if others else ROLES[bar.activity.owner]


def counted(bar: Bar) -> str:
    """Tell how many are done: "11 af 13 færdige"; "" for what is not counted."""
    verb = "afholdt" if bar.activity.kind.is_meeting else "færdige"
    return f"{bar.progress.done} af {bar.progress.expected} {verb}" if bar.count else ""


def standing(bar: Bar) -> str:
    """Tell how it stands, and how many are overdue."""
    overdue = bar.progress.overdue
    return f"{overdue} {MARK_TEXTS[bar.mark]}" if bar.mark is Mark.OVERDUE and overdue else MARK_TEXTS[bar.mark]


def _card(title: str, lines: Iterable[str]) -> str:
    written, y = [], FIRST_LINE
    for number, text in enumerate([*_folded(title), *filter(None, lines)][: len(ROOM)]):
        is_title = number < len(_folded(title))
        size = TITLE if is_title else TEXT
        place = {"x": "4", "y": f"{y:g}", "font_size": f"{size:g}"}
        kind = "card-title" if is_title else "card-text"
        written.append(element("text", escape(fitting(text, ROOM[number], size)), class_=kind, **place))
        y += STEP
    return element("g", "".join(written), class_="card", aria_hidden="true")


def _folded(title: str) -> list[str]:
    """Break a title into at most two lines; what is left over is cut when it is written."""
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        is_full = fitting(longer, ROOM[len(lines) - 1], TITLE) != longer
        if lines[-1] and is_full and len(lines) < TITLE_LINES:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
