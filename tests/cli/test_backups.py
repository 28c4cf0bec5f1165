"""Backing up and restoring: all of it, checked, and nothing lost on the way."""

import json
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from tests.cli.command_line import DELIVERABLE, CommandLine, Ran
from tests.cli.mail.test_mail import DIALOGUE


@pytest.fixture
def in_use(kvalitet: CommandLine, tmp_path: Path, on_path: None) -> CommandLine:
    """Give an installation with a plan, a waiver and a file."""
    kvalitet.planned()
    kvalitet("waive", DELIVERABLE, "--reason", "Skolen lukker til jul.")
    (kvalitet.home / "files" / "ab").mkdir(parents=True)
    (kvalitet.home / "files" / "ab" / "abcd").write_bytes(b"en plan")
    return kvalitet


def status(line: CommandLine) -> object:
    return line("status", "-m", "kalundborg", "--json").json


def test_what_was_backed_up_is_what_is_restored(in_use: CommandLine, tmp_path: Path) -> None:
    archive, before = tmp_path / "kopi.zip", status(in_use)
    made = in_use("db", "backup", str(archive), "--json").json
    assert (made["file"], made["files"], made["bytes"]) == (str(archive), 1, archive.stat().st_size)
    in_use("waive", DELIVERABLE.replace("323003", "323001"), "--reason", "Efter kopien.")
    (in_use.home / "files" / "ab" / "abcd").unlink()
    assert status(in_use) != before
    restored = in_use("db", "restore", str(archive), "--yes", "--json").json
    assert restored["made_at"] == "2026-09-01T10:00:00+00:00"
    assert status(in_use) == before
    assert (in_use.home / "files" / "ab" / "abcd").read_bytes() == b"en plan"


def test_mails_of_a_restored_installation_wait_until_a_person_lets_them_go(in_use: CommandLine, tmp_path: Path) -> None:
    in_use("book", DIALOGUE, "--date", "2026-09-16", "--time", "9:30", "--yes")
    in_use("db", "backup", str(tmp_path / "kopi.zip"))
    in_use("db", "restore", str(tmp_path / "kopi.zip"), "--yes")
    assert in_use("mail", "send").out == "Afsendelsen er sat på pause.\n"
    assert {mail["state"] for mail in in_use("mail", "list", "--json").json} == {"queued"}
    assert in_use("mail", "resume", "--all").out == "Afsendelsen er genoptaget for alle kommuner.\n"
    assert in_use("mail", "send").out.endswith(" sendt\n")


def test_an_installation_in_use_is_not_replaced_unasked(in_use: CommandLine, tmp_path: Path) -> None:
    archive, before = tmp_path / "kopi.zip", status(in_use)
    assert in_use("db", "backup", str(archive)).err == ""
    assert in_use("db", "restore", str(archive)) == Ran(
        2,
        "",
        f"Der er allerede en installation i {in_use.home}; brug --yes, hvis den skal erstattes. Intet er ændret.\n",
    )
    assert status(in_use) == before


def test_a_backup_never_overwrites_a_file(in_use: CommandLine, tmp_path: Path) -> None:
    archive = tmp_path / "kopi.zip"
    archive.write_text("noget andet", encoding="utf-8")
    assert in_use("db", "backup", str(archive)).err == f"Filen {archive} findes allerede; vælg et andet navn.\n"
    assert archive.read_text(encoding="utf-8") == "noget andet"


def test_a_changed_part_is_found_before_anything_is_replaced(in_use: CommandLine, tmp_path: Path) -> None:
    archive, changed, before = tmp_path / "kopi.zip", tmp_path / "ændret.zip", status(in_use)
    assert in_use("db", "backup", str(archive)).err == ""
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(changed, "w") as copy:
        for name in whole.namelist():
            copy.writestr(name, b"en anden plan" if name == "files/ab/abcd" else whole.read(name))
    assert in_use("db", "restore", str(changed), "--yes") == Ran(
        2, "", f"»files/ab/abcd« i {changed} er ændret eller beskadiget; brug en anden. Intet er ændret.\n"
    )
    assert status(in_use) == before


