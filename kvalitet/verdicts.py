"""Vurdering: is a goal reached, on the figures and deliveries that we have? With one sentence that says why.

What is missing never counts as 0 and never as "not reached": the verdict then says what it waits for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from kvalitet.days import SchoolYear
from kvalitet.evidence import CannotJudgeError, Case, Evidence
from kvalitet.goals import Goal
from kvalitet.measurements import Measurement, MissingReason
from kvalitet.targets import CountPerSchool, DocumentsPerSchool, LevelAtLeast
from kvalitet.thresholds import Threshold, number_of, threshold_for

DELIVERIES = "skolernes afleveringer"


class Attainment(Enum):
    """Målopfyldelse: reached or not once the deadline has come; before it, how the goal is coming along."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    ON_COURSE = "on_course"
    OFF_COURSE = "off_course"
    UNDER_WAY = "under_way"
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
    Attainment.UNKNOWN: "kan ikke vurderes endnu",
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Vurdering: how far one unit is with one goal, on the figures of one school year.

    `reason` is a short clause; `sentence` the whole story with value, target, rule, source and school year.
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
    missing: MissingReason | None = None
    sources: tuple[str, ...] = ()


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
    figure = case.figure()
    value = number_of(figure)
    threshold = threshold_for(case)
    met = threshold.is_met_by(value)
    gap = None if met else _gap(case, threshold, value)
    sources = [figure, threshold.compared_with] if threshold.compared_with else [figure]
    story = _Story(written=case.indicator.written(value), rule=threshold.rule, gap=gap, sources=_sources(sources))
    return replace(
        _tell(case, _attainment(case, met=met, on_course=_keeps_pace(case, threshold, value)), story),
        value=value,
        baseline=threshold.baseline,
        target=threshold.value,
    )


def _judge_level(case: Case, target: LevelAtLeast) -> Verdict:
    figure = case.figure()
    levels = case.indicator.levels
    if figure.level not in levels:
        reason = f"{case.indicator.title} er ikke oplyst som et af niveauerne {', '.join(levels)}"
        raise CannotJudgeError(reason)
    wanted = case.indicator.level_named(target.level) or target.level
    met = levels.index(figure.level) >= levels.index(wanted)
    story = _Story(written=f"»{figure.level}«", rule=f"mindst »{wanted}«", sources=_sources([figure]))
    return replace(_tell(case, _attainment(case, met=met, on_course=met), story), level=figure.level)


def _judge_count(case: Case, target: CountPerSchool) -> Verdict:
    found = sum(item.count for item in case.handed_in() if case.goal.field in {None, item.field})
    story = _Story(written=f"{found} afleveret", rule=f"mindst {target.count}", sources=(DELIVERIES,))
    told = _tell(case, _attainment_of_delivered(case, met=found >= target.count), story)
    return replace(told, value=Decimal(found), target=Decimal(target.count))


def _judge_documents(case: Case, target: DocumentsPerSchool) -> Verdict:
    found = {item.field for item in case.handed_in() if item.count > 0}
    lacking = [name for field, name in target.kinds if field not in found]
    gap = f"der mangler {', '.join(lacking)}" if lacking else None
    delivered, wanted = len(target.kinds) - len(lacking), len(target.kinds)
    rule = f"én af hver slags: {', '.join(name for _, name in target.kinds)}"
    story = _Story(written=f"{delivered} af {wanted} slags afleveret", rule=rule, gap=gap, sources=(DELIVERIES,))
    told = _tell(case, _attainment_of_delivered(case, met=not lacking), story)
    return replace(told, value=Decimal(delivered), target=Decimal(wanted))


def _attainment(case: Case, *, met: bool, on_course: bool) -> Attainment:
    if case.school_year >= case.goal.deadline_year:
        return Attainment.REACHED if met else Attainment.NOT_REACHED
    return Attainment.ON_COURSE if on_course else Attainment.OFF_COURSE


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


def _keeps_pace(case: Case, threshold: Threshold, value: Decimal) -> bool:
    start = case.goal.baseline_year
    if start is None:
        return threshold.is_met_by(value)
    elapsed, total = case.school_year.start - start.start, case.goal.deadline_year.start - start.start
    return threshold.on_the_way(elapsed, total).is_met_by(value)


def _gap(case: Case, threshold: Threshold, value: Decimal) -> str:
    distance = abs(value - threshold.value)
    if distance == 0:
        return "tallet skal være højere end kravet"
    direction = "ned" if threshold.lower_is_better else "op"
    return f"der er {case.indicator.written_difference(distance)} {direction} til kravet"


def _sources(figures: list[Measurement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(figure.source for figure in figures))


@dataclass(frozen=True, kw_only=True)
class _Story:
    written: str
    rule: str
    sources: tuple[str, ...]
    gap: str | None = None


def _tell(case: Case, attainment: Attainment, story: _Story) -> Verdict:
    outcome = f"{attainment.danish}; {story.gap}" if story.gap else attainment.danish
    sentence = (
        f"{case.goal.title}: {story.written} i skoleåret {case.school_year.label}; kravet er {story.rule} "
        f"({_deadline(case.goal)}): {outcome}. Kilde: {' og '.join(story.sources)}."
    )
    return Verdict(
        goal=case.goal.key,
        unit=case.unit,
        school_year=case.school_year,
        attainment=attainment,
        reason=f"{story.written}; kravet er {story.rule}",
        sentence=sentence,
        confidential=case.confidential,
        sources=story.sources,
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


def _deadline(goal: Goal) -> str:
    if isinstance(goal.deadline, SchoolYear):
        return f"senest i skoleåret {goal.deadline.label}"
    return f"senest {goal.deadline.day}.{goal.deadline.month}.{goal.deadline.year}"
