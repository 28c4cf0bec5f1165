"""An entry: what is kept of it is a line that a person can read, and that reads back as the same figure."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.adapters.sources.entered import entry
from kvalitet.adapters.sources.entered.entry import EntryError, Place, entered, extract_of, place_of, unit_name
from kvalitet.adapters.sources.files.school_figures_file import FiguresFile
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, MissingReason
from tests import builders

TODAY = date(2026, 11, 22)
INDICATORS = load_catalogue().indicators
WELL_BEING = Place(INDICATORS["well_being_social"], SchoolYear(2025), "323001")
PARENTS = Place(INDICATORS["parent_satisfaction"], SchoolYear(2025), MUNICIPALITY)
SURVEY = {entry.SOURCE: " Trivselsmålingen;\n 2026 ", entry.DATE: "2026-06-21"}


def test_an_entry_is_kept_as_a_line_with_who_typed_it() -> None:
    found = entered(WELL_BEING, {entry.VALUE: "3,8", entry.PUPILS: "1.212", **SURVEY}, today=TODAY)
    extract = extract_of(found, by="Fagcenter\nBørn")
    assert extract.content.decode("utf-8-sig").splitlines() == [
        "# Indtastet af: Fagcenter Børn",
        "skoleår;institutionsnummer;indikator;værdi;antal;kilde;offentliggjort",
        '2025/26;323001;well_being_social;3,8;1212;"Trivselsmålingen; 2026";2026-06-21',
    ]
    assert (found.value, found.pupils, found.source) == (Decimal("3.8"), 1212, "Trivselsmålingen; 2026")


@pytest.mark.parametrize(
    ("place", "text"), [(WELL_BEING, "3,8"), (WELL_BEING, "-"), (PARENTS, "Meget høj"), (PARENTS, "..")]
)
def test_the_line_reads_back_as_the_same_figure(place: Place, text: str) -> None:
    found = entered(place, {entry.VALUE: text, **SURVEY}, today=TODAY)
    content = extract_of(found, by="Fagcenter Børn").content
    extract = FiguresFile(content=content, name="indtastning.csv").read(schools=frozenset({"323001"}))
    assert extract.measurements == (found,)


def test_a_dash_is_no_figure_and_never_zero() -> None:
    found = entered(WELL_BEING, {entry.VALUE: "-", **SURVEY}, today=TODAY)
    assert (found.value, found.missing) == (None, MissingReason.UNKNOWN)


@given(st.dictionaries(st.sampled_from([entry.VALUE, entry.PUPILS, entry.SOURCE, entry.DATE]), st.text(max_size=30)))
def test_whatever_is_typed_is_a_figure_or_told_field_by_field(texts: dict[str, str]) -> None:
    for place in (WELL_BEING, PARENTS):
        try:
            found = entered(place, texts, today=TODAY)
        except EntryError as error:
            assert set(error.problems) <= {entry.VALUE, entry.PUPILS, entry.SOURCE, entry.DATE}  # noqa: PT017 -- either is right
            assert all(error.problems.values())  # noqa: PT017 -- as above
        else:
            assert (found.indicator, found.unit) == (place.indicator.key, place.unit)
            assert extract_of(found, by="Fagcenter Børn").measurements == (found,)


def test_a_place_is_one_that_the_municipality_has() -> None:
    town = builders.municipality()
    texts = {entry.INDICATOR: "absence", entry.YEAR: "2025/26", entry.UNIT: COUNTRY}
    assert place_of(town, INDICATORS, texts, today=TODAY) == Place(INDICATORS["absence"], SchoolYear(2025), COUNTRY)
    with pytest.raises(EntryError) as wrong:
        place_of(town, INDICATORS, {entry.UNIT: "999999"}, today=TODAY)
    assert set(wrong.value.problems) == {entry.INDICATOR, entry.YEAR, entry.UNIT}


def test_units_have_the_names_that_people_use() -> None:
    town = builders.municipality()
    assert unit_name(town, MUNICIPALITY) == town.name
    assert unit_name(town, COUNTRY) == "Hele landet"
    assert unit_name(town, town.schools[0].number) == town.schools[0].name
