"""Plans, occurrences, status and goals: what a person reads and what a program reads."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kvalitet.adapters.store import Store, snapshots
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.days import SchoolYear
from kvalitet.measurements import MUNICIPALITY, Measurement
from tests.cli.command_line import DELIVERABLE, CommandLine


def test_the_files_alone_give_the_plan_without_touching_a_database(without_database: CommandLine) -> None:
    ran = without_database("occurrences", "2026", "-m", "kalundborg", "--plan-only", "--json")
    first = ran.json[0]
    assert (ran.code, ran.err) == (0, "")
    assert first == {
        "key": "kalundborg.2026-27.spring_extract",
        "municipality": "kalundborg",
        "school_year": "2026/27",
        "row": 1,
        "ring": "data",
        "activity": "spring_extract",
        "title": "Dataudtræk for alle skoler",
        "kind": "extract",
        "opens": "2026-05-01",
        "due": "2026-06-30",
        "starts_at": None,
        "ends_at": None,
        "school": None,
        "school_name": None,
        "school_group": None,
        "status": "overdue",
    }
    assert not without_database.home.exists()


@pytest.mark.parametrize("year", ["2026", "2026/27", "2026-27", "2026/2027"])
def test_a_school_year_may_be_written_in_four_ways(without_database: CommandLine, year: str) -> None:
    ran = without_database("occurrences", year, "-m", "hvidovre", "--plan-only", "--json")
    assert {occurrence["school_year"] for occurrence in ran.json} == {"2026/27"}


def test_every_meeting_of_a_fresh_plan_has_a_proposed_time(without_database: CommandLine) -> None:
    ran = without_database("occurrences", "2027", "-m", "kalundborg", "--plan-only", "--json")
    meetings = [occurrence for occurrence in ran.json if occurrence["kind"] in {"meeting", "dialogue"}]
    assert meetings != []
    assert [meeting for meeting in meetings if not meeting["starts_at"] < meeting["ends_at"]] == []
    assert {meeting["status"] for meeting in meetings} == {"proposed"}


def test_the_written_plan_is_that_of_the_files(kvalitet: CommandLine) -> None:
    asked = ("occurrences", "2026", "-m", "kalundborg", "--json")
    from_files = kvalitet(*asked, "--plan-only").json
    assert kvalitet.planned()(*asked).json == from_files


def test_a_dry_run_changes_nothing_and_a_written_plan_stays_as_it_is(kvalitet: CommandLine) -> None:
    asked = ("plan", "2026", "-m", "kalundborg", "--json")
    dry = kvalitet(*asked).json
    assert (dry["written"], len(dry["moved"]), len(dry["dropped"])) == (False, 0, 0)
    assert kvalitet(*asked).json == dry
    assert kvalitet(*asked, "--write").json == {**dry, "written": True}
    assert kvalitet(*asked).json == {**dry, "new": []}


def test_a_due_date_on_a_closed_day_is_pointed_out(kvalitet: CommandLine) -> None:
    ran = kvalitet("plan", "2026", "-m", "kalundborg", "--json")
    found = [clash for clash in ran.json["clashes"] if clash["activity"] == "open_school"]
    assert found == [
        {
            "activity": "open_school",
            "what": "due",
            "day": "2026-11-15",
            "why": "søndag",
            "sentence": "»Den åbne skole« har frist søndag den 15. november 2026; "
            "sidste skoledag før er fredag den 13. november 2026.",
        }
    ]


def test_status_names_who_is_missing_in_danish_order(kvalitet: CommandLine) -> None:
    found = kvalitet.planned()("status", "-m", "kalundborg", "--json").json[0]
    assert (found["activity"], found["done"], found["overdue"]) == ("local_goals", 0, found["expected"])
    names = [school["school_name"] for school in found["missing"]]
    assert (names[0], names[-1]) == ("Buerup Skole", "Årby Skole")


def test_status_is_computed_for_the_day_asked_about(kvalitet: CommandLine) -> None:
    asked = ("status", "-m", "kalundborg", "--json", "--date")
    before, after = (kvalitet.planned()(*asked, day).json[0] for day in ("2026-08-31", "1.9.2026"))
    assert {school["status"] for school in before["missing"]} == {"due_soon"}
    assert {school["status"] for school in after["missing"]} == {"overdue"}


def test_a_waived_school_is_missing_no_more(kvalitet: CommandLine) -> None:
    before = kvalitet.planned()("status", "-m", "kalundborg", "--json").json[0]
    ran = kvalitet("waive", DELIVERABLE, "--reason", "Skolen lukker til jul.")
    assert ran.out == "Rynkevangskolen er fritaget for »" + before["title"] + "«.\n"
    after = kvalitet("status", "-m", "kalundborg", "--json").json[0]
    assert after["expected"] == before["expected"] - 1
    assert "Rynkevangskolen" not in {school["school_name"] for school in after["missing"]}
    assert kvalitet("waive", DELIVERABLE, "--reason", "Igen.").out == "Rynkevangskolen var fritaget i forvejen.\n"


def test_tables_are_plain_aligned_lines_where_no_terminal_is(kvalitet: CommandLine) -> None:
    lines = kvalitet.planned()("status", "-m", "kalundborg").out.splitlines()
    assert lines[0] == "Kalundborg Kommune, skoleåret 2026/27, tirsdag den 1. september 2026"
    column = lines[1].index("Frist")
    assert {line[column - 2 : column] for line in lines[1:]} == {"  "}
    assert {line[column : column + 1].isspace() for line in lines[1:]} == {False}


def test_confidential_verdicts_are_shown_only_to_those_who_ask(kvalitet: CommandLine) -> None:
    asked = ("goals", "2026", "-m", "kalundborg", "--json")
    hidden = [verdict for verdict in kvalitet(*asked).json if verdict["confidential"]]
    assert {verdict["sentence"] for verdict in hidden} <= {"Fortrolig vurdering; vis den med --confidential."}
    shown = kvalitet(*asked, "--confidential").json
    assert {verdict["verdict"] for verdict in shown} == {"kan ikke vurderes endnu"} | {
        verdict["verdict"] for verdict in shown if verdict["attainment"] != "unknown"
    }


def test_a_confidential_figure_is_written_only_for_those_who_ask(kvalitet: CommandLine) -> None:
    figures = tuple(
        Measurement(
            indicator="good_results_danish",
            school_year=SchoolYear(year),
            unit=MUNICIPALITY,
            source="Kommunens fil",
            value=Decimal(value),
        )
        for year, value in ((2017, "51.19"), (2018, "77.13"))
    )
    store = Store.open(kvalitet.database_url)
    with store.write() as connection:
        new = NewSnapshot("kalundborg", None, "files", {}, b"fortroligt", figures)
        kept, _ = snapshots.add(connection, new, now=datetime(2026, 9, 1, tzinfo=UTC))
        snapshots.publish(connection, kept.id, now=datetime(2026, 9, 1, tzinfo=UTC))
    store.close()
    asked = ("goals", "2026", "-m", "kalundborg")
    told = [kvalitet(*asked).out, kvalitet(*asked, "--json").out]
    inside = [kvalitet(*asked, "--confidential").out, kvalitet(*asked, "--confidential", "--json").out]
    numbers = ("77.13", "77,13", "51.19", "51,19", "61.19", "61,19")
    assert [[number for number in numbers if number in out] for out in told] == [[], []]
    assert all("77,13" in out for out in inside)


def test_one_schools_date_is_extended_and_taken_back(kvalitet: CommandLine) -> None:
    title = kvalitet.planned()("status", "-m", "kalundborg", "--json").json[0]["title"]
    given = ("extend", DELIVERABLE, "16.10.2026", "--reason", "Ny leder.")
    assert kvalitet(*given).out == f"Rynkevangskolen: fristen for »{title}« er 16. oktober 2026.\n"
    assert kvalitet(*given).out == f"Rynkevangskolen: fristen for »{title}« er i forvejen 16. oktober 2026.\n"
    first = kvalitet("status", "-m", "kalundborg", "--date", "2026-09-02", "--json").json[0]
    late = {school["school_name"]: school["status"] for school in first["missing"]}
    assert (first["due"], late["Rynkevangskolen"], late["Buerup Skole"]) == ("2026-08-31", "open", "overdue")
    back = kvalitet("extend", DELIVERABLE, "--take-back")
    assert back.out == f"Rynkevangskolen: fristen for »{title}« er igen 31. august 2026.\n"