@pytest.mark.parametrize("name", ["../udenfor", "files/../../udenfor", "settings.env"])
def test_nothing_is_laid_outside_the_installation(in_use: CommandLine, tmp_path: Path, name: str) -> None:
    archive = tmp_path / "ond.zip"
    with zipfile.ZipFile(archive, "w") as evil:
        evil.writestr("manifest.json", json.dumps({"format": 1, "made_at": "i går", "sha256": {name: "0"}}))
        evil.writestr(name, "ondt")
    sentence = f"Filen {archive} er ikke en hel sikkerhedskopi; brug en anden. Intet er ændret.\n"
    assert in_use("db", "restore", str(archive), "--yes") == Ran(2, "", sentence)


def test_a_file_that_is_no_backup_is_refused(in_use: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "brev.zip"
    file.write_text("Kære forvaltning", encoding="utf-8")
    sentence = f"Filen {file} er ikke en hel sikkerhedskopi; brug en anden. Intet er ændret.\n"
    assert in_use("db", "restore", str(file), "--yes").err == sentence


@pytest.fixture
def own_database(empty_home: Path, migrated_sqlite: Path, at_noon: None) -> CommandLine:
    """Give a planned installation with its SQLite file in the home folder."""
    empty_home.mkdir()
    shutil.copy(migrated_sqlite, empty_home / "kvalitet.db")
    return CommandLine(empty_home, "").planned()


def test_what_lay_there_is_kept_beside_it(own_database: CommandLine, tmp_path: Path) -> None:
    archive, home = tmp_path / "kopi.zip", own_database.home
    own_database("db", "backup", str(archive))
    own_database("waive", DELIVERABLE, "--reason", "Efter kopien.")
    kept = home / "before-restore-20260901T100000Z"
    assert own_database("db", "restore", str(archive), "--yes").out == (
        f"Sikkerhedskopien fra 2026-09-01T10:00:00+00:00 er lagt tilbage.\nDet, der lå der før, er gemt i {kept}.\n"
        "Mails er sat på pause: se udbakken igennem, og kør så »kvalitet mail resume --all«.\n"
    )
    with sqlite3.connect(kept / "kvalitet.db") as connection:
        assert connection.execute("SELECT count(*) FROM waiver").fetchone() == (1,)
    connection.close()


def test_a_backup_is_laid_into_an_empty_home_unasked(
    own_database: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, before = tmp_path / "kopi.zip", status(own_database)
    own_database("db", "backup", str(archive))
    elsewhere = CommandLine(tmp_path / "ny", "")
    monkeypatch.setenv("KVALITET_HOME", str(elsewhere.home))
    assert elsewhere("db", "restore", str(archive)).code == 0
    assert status(elsewhere) == before


def test_a_database_that_is_written_to_is_not_replaced(own_database: CommandLine, tmp_path: Path) -> None:
    archive = tmp_path / "kopi.zip"
    own_database("db", "backup", str(archive))
    holder = sqlite3.connect(own_database.home / "kvalitet.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    ran = own_database("db", "restore", str(archive), "--yes")
    holder.execute("ROLLBACK")
    holder.close()
    assert ran == Ran(1, "", "Databasen er i brug; stop kvalitet, og prøv igen. Intet er ændret.\n")


def test_without_postgres_own_programs_the_sentence_says_what_to_install(
    empty_home: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, at_noon: None
) -> None:
    monkeypatch.setenv("KVALITET_DATABASE_URL", postgres_url)
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = CommandLine(empty_home, postgres_url)("db", "backup", str(tmp_path / "kopi.zip"))
    assert ran == Ran(
        1,
        "",
        "Programmet pg_dump mangler på maskinen; installér PostgreSQLs klientprogrammer "
        "(på Debian pakken postgresql-client), og prøv igen.\n",
    )
    assert list(tmp_path.glob("*.zip")) == []
