"""Vurdering: is a goal reached, on the figures and deliveries that we have? With one sentence that says why.

What is missing never counts as 0 and never as "not reached": the verdict then says what it waits for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from kvalitet.days import SchoolYear
from kvalitet.evidence import CannotJudgeError, Case, Evidence
from kvalitet.goals import Goal
from kvalitet.measurements import MUNICIPALITY, MissingReason
from kvalitet.readings import Reading, number_of, reading_of
from kvalitet.stories import DELIVERIES, Story, doubt_text, gap_text, pace_text, sources_of
from kvalitet.targets import CountPerSchool, DocumentsPerSchool, LevelAtLeast
from kvalitet.thresholds import Threshold, threshold_for
from kvalitet.uncertainty import Interval, interval_of


class Attainment(Enum):
    """Målopfyldelse: reached or not once the deadline has come; before it, how the goal is coming along.

    UNCERTAIN is a figure of so few pupils that chance may have put it on its side of the target: it gets no colour.
    """

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    ON_COURSE = "on_course"
    OFF_COURSE = "off_course"
    UNDER_WAY = "under_way"
    UNCERTAIN = "uncertain"
    UNKNOWN = "unknown"

    @property
    def danish(self) -> str:
        """The attainment as a person reads it."""
        return _ATTAINMENT_TEXTS[self]


_ATTAINMENT_TEXTS = {
    Attainment.REACHED: "målet er nået",
    Attainment.NOT_REACHED: "målet er ikke nået",
    Attainment.ON_COURSE: "på rette vej",
    Attainment.OFF_COURSE: "ikke på rette vej",
    Attainment.UNDER_WAY: "i gang",
    Attainment.UNCERTAIN: "for usikkert til at vurdere",
    Attainment.UNKNOWN: "kan ikke vurderes endnu",
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Vurdering: how far one unit is with one goal, on the figures of one school year.

    `reason` is a short clause; `sentence` the whole story with value, target, rule, source and school year.
    `value` is of the school year, or the mean of the years up to it, with the `pupils` behind it. `pace` is how much
    the figure must change a year while there is time left: below 0 when it must fall, None once the target is met.
    """

    goal: str
    unit: str
    school_year: SchoolYear
    attainment: Attainment
    reason: str
    sentence: str
    confidential: bool
    value: Decimal | None = None
    level: str | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    pace: Decimal | None = None
    pupils: int | None = None
    missing: MissingReason | None = None
    sources: tuple[str, ...] = ()

    @property
    def uncertain(self) -> bool:
        """Whether so few pupils stand behind the figure that the verdict is to have no colour."""
        return self.attainment is Attainment.UNCERTAIN


def judge(goal: Goal, evidence: Evidence, *, school_year: SchoolYear, today: date, unit: str) -> Verdict:
    """Judge the goal for one unit on the figures (or deliveries) of `school_year`, as seen on `today`.

    `unit` is an institution number or MUNICIPALITY, whichever `goal.per` asks for.
    """
    case = Case(goal, evidence, school_year, unit, today)
    try:
        if isinstance(goal.target, CountPerSchool):
            return _judge_count(case, goal.target)
        if isinstance(goal.target, DocumentsPerSchool):
            return _judge_documents(case, goal.target)
        if isinstance(goal.target, LevelAtLeast):
            return _judge_level(case, goal.target)
        return _judge_number(case)
    except CannotJudgeError as gap:
        return _unknown(case, gap)


def _judge_number(case: Case) -> Verdict:
    reading = reading_of(case)
    threshold = threshold_for(case, reading)
    deciding = _deciding(case, threshold)
    attainment = _attainment(case, met=deciding.is_met_by(reading.value))
    doubt = _doubt(case, reading, deciding)
    if doubt:
        attainment = Attainment.UNCERTAIN
    pace = None if doubt else _pace(case, threshold, reading.value)
    story = Story(
        written=case.indicator.written(reading.value),
        when=reading.when,
        rule=threshold.rule,
        more=tuple(_more(case, reading, threshold, pace, doubt)),
        sources=sources_of((*reading.figures, *threshold.compared_with)),
    )
    return _tell(
        case,
        attainment,
        story,
        value=reading.value,
        baseline=threshold.baseline,
        target=threshold.value,
        pace=pace,
        pupils=reading.pupils,
    )


def _more(
    case: Case, reading: Reading, threshold: Threshold, pace: Decimal | None, doubt: Interval | None
) -> Iterator[str]:
    if not threshold.is_met_by(reading.value):
        yield gap_text(case.indicator, threshold, reading.value)
    if pace is not None:
        yield pace_text(case.indicator, threshold, pace)
    if doubt:
        yield doubt_text(case.indicator, reading, doubt)
    if reading.note:
        yield reading.note


