"""The bars of the wheel: a window as an arc, filled as far as it is done, with its meetings as diamonds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.danish import date_text, short_date
from kvalitet.status import TEXTS
from kvalitet.web import addresses
from kvalitet.web.drawing.geometry import arc_length, point, sector_path
from kvalitet.web.drawing.svg import DIAMOND, LETTER_WIDTH, CurvedText, element, fitting, link, mark
from kvalitet.web.drawing.wheel_model import MARK_TEXTS, Bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kvalitet.web.drawing.ring_layout import PlacedBand, PlacedLane
    from kvalitet.web.drawing.wheel_model import Meeting, WheelModel

SPACE = 0.35
HIGHEST_TEXT = 15.5
MARK_ROOM = 22.0
MEETING_TRACK = 0.66
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
    return f"{bar.number}. {bar.activity.title}: {window}{count}{overdue} – {MARK_TEXTS[bar.mark]}"


class _Arc:
    """Bue: one bar where the wheel has put it."""

    def __init__(self, model: WheelModel, lane: PlacedLane, bar: Bar, curved: CurvedText, query: str | None) -> None:
        self.model, self.bar, self.curved, self.query = model, bar, curved, query
        start, end = model.period.sector(bar.first, bar.last)
        self.start, self.end = start + SPACE, max(end - SPACE, start + SPACE * 2)
        self.inner, self.outer = lane.inner + 0.8, lane.outer - 0.8
        self.meets = bar.activity.kind.is_meeting

    def draw(self) -> str:
        bar = self.bar
        shape = element("path", class_="window", d=sector_path(self.inner, self.outer, self.start, self.end))
        content = shape + self._filled() + self._label() + self._mark()
        arc = element(
            "g",
            link(content, told(bar), self._address()),
            class_=f"bar {bar.mark.value} kind-{bar.activity.kind.value}",
        )
        return arc + "".join(map(self._meeting, bar.meetings))

    def _address(self) -> str | None:
        if self.query is None:
            return None
        return addresses.of_activity(self.model.board.municipality.key, self.bar.activity, self.bar.rows, self.query)

    def _filled(self) -> str:
        progress = self.bar.progress
        if not progress.done or not self.bar.is_counted:
            return ""
        reached = self.start + (self.end - self.start) * progress.share
        return element("path", class_="filled", d=sector_path(self.inner, self.outer, self.start, reached))

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
        angle = self.end - 10 / arc_length(radius, 0, 1)
        return mark(self.bar.mark, *point(radius, max(angle, self.start)), scale=min(room / 17, 1.0))

    def _meeting(self, meeting: Meeting) -> str:
        start, end = self.model.period.sector(meeting.day, meeting.day)
        radius = self.inner + (self.outer - self.inner) * (1 - MEETING_TRACK) / 2
        x, y = point(radius, (start + end) / 2)
        shape = element("path", d=DIAMOND, transform=f"translate({x:.1f} {y:.1f}) scale({self._diamond_scale():.2f})")
        number = f" ({len(meeting.rows)} møder)" if len(meeting.rows) > 1 else ""
        label = f"{self.bar.activity.title}: {date_text(meeting.day)}, {TEXTS[meeting.state]}{number}"
        address = None
        if self.query is not None:
            address = addresses.of_activity(
                self.model.board.municipality.key, self.bar.activity, meeting.rows, self.query
            )
        return element("g", link(shape, label, address), class_=f"meeting {meeting.state.value}")

    def _diamond_scale(self) -> float:
        """Let diamonds fill the track; where many dates lie close they are smaller."""
        crowded = 0.72 if len(self.bar.meetings) > MANY_MEETINGS else 1.0
        return min((self.outer - self.inner) * (1 - MEETING_TRACK) / 11, 1.0) * crowded
