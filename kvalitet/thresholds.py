"""Grænser: the number that a figure must meet for a target, this year, and the rule in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from kvalitet.evidence import CannotJudgeError, Case
from kvalitet.measurements import COUNTRY, Indicator, Measurement, danish_decimal
from kvalitet.targets import AtLeast, AtMost, AtNationalAverage, MoreThan, RisePercent, RisePoints, Target

_HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """Grænse: `value` must be met, by being higher (or lower); `strict` means that equal is not enough.

    `baseline` is the number that a rise starts from; `compared_with` the other figure that the rule leans on.
    """

    value: Decimal
    rule: str
    lower_is_better: bool = False
    strict: bool = False
    baseline: Decimal | None = None
    compared_with: Measurement | None = None

    def is_met_by(self, value: Decimal) -> bool:
        """Whether the figure reaches the target."""
        if self.strict:
            return value > self.value
        return value <= self.value if self.lower_is_better else value >= self.value

    def on_the_way(self, elapsed: int, total: int) -> Threshold:
        """The threshold after `elapsed` of `total` years, when a rise comes in even steps from the baseline."""
        if self.baseline is None:
            return self
        return replace(self, value=self.baseline + (self.value - self.baseline) * elapsed / total)


def threshold_for(case: Case) -> Threshold:
    """Give what the figure must meet; raises CannotJudgeError when the comparison itself is missing."""
    target = case.goal.target
    if isinstance(target, AtNationalAverage):
        return _national_average(case, target)
    if isinstance(target, RisePoints | RisePercent):
        return _rise(case, target)
    return _fixed(target, case.indicator)


def number_of(measurement: Measurement) -> Decimal:
    """Give the figure's number; one that is told as a text level raises CannotJudgeError."""
    if measurement.value is None:
        reason = (
            f"{measurement.indicator} i skoleåret {measurement.school_year.label} er oplyst som tekst, ikke som tal"
        )
        raise CannotJudgeError(reason)
    return measurement.value


def _fixed(target: Target, indicator: Indicator) -> Threshold:
    if isinstance(target, AtLeast):
        return Threshold(value=target.value, rule=f"mindst {indicator.written(target.value)}")
    if isinstance(target, AtMost):
        return Threshold(value=target.value, rule=f"højst {indicator.written(target.value)}", lower_is_better=True)
    if isinstance(target, MoreThan):
        return Threshold(value=target.value, rule=f"over {indicator.written(target.value)}", strict=True)
    message = f"{type(target).__name__} has no numeric threshold"
    raise TypeError(message)


def _national_average(case: Case, target: AtNationalAverage) -> Threshold:
    country = case.figure(unit=COUNTRY)
    value = number_of(country)
    side = "højst" if target.lower_is_better else "mindst"
    rule = f"{side} landsgennemsnittet, der samme skoleår er {case.indicator.written(value)}"
    return Threshold(value=value, rule=rule, lower_is_better=target.lower_is_better, compared_with=country)


def _rise(case: Case, target: RisePoints | RisePercent) -> Threshold:
    baseline = _baseline(case)
    start = number_of(baseline)
    value = start + target.points if isinstance(target, RisePoints) else start * (1 + target.percent / _HUNDRED)
    rule = (
        f"{_rise_in_words(case.indicator, target)} fra {case.indicator.written(start)} "
        f"i {baseline.school_year.label}, altså mindst {case.indicator.written(value)}"
    )
    return Threshold(value=value, rule=rule, baseline=start, compared_with=baseline)


def _baseline(case: Case) -> Measurement:
    year = case.goal.baseline_year
    if year is None:
        reason = "målets udgangspunkt (»baseline_year«) er ikke fastsat"
        raise CannotJudgeError(reason)
    if case.school_year < year:
        reason = f"skoleåret {case.school_year.label} ligger før udgangspunktet {year.label}"
        raise CannotJudgeError(reason)
    case.evidence.comparable(case.indicator, year, case.school_year)
    return case.figure(school_year=year)


def _rise_in_words(indicator: Indicator, target: RisePoints | RisePercent) -> str:
    if isinstance(target, RisePoints):
        return f"en stigning på mindst {indicator.written_difference(target.points)}"
    return f"en stigning på mindst {danish_decimal(target.percent)} %"
