"""The pages of an answer: all of them, each once, whatever size the server gives them."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.adapters.sources.source import SourceBrokenError
from kvalitet.adapters.sources.stil.pages import turned
from tests.adapters.sources.loopback import Reply
from tests.adapters.sources.stil.figures import denmark, school_rows
from tests.adapters.sources.stil.pulls import api, pull, rows
from tests.adapters.sources.stil.server import StilServer, running

QUESTION = {"område": "GS", "emne": "OVER", "underemne": "OVERSKO"}


@pytest.fixture
def server() -> Iterator[StilServer]:
    with running(denmark()) as started:
        yield started


def page(*numbers: int) -> Reply:
    return rows(*({"nummer": str(number)} for number in numbers))


def asked(server: StilServer, *pages: Reply, page_size: int = 3) -> list[str]:
    server.faults = list(pages)
    answer = api(server, page_size=page_size).begin().statistics(QUESTION)
    return [row["nummer"] for row in answer.rows]


def test_pages_are_turned_from_one_until_an_empty_one(server: StilServer) -> None:
    assert asked(server, page(1, 2, 3), page(4, 5, 6), page(7), page()) == ["1", "2", "3", "4", "5", "6", "7"]
    assert [question["side"] for question in server.questions] == [1, 2, 3, 4]
    assert {question["side_størrelse"] for question in server.questions} == {3}


def test_a_server_with_smaller_pages_than_asked_for_is_read_to_the_end(server: StilServer) -> None:
    server.largest_page = 4
    small = pull(server, "well_being_social", "grade_average")
    server.largest_page = 100_000
    assert small.measurements == pull(server, "well_being_social", "grade_average").measurements


def test_an_answer_wrapped_in_a_string_is_read(server: StilServer) -> None:
    plain = pull(server, "grade_average")
    server.wraps_in_string = True
    assert pull(server, "grade_average").measurements == plain.measurements


def refused(server: StilServer, *pages: Reply, page_size: int = 3) -> str:
    with pytest.raises(SourceBrokenError) as broken:
        asked(server, *pages, page_size=page_size)
    return broken.value.message


def test_a_page_that_comes_twice_is_found_out(server: StilServer) -> None:
    told = refused(server, page(1, 2, 3), page(4, 5, 6), page(1, 2, 3))
    assert told == "Uddannelsesstatistik.dk sendte samme side to gange (side 3)."


def test_a_server_that_does_not_turn_its_pages_is_found_out(server: StilServer) -> None:
    server.ignores_side = True
    with pytest.raises(SourceBrokenError, match=r"sendte samme side to gange \(side 2\)"):
        pull(server, "grade_average")


def test_a_page_that_lacks_rows_in_the_middle_is_found_out(server: StilServer) -> None:
    told = refused(server, page(1, 2, 3), page(4), page(7, 8, 9))
    assert told == "Uddannelsesstatistik.dk sendte flere rækker efter side 2, som ikke var fuld."


def test_an_empty_page_after_full_ones_is_only_the_end_when_the_next_is_empty_too(server: StilServer) -> None:
    assert asked(server, page(1, 2, 3), page(), page()) == ["1", "2", "3"]
    told = refused(server, page(1, 2, 3), page(), page(7, 8, 9))
    assert told == "Uddannelsesstatistik.dk sendte flere rækker efter side 2, som ikke var fuld."


def test_a_row_that_comes_on_two_pages_is_found_out(server: StilServer) -> None:
    first, second = rows_of(server, 0), rows_of(server, 1)
    server.faults = [rows(first, second), rows(second, rows_of(server, 2)), rows(), rows()]
    with pytest.raises(SourceBrokenError, match=r"sendte to rækker for 301007, 2024/2025 fra kuben GS/KARA/KARAGNS"):
        pull(server, "grade_average", page_size=2)


def rows_of(server: StilServer, place: int) -> dict[str, str]:
    cube = server.cubes["GS/KARA/KARAGNS"]
    return cube.records[place].row(cube.measures)


def test_a_page_that_is_missing_is_found_out(server: StilServer) -> None:
    server.loses_side = 2
    schools = frozenset(row["Afdelingsnummer"] for row in school_rows("kalundborg"))
    with pytest.raises(SourceBrokenError) as broken:
        pull(server, "absence", schools=schools, page_size=6)
    assert broken.value.message == "Uddannelsesstatistik.dk sendte flere rækker efter side 2, som ikke var fuld."


def test_a_last_page_that_is_missing_leaves_too_few_schools(server: StilServer) -> None:
    server.loses_side = 2
    schools = frozenset(row["Afdelingsnummer"] for row in school_rows("kalundborg"))
    server.cubes["GS/ELEVFRAV/FRAVAAR"].records[13:15] = []
    with pytest.raises(SourceBrokenError) as broken:
        pull(server, "absence", schools=schools, page_size=7)
    assert broken.value.message == (
        "Uddannelsesstatistik.dk sendte Samlet elevfravær for kun 7 af 15 skoler; svaret er ikke helt."
    )


@given(count=st.integers(0, 40), size=st.integers(1, 12), data=st.data())
def test_pages_of_any_size_give_every_row_once_and_a_lost_one_is_found_out(
    count: int, size: int, data: st.DataObject
) -> None:
    """A lost page is found out unless it is the last: nobody tells how many rows there should be."""
    everything = [{"nummer": str(number)} for number in range(count)]
    pages = [everything[at : at + size] for at in range(0, count, size)]
    lost = data.draw(st.integers(0, len(pages) - 2)) if len(pages) > 1 else None
    assert _turned(pages, size) == everything
    if lost is not None:
        pages[lost] = []
        with pytest.raises(SourceBrokenError):
            _turned(pages, size)


def _turned(pages: list[list[dict[str, str]]], size: int) -> list[dict[str, str]]:
    ready = ((json.dumps(found).encode(), found) for found in [*pages, [], []])
    return turned(ready, page_size=size).rows


def test_pages_without_end_are_stopped(server: StilServer) -> None:
    few = replace(api(server, page_size=1), most_pages=2)
    server.faults = [page(1), page(2), page(3)]
    with pytest.raises(SourceBrokenError) as broken:
        few.begin().statistics(QUESTION)
    assert broken.value.message == (
        "Uddannelsesstatistik.dk blev ved med at sende sider; udtrækket er stoppet efter 2 sider."
    )
