"""Approving and sending back from the command line."""

from tests.cli.command_line import CommandLine

KEY = "kalundborg.2026-27.absence_goal.323003"
ANSWERS = {
    "absence.text": "Flere i skole",
    "absence.indicator": "absence",
    "absence.target": "5,4",
    "absence.by": "2027-06-30",
    "commitment": "Vi ringer.",
}
WHERE = "»Skolens mål for elevfravær«, Rynkevangskolen, udgave 1 er"


def delivered(line: CommandLine) -> CommandLine:
    fields = [word for name, text in ANSWERS.items() for word in ("--field", f"{name}={text}")]
    assert line.planned()("deliver", KEY, "--by", "Skolelederen", *fields).code == 0
    return line


def status(line: CommandLine) -> str:
    found = line("occurrences", "2026", "-m", "kalundborg", "--json").json
    return str(next(occurrence["status"] for occurrence in found if occurrence["key"] == KEY))


def test_a_delivery_is_sent_back_and_approved(kvalitet: CommandLine) -> None:
    line = delivered(kvalitet)
    assert line("send-back", KEY, "--comment", "Skriv mere.").out == (
        f"{WHERE} sendt retur. Skolen får en mail om det.\n"
    )
    assert status(line) == "sent_back"
    assert line("approve", KEY).out == f"{WHERE} godkendt. Skolen får en mail om det.\n"
    assert line("approve", KEY).out == f"{WHERE} godkendt. Det var den i forvejen.\n"
    assert status(line) == "approved"
    templates = [mail["template"] for mail in line("mail", "list", "--json").json]
    assert sorted(templates) == ["approved", "receipt", "sent_back"]


def test_sending_back_needs_a_comment(kvalitet: CommandLine) -> None:
    ran = delivered(kvalitet)("send-back", KEY, "--comment", " ")
    assert (ran.code, ran.err) == (2, "Skriv, hvad skolen skal rette; kommentaren kommer med i mailen.\n")


def test_what_is_not_delivered_cannot_be_approved(kvalitet: CommandLine) -> None:
    ran = kvalitet.planned()("approve", KEY)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "»Skolens mål for elevfravær« er ikke afleveret endnu; der er intet at afgøre.\n"
