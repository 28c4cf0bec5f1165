"""Booking, moving and cancelling from the command line: shown first, then asked, then done."""

from tests.cli.command_line import CommandLine

KEY = "kalundborg.2026-27.spring_union_meeting"
DIALOGUE = "kalundborg.2026-27.leadership_dialogue.323003"


def state(line: CommandLine, key: str) -> str:
    found = line("occurrences", "2026", "-m", "kalundborg", "--json").json
    return str(next(occurrence["status"] for occurrence in found if occurrence["key"] == key))


def test_nobody_is_told_before_the_question_is_answered(kvalitet: CommandLine) -> None:
    ran = kvalitet.planned()("book", DIALOGUE, "--date", "2026-09-16", "--time", "9:30", answer="n\n")
    assert (ran.code, ran.err) == (1, "Skal mødet indkaldes? [j/n] Intet er ændret; svar j, eller brug --yes.\n")
    assert "Skolelederen på Rynkevangskolen <" in ran.out
    assert kvalitet("mail", "list", "--json").json == []
    assert state(kvalitet, DIALOGUE) == "proposed"


def test_a_meeting_is_booked_moved_and_cancelled(kvalitet: CommandLine) -> None:
    booked = kvalitet.planned()("book", DIALOGUE, "--date", "2026-09-16", "--time", "9:30", "--yes", "--json").json
    assert (booked["state"], booked["starts_at"]) == ("booked", "2026-09-16T07:30:00+00:00")
    moved = kvalitet("move", DIALOGUE, "--time", "10.00", "--place", "Skolen", "--yes", "--json").json
    assert (moved["starts_at"], moved["place"], moved["changed"]) == ("2026-09-16T08:00:00+00:00", "Skolen", True)
    assert kvalitet("cancel", DIALOGUE, answer="ja\n").code == 0
    assert state(kvalitet, DIALOGUE) == "cancelled"
    told = [mail["recipient"] for mail in booked["mails"]]
    assert told != []
    assert [mail["recipient"] for mail in moved["mails"]] == told
    templates = [mail["template"] for mail in kvalitet("mail", "list", "--json").json]
    assert templates == ["cancellation"] * len(told) + ["invitation"] * 2 * len(told)


def test_doing_the_same_again_tells_nobody(kvalitet: CommandLine) -> None:
    words = ("book", DIALOGUE, "--date", "2026-09-16", "--time", "9:30", "--yes")
    kvalitet.planned()(*words)
    assert kvalitet(*words).out == "Ingen får en mail om det.\nDet var sket i forvejen.\n"


def test_a_meeting_in_the_past_is_refused_before_anything_is_asked(kvalitet: CommandLine) -> None:
    ran = kvalitet.planned()("book", KEY, "--date", "2026-08-20", "--time", "9:00")
    sentence = "Mødet ville ligge i fortiden (torsdag den 20. august 2026, uge 34, kl. 9.00-"
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(sentence)


def test_moving_asks_for_what_is_to_be_different(kvalitet: CommandLine) -> None:
    ran = kvalitet("move", DIALOGUE)
    assert (ran.code, ran.err) == (2, "Skriv, hvad der skal være anderledes: --date, --time eller --place.\n")


def test_a_clock_that_cannot_be_read_is_refused(kvalitet: CommandLine) -> None:
    ran = kvalitet.planned()("move", DIALOGUE, "--time", "halv ti", "--yes")
    assert (ran.code, ran.err) == (2, "»halv ti« er ikke et klokkeslæt; skriv det som 9:30.\n")


def test_a_deliverable_has_no_date_to_book(kvalitet: CommandLine) -> None:
    ran = kvalitet.planned()("book", "kalundborg.2026-27.open_school.323003")
    assert (ran.code, ran.err) == (2, "»Den åbne skole« er ikke et møde og kan ikke få en mødedato.\n")
