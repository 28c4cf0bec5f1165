"""The report of 60 schools as a PDF, from the store to the last byte, beside its bare words set on as many pages."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
import typst

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.printing.typesetting import _fonts
from kvalitet.adapters.reports import releasing
from kvalitet.adapters.reports.writers import Format, written
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import Store, deliveries, snapshots
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, IndicatorUnit, Measurement
from kvalitet.municipality import Municipality
from kvalitet.occurrences import plan
from kvalitet.quality_reports import Edition
from tests import builders
from tests.adapters import installed
from tests.adapters.reports import town
from tests.adapters.reports.pdf_text import words_of
from tests.adapters.store.planned import write
from tests.benchmarks.measuring import Measured, race

SCHOOLS, YEARS = 60, (SchoolYear(2023), SchoolYear(2024), SchoolYear(2025))
# The same words in the same fonts, and nothing else: no tables, drawings, tags or contents.
BARE = """#set page(paper: "a4", margin: 17mm)
#set text(font: ("IBM Plex Sans", "Libertinus Serif"), size: 8.3pt, lang: "da")
#for page in json(bytes(sys.inputs.data)) [#page.join(" ") #pagebreak(weak: true)]
"""


def municipality() -> Municipality:
    """Make 60 schools with the goals and the wheel of the small town."""
    schools = tuple(builders.school(f"{400001 + number}", f"Skole nr. {number}") for number in range(SCHOOLS))
    return builders.municipality(
        *town.ACTIVITIES, schools=schools, goals=town.GOALS, efforts=town.EFFORTS, report=town.PLAN
    )


def figures(here: Municipality) -> tuple[Measurement, ...]:
    """Make a figure of every indicator for everybody in three years."""
    chance = random.Random(1)  # noqa: S311 -- the same figures each time
    units = (COUNTRY, MUNICIPALITY, *(school.number for school in here.schools))
    return tuple(
        Measurement(
            indicator=indicator.key,
            school_year=year,
            unit=unit,
            source=town.STIL,
            pupils=200,
            value=Decimal(chance.randrange(20, 90)) / 10,
        )
        for indicator in load_catalogue().indicators.values()
        if indicator.unit is not IndicatorUnit.LEVEL
        for year in YEARS
        for unit in units
    )


@pytest.fixture
def lived(sqlite_url: str, tmp_path: Path) -> Iterator[Installation]:
    here, store = municipality(), Store.open(sqlite_url)
    write(store, plan(here, builders.YEAR))
    own = {"absence.text": "Flere i skole hver dag", "absence.indicator": "absence"}
    own |= {"absence.target": "5,0", "absence.by": "2027-06-30"}
    with store.write() as connection:
        kept, _ = snapshots.add(
            connection, NewSnapshot(here.key, None, "files", {}, b"tal", figures(here)), now=town.NOW
        )
        snapshots.publish(connection, kept.id, now=town.NOW)
        for school in here.schools:
            deliveries.add(connection, town.key_of("own_goals", school.number), Submission(own, "Leder"), now=town.NOW)
    yield installed.installation(store, tmp_path / "home", here)
    store.close()


def pdf_of(lived: Installation, name: str) -> bytes:
    """Set the report under a name of its own, which stands on every page: typst remembers what it has set before."""
    here = replace(lived.municipalities[0], name=name)
    report = releasing.preview(lived, here, builders.YEAR, Edition.INTERNAL, now=town.NOW)
    return written(report, Format.PDF, now=town.NOW)


def test_the_report_of_60_schools_is_set(lived: Installation, tmp_path: Path, keep: Callable[[Measured], None]) -> None:
    example = pdf_of(lived, "Prøveby Kommune")
    lines = words_of(example).splitlines()
    pages = example.count(b"/Type/Page/")
    each = -(-len(lines) // pages)
    words = [lines[start : start + each] for start in range(0, len(lines), each)]
    template, fonts, numbers = tmp_path / "bare.typ", _fonts(), count()
    template.write_text(BARE, encoding="utf-8")

    def bare() -> bytes:
        data = json.dumps([[f"Kommune {next(numbers)}", *page] for page in words])
        found: bytes = typst.compile(template, font_paths=fonts, sys_inputs={"data": data})
        return found

    assert bare().count(b"/Type/Page/") == pages
    assert pages > SCHOOLS
    measured = race(
        f"Rapporten for 60 skoler som PDF ({pages} sider, {len(example) / 1000:.0f} kB), fra databasen",
        lambda: lambda: pdf_of(lived, f"Kommune {next(numbers)}"),
        limit="de samme ord sat på lige så mange sider",
        bare=lambda: bare,
        rows=pages,
        rounds=5,
    )
    keep(measured)
    if measured.ratio > 20:
        pytest.fail(f"Rapporten tager {measured.ratio:.1f} gange sin grænse")
