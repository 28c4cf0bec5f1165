"""Schema: what a pull's figures must look like as a table, whichever source they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kvalitet.adapters.extracting.limits import load_limits
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.measurements import danish_decimal
from kvalitet.pulls import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pandas import DataFrame
    from pandera.pandas import DataFrameSchema

    from kvalitet.measurements import Measurement

OUTSIDE = "Tallet ligger uden for det, som nøgletallet kan være."
UNASKED = "Kilden gav et nøgletal, der ikke er bestilt."
OTHER_YEAR = "Tallet er for et andet skoleår end det, der er bestilt."
STRANGER = "Tallet er for en skole, som kommunen ikke har."
TWICE = "Der er to tal for det samme nøgletal, skoleår og sted."
FEWER_THAN_NONE = "Der kan ikke være færre end 0 elever."


def schema_findings(
    found: Sequence[Measurement], *, indicators: Collection[str], years: Collection[int], units: Collection[str]
) -> list[Finding]:
    """Check a pull's figures; whatever does not fit holds the pull back."""
    from pandera.errors import SchemaErrors  # noqa: PLC0415 -- brings pandas, which takes a second

    if not found:
        return []
    table = _table(found)
    try:
        _schema(indicators, years, units).validate(table, lazy=True)
    except SchemaErrors as errors:
        return list(_findings(errors.failure_cases, found))
    return []


def _schema(indicators: Collection[str], years: Collection[int], units: Collection[str]) -> DataFrameSchema:
    import pandera.pandas as pa  # noqa: PLC0415 -- as above

    return pa.DataFrameSchema(
        {
            "indicator": pa.Column(str, pa.Check.isin(sorted(indicators), error=UNASKED)),
            "school_year": pa.Column(int, pa.Check.isin(sorted(years), error=OTHER_YEAR)),
            "unit": pa.Column(str, pa.Check.isin(sorted(units), error=STRANGER)),
            "value": pa.Column(float, nullable=True),
            "level": pa.Column(str, nullable=True),
            "missing": pa.Column(str, nullable=True),
            "pupils": pa.Column(float, pa.Check.ge(0, error=FEWER_THAN_NONE), nullable=True),
            "is_inside": pa.Column(bool, pa.Check.eq(True, error=OUTSIDE)),  # noqa: FBT003 -- what it must be
            "is_first": pa.Column(bool, pa.Check.eq(True, error=TWICE)),  # noqa: FBT003 -- as above
        },
        strict=True,
    )


def _table(found: Sequence[Measurement]) -> DataFrame:
    import pandas as pd  # noqa: PLC0415 -- as above

    limits = load_limits()
    rows = [
        {
            "indicator": one.indicator,
            "school_year": one.school_year.start,
            "unit": one.unit,
            "value": None if one.value is None else float(one.value),
            "level": one.level,
            "missing": one.missing.value if one.missing else None,
            "pupils": one.pupils,
            "is_inside": one.value is None
            or (bounds := limits.get(one.indicator)) is None
            or bounds.allow(one.value, one.unit),
        }
        for one in found
    ]
    table = pd.DataFrame(rows).astype({"value": "float64", "pupils": "float64", "level": "object"})
    table["is_first"] = ~table.duplicated(["indicator", "school_year", "unit"])
    return table


def _findings(failures: Any, found: Sequence[Measurement]) -> Iterator[Finding]:
    catalogue = load_catalogue()
    for check, index in zip(failures["check"], failures["index"], strict=True):
        if index is None or index != index:  # noqa: PLR0124 -- a whole column that fails has no row, or NaN
            yield Finding(why=f"Tallene har ikke den form, de skal have ({check}).", holds=True)
            continue
        one = found[int(index)]
        title = catalogue[one.indicator].title if one.indicator in catalogue else one.indicator
        value = danish_decimal(one.value) if one.value is not None else ""
        yield Finding(why=str(check), holds=True, column=title, value=value, indicator=one.indicator, unit=one.unit)
