"""Usikkerhed: how far a school's figure may be from the target by chance alone, because few pupils stand behind it.

Pupils of one year are seen as some of those that the school might have had. The figure is told with a 95 % interval;
when the target lies in it, one does not know on which side of it the school is.
- A share of pupils: Wilson's interval (E. B. Wilson, 1927), which holds for few pupils and near 0 and 100 %.
- A mean of pupils (grades, absence, well-being): 1,96 times the spread between pupils over the square root of their
  number, where the catalogue states the spread.
The figures of a whole municipality or of the country are not doubted: they decide a municipal goal as published.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kvalitet.measurements import Indicator

Z = Decimal("1.96")
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Interval:
    """Usikkerhedsinterval: both ends belong to it."""

    low: Decimal
    high: Decimal

    def __contains__(self, value: Decimal) -> bool:
        return self.low <= value <= self.high

    def around(self, value: Decimal, other: Interval, start: Decimal) -> Interval:
        """The interval of `value` when it is held against `start`, which is as uncertain as `other` says.

        The two are independent, so what is uncertain adds up as the sides of a right angle do.
        """
        return Interval(
            value - ((value - self.low) ** 2 + (other.high - start) ** 2).sqrt(),
            value + ((self.high - value) ** 2 + (start - other.low) ** 2).sqrt(),
        )


def interval_of(indicator: Indicator, value: Decimal, pupils: int | None) -> Interval | None:
    """Give the interval of a figure; None where the pupils, or how they spread, are not known."""
    if not pupils:
        return None
    if indicator.share_of_pupils:
        return _wilson(value / _HUNDRED, pupils)
    if indicator.spread is None:
        return None
    margin = Z * indicator.spread / Decimal(pupils).sqrt()
    return Interval(value - margin, value + margin)


def _wilson(share: Decimal, pupils: int) -> Interval:
    per_pupil = Z * Z / pupils
    middle = share + per_pupil / 2
    reach = Z * (share * (1 - share) / pupils + per_pupil / (4 * pupils)).sqrt()
    scale = _HUNDRED / (1 + per_pupil)
    return Interval((middle - reach) * scale, (middle + reach) * scale)
