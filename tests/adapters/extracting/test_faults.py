"""A source that fails, in each way that a source can: nothing new is shown, and the last good figures stay."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from flows import data_extract
from kvalitet.adapters.extracting import pulling
from kvalitet.adapters.extracting.asking import source_of
from kvalitet.adapters.extracting.pulling import Errand, pull
from kvalitet.adapters.extracting.states import SourceState, states
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.sources.source import Source
from kvalitet.adapters.sources.stil.pulling import Stil
from kvalitet.adapters.store import Store, log, plans, snapshots
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement
from kvalitet.municipality import Municipality
from kvalitet.pulls import PullOutcome
from kvalitet.wheel import ExtractSource
from tests.adapters.installed import installation as made
from tests.adapters.sources.loopback import Reply, as_json, as_text
from tests.adapters.sources.stil.figures import HOENG, ROERBY, RYNKEVANGSKOLEN, denmark
from tests.adapters.sources.stil.pulls import HTML, api
from tests.adapters.sources.stil.server import StilServer, running
from tests.adapters.store.planned import write
from tests.builders import extract, instant, municipality, occurrence, school

GRADES = ExtractSource("stil", ("grade_average",))
ABSENCE = ExtractSource("files", ("absence",))
WHEEL = extract(opens="start-10-01", due="end-01-31", extract_sources=(ABSENCE, GRADES))
PULL = occurrence(WHEEL, where=None, school_year=SchoolYear(2025))
SCHOOLS = tuple(school(number, f"Skole {number}") for number in (RYNKEVANGSKOLEN, ROERBY, HOENG))
PLACE = municipality(WHEEL, schools=SCHOOLS, name="Kalundborg Kommune")
FIRST, LATER = instant("2025-11-15"), instant("2025-11-16")
CUT = Reply(200, b'[{"[Institution].[Institutionsnummer].[Institutionsnummer]": "3230', cut=True)


@pytest.fixture
def server() -> Iterator[StilServer]:
    with running(denmark()) as started:
        yield started


@pytest.fixture
def installation(store: Store, tmp_path: Path, server: StilServer, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Give an installation whose STIL is the local server, which nobody waits for."""

    def local(of: Installation, here: Municipality, name: str) -> Source:
        return Stil(api=api(server)) if name == "stil" else source_of(of, here, name)

    monkeypatch.setattr(pulling, "source_of", local)
    write(store, [PULL])
    found = made(store, tmp_path, PLACE)
    folder = found.settings.municipality_folder / PLACE.key / "figures"
    folder.mkdir(parents=True)
    rows = "skoleår;institutionsnummer;indikator;værdi;kilde\n2024/25;323003;absence;9,3;STIL\n"
    (folder / "2024-25.csv").write_text(rows, encoding="utf-8")
    return found


def on_show(installation: Installation) -> tuple[Measurement, ...]:
    with installation.store.read() as connection:
        return snapshots.measurements(connection, PLACE.key)


def state_of(installation: Installation, source: str, *, today: date) -> SourceState:
    with installation.store.read() as connection:
        (found,) = states(connection, PLACE, [PULL], today=today)
    return next(one for one in found.sources if one.asked.source == source)


