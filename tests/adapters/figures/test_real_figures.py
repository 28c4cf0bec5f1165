"""The real figures of the two municipalities' schools pass the gate as the source published them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.municipality_files import check
from kvalitet.adapters.sources.files.figures_folder import FiguresFolder
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.source import ExtractRequest
from kvalitet.adapters.store import Store, snapshots
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, MissingReason
from kvalitet.municipality import Municipality
from tests.builders import instant

DEPLOYMENTS = Path(__file__).parents[3] / "deployments"
NOW = instant("2026-10-01")


def town(key: str) -> Municipality:
    found, _ = check(DEPLOYMENTS / key)
    assert found is not None
    return found


def published(store: Store, of: Municipality) -> tuple[Measurement, ...]:
    request = ExtractRequest(
        municipality=of.key,
        municipality_name=of.name.removesuffix(" Kommune"),
        schools=frozenset(school.number for school in of.schools),
        indicators=tuple(load_catalogue().indicators),
        school_year=SchoolYear(2024),
    )
    found = FiguresFolder(DEPLOYMENTS / of.key / "figures").fetch(request).measurements
    with store.write() as connection:
        kept, _ = snapshots.add(connection, NewSnapshot(of.key, None, "files", {}, b"", found), now=NOW)
        snapshots.publish(connection, kept.id, now=NOW)
        return shown_figures(connection, of, viewer_may_see_confidential=True)


@pytest.mark.parametrize(("key", "schools"), [("kalundborg", 15), ("hvidovre", 9)])
def test_every_school_is_shown_with_what_the_source_shows_and_with_nothing_more(
    store: Store, key: str, schools: int
) -> None:
    shown = published(store, town(key))
    with store.read() as connection:
        assert shown == snapshots.measurements(connection, key)
    assert len({found.unit for found in shown if found.unit.isdecimal()}) == schools
    assert {found.missing for found in shown} <= {None, MissingReason.UNKNOWN}


def test_rynkevangskolen_is_shown_with_the_figures_that_its_name_stands_for(store: Store) -> None:
    own = {found.indicator: found.value for found in published(store, town("kalundborg")) if found.unit == "323003"}
    wanted = ("absence", "grade_average", "well_being_social", "well_being_order")
    assert [str(own[key]) for key in wanted] == ["9.3", "6.4", "3.8", "3.7"]


def test_the_same_school_with_five_answers_would_be_withheld_in_all_of_well_being(store: Store) -> None:
    """The five are assumed: the source tells no number of answers here."""
    place = town("kalundborg")
    published(store, place)
    with store.write() as connection:
        kept = snapshots.measurements(connection, place.key)
        few = tuple(
            replace(found, pupils=5)
            for found in kept
            if found.unit == "323003" and found.indicator == "well_being_social"
        )
        again, _ = snapshots.add(connection, NewSnapshot(place.key, None, "files", {}, b"few", few), now=NOW)
        snapshots.publish(connection, again.id, now=NOW)
        shown = shown_figures(connection, place, viewer_may_see_confidential=True, unit="323003")
    withheld = {found.indicator for found in shown if found.missing is MissingReason.SUPPRESSED}
    assert withheld == {"well_being_academic", "well_being_general", "well_being_order", "well_being_social"}
    assert {found.value for found in shown if found.indicator == "absence"} == {Decimal("9.3")}
