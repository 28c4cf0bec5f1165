"""`kvalitet pause` and `kvalitet remind`."""

from tests.cli.command_line import DELIVERABLE, CommandLine


def test_a_pause_is_told_and_ended(kvalitet: CommandLine) -> None:
    line = kvalitet.planned()
    ran = line("pause", "323003", "--from", "2026-09-02", "--to", "11.9.2026", "--reason", "Vandskade")
    assert ran.out == ("Rynkevangskolen er på pause fra 2. september 2026 til og med 11. september 2026: Vandskade\n")
    assert line("pause", "323003", "--end").out == "Rynkevangskolen er ikke længere på pause.\n"
    ended_again = line("pause", "323003", "--end")
    assert (ended_again.code, ended_again.err) == (2, "Rynkevangskolen er ikke på pause.\n")


def test_a_pause_of_an_unknown_school_and_one_without_a_reason_are_refused(kvalitet: CommandLine) -> None:
    line = kvalitet.planned()
    assert line("pause", "999999", "--reason", "x").err == (
        "Ingen skole har institutionsnummer 999999; se dem på statusoverblikket.\n"
    )
    assert line("pause", "323003", "-m", "kalundborg").err == (
        "Skriv, hvorfor skolen sættes på pause; begrundelsen vises på skolens side.\n"
    )
    assert line("pause", "323003", "--end", "--reason", "x").code == 2


def test_nobody_is_reminded_before_somebody_says_yes(kvalitet: CommandLine) -> None:
    line = kvalitet.planned()
    ran = line("remind", DELIVERABLE, answer="n\n")
    assert (ran.code, ran.err) == (1, "Send en mail? [j/n] Intet er ændret; svar j, eller brug --yes.\n")
    assert line("mail", "list", "--json").json == []
    assert line("remind", DELIVERABLE, answer="j\n").out.endswith("En mail er lagt i udbakken og sendes om lidt.\n")
    again = line("remind", DELIVERABLE, "--yes")
    assert again.out.endswith("Der er ikke sendt noget.\n")
    assert line("remind", DELIVERABLE, "--yes", "--again").out.endswith("sendes om lidt.\n")
    assert len(line("mail", "list", "--json").json) == 2


def test_all_of_an_activity_are_reminded_except_the_paused_ones(kvalitet: CommandLine) -> None:
    line = kvalitet.planned()
    line("pause", "323003", "--reason", "Vandskade")
    found = line("remind", "--activity", "local_goals", "-m", "kalundborg", "--yes", "--json").json
    assert [one["reason"] for one in found["left_out"]] == ["er på pause (Vandskade)"]
    assert len(found["sent"]) == 13
    told = line("remind", "--activity", "local_goals", "-m", "kalundborg", "--yes").out
    assert "har fået mail i dag" in told
    assert "er på pause (Vandskade)" in told


def test_what_to_remind_of_is_named_once_and_exists(kvalitet: CommandLine) -> None:
    line = kvalitet.planned()
    assert line("remind").code == 2
    assert line("remind", DELIVERABLE, "--activity", "local_goals").code == 2
    unknown = line("remind", "--activity", "findes_ikke", "-m", "kalundborg")
    assert unknown.err == ("Årshjulet for 2026/27 har intet punkt »findes_ikke«; se dem med »kvalitet occurrences«.\n")


def test_a_reminder_that_is_asked_for_while_nothing_is_sent_says_so(kvalitet: CommandLine) -> None:
    line = kvalitet.planned()
    line("mail", "pause", "--all", "--reason", "Flytning")
    assert line("remind", DELIVERABLE, "--yes").out.endswith(
        "En mail er lagt i udbakken, hvor afsendelsen er sat på pause.\n"
    )
