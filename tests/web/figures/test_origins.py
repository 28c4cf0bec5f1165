"""Where a figure comes from: its source, its snapshot, and what was said of it before."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store.extracts import baselines
from kvalitet.measurements import MUNICIPALITY, MissingReason
from tests.web import people
from tests.web.builders import NOON
from tests.web.figures.built import figure, publish
from tests.web.figures.reading import page_of, rows

HERE = "/proeveby/tal/absence/2024-25"
LATER = NOON + timedelta(days=1)


def told(page: str) -> list[list[str]]:
    """Give what earlier snapshots said."""
    return rows(page.split("Tidligere oplyst")[1])[1:]


def test_a_figure_knows_its_source_snapshot_and_request(everybody: Installation) -> None:
    publish(everybody.store, figure("absence", 2024, "323001", "9.3", pupils=377))
    page = page_of(everybody, f"{HERE}/323001")
    assert '<p class="big-figure">9,3 %</p>' in page
    for part in ("Prøvetal", "kilden oplyser ingen dato", "377", "22. november 2026 kl. 12.00", "https://tal.example"):
        assert part in page
    assert sha256(b"tal").hexdigest() in page
    assert "Kilden har ikke oplyst andet om tallet" in page


def test_what_the_source_has_revised_stands_with_what_it_said_before(everybody: Installation) -> None:
    publish(everybody.store, figure("absence", 2024, "323001", "9.3"))
    publish(everybody.store, figure("absence", 2024, "323001", "9.1"), now=LATER, raw=b"nye")
    page = page_of(everybody, f"{HERE}/323001")
    assert '<p class="big-figure">9,1 %</p>' in page
    assert told(page) == [["22. november 2026 kl. 12.00", "9,3 % rettet bagud", "Prøvetal"]]


def test_a_figure_that_is_not_published_yet_does_not_stand_before_the_one_that_is(everybody: Installation) -> None:
    publish(everybody.store, figure("absence", 2024, "323001", "9.3"))
    missing = figure("absence", 2024, "323001", MissingReason.NOT_PUBLISHED)
    publish(everybody.store, missing, now=LATER, raw=b"nye")
    page = page_of(everybody, f"{HERE}/323001")
    assert '<p class="big-figure">9,3 %</p>' in page
    assert told(page)[0][1] == "– tallet er ikke offentliggjort endnu"


@pytest.mark.parametrize(("pupils", "is_told"), [(20, True), (3, False)])
def test_a_baseline_stays_when_the_source_revises_and_a_small_one_is_told_nowhere(
    everybody: Installation, pupils: int, *, is_told: bool
) -> None:
    first = figure("absence", 2024, "323001", "9.3", pupils=pupils)
    publish(everybody.store, first)
    with everybody.store.write() as connection:
        baselines.fix(connection, "proeveby", [first], now=NOON)
    publish(everybody.store, figure("absence", 2024, "323001", "9.1", pupils=20), now=LATER, raw=b"nye")
    page = page_of(everybody, f"{HERE}/323001")
    assert ("9,3 %, fastholdt 22. november 2026." in page) is is_told
    assert ("9,3" in page) is is_told


def test_nobody_has_told_of_a_figure(everybody: Installation) -> None:
    page = page_of(everybody, f"{HERE}/323001")
    assert "Der er intet tal: tallet er ikke hentet." in page
    assert "Intet dataudtræk har fortalt om tallet endnu." in page


def test_a_figure_of_few_pupils_is_told_of_no_snapshot(everybody: Installation) -> None:
    publish(everybody.store, figure("absence", 2024, "323001", "33.3", pupils=20))
    publish(everybody.store, figure("absence", 2024, "323001", "66.6", pupils=3), now=LATER, raw=b"nye")
    page = page_of(everybody, f"{HERE}/323001")
    assert "Der er intet tal: tallet vises ikke, fordi der er for få elever." in page
    assert ("33,3" in page, "66,6" in page) == (False, False)


def test_an_earlier_figure_of_few_pupils_stays_hidden_when_the_new_one_is_shown(everybody: Installation) -> None:
    publish(everybody.store, figure("absence", 2024, "323001", "66.6", pupils=3))
    publish(everybody.store, figure("absence", 2024, "323001", "33.3", pupils=20), now=LATER, raw=b"nye")
    page = page_of(everybody, f"{HERE}/323001")
    assert "66,6" not in page


def test_a_figure_that_hides_a_small_group_of_another_school_is_hidden_too(everybody: Installation) -> None:
    few = figure("absence", 2024, "323001", "12.0", pupils=2)
    hiding = figure("absence", 2024, "323002", "8.0", pupils=50)
    whole = figure("absence", 2024, MUNICIPALITY, "8.1", pupils=52)
    publish(everybody.store, few, hiding, whole)
    assert "8,0" not in page_of(everybody, f"{HERE}/323002")


@pytest.mark.parametrize("reader", [people.LEADER, people.UNIONS])
def test_the_figures_of_municipality_and_country_are_for_all(everybody: Installation, reader: str) -> None:
    publish(everybody.store, figure("absence", 2024, MUNICIPALITY, "8.1"))
    assert "8,1 %" in page_of(everybody, f"{HERE}/municipality", reader)
