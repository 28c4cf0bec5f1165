from decimal import Decimal
from pathlib import Path

import pytest

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.extracts import import_file, pull, source_of
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.figures_folder import FiguresFolder
from kvalitet.adapters.sources.source import NotPublishedYetError
from kvalitet.adapters.sources.stil.pulling import Stil
from kvalitet.adapters.store import Store, log, snapshots
from tests.adapters.installed import installation as made
from tests.adapters.store.planned import write
from tests.builders import extract, instant, municipality, occurrence

PULL = occurrence(extract(), where=None)
PLACE = municipality(extract())
NOW, LATER = instant("2026-09-01"), instant("2026-09-08")
HEAD = "skoleår;institutionsnummer;indikator;værdi;kilde"


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    write(store, [PULL])
    return made(store, tmp_path, PLACE)


def put(installation: Installation, *rows: str) -> Path:
    folder = installation.settings.municipality_folder / PLACE.key / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "2025-26.csv"
    file.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return file


def on_show(installation: Installation) -> dict[str, Decimal | None]:
    with installation.store.read() as connection:
        return {found.unit: found.value for found in snapshots.measurements(connection, PLACE.key)}


def told(installation: Installation) -> list[tuple[str, str]]:
    with installation.store.read() as connection:
        return [(event.event, event.detail) for event in log.events(connection)]


def test_an_extract_puts_the_figures_of_the_year_before_on_show(installation: Installation) -> None:
    put(installation, "2025/26;323001;absence;7,3;STIL", "2025/26;323002;absence;5,4;STIL")
    pulled = pull(installation, PLACE, PULL, now=NOW)
    assert (pulled.snapshot.rows, pulled.extract.problems) == (2, ())
    assert on_show(installation) == {"323001": Decimal("7.3"), "323002": Decimal("5.4")}
    assert told(installation) == [("extract_published", "2 tal for 2025/26 fra 2025-26.csv")]


def test_pulling_the_same_again_changes_and_tells_nothing(installation: Installation) -> None:
    put(installation, "2025/26;323001;absence;7,3;STIL")
    first = pull(installation, PLACE, PULL, now=NOW)
    again = pull(installation, PLACE, PULL, now=LATER)
    assert again.snapshot.id == first.snapshot.id
    assert again.snapshot.pulled_at == NOW
    assert len(told(installation)) == 1


def test_a_source_that_has_nothing_yet_leaves_the_last_good_figures_on_show(installation: Installation) -> None:
    file = put(installation, "2025/26;323001;absence;7,3;STIL")
    pull(installation, PLACE, PULL, now=NOW)
    file.unlink()
    with pytest.raises(NotPublishedYetError):
        pull(installation, PLACE, PULL, now=LATER)
    assert on_show(installation) == {"323001": Decimal("7.3")}
    assert len(told(installation)) == 1


def test_corrected_figures_stand_before_the_old_ones(installation: Installation) -> None:
    put(installation, "2025/26;323001;absence;7,3;STIL")
    pull(installation, PLACE, PULL, now=NOW)
    put(installation, "2025/26;323001;absence;6,9;STIL")
    pull(installation, PLACE, PULL, now=LATER)
    assert on_show(installation) == {"323001": Decimal("6.9")}
    with installation.store.read() as connection:
        assert len(snapshots.snapshots(connection, PLACE.key)) == 2


def test_a_row_that_cannot_be_read_is_left_out_and_told(installation: Installation) -> None:
    put(installation, "2025/26;323001;absence;mange;STIL", "2025/26;323002;absence;5,4;STIL")
    pulled = pull(installation, PLACE, PULL, now=NOW)
    assert [problem.row for problem in pulled.extract.problems] == [2]
    assert on_show(installation) == {"323002": Decimal("5.4")}
    assert [event for event, _ in told(installation)] == ["extract_published", "extract_row_left_out"]
    assert told(installation)[1][1].startswith("række 2 er udeladt: ")


def test_a_file_that_a_person_gives_is_put_on_show_whole(installation: Installation) -> None:
    file = put(installation, "2025/26;323001;absence;7,3;STIL")
    kept = import_file(installation, PLACE, file, now=NOW)
    assert (kept.source, kept.occurrence, kept.rows) == ("import", None, 1)
    assert on_show(installation) == {"323001": Decimal("7.3")}
    assert told(installation) == [("extract_published", "1 tal fra 2025-26.csv")]


def test_a_file_with_one_faulty_row_is_refused_whole(installation: Installation) -> None:
    file = put(installation, "2025/26;323001;absence;7,3;STIL", "2025/26;999999;absence;5,4;STIL")
    with pytest.raises(UserError, match=r"^Filen 2025-26\.csv er ikke indlæst\. række 3: "):
        import_file(installation, PLACE, file, now=NOW)
    assert on_show(installation) == {}
    assert told(installation) == []


def test_an_activity_names_its_source(installation: Installation) -> None:
    assert isinstance(source_of(installation, PLACE, "stil"), Stil)
    assert isinstance(source_of(installation, PLACE, "files"), FiguresFolder)
