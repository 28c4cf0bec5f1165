"""Tal fra en kilde: one figure's text, as a source writes it, made into a measurement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kvalitet.days import SchoolYear
from kvalitet.measurements import (
    MISSING_MARKERS,
    Indicator,
    IndicatorUnit,
    Measurement,
    MissingReason,
    parse_danish_number,
)


@dataclass(frozen=True, kw_only=True)
class FigureText:
    """Tal som tekst: what a cell says, and what the figure is about."""

    indicator: Indicator
    school_year: SchoolYear
    unit: str
    text: str
    source: str
    published_on: date | None = None
    pupils: int | None = None

    def measurement(self) -> Measurement:
        """Read the text; one that is neither figure, level nor a known marker raises ValueError in Danish.

        A blank may mean suppressed, not relevant or not reported: sources do not say which, so neither do we.
        """
        if self.indicator.unit is IndicatorUnit.LEVEL:
            return self._level()
        value = parse_danish_number(self.text)
        if value is None:
            return self._missing(MissingReason.UNKNOWN)
        return Measurement(
            indicator=self.indicator.key,
            school_year=self.school_year,
            unit=self.unit,
            source=self.source,
            published_on=self.published_on,
            value=value,
            pupils=self.pupils,
        )

    def _level(self) -> Measurement:
        text = self.text.strip()
        if text.casefold() in MISSING_MARKERS:
            return self._missing(MissingReason.UNKNOWN)
        level = self.indicator.level_named(text)
        if level is None:
            levels = ", ".join(self.indicator.levels)
            raise ValueError(f"»{text}« er ikke et niveau for {self.indicator.title} ({levels}).")
        return Measurement(
            indicator=self.indicator.key,
            school_year=self.school_year,
            unit=self.unit,
            source=self.source,
            published_on=self.published_on,
            level=level,
            pupils=self.pupils,
        )

    def _missing(self, reason: MissingReason) -> Measurement:
        return Measurement(
            indicator=self.indicator.key,
            school_year=self.school_year,
            unit=self.unit,
            source=self.source,
            published_on=self.published_on,
            missing=reason,
            pupils=self.pupils,
        )
