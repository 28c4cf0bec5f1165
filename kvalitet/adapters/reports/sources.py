"""Sources in the report: where the figures are from, what they mean, what is missing, and what is withheld."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.charts.building import COUNTRY_TITLE
from kvalitet.adapters.delivering.figures import shows_test_results
from kvalitet.adapters.figures.definitions import definition_of
from kvalitet.adapters.reports.figures import figure_of, indicators_of
from kvalitet.adapters.reports.goals import schools_of
from kvalitet.adapters.reports.model import Definition, Gap, SourceLine
from kvalitet.measurements import COUNTRY, MUNICIPALITY, MissingReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from kvalitet.adapters.reports.gathering import Facts
    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Indicator, Measurement

UNKNOWN_DATE = "ikke oplyst"


def sources_of(facts: Facts) -> tuple[SourceLine, ...]:
    """List each source with what it tells of, and the newest dates."""
    titles = {indicator.key: indicator.title for indicator in indicators_of(facts)}
    by_source: dict[str, list[Measurement]] = defaultdict(list)
    for one in facts.figures:
        by_source[one.source].append(one)
    return tuple(
        SourceLine(
            source=source,
            about=danish.list_text(dict.fromkeys(titles[one.indicator] for one in found)),
            school_years=danish.list_text(sorted({one.school_year.label for one in found})),
            published=_newest(one.published_on for one in found),
            pulled=_newest(one.pulled_on for one in found),
        )
        for source, found in sorted(by_source.items())
    )


def definitions_of(facts: Facts) -> tuple[Definition, ...]:
    """Say what each indicator is that the report has a figure of."""
    return tuple(
        Definition(indicator.title, " ".join((known.what, *known.notes)), known.source)
        for indicator in indicators_of(facts)
        if (known := definition_of(indicator.key))
    )


def gaps_of(facts: Facts) -> tuple[Gap, ...]:
    """List the figures of each indicator's newest year that are missing; those alike are told together."""
    alike: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for indicator in indicators_of(facts):
        year = facts.newest_year[indicator.key]
        for why, where in _missing(facts, indicator, year).items():
            alike[year.label, where, why].append(indicator.title)
    return tuple(Gap(danish.list_text(titles), *place) for place, titles in alike.items())


def withheld_of(facts: Facts) -> tuple[str, ...]:
    """Say what is left out of the edition, and by which rule."""
    return tuple(_withheld(facts))


def _newest(days: Iterable[date | None]) -> str:
    known = [day for day in days if day]
    return danish.date_text(max(known)) if known else UNKNOWN_DATE


def _missing(facts: Facts, indicator: Indicator, school_year: SchoolYear) -> dict[str, str]:
    """Tell of one indicator for whom it is missing, by why."""
    units = {COUNTRY: COUNTRY_TITLE, MUNICIPALITY: facts.municipality.name}
    units |= {school.number: school.name for school in schools_of(facts)}
    by_reason: dict[str, list[str]] = defaultdict(list)
    for unit, name in units.items():
        why = figure_of(indicator, facts.figure.get((indicator.key, school_year, unit))).missing
        if why:
            by_reason[why].append(name)
    return {why: danish.list_text(names) for why, names in by_reason.items()}


def _withheld(facts: Facts) -> Iterator[str]:
    few = sum(one.missing is MissingReason.SUPPRESSED for one in facts.figures)
    if few:
        figures = danish.count_text(few, "tal", "tal", one="et").capitalize()
        why = "fordi der er for få elever bag, eller fordi et sådant tal ellers kunne regnes ud"
        yield f"{figures} vises ikke, {why}."
    if facts.sees_confidential:
        yield "Denne udgave indeholder fortrolige prøveresultater (folkeskoleloven § 55 b) og må ikke offentliggøres."
        return
    hidden = [f"»{goal.title}«" for goal in facts.municipality.goals if facts.hides(goal)]
    if hidden:
        yield (
            f"Vurderingen af {danish.list_text(hidden)} er ikke med: den bygger på prøveresultater, som er fortrolige "
            "(folkeskoleloven § 55 b)."
        )
    wheel = facts.municipality.wheel
    plan = facts.municipality.report
    printed = dict.fromkeys((*plan.deliveries, *filter(None, [plan.statements])))
    forms = [f"»{wheel.activity(key).title}«" for key in printed if shows_test_results(wheel.activity(key))]
    if forms:
        yield (
            f"Det, skolerne har skrevet i {danish.list_text(forms)}, er ikke med: formularen viser fortrolige "
            "prøveresultater, som svarene kan gengive."
        )
