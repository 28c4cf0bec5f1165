"""The bars of the wheel: a window as an arc, filled as far as it is done, with its meetings as diamonds."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.svg import LETTER_WIDTH, element, fitting
from kvalitet.adapters.danish import date_text, list_text, short_date
from kvalitet.status import TEXTS
from kvalitet.web import addresses
from kvalitet.web.drawing import card
from kvalitet.web.drawing.geometry import arc_length, at, point, sector_path
from kvalitet.web.drawing.svg import CurvedText, diamond, link, mark
from kvalitet.web.drawing.wheel_model import MARK_TEXTS, Bar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kvalitet.web.drawing.geometry import Period
    from kvalitet.web.drawing.last_year import Before
    from kvalitet.web.drawing.ring_layout import PlacedBand, PlacedLane
    from kvalitet.web.drawing.wheel_model import Meeting, WheelModel

SPACE = 0.35
HIGHEST_TEXT = 15.5
MARK_ROOM = 25.0
MEETING_TRACK = 0.62
DIAMOND_SIZE = 14.0
CAP = 3.0
FEWEST_LETTERS = 12
MANY_MEETINGS = 8


def draw(model: WheelModel, placed: tuple[PlacedBand, ...], curved: CurvedText, *, query: str | None) -> Iterator[str]:
    """Draw all bars; `query` ends their addresses, None leaves the links out."""
    for band in placed:
        for lane in band.lanes:
            for bar in lane.bars:
                yield _Arc(model, lane, bar, curved, query).draw()


def told(bar: Bar) -> str:
    """Say in words what an arc shows."""
    window = f"{short_date(bar.opens)} – {date_text(bar.due)}"
    verb = "afholdt" if bar.activity.kind.is_meeting else "færdige"
    count = f", {bar.progress.done} af {bar.progress.expected} {verb}" if bar.is_counted else ""
    overdue = f", {bar.progress.overdue} overskredet" if bar.progress.overdue else ""
    waits = f", venter på nummer {list_text(map(str, bar.waits_for))}" if bar.waits_for else ""
    before = f"; {told_before(bar.before)}" if bar.before else ""
    return f"{bar.number}. {bar.activity.title}: {window}{count}{overdue} – {MARK_TEXTS[bar.mark]}{waits}{before}"


def told_before(before: Before) -> str:
    """Say when an activity lay last year."""
    met = f", møder {list_text(map(short_date, before.met))}" if before.met else ""
    return f"sidste år {short_date(before.opened)} – {date_text(before.due)}{met}"


def ends_told(bar: Bar, period: Period) -> str:
    """Say what is cut off at the ends of the turn."""
    begins = f" Begynder {date_text(bar.opens)}, før hjulet." if bar.opens < period.first else ""
    return begins + (f" Fortsætter til {date_text(bar.due)}." if bar.due > period.last else "")


class _Arc:
    """Bue: one bar where the wheel has put it."""

    def __init__(self, model: WheelModel, lane: PlacedLane, bar: Bar, curved: CurvedText, query: str | None) -> None:
        self.model, self.bar, self.curved, self.query = model, bar, curved, query
        start, end = model.period.sector(bar.opens, bar.end)
        self.start, self.end = start + SPACE, max(end - SPACE, start + SPACE * 2)
        self.inner, self.outer = lane.inner + 0.8, lane.outer - 0.8
        self.meets = bar.activity.kind.is_meeting

    def draw(self) -> str:
        bar = self.bar
        shape = self._piece("window", self.start, self.end)
        waits = self._piece("waits", self.start, self.end) if bar.waits_for else ""
        content = shape + self._filled() + waits + self._cap() + self._cuts() + self._label() + self._mark()
        name = told(bar) + ends_told(bar, self.model.period)
        shown = content if self.query is None else content + card.of_bar(bar)
        arc = element("g", link(shown, name, self._address()), class_=f"bar {bar.mark.value} kind-{bar.activity.kind}")
        meetings = [meeting for meeting in bar.meetings if meeting.day in self.model.period]
        return arc + self._before() + "".join(map(self._meeting, meetings))

    def _piece(self, kind: str, start: float, end: float) -> str:
        return element("path", class_=kind, d=sector_path(self.inner, self.outer, start, end))

    def _before(self) -> str:
        """Draw last year's window as an outline, and its meetings as rings."""
        before = self.bar.before
        if before is None:
            return ""
        start, end = self.model.period.sector(before.first, before.last)
        parts = [element("title", escape(f"{self.bar.number}. {self.bar.activity.title}: {told_before(before)}"))]
        parts.append(self._piece("", start + SPACE, max(end - SPACE, start + SPACE * 2)))
        for day in filter(self.model.period.__contains__, before.meetings):
            x, y = self._on_track(day)
            parts.append(element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{5.5 * self._diamond_scale():.1f}"))
        return element("g", "".join(parts), class_="before")

    def _cap(self) -> str:
        """Close the arc of something with a due date by a thick line."""
        if not self.bar.is_counted or self.meets or self.bar.due > self.model.period.last:
            return ""
        return self._piece("cap", self.end - CAP / arc_length(self.outer, 0, 1), self.end)

    def _cuts(self) -> str:
        """Point over the ends of the turn where the arc goes on beyond them."""
        before, after = self.bar.opens < self.model.period.first, self.bar.due > self.model.period.last
        return (self._arrow(self.start, 1) if before else "") + (self._arrow(self.end, -1) if after else "")

    def _arrow(self, angle: float, inwards: int) -> str:
        middle = (self.inner + self.outer) / 2
        width = inwards * min(self.outer - self.inner, 10) / arc_length(middle, 0, 1)
        corners = (at(self.inner, angle + width), at(middle, angle), at(self.outer, angle + width))
        return element("path", class_="goes-on", d=f"M{'L'.join(corners)}")

    def _address(self) -> str | None:
        if self.query is None:
            return None
        return addresses.of_activity(self.model.board.municipality.key, self.bar.activity, self.bar.rows, self.query)

    def _filled(self) -> str:
        progress = self.bar.progress
        if not progress.done or not self.bar.is_counted:
            return ""
        reached = self.start + (self.end - self.start) * progress.share
        return self._piece("filled", self.start, reached)

    def _label(self) -> str:
        """Write count and title, as much of it as fits; the number alone is found again in the legend."""
        outer, inner = self.outer, self.inner
        if self.meets:
            inner = outer - (outer - inner) * MEETING_TRACK
        size, radius = min((outer - inner) * 0.86, HIGHEST_TEXT), (outer + inner) / 2
        room = arc_length(radius, self.start, self.end) - MARK_ROOM
        text = self._words(room, size)
        ends = self.start, self.end - (MARK_ROOM / arc_length(radius, 0, 1))
        return self.curved.label(text, radius, *ends, size=round(size, 1), class_="bar-text") if text else ""

    def _words(self, room: float, size: float) -> str:
        bar = self.bar
        counted = f" · {bar.count}" if bar.count else ""
        title = fitting(f"{bar.number} {bar.activity.title}", room - len(counted) * size * LETTER_WIDTH, size)
        is_whole = title and not title.endswith("…")
        wishes = [f"{title}{counted}"] if is_whole or len(title) >= FEWEST_LETTERS else []
        wishes += [f"{bar.number}{counted}", str(bar.number)]
        return next((wish for wish in wishes if len(wish) * size * LETTER_WIDTH <= room), "")

    def _mark(self) -> str:
        height = self.outer - self.inner
        radius = self.outer - height * (MEETING_TRACK / 2 if self.meets else 0.5)
        room = height * (MEETING_TRACK if self.meets else 1.0)
        angle = self.end - (10 + (0 if self.meets else CAP)) / arc_length(radius, 0, 1)
        return mark(self.bar.mark, *point(radius, max(angle, self.start)), scale=min(room / 17, 1.0))

    def _meeting(self, meeting: Meeting) -> str:
        x, y = self._on_track(meeting.day)
        shape = diamond(meeting.state, x, y, scale=self._diamond_scale())
        number = f" ({len(meeting.rows)} møder)" if len(meeting.rows) > 1 else ""
        label = f"{self.bar.activity.title}: {date_text(meeting.day)}, {TEXTS[meeting.state]}{number}"
        address = None
        if self.query is not None:
            shape += card.of_meeting(self.bar, meeting)
            address = addresses.of_activity(
                self.model.board.municipality.key, self.bar.activity, meeting.rows, self.query
            )
        return element("g", link(shape, label, address), class_=f"meeting {meeting.state.value}")

    def _on_track(self, day: date) -> tuple[float, float]:
        """Give the place of a date on the track below the label."""
        start, end = self.model.period.sector(day, day)
        return point(self.inner + (self.outer - self.inner) * (1 - MEETING_TRACK) / 2, (start + end) / 2)

    def _diamond_scale(self) -> float:
        """Let diamonds fill the track; where many dates lie close they are smaller."""
        crowded = 0.8 if len(self.bar.meetings) > MANY_MEETINGS else 1.0
        return min((self.outer - self.inner) * (1 - MEETING_TRACK) / DIAMOND_SIZE, 1.0) * crowded
