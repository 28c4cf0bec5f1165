"""A file that a person gives: kept and shown whole, or refused whole with the places of what is wrong."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.extracting.importing import import_file
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, log, snapshots
from kvalitet.adapters.store.extracts import pulls
from kvalitet.pulls import PullOutcome
from tests.adapters.installed import installation as made
from tests.adapters.sources.files.saved import Cells, pivot
from tests.builders import extract, instant, municipality

PLACE = municipality(extract())
NOW = instant("2026-09-01")
LABELS = ["Kommune", "Institutionsnummer"]


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    return made(store, tmp_path, PLACE)


def saved(tmp_path: Path, *rows: Sequence[object]) -> Path:
    file = tmp_path / "fravær.xlsx"
    table: Cells = rows
    file.write_bytes(pivot("Samlet elevfravær", LABELS, ["2025/2026"], table))
    return file


def told(installation: Installation) -> list[tuple[str, str]]:
    with installation.store.read() as connection:
        return [(event.event, event.detail) for event in log.events(connection)]


def test_a_file_is_shown_and_what_is_left_out_is_told(installation: Installation, tmp_path: Path) -> None:
    schools = [school.number for school in PLACE.schools]
    rows = [[None, number, 7.3] for number in schools]
    file = saved(tmp_path, *rows, ["Holbæk", "315001", 7.1], ["Hovedtotal", None, 7.2])
    kept = import_file(installation, PLACE, file, now=NOW)
    assert (kept.outcome, kept.snapshot.rows) == (PullOutcome.PUBLISHED, len(schools))
    sentence = (
        f"{len(schools)} tal fra fravær.xlsx vises nu. "
        "To rækker med summer, afdelinger eller andre kommuners skoler er ikke med."
    )
    assert told(installation) == [("extract_published", sentence)]
    with installation.store.read() as connection:
        assert [pull.detail for pull in pulls.pulls(connection, PLACE.key)] == [sentence]


def test_one_faulty_cell_refuses_the_whole_file_with_its_place(installation: Installation, tmp_path: Path) -> None:
    file = saved(tmp_path, [None, "323001", 7.3], [None, "999999", 5.4], [None, "323002", "mange"])
    with pytest.raises(UserError) as refused:
        import_file(installation, PLACE, file, now=NOW)
    assert refused.value.message == (
        "Filen fravær.xlsx er ikke indlæst. "
        "række 8, kolonne B: skolen med institutionsnummer »999999« kendes ikke i kommunen; "
        "række 9, kolonne C: »mange« er ikke et tal (som 7,3)"
    )
    with installation.store.read() as connection:
        assert snapshots.snapshots(connection, PLACE.key) == []


def test_a_file_without_any_figure_of_the_municipality_is_refused(installation: Installation, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^Filen fravær\.xlsx har ingen tal for skolerne i "):
        import_file(installation, PLACE, saved(tmp_path, ["Hovedtotal", None, 7.2]), now=NOW)
    assert told(installation) == []
