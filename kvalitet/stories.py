"""Begrundelser: a verdict in one sentence: value, target, rule, deadline, outcome, and where the figures come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kvalitet.days import SchoolYear
from kvalitet.goals import Goal
from kvalitet.measurements import Indicator, Measurement
from kvalitet.readings import Reading
from kvalitet.thresholds import Threshold
from kvalitet.uncertainty import Interval

DELIVERIES = "skolernes afleveringer"
_SOURCE = "Kilde: "


@dataclass(frozen=True, kw_only=True)
class Story:
    """Begrundelse: `written` is what is judged, `when` the school years, `more` the clauses after the outcome."""

    written: str
    when: str
    rule: str
    sources: tuple[str, ...]
    more: tuple[str, ...] = ()

    def reason(self) -> str:
        """The short clause."""
        return f"{self.written}; kravet er {self.rule}"

    def sentence(self, goal: Goal, outcome: str) -> str:
        """The whole story."""
        told = "; ".join((outcome, *self.more))
        return (
            f"{goal.title}: {self.written} {self.when}; kravet er {self.rule} ({deadline_text(goal)}): {told}. "
            f"{_SOURCE}{' og '.join(self.sources)}."
        )


def without_sources(sentence: str) -> str:
    """Give what a verdict says, whoever told it and when."""
    return sentence.rpartition(f" {_SOURCE}")[0] or sentence


def deadline_text(goal: Goal) -> str:
    """Write the deadline."""
    if isinstance(goal.deadline, SchoolYear):
        return f"senest i skoleåret {goal.deadline.label}"
    return f"senest {_day(goal.deadline)}"


def gap_text(indicator: Indicator, threshold: Threshold, value: Decimal) -> str:
    """Write how far there is to the target."""
    distance = abs(value - threshold.value)
    if distance == 0:
        return "tallet skal være højere end kravet"
    direction = "ned" if threshold.lower_is_better else "op"
    return f"der er {indicator.written_difference(distance)} {direction} til kravet"


def pace_text(indicator: Indicator, threshold: Threshold, pace: Decimal) -> str:
    """Write what must happen each year from here."""
    verb = "falde" if pace < 0 else "stige"
    given = ", hvis landsgennemsnittet bliver, hvor det er" if threshold.moves else ""
    return f"tallet skal {verb} {indicator.written_difference(abs(pace))} om året for at nå det{given}"


def doubt_text(indicator: Indicator, reading: Reading, interval: Interval) -> str:
    """Write that chance alone may be what keeps the figure from the target, or what has brought it there."""
    step = Decimal(1).scaleb(-max(indicator.decimals, 1))
    low, high = (indicator.written(end.quantize(step)) for end in (interval.low, interval.high))
    return (
        f"med {reading.pupils} elever bag tallet kan forskellen til kravet være tilfældig "
        f"(usikkerheden går fra {low} til {high})"
    )


def sources_of(figures: Iterable[Measurement]) -> tuple[str, ...]:
    """List the sources with the days on which they published the figures and we brought them home, as far as known."""
    told = dict.fromkeys((m.source, m.published_on, m.pulled_on) for m in figures)
    return tuple(_source(*one) for one in told)


def _source(source: str, published_on: date | None, pulled_on: date | None) -> str:
    days = {"offentliggjort": published_on, "hentet": pulled_on}
    told = ", ".join(f"{what} {_day(day)}" for what, day in days.items() if day)
    return f"{source} ({told})" if told else source


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