def pulled(installation: Installation, *, now: object) -> dict[str, PullOutcome]:
    found = pull(Errand(installation, PLACE, PULL, now))  # type: ignore[arg-type]  # an instant
    return {one.asked.source: one.ending.outcome for one in found}


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        pytest.param(as_text("slow down", 429, Retry_After="1"), PullOutcome.BROKEN, id="too busy"),
        pytest.param(as_text("oops", 500), PullOutcome.BROKEN, id="its own error"),
        pytest.param(CUT, PullOutcome.BROKEN, id="cut json"),
        pytest.param(HTML, PullOutcome.BROKEN, id="a page of html"),
        pytest.param(Reply(200, b"[", endless=b" " * 65536), PullOutcome.BROKEN, id="an answer without end"),
        pytest.param(as_json({"besked": "hej"}), PullOutcome.BROKEN, id="another shape"),
        pytest.param(as_json([{"Andet": "1"}]), PullOutcome.BROKEN, id="other columns"),
        pytest.param(as_text("Unauthorized", 401), PullOutcome.REFUSED, id="a refused key"),
    ],
)
def test_a_source_that_fails_leaves_the_last_good_figures_and_stops_no_other(
    installation: Installation, server: StilServer, fault: Reply, outcome: PullOutcome
) -> None:
    assert pulled(installation, now=FIRST) == {"files": PullOutcome.PUBLISHED, "stil": PullOutcome.PUBLISHED}
    good = on_show(installation)
    server.always = fault
    assert pulled(installation, now=LATER) == {"files": PullOutcome.UNCHANGED, "stil": outcome}
    assert on_show(installation) == good
    state = state_of(installation, "stil", today=date(2025, 11, 16))
    assert state.shown is not None
    assert (state.shown.published_at, state.next_try, state.awaited) == (FIRST, date(2025, 11, 17), ())
    assert state.newest is not None
    assert (state.newest.outcome, state.newest.snapshot) == (outcome, None)


def test_an_error_that_nobody_foresaw_is_one_sentence_and_stops_no_other(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Source:
        raise ZeroDivisionError("87,5")

    monkeypatch.setattr(pulling, "source_of", broken)
    found = pull(Errand(installation, PLACE, PULL, FIRST))
    sentence = "Uventet fejl (ZeroDivisionError); se driftens log, og meld den til udviklerne."
    assert [(one.ending.outcome, one.ending.detail) for one in found] == [(PullOutcome.BROKEN, sentence)] * 2


def test_the_flow_tells_of_each_source_and_comes_back_for_the_one_that_failed(
    installation: Installation, server: StilServer
) -> None:
    with installation.store.write() as connection:
        plans.set_wake(connection, PULL.key, date(2025, 11, 15))
    server.always = as_text("oops", 500)
    outcome = data_extract.run(installation, PLACE, now=FIRST)
    assert outcome.summary == "To kilder er spurgt."
    assert outcome.rows == (
        {
            "udtræk": "Dataudtræk",
            "kilde": "filerne i mappen figures",
            "udfald": "nye tal vises",
            "hvad der skete": "1 tal for 2024/25 fra 2024-25.csv vises nu.",
            "næste forsøg": "",
        },
    )
    assert outcome.failures == (
        (
            "Dataudtræk, Uddannelsesstatistik.dk: Uddannelsesstatistik.dk har en fejl (500). "
            "Dataudtrækket prøves igen senere."
        ),
    )
    assert outcome.links == (
        ("Dataudtræk, filerne i mappen figures, 2024/25", "https://kvalitet.example/proeveby/udtraek/1"),
        ("Dataudtræk, Uddannelsesstatistik.dk, 2024/25", "https://kvalitet.example/proeveby/udtraek/2"),
    )
    assert data_extract.run(installation, PLACE, now=FIRST).summary == "Ingen dataudtræk i dag."
    server.always = None
    (row,) = data_extract.run(installation, PLACE, now=LATER).rows
    assert (row["kilde"], row["udfald"]) == ("Uddannelsesstatistik.dk", "nye tal vises")
    assert data_extract.run(installation, PLACE, now=instant("2025-11-17")).summary == "Ingen dataudtræk i dag."


def test_no_log_line_or_artifact_holds_a_figure(installation: Installation) -> None:
    with installation.store.write() as connection:
        plans.set_wake(connection, PULL.key, date(2025, 11, 15))
    outcome = data_extract.run(installation, PLACE, now=FIRST)
    with installation.store.read() as connection:
        told = [event.detail for event in log.events(connection)]
    said = " ".join([*told, *(text for row in outcome.rows for text in row.values()), *outcome.failures])
    figures = [one.value for one in on_show(installation) if one.value is not None]
    assert Decimal("9.3") in figures
    assert [value for value in figures if str(value).replace(".", ",") in said and value % 1] == []
