"""The catalogue holds the indicators that the two plans and the sources need."""

import re
from decimal import Decimal
from pathlib import Path

from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.offering import offered_by
from kvalitet.adapters.sources.stil.cubes import load_cubes
from kvalitet.measurements import IndicatorUnit


def test_the_indicators_of_both_plans_are_there() -> None:
    catalogue = load_catalogue()
    assert {
        "absence",
        "good_results_danish",
        "good_results_maths",
        "at_least_02_share",
        "grade_average_danish_maths",
        "inclusion_share",
        "parent_satisfaction",
        "agreements_count",
    } <= set(catalogue.indicators)
    assert "gæt" not in catalogue
    assert catalogue["absence"].lower_is_better is True
    assert catalogue["absence"].written(Decimal("9.3")) == "9,3 %"


def test_only_test_results_are_confidential() -> None:
    confidential = {key for key, indicator in load_catalogue().indicators.items() if indicator.confidential}
    assert confidential == {"good_results_danish", "good_results_maths"}


def test_an_indicator_is_known_by_key_title_and_column() -> None:
    catalogue = load_catalogue()
    assert catalogue.named("absence") is catalogue["absence"]
    assert catalogue.named("Andel elever med mindst 02 i dansk og matematik") is catalogue["at_least_02_share"]
    assert catalogue.named("SocRef Forskel") is catalogue["socioeconomic_difference"]
    assert catalogue.named("fravær") is None


def test_parent_satisfaction_has_ordered_levels() -> None:
    found = load_catalogue()["parent_satisfaction"]
    assert (found.unit, found.levels) == (IndicatorUnit.LEVEL, ("meget lav", "lav", "middel", "høj", "meget høj"))


def test_every_cube_speaks_of_indicators_in_the_catalogue_and_only_one_cube_has_each() -> None:
    keys = [key for cube in load_cubes().cubes for key in cube.measures]
    assert set(keys) <= set(load_catalogue().indicators)
    assert len(keys) == len(set(keys))


def test_a_number_of_pupils_is_only_asked_for_an_indicator_that_the_cube_has() -> None:
    assert [cube.key for cube in load_cubes().cubes if not set(cube.pupils) <= set(cube.measures)] == []


def test_test_results_are_never_asked_of_the_public_source() -> None:
    public = {key for cube in load_cubes().cubes for key in cube.measures}
    assert not any(load_catalogue()[key].confidential for key in public)


def test_the_page_of_the_files_lists_every_indicator_and_who_has_it() -> None:
    text = (Path(__file__).parents[3] / "docs" / "kommunens-filer.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| [^|]+ \|$", text.partition("## Nøgletal")[2], re.MULTILINE)
    sources = {name: offered_by(name) or frozenset() for name in ("files", "stil", "statbank")}
    assert {key: re.findall(r"`(\w+)`", told) for key, told in rows} == {
        key: [name for name, keys in sources.items() if key in keys] for key in load_catalogue().indicators
    }
