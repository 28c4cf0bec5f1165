"""Whatever the service answers: whole figures, or a sentence; never anything else."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kvalitet.adapters.sources.asking import Service, TryAgainError
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.source import ExtractRequest, SourceBrokenError
from kvalitet.adapters.sources.stil.answers import Level
from kvalitet.adapters.sources.stil.cubes import SCHOOL, CatalogueEntry, Cube, column_of, load_cubes
from kvalitet.adapters.sources.stil.pages import Rows
from kvalitet.adapters.sources.stil.reading import entry_in, members_in, page_in
from kvalitet.adapters.sources.stil.rows import CubeRows
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement
from tests.adapters.sources.stil.figures import ROERBY, RYNKEVANGSKOLEN, YEAR

SERVICE = Service(name="Uddannelsesstatistik.dk", address="", setting="KVALITET_STIL_URL")
CUBES = load_cubes().cubes
SCHOOLS = (ROERBY, RYNKEVANGSKOLEN)
REQUEST = ExtractRequest(
    municipality="kalundborg",
    municipality_name="Kalundborg",
    school_year=SchoolYear(2024),
    indicators=tuple(set(load_catalogue().indicators) - {"socioeconomic_level"}),
    schools=frozenset(SCHOOLS),
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner)
)
figures = st.sampled_from(["6,4", "9,3 %", "", "..", "<fejl>", "2.351"])


def outcome(read: Callable[[], Any]) -> Any:
    """Give what is read, or the sentence that says why it is not."""
    try:
        return read()
    except (SourceBrokenError, TryAgainError) as error:
        return str(error)


@given(content=st.binary(max_size=200) | anything.map(lambda found: json.dumps(found).encode()))
def test_any_bytes_are_a_page_a_catalogue_or_a_sentence(content: bytes) -> None:
    for read in (page_in, entry_in, members_in):
        found = outcome(partial(read, content, SERVICE))
        assert isinstance(found, tuple | CatalogueEntry) or found.startswith("Uddannelsesstatistik.dk ")


@st.composite
def answers(draw: st.DrawFn) -> tuple[Cube, dict[str, Rows]]:
    """Draw a cube and the rows of its levels: a whole answer, in which anything may then be put in a few places."""
    cube = draw(st.sampled_from(CUBES))
    members = [
        {column_of(cube.member_dimension or ""): draw(st.sampled_from(names))} for names in cube.members.values()
    ]
    rows: dict[str, Rows] = {}
    for level in cube.levels:
        units = [{column_of(cube.school): number} for number in SCHOOLS] if level == SCHOOL else [{}]
        if level == MUNICIPALITY:
            units = [{column_of(cube.residents or cube.municipality): "Kalundborg"}]
        places = [{column_of(cube.year): YEAR} | unit | member for unit in units for member in members or [{}]]
        measures = dict.fromkeys(cube.columns_of(cube.wanted(REQUEST)), figures)
        rows[level] = [place | draw(st.fixed_dictionaries(measures)) for place in places]
        if draw(st.integers(0, 3)) == 0:
            spoil(draw, rows[level])
    return cube, rows


def spoil(draw: st.DrawFn, rows: Rows) -> None:
    """Put anything in one field, or take a row away, or give it twice."""
    row = draw(st.sampled_from(rows))
    match draw(st.integers(0, 2)):
        case 0:
            row[draw(st.sampled_from(sorted(row)))] = draw(scalars)
        case 1:
            rows.remove(row)
        case _:
            rows.append(row)


def figures_of(cube: Cube, indicators: list[str], rows: dict[str, Rows]) -> Iterator[Measurement]:
    checked = {level: Level(cube, REQUEST, indicators, level).checked(found) for level, found in rows.items()}
    read = CubeRows(cube=cube, request=REQUEST, rows=checked, departments={})
    return (m for key in indicators for m in read.measurements(load_catalogue()[key]))


@given(answer=answers())
def test_any_rows_are_every_figure_that_was_asked_for_once_or_a_sentence(answer: tuple[Cube, dict[str, Rows]]) -> None:
    cube, rows = answer
    indicators = cube.wanted(REQUEST)
    found = outcome(lambda: list(figures_of(cube, indicators, rows)))
    if isinstance(found, str):
        assert found.startswith(("Uddannelsesstatistik.dk sendte ", "Uddannelsesstatistik.dk har "))
        return
    wholes = {key: not cube.suffixes or key in cube.with_suffix for key in indicators}
    expected = [(key, unit) for key in indicators for unit in (*sorted(REQUEST.schools), MUNICIPALITY, COUNTRY)]
    expected = [(key, unit) for key, unit in expected if wholes[key] or unit in REQUEST.schools]
    assert [(m.indicator, m.unit) for m in found] == expected
    assert {m.school_year for m in found} == {SchoolYear(2024)}