def _judge_level(case: Case, target: LevelAtLeast) -> Verdict:
    figure = case.figure()
    levels = case.indicator.levels
    if figure.level not in levels:
        reason = f"{case.indicator.title} er ikke oplyst som et af niveauerne {', '.join(levels)}"
        raise CannotJudgeError(reason)
    wanted = case.indicator.level_named(target.level) or target.level
    met = levels.index(figure.level) >= levels.index(wanted)
    story = Story(
        written=f"»{figure.level}«", when=_when(case), rule=f"mindst »{wanted}«", sources=sources_of([figure])
    )
    return _tell(case, _attainment(case, met=met), story, level=figure.level, pupils=figure.pupils)


def _judge_count(case: Case, target: CountPerSchool) -> Verdict:
    found = sum(item.count for item in case.handed_in() if case.goal.field in {None, item.field})
    story = Story(written=f"{found} afleveret", when=_when(case), rule=f"mindst {target.count}", sources=(DELIVERIES,))
    attainment = _attainment_of_delivered(case, met=found >= target.count)
    return _tell(case, attainment, story, value=Decimal(found), target=Decimal(target.count))


def _judge_documents(case: Case, target: DocumentsPerSchool) -> Verdict:
    found = {item.field for item in case.handed_in() if item.count > 0}
    lacking = [name for field, name in target.kinds if field not in found]
    delivered, wanted = len(target.kinds) - len(lacking), len(target.kinds)
    story = Story(
        written=f"{delivered} af {wanted} slags afleveret",
        when=_when(case),
        rule=f"én af hver slags: {', '.join(name for _, name in target.kinds)}",
        more=(f"der mangler {', '.join(lacking)}",) if lacking else (),
        sources=(DELIVERIES,),
    )
    attainment = _attainment_of_delivered(case, met=not lacking)
    return _tell(case, attainment, story, value=Decimal(delivered), target=Decimal(wanted))


def _attainment(case: Case, *, met: bool) -> Attainment:
    if _is_final(case):
        return Attainment.REACHED if met else Attainment.NOT_REACHED
    return Attainment.ON_COURSE if met else Attainment.OFF_COURSE


def _is_final(case: Case) -> bool:
    return case.school_year.start >= case.goal.deadline_year.start


def _attainment_of_delivered(case: Case, *, met: bool) -> Attainment:
    """Deliveries are counted per school year, so each year has its own end; in the last one it is the deadline.

    A goal that has run out is judged for later years like any other year.
    """
    if met:
        return Attainment.REACHED
    last_day = case.school_year.last_day
    if case.goal.last_day >= case.school_year.first_day:
        last_day = min(last_day, case.goal.last_day)
    return Attainment.NOT_REACHED if case.today > last_day else Attainment.UNDER_WAY


def _deciding(case: Case, threshold: Threshold) -> Threshold:
    """Give what the figure is held against this year: the target, or how far even steps should have brought it."""
    start = case.goal.baseline_year
    if start is None or _is_final(case):
        return threshold
    elapsed, total = case.school_year.start - start.start, case.goal.deadline_year.start - start.start
    return threshold.on_the_way(elapsed, total)


def _pace(case: Case, threshold: Threshold, value: Decimal) -> Decimal | None:
    if _is_final(case) or threshold.is_met_by(value):
        return None
    years = case.goal.deadline_year.start - case.school_year.start
    return threshold.pace(value, years, Decimal(1).scaleb(-case.indicator.decimals))


def _doubt(case: Case, reading: Reading, deciding: Threshold) -> Interval | None:
    """Give the interval that the figure is uncertain within, when what decides lies in it; of schools alone."""
    interval = None if case.unit == MUNICIPALITY else interval_of(case.indicator, reading.value, reading.pupils)
    if interval is None:
        return None
    if deciding.start:
        start = number_of(deciding.start)
        before = interval_of(case.indicator, start, deciding.start.pupils)
        interval = interval.around(reading.value, before, start) if before else interval
    return interval if deciding.value in interval else None


def _when(case: Case) -> str:
    return f"i skoleåret {case.school_year.label}"


def _tell(case: Case, attainment: Attainment, story: Story, **told: Any) -> Verdict:
    return Verdict(
        goal=case.goal.key,
        unit=case.unit,
        school_year=case.school_year,
        attainment=attainment,
        reason=story.reason(),
        sentence=story.sentence(case.goal, attainment.danish),
        confidential=case.confidential,
        sources=story.sources,
        **told,
    )


def _unknown(case: Case, gap: CannotJudgeError) -> Verdict:
    return Verdict(
        goal=case.goal.key,
        unit=case.unit,
        school_year=case.school_year,
        attainment=Attainment.UNKNOWN,
        reason=gap.reason,
        sentence=f"{case.goal.title}: {Attainment.UNKNOWN.danish}: {gap.reason}.",
        confidential=case.confidential,
        missing=gap.missing,
    )
