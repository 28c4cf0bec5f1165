"""The year as a straight line: the same bars as in the wheel, one below the other."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.svg import LETTER_WIDTH, element, fitting
from kvalitet.adapters.danish import MONTHS, date_text
from kvalitet.status import TEXTS
from kvalitet.web import addresses
from kvalitet.web.drawing.svg import HATCH, diamond, link, mark
from kvalitet.web.drawing.wheel_bars import ends_told, told, told_before

if TYPE_CHECKING:
    from datetime import date

    from kvalitet.web.drawing.wheel_model import Band, Bar, Meeting, WheelModel

NAMES, WIDTH = 330.0, 1400.0
HEAD, ROW, TITLE = 68.0, 28.0, 30.0
MARK_ROOM = 24.0
TEXT = 13.5
WEEK_TEXT = 12.0


def timeline_svg(model: WheelModel, *, query: str | None) -> str:
    """Draw the timeline; `query` ends the links' addresses, None leaves the links out."""
    return _Timeline(model, query).draw()


class _Timeline:
    """Tidslinje: the drawing, filled from the top."""

    def __init__(self, model: WheelModel, query: str | None) -> None:
        self.model, self.query = model, query
        self.y = HEAD
        self.parts: list[str] = []

    def draw(self) -> str:
        bands = [self._band(band) for band in self.model.bands]
        content = "".join([self._ground(), self._heads(), *bands, self._hand()])
        label = f"Tidslinje for {self.model.board.municipality.name}, skoleåret {self.model.board.school_year.label}"
        box = f"0 0 {WIDTH:g} {self.y + 12:g}"
        drawn = element("defs", HATCH) + content
        return element("svg", drawn, viewBox=box, class_="wheel timeline", role="group", lang="da", aria_label=label)

    def _x(self, day: date) -> float:
        return NAMES + self.model.period.share(day) * (WIDTH - NAMES - 8)

    def _span(self, first: date, last: date) -> tuple[float, float]:
        return self._x(first), self._x(last + timedelta(days=1))

    def _rectangle(self, kind: str, first: date, last: date, y: float, height: float, content: str = "") -> str:
        x, end = self._span(first, last)
        size = {"x": f"{x:.1f}", "y": f"{y:g}", "width": f"{end - x:.1f}", "height": f"{height:g}"}
        return element("rect", content, class_=kind, **size)

    def _ground(self) -> str:
        """Draw the past and the holidays behind everything."""
        parts = []
        if self.model.board.today > self.model.period.first:
            last = min(self.model.board.today, self.model.period.last)
            parts.append(self._rectangle("past", self.model.period.first, last, HEAD, self._height()))
        parts += [self._rectangle("hatch", h.first, h.last, HEAD, self._height()) for h in self.model.holidays]
        return "".join(parts)

    def _height(self) -> float:
        return sum(TITLE + ROW * sum(map(len, band.lanes)) for band in self.model.bands) + 4

    def _heads(self) -> str:
        parts = []
        for number, (first, last) in enumerate(self.model.period.months()):
            x, end = self._span(first, last)
            name = MONTHS[first.month - 1].capitalize()
            room = (end - x) - 6
            dated = f"{name} {first.year}" if number == 0 or first.month == 1 else name
            wishes = (dated, f"{name[:3]} {first.year}" if dated != name else name, name[:3])
            text = next(wish for wish in wishes if len(wish) * TEXT * LETTER_WIDTH <= room or wish == name[:3])
            parts.append(self._rectangle("month odd" if number % 2 else "month", first, last, 0, 30))
            parts.append(self._text(text, (x + end) / 2, 20, kind="month-name", anchor="middle"))
            line = {"x1": f"{x:.1f}", "y1": "30", "x2": f"{x:.1f}", "y2": f"{HEAD + self._height():g}"}
            parts.append(element("line", class_="grid", **line))
        parts += [
            self._rectangle("holiday", h.first, h.last, 33, 5, _holiday(h.name, h.first, h.last))
            for h in self.model.holidays
        ]
        return "".join(parts) + self._weeks()

    def _weeks(self) -> str:
        """Write every other week's number; there is no room for them all."""
        parts = [self._text("Uge", NAMES - 30, 56, kind="week-number", size=WEEK_TEXT)]
        for first, last in self.model.period.weeks():
            week = first.isocalendar().week
            if week % 2 == 0:
                x, end = self._span(first, last)
                middle = (x + end) / 2
                parts.append(self._text(str(week), middle, 56, kind="week-number", size=WEEK_TEXT, anchor="middle"))
        return element("g", "".join(parts), aria_hidden="true")

    def _band(self, band: Band) -> str:
        title = self._text(band.title.upper(), 2, self.y + 21, kind="ring-title", size=11)
        self.y += TITLE
        bars = sorted((bar for lane in band.lanes for bar in lane), key=lambda bar: (bar.opens, bar.due, bar.number))
        return title + "".join(map(self._bar, bars))

    def _bar(self, bar: Bar) -> str:
        y = self.y
        self.y += ROW
        x, end = self._span(bar.opens, bar.end)
        window = self._rectangle("window", bar.opens, bar.end, y + 3, ROW - 6)
        waits = self._rectangle("waits", bar.opens, bar.end, y + 3, ROW - 6) if bar.waits_for else ""
        share = bar.progress.share if bar.progress.done and bar.is_counted else 0
        size = {"x": f"{x:.1f}", "y": f"{y + 3:g}", "width": f"{(end - x) * share:.1f}", "height": f"{ROW - 6:g}"}
        filled = element("rect", class_="filled", **size) if share else ""
        name = self._text(fitting(f"{bar.number} {bar.activity.title}", NAMES - 14, TEXT), 2, y + 19, kind="bar-text")
        room = end - x - MARK_ROOM
        fits = not bar.activity.kind.is_meeting and len(bar.count) * TEXT * LETTER_WIDTH <= room
        count = self._text(bar.count, x + 5, y + 19, kind="bar-text") if fits else ""
        content = name + window + filled + waits + count + mark(bar.mark, end - 11, y + ROW / 2)
        address = None
        if self.query is not None:
            address = addresses.of_activity(self.model.board.municipality.key, bar.activity, bar.rows, self.query)
        group = element(
            "g",
            link(content, told(bar) + ends_told(bar, self.model.period), address),
            class_=f"bar {bar.mark.value} kind-{bar.activity.kind.value}",
        )
        meetings = [meeting for meeting in bar.meetings if meeting.day in self.model.period]
        return group + self._before(bar, y) + "".join(self._meeting(bar, meeting, y) for meeting in meetings)

    def _before(self, bar: Bar, y: float) -> str:
        """Draw last year's window as an outline around this year's, and its meetings as rings."""
        if bar.before is None:
            return ""
        name = element("title", escape(f"{bar.number}. {bar.activity.title}: {told_before(bar.before)}"))
        parts = [name, self._rectangle("", bar.before.first, bar.before.last, y + 1, ROW - 2)]
        for day in filter(self.model.period.__contains__, bar.before.meetings):
            x, end = self._span(day, day)
            parts.append(element("circle", cx=f"{(x + end) / 2:.1f}", cy=f"{y + ROW / 2:g}", r="5"))
        return element("g", "".join(parts), class_="before")

    def _meeting(self, bar: Bar, meeting: Meeting, y: float) -> str:
        x, end = self._span(meeting.day, meeting.day)
        shape = diamond(meeting.state, (x + end) / 2, y + ROW / 2)
        label = f"{bar.activity.title}: {date_text(meeting.day)}, {TEXTS[meeting.state]}"
        address = None
        if self.query is not None:
            address = addresses.of_activity(self.model.board.municipality.key, bar.activity, meeting.rows, self.query)
        return element("g", link(shape, label, address), class_=f"meeting {meeting.state.value}")

    def _hand(self) -> str:
        if self.model.today is None:
            return ""
        start, end = self._span(self.model.today, self.model.today)
        x = f"{(start + end) / 2:.1f}"
        name = element("title", f"I dag, {date_text(self.model.today)}")
        return element("g", name + element("line", class_="hand", x1=x, x2=x, y1="30", y2=f"{HEAD + self._height():g}"))

    def _text(self, text: str, x: float, y: float, *, kind: str, size: float = TEXT, anchor: str = "start") -> str:
        if not text:
            return ""
        place = {"x": f"{x:.1f}", "y": f"{y:g}", "font_size": f"{size:g}", "text_anchor": anchor}
        return element("text", escape(text), class_=kind, **place)


def _holiday(name: str, first: date, last: date) -> str:
    return element("title", escape(f"{name}: {date_text(first)} – {date_text(last)}"))
