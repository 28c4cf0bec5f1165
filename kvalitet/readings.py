"""Aflæsning: the number that a goal is judged on: the school year's own figure, or the mean of several years."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kvalitet.evidence import CannotJudgeError, Case
from kvalitet.measurements import Measurement
from kvalitet.series import NoMean, three_year_mean, weighted_mean


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Aflæsning: `value` as it is judged and shown; `note` says why it is not the mean that the goal asks for."""

    value: Decimal
    figures: tuple[Measurement, ...]
    pupils: int | None
    note: str = ""

    @property
    def when(self) -> str:
        """The school years that it covers, in words."""
        first, last = self.figures[0].school_year, self.figures[-1].school_year
        if first == last:
            return f"i skoleåret {last.label}"
        return f"i gennemsnit over skoleårene {first.label}–{last.label}"


def number_of(measurement: Measurement) -> Decimal:
    """Give the figure's number; one that is told as a text level raises CannotJudgeError."""
    if measurement.value is None:
        reason = (
            f"{measurement.indicator} i skoleåret {measurement.school_year.label} er oplyst som tekst, ikke som tal"
        )
        raise CannotJudgeError(reason)
    return measurement.value


def reading_of(case: Case) -> Reading:
    """Read what the case is judged on; a missing figure raises CannotJudgeError."""
    figure = case.figure()
    value = number_of(figure)
    years = case.goal.mean_of_years
    if years == 1:
        return Reading(value=value, figures=(figure,), pupils=figure.pupils)
    mean = three_year_mean(case.series(years), case.school_year, years=years)
    if isinstance(mean, NoMean):
        note = f"gennemsnittet over {years} år kan ikke regnes ud ({mean.reason}), så kun det ene skoleår tæller"
        return Reading(value=value, figures=(figure,), pupils=figure.pupils, note=note)
    return Reading(value=mean.value, figures=mean.figures, pupils=mean.pupils)


def reading_beside(case: Case, own: Reading, unit: str) -> Reading:
    """Read another unit's figures for the same school years, each weighing as it does in the case's own mean.

    So the difference between the two is the mean of the yearly differences, whoever has how many pupils.
    """
    figures = tuple(case.figure(school_year=m.school_year, unit=unit) for m in own.figures)
    if len(figures) == 1:
        return Reading(value=number_of(figures[0]), figures=figures, pupils=figures[0].pupils)
    weighted = [(number_of(m), ours.pupils or 0) for m, ours in zip(figures, own.figures, strict=True)]
    return Reading(value=weighted_mean(weighted), figures=figures, pupils=None)
