"""Wrong input ends with 2, what could not be done with 1, each with one Danish sentence."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from kvalitet.adapters.store import Store
from kvalitet.adapters.store.database import engine
from kvalitet.cli.commands import following
from tests.cli.command_line import DELIVERABLE, FILES, CommandLine, Ran

STATES = "queued, in_flight, retry, sent, failed, uncertain, held, cancelled"


def refused(sentence: str) -> Ran:
    return Ran(2, "", f"{sentence}\n")


def failed(sentence: str) -> Ran:
    return Ran(1, "", f"{sentence}\n")


def test_several_municipalities_are_named_when_none_is_chosen(kvalitet: CommandLine) -> None:
    sentence = "Her er flere kommuner (hvidovre og kalundborg); vælg en med --municipality."
    assert kvalitet("status") == refused(sentence)


def test_an_unknown_municipality_names_the_known_ones(kvalitet: CommandLine) -> None:
    sentence = "Kommunen »sorø« findes ikke her; vælg en af: hvidovre og kalundborg."
    assert kvalitet("occurrences", "2026", "-m", "sorø") == refused(sentence)


@pytest.mark.parametrize("year", ["2026/28", "næste", "26"])
def test_a_school_year_that_is_none_is_refused(kvalitet: CommandLine, year: str) -> None:
    sentence = f"»{year}« er ikke et skoleår; skriv det som 2026/27."
    assert kvalitet("occurrences", year, "-m", "kalundborg") == refused(sentence)


def test_a_school_year_beyond_the_calendar_is_refused(kvalitet: CommandLine) -> None:
    sentence = "Skoleåret 9999/00 ligger for langt væk; vælg et mellem 2000 og 2098."
    assert kvalitet("plan", "9999", "-m", "kalundborg") == refused(sentence)


def test_a_school_year_without_a_plan_says_how_to_plan_it(kvalitet: CommandLine) -> None:
    sentence = (
        "Skoleåret 2031/32 er ikke planlagt for Kalundborg Kommune; "
        "kør »kvalitet plan 2031 --municipality kalundborg --write« først."
    )
    assert kvalitet("occurrences", "2031", "-m", "kalundborg") == refused(sentence)


@pytest.mark.parametrize("date", ["i dag", "31.2.2026", "2026-13-01"])
def test_a_date_that_is_none_is_refused(kvalitet: CommandLine, date: str) -> None:
    sentence = f"»{date}« er ikke en dato; skriv den som 2026-11-02."
    assert kvalitet("status", "-m", "kalundborg", "--date", date) == refused(sentence)


@pytest.mark.parametrize("command", [["deliver", "--by", "X"], ["waive", "--reason", "X"], ["book"], ["cancel"]])
def test_an_unknown_occurrence_is_refused(kvalitet: CommandLine, command: list[str]) -> None:
    key = "kalundborg.2026-27.local_goals.999999"
    sentence = f"»{key}« findes ikke i planen; se nøglerne med »kvalitet occurrences«."
    assert kvalitet(command[0], key, *command[1:]) == refused(sentence)


def test_a_delivery_before_it_opens_is_refused(kvalitet: CommandLine) -> None:
    key = "kalundborg.2026-27.open_school.323003"
    assert kvalitet.planned()("deliver", key, "--by", "Skolelederen") == refused(
        "»Den åbne skole« åbner først 01.10.2026; prøv igen den dag."
    )


def test_a_delivery_of_a_meeting_is_refused(kvalitet: CommandLine) -> None:
    key = "kalundborg.2026-27.spring_union_meeting"
    assert kvalitet.planned()("deliver", key, "--by", "Skolelederen").err == (
        "»Møde på direktør-/chefniveau med relevante faglige organisationer for at sikre inddragelse, involvering "
        "og løbende orientering« er ikke noget, som skoler afleverer.\n"
    )


def test_a_field_that_is_not_filled_in_is_named(kvalitet: CommandLine) -> None:
    words = ("deliver", "kalundborg.2026-27.absence_goal.323003", "--by", "X", "--field", "absence.target=5,4")
    ran = kvalitet.planned()(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("Udfyld »Sådan forpligter I jer på målet«.\n")


def test_a_number_that_cannot_be_read_is_refused(kvalitet: CommandLine) -> None:
    words = ("deliver", "kalundborg.2026-27.absence_goal.323003", "--by", "X", "--field", "commitment=Vi ringer.")
    ran = kvalitet.planned()(*words, "--field", "absence.target=fem")
    assert (ran.code, ran.out) == (2, "")
    assert "Skriv måltallet i »Skolens mål for elevfravær« som et tal, fx 5,4." in ran.err


def test_a_field_that_cannot_be_read_is_refused(kvalitet: CommandLine) -> None:
    sentence = "»60« kan ikke læses; skriv felt=svar, fx --field reading_target=60."
    assert kvalitet("deliver", DELIVERABLE, "--by", "X", "--field", "60") == refused(sentence)


def test_a_field_given_twice_is_refused(kvalitet: CommandLine) -> None:
    sentence = "Feltet »a« er angivet to gange; vælg ét svar."
    assert kvalitet("deliver", DELIVERABLE, "--by", "X", "--field", "a=1", "--field", "a=2") == refused(sentence)


def test_a_file_that_is_not_there_is_refused(kvalitet: CommandLine) -> None:
    sentence = "Filen ingen.pdf kan ikke åbnes; se efter, om stien er rigtig."
    assert kvalitet.planned()("deliver", DELIVERABLE, "--by", "X", "--file", "ingen.pdf") == refused(sentence)


def test_a_waiver_without_a_reason_is_refused(kvalitet: CommandLine) -> None:
    sentence = "Skriv, hvorfor skolen fritages; begrundelsen vises på statusoverblikket."
    assert kvalitet.planned()("waive", DELIVERABLE, "--reason", " ") == refused(sentence)


def test_figures_with_other_columns_are_refused(kvalitet: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "tal.csv"
    file.write_text("skoleår;skole;indikator;værdi\n2024/25;323003;total_absence;7,1\n", encoding="utf-8")
    assert kvalitet("extract", "import", str(file), "-m", "kalundborg") == refused(
        "Filen tal.csv mangler kolonnen institutionsnummer og har ukendte kolonner: skole. "
        "Ret overskrifterne, og prøv igen."
    )


def test_figures_of_an_unknown_school_are_refused_whole(kvalitet: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "tal.csv"
    file.write_text("skoleår;institutionsnummer;indikator;værdi\n2024/25;999999;class_size;17,0\n", encoding="utf-8")
    assert kvalitet("extract", "import", str(file), "-m", "kalundborg") == refused(
        "Filen tal.csv er ikke indlæst. række 2, kolonne B: "
        "skolen med institutionsnummer »999999« kendes ikke i kommunen"
    )
    assert kvalitet("extract", "list", "-m", "kalundborg", "--json").json == []


def test_a_home_without_an_installation_is_left_as_it_is(without_database: CommandLine) -> None:
    assert without_database("status") == refused(
        f"Der er ingen installation i mappen {without_database.home}; vælg en anden med --home, "
        "eller begynd med »kvalitet db upgrade« eller »kvalitet up«."
    )
    assert not without_database.home.exists()


def test_a_setting_that_cannot_be_used_is_named(kvalitet: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KVALITET_PORT", "mange")
    assert kvalitet("check") == refused(
        "Indstillingen KVALITET_PORT kan ikke bruges; ret den i settings.env eller i miljøet."
    )


def test_a_database_without_tables_says_how_to_make_them(
    empty_home: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch, at_noon: None
) -> None:
    monkeypatch.setenv("KVALITET_DATABASE_URL", empty_database_url)
    line = CommandLine(empty_home, empty_database_url)
    assert line("status", "-m", "kalundborg") == failed("Databasen mangler tabeller; kør »kvalitet db upgrade« først.")
    assert line("db", "upgrade") == Ran(0, "Databasen har de nyeste tabeller.\n", "")


@pytest.mark.parametrize("command", [["status", "-m", "kalundborg"], ["db", "upgrade"]])
def test_a_database_from_a_newer_version_is_left_alone(kvalitet: CommandLine, command: list[str]) -> None:
    store = Store.open(kvalitet.database_url)
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    sentence = "Databasen er fra en nyere udgave af kvalitet; opdatér programmet. Intet er ændret."
    assert kvalitet(*command) == failed(sentence)


def test_a_locked_database_changes_nothing(
    empty_home: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch, at_noon: None
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
    empty_home.mkdir()
    line = CommandLine(empty_home, "")
    shutil.copy(migrated_sqlite, empty_home / "kvalitet.db")
    holder = sqlite3.connect(empty_home / "kvalitet.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    ran = line("plan", "2026", "-m", "kalundborg", "--write")
    holder.execute("ROLLBACK")
    holder.close()
    assert ran == failed("Databasen er optaget af et andet program; prøv igen om lidt. Intet er ændret.")
    assert line("plan", "2026", "-m", "kalundborg", "--json").json["new"] != []


@pytest.fixture
def broken_files(tmp_path: Path) -> Path:
    """Give a copy of the municipality folders in which one wheel is no YAML."""
    files = tmp_path / "files"
    shutil.copytree(FILES, files)
    wheel = files / "kalundborg" / "wheel.yaml"
    wheel.write_text(wheel.read_text(encoding="utf-8") + "\n  : [\n", encoding="utf-8")
    return files


def test_broken_yaml_is_told_with_file_and_line(kvalitet: CommandLine, broken_files: Path) -> None:
    ran = kvalitet("check", str(broken_files))
    first, last = ran.err.splitlines()[0], ran.err.splitlines()[-1]
    assert (ran.code, ran.out) == (2, "")
    assert first.startswith("kalundborg/wheel.yaml, linje ")
    assert last.endswith("fejl i kommunernes filer; ret dem, og kør »kvalitet check« igen.")


def test_check_as_json_gives_each_error_with_its_place(kvalitet: CommandLine, broken_files: Path) -> None:
    ran = kvalitet("check", str(broken_files), "--json")
    assert ran.code == 2
    assert {(problem["municipality"], problem["file"]) for problem in ran.json} == {("kalundborg", "wheel.yaml")}
    assert list(ran.json[0]) == ["municipality", "file", "line", "key", "message"]


def test_broken_files_stop_every_command(kvalitet: CommandLine, broken_files: Path) -> None:
    ran = kvalitet("status", "-m", "hvidovre", "--files", str(broken_files))
    assert (ran.code, ran.out) == (2, "")
    assert "wheel.yaml, linje " in ran.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["tegn"], "Kommandoen »tegn« findes ikke; se »kvalitet --help«."),
        (["mail", "tegn"], "Kommandoen »tegn« findes ikke; se »kvalitet mail --help«."),
        (["status", "--farve"], "Tilvalget --farve findes ikke; se »kvalitet status --help«."),
        (["status", "--date"], "Tilvalget --date skal have en værdi; se »kvalitet --help«."),
        (["plan"], "ÅR mangler; se »kvalitet plan --help«."),
        (["waive", "nøgle"], "--reason mangler; se »kvalitet waive --help«."),
        (["status", "i dag"], "Der er for mange ord på linjen; se »kvalitet status --help«."),
        (["mail", "list", "--limit", "alle"], "Værdien til --limit kan ikke bruges; se »kvalitet mail list --help«."),
        (["mail", "list", "--state", "væk"], f"Tilstanden »væk« findes ikke; vælg en af: {STATES}."),
        (["mail", "retry", "x"], "»x« er ikke et nummer; se numrene med »kvalitet mail list«."),
    ],
)  # fmt: skip
def test_words_that_cannot_be_used_are_refused(without_database: CommandLine, words: list[str], sentence: str) -> None:
    assert without_database(*words) == refused(sentence)


def test_a_mail_that_is_not_there_cannot_be_retried(kvalitet: CommandLine) -> None:
    sentence = "Der er ingen mail nr. 7; se numrene med »kvalitet mail list«."
    assert kvalitet("mail", "retry", "7") == refused(sentence)


def test_a_fault_of_our_own_is_told_as_such_and_written_down(
    kvalitet: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(following, "_missing")
    log = kvalitet.home / "kvalitet-fejl.log"
    assert kvalitet.planned()("status", "-m", "kalundborg", "--json") == failed(
        f"Der er en fejl i kvalitet selv (NameError); send filen {log} til dem, der passer programmet."
    )
    assert log.read_text(encoding="utf-8").startswith("2026-09-01T10:00:00+00:00 Traceback")


def test_the_traceback_is_shown_to_those_who_ask(kvalitet: CommandLine) -> None:
    assert kvalitet("--debug", "status", "--date", "x").err.startswith("Traceback (most recent call last):\n")


def test_a_mistake_in_a_mail_template_is_told_by_the_check(
    kvalitet: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "email"
    shutil.copytree(FILES.parent / "templates" / "email", folder)
    (folder / "reminder" / "body.txt").write_text("Hej\n{{ ingen }}\n", encoding="utf-8")
    monkeypatch.setenv("KVALITET_TEMPLATES", str(folder))
    ran, listed = kvalitet("check"), kvalitet("check", "--json")

    assert ran.code == 2
    assert "email/reminder/body.txt, linje 2, reminder: navnet »ingen« findes ikke i denne mail.\n" in ran.err
    assert [(row["file"], row["line"], row["key"]) for row in listed.json] == [("reminder/body.txt", 2, "reminder")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Skriv den nye frist, fx 2026-10-16, eller --take-back, men ikke begge dele."),
        (("2026-10-16", "--take-back"), "Skriv den nye frist, fx 2026-10-16, eller --take-back, men ikke begge dele."),
        (("2026-10-16",), "Skriv, hvorfor fristen udsættes; begrundelsen vises på forekomstens side."),
        (("i morgen", "--reason", "X"), "»i morgen« er ikke en dato; skriv den som 2026-11-02."),
    ],
)
def test_an_extension_without_a_date_or_a_reason_is_refused(
    kvalitet: CommandLine, words: tuple[str, ...], sentence: str
) -> None:
    assert kvalitet.planned()("extend", DELIVERABLE, *words) == refused(sentence)
