from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kvalitet.adapters.extracting.asking import source_of
from kvalitet.adapters.extracting.pulling import Errand, Pulled, pull
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.files.figures_folder import FiguresFolder
from kvalitet.adapters.sources.statbank.pulling import StatBank
from kvalitet.adapters.sources.stil.pulling import Stil
from kvalitet.adapters.store import Store, log, snapshots
from kvalitet.adapters.store.extracts import reviews
from kvalitet.pulls import PullOutcome
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


def pulled(installation: Installation, *, now: object = NOW) -> Pulled:
    (one,) = pull(Errand(installation, PLACE, PULL, now))  # type: ignore[arg-type]  # an instant
    return one


def on_show(installation: Installation) -> dict[str, Decimal | None]:
    with installation.store.read() as connection:
        return {found.unit: found.value for found in snapshots.measurements(connection, PLACE.key)}


def told(installation: Installation) -> list[tuple[str, str]]:
    with installation.store.read() as connection:
        return [(event.event, event.detail) for event in log.events(connection)]


def test_an_extract_puts_the_figures_of_the_year_before_on_show(installation: Installation) -> None:
    put(installation, "2025/26;323001;absence;7,3;STIL", "2025/26;323002;absence;5,4;STIL")
    ending = pulled(installation).ending
    assert (ending.outcome, ending.next_try) == (PullOutcome.PUBLISHED, None)
    assert ending.detail == "2 tal for 2025/26 fra 2025-26.csv vises nu."
    assert on_show(installation) == {"323001": Decimal("7.3"), "323002": Decimal("5.4")}
    assert told(installation) == [("extract_published", ending.detail)]


def test_pulling_the_same_again_changes_and_tells_nothing(installation: Installation) -> None:
    put(installation, "2025/26;323001;absence;7,3;STIL")
    first = pulled(installation)
    again = pulled(installation, now=LATER)
    assert (again.ending.outcome, again.ending.snapshot) == (PullOutcome.UNCHANGED, first.ending.snapshot)
    assert again.ending.detail == "Kilden giver de samme tal som sidst."
    assert len(told(installation)) == 1


def test_a_source_that_has_nothing_yet_leaves_the_last_good_figures_on_show(installation: Installation) -> None:
    file = put(installation, "2025/26;323001;absence;7,3;STIL")
    pulled(installation)
    file.unlink()
    assert pulled(installation, now=LATER).ending.outcome is PullOutcome.NOT_PUBLISHED
    assert on_show(installation) == {"323001": Decimal("7.3")}
    assert [event for event, _ in told(installation)] == ["extract_published", "extract_waiting"]


def test_corrected_figures_stand_before_the_old_ones(installation: Installation) -> None:
    put(installation, "2025/26;323001;absence;7,3;STIL")
    pulled(installation)
    put(installation, "2025/26;323001;absence;6,9;STIL")
    ending = pulled(installation, now=LATER).ending
    assert ending.detail == "1 tal for 2025/26 fra 2025-26.csv vises nu. 1 tal er rettet bagud."
    assert on_show(installation) == {"323001": Decimal("6.9")}
    with installation.store.read() as connection:
        assert len(snapshots.snapshots(connection, PLACE.key)) == 2


def test_a_row_that_cannot_be_read_is_left_out_and_told_without_what_stands_in_it(installation: Installation) -> None:
    good = [f"2025/26;{number};{indicator};5;STIL" for number in ("323001", "323002") for indicator in ("absence",)]
    more = municipality(extract(indicators=("absence", "pupils", "class_size", "well_being_social", "grade_average")))
    rows = [f"2025/26;323001;{key};5;STIL" for key in ("pupils", "class_size", "well_being_social", "grade_average")]
    rows += [f"2025/26;323002;{key};5;STIL" for key in ("pupils", "class_size", "well_being_social", "grade_average")]
    put(installation, *good, *rows, "2025/26;323003;absence;mange;STIL")
    (one,) = pull(Errand(installation, more, PULL, NOW))
    assert one.ending.detail == "10 tal for 2025/26 fra 2025-26.csv vises nu. En række kunne ikke læses og er udeladt."
    with installation.store.read() as connection:
        (found,) = reviews.findings(connection, one.ending.snapshot or 0)
    assert (found.row, found.holds) == (12, False)
    assert "mange" in found.why
    assert not [detail for _, detail in told(installation) if "mange" in detail]


def test_too_many_unreadable_rows_hold_all_of_it_back(installation: Installation) -> None:
    put(installation, "2025/26;323001;absence;mange;STIL", "2025/26;323002;absence;5,4;STIL")
    ending = pulled(installation).ending
    assert (ending.outcome, on_show(installation)) == (PullOutcome.QUARANTINED, {})
    assert ending.detail == (
        "1 tal er holdt tilbage, til en person har set på dem; der er en grund til det. "
        "De seneste gode tal vises fortsat. En række kunne ikke læses og er udeladt."
    )


def test_a_folder_that_lacks_some_of_the_figures_is_looked_into_again_until_the_window_ends(
    installation: Installation,
) -> None:
    more = municipality(extract(indicators=("absence", "pupils")))
    put(installation, "2025/26;323001;absence;7,3;STIL")
    (one,) = pull(Errand(installation, more, PULL, NOW))
    assert (one.ending.outcome, one.ending.next_try) == (PullOutcome.PUBLISHED, date(2026, 9, 2))
    (last,) = pull(Errand(installation, more, PULL, instant("2026-09-30")))
    assert (last.ending.outcome, last.ending.next_try) == (PullOutcome.UNCHANGED, None)


def test_an_activity_names_its_source(installation: Installation) -> None:
    assert isinstance(source_of(installation, PLACE, "stil"), Stil)
    assert isinstance(source_of(installation, PLACE, "statbank"), StatBank)
    assert isinstance(source_of(installation, PLACE, "files"), FiguresFolder)
