"""Written versions: in order, never changed, and refused while something is to come first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.reports import keeping, releasing
from kvalitet.adapters.reports.keeping import NewReport, StoredReport
from kvalitet.adapters.reports.writers import Format
from kvalitet.adapters.store import Store, log
from kvalitet.quality_reports import Edition, ReportPlan, Version
from tests.adapters.reports.town import NOW, lived, with_statements
from tests.builders import YEAR

DRAFT, COUNCIL, FINAL = Version


@pytest.fixture
def lived_in(store: Store, tmp_path: Path) -> Installation:
    """Give the town on both kinds of database: what is written is told in the log."""
    return lived(store, tmp_path / "home")


def write(of: Installation, version: Version, *, by: str = "Kontoret") -> StoredReport:
    return releasing.release(of, of.municipalities[0], YEAR, version, by=by, now=NOW)


def test_a_version_has_both_editions_in_every_format_with_hash_date_and_author(lived_in: Installation) -> None:
    stored = write(lived_in, DRAFT)
    assert (stored.number, stored.version, stored.written_at, stored.written_by) == (1, DRAFT, NOW, "Kontoret")
    assert set(stored.files) == {f"{edition}.{form}" for edition in ("offentlig", "intern") for form in Format}
    for name in stored.files:
        assert keeping.read(stored, name)
    assert keeping.versions(lived_in.settings.home, "proeveby", YEAR) == (stored,)


def test_a_later_version_gets_a_new_number_and_the_earlier_stays_as_it_was(lived_in: Installation) -> None:
    first = write(lived_in, DRAFT)
    before = {name: keeping.read(first, name) for name in first.files}
    second = write(lived_in, DRAFT)
    assert (second.number, second.digest != first.digest) == (2, True)
    assert {name: keeping.read(first, name) for name in first.files} == before
    assert [path.stat().st_mode & 0o222 for path in first.folder.iterdir()] == [0] * (len(before) + 1)


def test_a_version_tells_which_were_written_before_it(lived_in: Installation) -> None:
    first = write(lived_in, DRAFT)
    second = write(lived_in, COUNCIL, by="Direktøren")
    pages = [keeping.read(one, "offentlig.html").decode() for one in (first, second)]
    told = f"Kladde, nr. 1: skrevet 10. juni 2027 af Kontoret. Kendingsmærke {first.digest[:16]}"
    assert [told in page for page in pages] == [False, True]


def test_the_log_keeps_who_wrote_what_and_its_fingerprint(lived_in: Installation) -> None:
    first, second = write(lived_in, DRAFT), write(lived_in, COUNCIL, by="Direktøren")
    with lived_in.store.read() as connection:
        told = [(one.detail, one.actor) for one in log.events(connection, event="report_written")]
    assert told == [
        (f"Skoleudviklingssamtale 2026/27, kladde, nr. 1 (kendingsmærke {first.digest[:16]})", "Kontoret"),
        (
            (
                "Skoleudviklingssamtale 2026/27, udkast til kommunalbestyrelsen, nr. 2 "
                f"(kendingsmærke {second.digest[:16]})"
            ),
            "Direktøren",
        ),
    ]


def test_the_final_version_is_refused_until_the_boards_have_said_theirs_or_are_waived(lived_in: Installation) -> None:
    write(lived_in, DRAFT)
    write(lived_in, COUNCIL)
    with pytest.raises(UserError, match="»Skolebestyrelsens udtalelse« fra Ågård Skole mangler"):
        write(lived_in, FINAL)
    assert len(keeping.versions(lived_in.settings.home, "proeveby", YEAR)) == 2
    final = write(with_statements(lived_in), FINAL)
    page = keeping.read(final, keeping.file_name(Edition.PUBLIC, Format.HTML)).decode()
    assert "Bestyrelsen på Rørby Skole er enig." in page
    assert "Ingen udtalelse: fritaget." in page


def test_a_step_is_refused_while_the_one_before_it_is_not_written(lived_in: Installation) -> None:
    with pytest.raises(UserError) as refused:
        write(lived_in, COUNCIL)
    assert str(refused.value) == (
        "Skoleudviklingssamtale 2026/27 kan ikke skrives som »udkast til kommunalbestyrelsen« endnu. "
        "»Kladde« er ikke skrevet endnu."
    )


def test_without_an_activity_in_the_wheel_nothing_has_to_come_first(lived_in: Installation) -> None:
    town = replace(lived_in.municipalities[0], report=ReportPlan())
    assert releasing.unfinished(lived_in.board(town, YEAR, now=NOW)) == ()
    standing = releasing.standing_of(lived_in, town, YEAR, now=NOW)
    assert (standing.stored, standing.next_step, standing.obstacles[DRAFT]) == ((), DRAFT, ())


def test_a_file_that_has_been_changed_is_never_given_out(lived_in: Installation) -> None:
    stored = write(lived_in, DRAFT)
    path = stored.path(Edition.PUBLIC, Format.HTML)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(OperationError, match="er ændret, siden den blev skrevet"):
        keeping.read(stored, path.name)
    path.unlink()
    with pytest.raises(OperationError, match="er væk"):
        keeping.read(stored, path.name)
    with pytest.raises(UserError, match="har ingen fil"):
        keeping.read(stored, "andet.pdf")


def test_two_who_write_at_once_never_share_a_number(lived_in: Installation) -> None:
    home = lived_in.settings.home
    new = NewReport(YEAR, DRAFT, NOW, "A", {"offentlig.pdf": b"1"})
    keeping.keep(home, "proeveby", new, 1)
    with pytest.raises(OperationError, match="En anden har lige skrevet version 1"):
        keeping.keep(home, "proeveby", replace(new, files={"offentlig.pdf": b"2"}), 1)
    (only,) = keeping.versions(home, "proeveby", YEAR)
    assert keeping.read(only, "offentlig.pdf") == b"1"
    assert [path.name for path in home.iterdir() if path.name.startswith(".report-")] == []


def test_a_list_of_files_that_cannot_be_read_says_what_to_do(lived_in: Installation) -> None:
    stored = write(lived_in, DRAFT)
    index = stored.folder / keeping.INDEX
    index.chmod(0o640)
    index.write_text("{", encoding="utf-8")
    with pytest.raises(OperationError, match="find den i en sikkerhedskopi"):
        keeping.versions(lived_in.settings.home, "proeveby", YEAR)
    assert keeping.find(lived_in.settings.home, "proeveby", YEAR, 9) is None
