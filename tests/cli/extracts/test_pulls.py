"""`kvalitet extract`: what a person sees of the pulls, and decides about them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kvalitet.adapters.store import Store
from kvalitet.adapters.store.extracts import pulls
from kvalitet.adapters.store.extracts.pulls import PullKey
from kvalitet.days import SchoolYear
from tests.adapters.extracting.held import held
from tests.cli.command_line import CommandLine, Ran

NOON = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
HEAD = "skoleår;institutionsnummer;indikator;værdi"


@pytest.fixture
def number(kvalitet: CommandLine) -> str:
    store = Store.open(kvalitet.database_url)
    found = held(store, "kalundborg", None, now=NOON)
    store.close()
    return str(found)


def test_a_pull_that_waits_is_listed_with_what_became_of_it(kvalitet: CommandLine, number: str) -> None:
    assert kvalitet("extract", "list", "-m", "kalundborg", "--json").json == [
        {
            "id": int(number),
            "municipality": "kalundborg",
            "occurrence": None,
            "source": "files",
            "school_year": "2024/25",
            "outcome": "quarantined",
            "detail": "2 tal er holdt tilbage, til en person har set på dem. De seneste gode tal vises fortsat.",
            "pulled_at": "2026-09-01T10:00:00+00:00",
            "next_try": "2026-11-23",
            "published_at": None,
            "rows": 2,
            "sha256": "9b4c6371b95940f947dbf0ae9383cf10044aae01d4a08be3f237c735aedacff4",
        }
    ]
    assert "holdt tilbage" in kvalitet("extract", "list", "-m", "kalundborg").out


def test_a_pull_is_shown_with_its_report_and_without_confidential_figures(kvalitet: CommandLine, number: str) -> None:
    shown = kvalitet("extract", "show", number)
    assert (shown.code, "7,3 → 31,5" in shown.out, "187,5" in shown.out) == (0, True, False)
    assert f"kvalitet extract release {number}" in shown.out
    whole = kvalitet("extract", "show", number, "--confidential", "--json").json
    assert [found["value"] for found in whole["findings"]] == ["7,3 → 31,5", "187,5", ""]
    assert (whole["is_held"], whole["new"], whole["revised"], whole["decision"]) == (True, 2, [], None)


def test_what_is_released_is_shown_from_then_on_and_decided_once(kvalitet: CommandLine, number: str) -> None:
    release = ("extract", "release", number, "--reason", "Tallene er rigtige.", "--by", "Fagcenter Børn")
    assert kvalitet(*release) == Ran(0, f"Tallene fra hentning nr. {number} vises nu.\n", "")
    again = kvalitet("extract", "reject", number, "--reason", "Nej.", "--by", "Fagcenter Børn")
    assert again == Ran(1, "", f"Hentning nr. {number} er afgjort i forvejen; intet er ændret.\n")
    known = kvalitet("extract", "show", number, "--json").json
    assert (known["decision"], known["decided_by"]) == ("released", "Fagcenter Børn")
    assert known["published_at"] == "2026-09-01T10:00:00+00:00"
    assert "Frigivet af Fagcenter Børn: Tallene er rigtige." in kvalitet("extract", "show", number).out


def test_a_decision_needs_a_reason_and_a_pull(kvalitet: CommandLine, number: str) -> None:
    refused = kvalitet("extract", "reject", number, "--reason", " ", "--by", "Fagcenter Børn")
    assert refused == Ran(2, "", "Skriv, hvorfor du gør det; grunden gemmes sammen med tallene.\n")
    nowhere = kvalitet("extract", "show", "99")
    assert nowhere == Ran(2, "", "Der er ingen hentning nr. 99; se numrene med »kvalitet extract list«.\n")


def test_a_file_with_figures_that_cannot_be_true_is_held_back(kvalitet: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "tal.csv"
    file.write_text(f"{HEAD}\n2024/25;323003;absence;93\n", encoding="utf-8")
    ran = kvalitet("extract", "import", str(file), "-m", "kalundborg")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "1 tal er holdt tilbage, til en person har set på dem; der er en grund til det. "
        "De seneste gode tal vises fortsat. Se hvorfor med »kvalitet extract show 1«.\n"
    )


def test_an_extract_that_has_no_figures_yet_says_so(kvalitet: CommandLine, tmp_path: Path) -> None:
    ran = kvalitet.planned()("extract", "run", "kalundborg.2026-27.autumn_extract")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "Dataudtræk for alle skoler, filerne i mappen figures: "
        "Der er ingen tal for skoleåret 2025/26 i mappen »figures« endnu.\nDer kom ingen nye tal.\n"
    )


def test_earlier_years_of_an_extract_are_fetched_when_they_are_named(kvalitet: CommandLine) -> None:
    ran = kvalitet.planned()(
        "extract", "run", "kalundborg.2026-27.autumn_extract", "--year", "2023/24", "--year", "2024/25"
    )
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == (
        "Dataudtræk for alle skoler, filerne i mappen figures, 2023/24: "
        "Der er ingen tal for skoleåret 2023/24 i mappen »figures« endnu."
    )
    assert ran.out.splitlines()[1].startswith("Dataudtræk for alle skoler, filerne i mappen figures, 2024/25: ")
    assert ran.out.splitlines()[2] == "Dataudtrækket er hentet."
    listed = kvalitet("extract", "list", "-m", "kalundborg", "--json").json
    assert [(row["school_year"], row["outcome"], row["occurrence"]) for row in listed] == [
        ("2024/25", "published", None),
        ("2023/24", "not_published", None),
    ]
    planned = kvalitet("occurrences", "2026", "-m", "kalundborg", "--date", "2026-12-01", "--json").json
    assert [row["status"] for row in planned if row["key"] == "kalundborg.2026-27.autumn_extract"] == ["open"]


def test_a_school_year_is_fetched_for_a_named_extract_only(kvalitet: CommandLine) -> None:
    ran = kvalitet.planned()("extract", "run", "--year", "2023/24")
    assert ran == Ran(
        2, "", "Nævn det dataudtræk, hvis nøgletal skal hentes: kvalitet extract run FOREKOMST --year …\n"
    )
    wrong = kvalitet("extract", "run", "kalundborg.2026-27.autumn_extract", "--year", "2023/25")
    assert (wrong.code, wrong.out) == (2, "")


def test_an_extract_that_somebody_else_is_pulling_is_left_to_them(kvalitet: CommandLine) -> None:
    key = "kalundborg.2026-27.spring_extract"
    kvalitet.planned()
    store = Store.open(kvalitet.database_url)
    with store.write() as connection:
        pulls.begin(connection, PullKey("kalundborg", key, "files", SchoolYear(2024)), {}, now=NOON)
    store.close()
    busy = "Dataudtrækket hentes allerede. Er hentningen blevet afbrudt, kan det hentes igen om en time.\n"
    assert kvalitet("extract", "run", key) == Ran(1, "", busy)
