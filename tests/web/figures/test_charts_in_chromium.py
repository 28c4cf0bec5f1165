"""The charts in a real browser: no label touches another, and all can be read on a small screen."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from kvalitet.adapters.charts.building import ranking_chart, series_chart
from kvalitet.adapters.charts.ranking import ranking_svg
from kvalitet.adapters.charts.series import NARROW, WIDE, series_svg
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.series_breaks import load_series_breaks
from kvalitet.adapters.store import Store
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.series import series_of
from tests import databases
from tests.adapters.charts.figures import figure
from tests.web import builders
from tests.web.conftest import seed
from tests.web.figures.built import with_figures
from tests.web.test_pages_in_chromium import Served, chrome, opened, serving

__all__ = ["chrome"]
pytestmark = pytest.mark.browser

LABELS = (Path(__file__).parent / "labels.js").read_text("utf-8")
CATALOGUE = load_catalogue()
YEARS = range(2013, 2025)
SCHOOLS = {f"32300{number}": f"Skolen ved den lange vej nummer {number}" for number in range(1, 5)}
TITLES = {COUNTRY: "Hele landet", MUNICIPALITY: "Lyngby-Taarbæk Kommune", **SCHOOLS}
# On the screen a drawing is as wide as it was made for, or a little narrower.
SIZES = [(WIDE, 760), (NARROW, 288)]


def crowded(indicator: str) -> str:
    """Draw six units that all end at the same figure, over twelve years with breaks and gaps."""
    found = CATALOGUE[indicator]
    figures = [
        figure(year, unit, f"{6 + place * (2024 - year) / 50:.1f}", indicator=found)
        for place, unit in enumerate(TITLES)
        for year in YEARS
        if (place, year) != (5, 2018)
    ]
    series = [series_of(figures, load_series_breaks(), indicator=indicator, unit=unit) for unit in TITLES]
    years = [SchoolYear(year) for year in YEARS]
    chart = series_chart(found, series, TITLES, years)
    return series_svg(chart, width=WIDE) + series_svg(chart, width=NARROW)


def among(count: int, *, chosen: int = 4) -> str:
    """Draw many schools; municipality, country and the chosen ones lie close to each other."""
    titles = {**TITLES, **{f"{number:06}": f"Skole {number}" for number in range(count)}}
    values = {unit: Decimal(place % 90) / 10 for place, unit in enumerate(titles)}
    values |= {unit: Decimal("6.2") + Decimal(place) / 10 for place, unit in enumerate(TITLES)}
    found = {unit: figure(2024, unit, str(value)) for unit, value in values.items()}
    chart = ranking_chart(CATALOGUE["absence"], SchoolYear(2024), found, titles, chosen=list(SCHOOLS)[:chosen])
    return ranking_svg(chart, width=WIDE) + ranking_svg(chart, width=NARROW)


def judged(chrome: Browser, drawings: str) -> dict[str, Any]:
    """Show drawings as wide as they are on the pages, and tell what is wrong with their labels."""
    page = chrome.new_page(viewport={"width": 800, "height": 900})
    wide, narrow = drawings.split("</svg>", maxsplit=1)
    page.set_content(
        f'<meta charset="utf-8"><div style="width:760px">{wide}</svg></div><div style="width:288px">{narrow}</div>'
    )
    found: dict[str, Any] = page.evaluate(LABELS)
    page.close()
    return found


@pytest.mark.parametrize("indicator", ["absence", "grade_average", "good_results_danish", "well_being_social"])
def test_no_label_of_a_crowded_series_touches_another(chrome: Browser, indicator: str) -> None:
    found = judged(chrome, crowded(indicator))
    assert found["labels"] > 40
    assert found["wrong"] == []


@pytest.mark.parametrize("count", [10, 50, 200, 1100])
def test_no_label_of_schools_among_schools_touches_another(chrome: Browser, count: int) -> None:
    found = judged(chrome, among(count))
    assert found["labels"] > 20
    assert found["wrong"] == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, home / "kvalitet.sqlite"))
    seed(store)
    with serving(with_figures(Installation(Settings.read(home), store, (builders.municipality("proeveby"),)))) as found:
        yield found
    store.close()


@pytest.mark.parametrize("width", [320, 1280, 1920])
def test_the_page_shows_the_drawing_that_fits_the_screen(chrome: Browser, site: Served, width: int) -> None:
    with opened(chrome, site, width=width) as page:
        page.goto(f"{site}/proeveby/noegletal/absence?skole=323001&skole=323005")
        assert page.locator("svg.chart:visible").count() == 2
        assert page.evaluate(LABELS)["wrong"] == []


def test_on_paper_the_wide_drawings_stand_and_the_form_does_not(chrome: Browser, site: Served) -> None:
    with opened(chrome, site, width=1280) as page:
        page.goto(f"{site}/proeveby/noegletal/absence")
        page.emulate_media(media="print")
        assert page.locator(".chart-wide svg.chart:visible").count() == 2
        assert page.locator(".chart-narrow svg.chart:visible").count() == 0
        assert page.locator("form.narrowing:visible").count() == 0
