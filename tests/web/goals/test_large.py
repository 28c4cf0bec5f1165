"""A municipality far larger than Denmark's largest: its matrix of goals can be made, sent and read."""

from __future__ import annotations

import gzip
from dataclasses import replace
from decimal import Decimal
from itertools import cycle

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.goals import AtLeast, AtMost, Goal, Per
from kvalitet.measurements import COUNTRY, MUNICIPALITY
from kvalitet.municipality import School
from kvalitet.rights import Access, Standing, Viewer
from kvalitet.verdicts import Attainment
from kvalitet.web.pages.figures.seeing import Seen
from kvalitet.web.pages.goals.asking import AskedGoals
from kvalitet.web.pages.goals.cells import Writer
from kvalitet.web.pages.goals.exporting import rows_of
from kvalitet.web.pages.goals.table import Table, Verdicts, table_of
from kvalitet.web.views import View
from tests.web import builders
from tests.web.figures.built import figure, kept

SCHOOLS = 1100
INDICATORS = [one for one in load_catalogue().indicators.values() if not one.levels and not one.confidential][:10]
GOALS = tuple(
    Goal(
        key=f"goal_{one.key}",
        title=f"{one.title} når kravet på alle kommunens skoler",
        focus_area="Område",
        target=(AtMost if one.lower_is_better else AtLeast)(value=Decimal(5)),
        per=Per.SCHOOL,
        deadline=builders.YEAR,
        indicator=one,
    )
    for one in INDICATORS
)


@pytest.fixture(scope="module")
def table() -> Table:
    """Lay out 1,100 schools beside ten goals."""
    schools = tuple(
        School(f"{200000 + n}", f"Skole nummer {n}", "nord", builders.school(1, "x").leader) for n in range(SCHOOLS)
    )
    here = replace(builders.municipality("proeveby"), schools=schools, goals=GOALS)
    viewer = Viewer("k", "Fagcenter", standings=(Standing("proeveby", Access.ADMINISTRATION),))
    nothing: Installation = None  # type: ignore[assignment]  # laying a table out asks the installation for nothing
    view = View(nothing, here, (), builders.YEAR, builders.NOON, None, None, viewer)
    units = [COUNTRY, MUNICIPALITY, *(school.number for school in schools)]
    values = cycle(f"{number / 10:.1f}" for number in range(20, 97))
    figures = tuple(figure(one.key, 2024, unit, next(values)) for one in INDICATORS for unit in units)
    stands = cycle(one.value for one in Attainment)
    judged = {
        (goal.key, school.number): kept(goal.key, school.number, next(stands), f"{goal.title}: sådan går det.")
        for goal in GOALS
        for school in schools
    }
    return table_of(view, Seen(view, figures), Verdicts(judged), (), AskedGoals())


def test_all_schools_and_goals_are_laid_out_and_counted(table: Table) -> None:
    assert (len(table.lines), len(table.columns), len(table.whole)) == (SCHOOLS, 10, 2)
    assert sum(count for column in table.columns for _, count in column.counts) == SCHOOLS * 10


def test_the_cells_of_a_large_municipality_are_short_and_pack_well(table: Table) -> None:
    writer = Writer(table, "?skoleaar=2026-27")
    written = "".join(writer.cells(line) for line in (*table.whole, *table.lines)).encode()
    cells = (SCHOOLS + 2) * 10
    assert len(written) / cells < 300
    assert len(gzip.compress(written, 8)) / cells < 15


def test_the_files_have_a_row_for_each(table: Table) -> None:
    rows = rows_of(table)
    assert (len(rows), {len(row) for row in rows}) == (SCHOOLS + 3, {3 + 10 * 3})
