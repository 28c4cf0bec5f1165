"""Grænser: the number that a figure must meet for a target, this year, and the rule in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_UP, Decimal

from kvalitet.evidence import CannotJudgeError, Case
from kvalitet.measurements import COUNTRY, Indicator, Measurement, danish_decimal
from kvalitet.readings import Reading, number_of, reading_beside
from kvalitet.targets import AtLeast, AtMost, AtNationalAverage, MoreThan, RisePercent, RisePoints, Target

_HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """Grænse: `value` must be met, by being higher (or lower); `strict` means that equal is not enough.

    `baseline` is the number that the way to it starts from; `start` is its figure where the target itself leans on it,
    `compared_with` all other figures that the rule leans on; `moves` tells that next year's threshold is another.
    """

    value: Decimal
    rule: str
    lower_is_better: bool = False
    strict: bool = False
    moves: bool = False
    baseline: Decimal | None = None
    start: Measurement | None = None
    compared_with: tuple[Measurement, ...] = ()

    def is_met_by(self, value: Decimal) -> bool:
        """Whether the figure reaches the target."""
        if self.strict:
            return value > self.value
        return value <= self.value if self.lower_is_better else value >= self.value

    def on_the_way(self, elapsed: int, total: int) -> Threshold:
        """The threshold after `elapsed` of `total` years, when the change comes in even steps from the baseline."""
        if self.baseline is None:
            return self
        return replace(self, value=self.baseline + (self.value - self.baseline) * elapsed / total)

    def pace(self, value: Decimal, years: int, step: Decimal) -> Decimal:
        """How much the figure must change in each of the years that are left; below 0 when it must fall.

        It is rounded away from 0 to whole steps: whoever keeps that pace arrives.
        """
        distance = self.value - value or step
        return (distance / years).quantize(step, ROUND_UP)


def threshold_for(case: Case, reading: Reading) -> Threshold:
    """Give what the figure must meet; raises CannotJudgeError when the comparison itself is missing."""
    target = case.goal.target
    if isinstance(target, RisePoints | RisePercent):
        return _rise(case, target)
    found = _national_average(case, target, reading) if isinstance(target, AtNationalAverage) else None
    return _with_start(case, found or _fixed(target, case.indicator))


def _fixed(target: Target, indicator: Indicator) -> Threshold:
    if isinstance(target, AtLeast):
        return Threshold(value=target.value, rule=f"mindst {indicator.written(target.value)}")
    if isinstance(target, AtMost):
        return Threshold(value=target.value, rule=f"højst {indicator.written(target.value)}", lower_is_better=True)
    if isinstance(target, MoreThan):
        return Threshold(value=target.value, rule=f"over {indicator.written(target.value)}", strict=True)
    message = f"{type(target).__name__} has no numeric threshold"
    raise TypeError(message)


def _national_average(case: Case, target: AtNationalAverage, reading: Reading) -> Threshold:
    country = reading_beside(case, reading, COUNTRY)
    side = "højst" if target.lower_is_better else "mindst"
    years = "de samme skoleår" if len(country.figures) > 1 else "samme skoleår"
    return Threshold(
        value=country.value,
        rule=f"{side} landsgennemsnittet, der {years} er {case.indicator.written(country.value)}",
        lower_is_better=target.lower_is_better,
        moves=True,
        compared_with=country.figures,
    )


def _rise(case: Case, target: RisePoints | RisePercent) -> Threshold:
    baseline = _baseline(case)
    start = number_of(baseline)
    value = start + target.points if isinstance(target, RisePoints) else start * (1 + target.percent / _HUNDRED)
    rule = (
        f"{_rise_in_words(case.indicator, target)} fra {case.indicator.written(start)} "
        f"i {baseline.school_year.label}, altså mindst {case.indicator.written(value)}"
    )
    return Threshold(value=value, rule=rule, baseline=start, start=baseline, compared_with=(baseline,))


def _with_start(case: Case, threshold: Threshold) -> Threshold:
    """Measure the way from the baseline year, where the goal has one and its figure can be compared.

    The target does not lean on it, so without it the goal is judged all the same.
    """
    if case.goal.baseline_year is None:
        return threshold
    try:
        return replace(threshold, baseline=number_of(_baseline(case)))
    except CannotJudgeError:
        return threshold


def _baseline(case: Case) -> Measurement:
    year = case.goal.baseline_year
    if year is None:
        reason = "målets udgangspunkt (»baseline_year«) er ikke fastsat"
        raise CannotJudgeError(reason)
    if case.school_year < year:
        reason = f"skoleåret {case.school_year.label} ligger før udgangspunktet {year.label}"
        raise CannotJudgeError(reason)
    case.evidence.comparable(case.indicator, year, case.school_year)
    return case.baseline(year)


def _rise_in_words(indicator: Indicator, target: RisePoints | RisePercent) -> str:
    if isinstance(target, RisePoints):
        return f"en stigning på mindst {indicator.written_difference(target.points)}"
    return f"en stigning på mindst {danish_decimal(target.percent)} %"
