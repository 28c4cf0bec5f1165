from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import check
from tests.adapters.municipality_files.folder import folder


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            [("wheel.yaml", "    owner: director\n", "    owner: director\n    participant: [unions]\n")],
            [
                (
                    "wheel.yaml, linje 48, activities[2].participant: Nøglen »participant« kendes ikke; "
                    "mener du »participants«?"
                )
            ],
            id="an unknown key",
        ),
        pytest.param(
            [("municipality.yaml", "name: Prøveby Kommune", "name: Prøveby Kommune\ncolour: blue")],
            [
                (
                    "municipality.yaml, linje 3, colour: Nøglen »colour« kendes ikke; her kan stå: key, "
                    "name, number, sender, office_hours, digest_to, due_soon_days, organizers, login, report."
                )
            ],
            id="an unknown key far from any",
        ),
        pytest.param(
            [("wheel.yaml", "      minutes: 90", "      minuts: 90")],
            [("wheel.yaml, linje 52, activities[2].meeting.minuts: Nøglen »minuts« kendes ikke; mener du »minutes«?")],
            id="an unknown key deep inside",
        ),
        pytest.param(
            [
                (
                    "municipality.yaml",
                    (
                        "sender:\n  name: Skoleafdelingen\n  address: skoler@proeveby.example\n  domain: "
                        "proeveby.example\n"
                    ),
                    "sender: [a]\n",
                )
            ],
            ["municipality.yaml, linje 4, sender: Her skal stå nøgler med værdier."],
            id="a list where keys are meant",
        ),
        pytest.param(
            [("municipality.yaml", "digest_to: [administration]", "digest_to: administration")],
            [
                (
                    "municipality.yaml, linje 11, digest_to: Her skal stå en liste: en linje med "
                    "bindestreg for hvert punkt."
                )
            ],
            id="a text where a list is meant",
        ),
        pytest.param(
            [("municipality.yaml", "name: Prøveby Kommune", "name:")],
            ["municipality.yaml, linje 2, name: Nøglen har ingen værdi; skriv en, eller slet linjen."],
            id="a key without a value",
        ),
        pytest.param(
            [("wheel.yaml", "to: [school_leader]", "to: []")],
            ["wheel.yaml, linje 3, ladders.standard[0].to: Listen må ikke være tom."],
            id="an empty list of recipients",
        ),
        pytest.param(
            [("wheel.yaml", "days: -3", "days: tre")],
            ["wheel.yaml, linje 3, ladders.standard[0].days: »tre« er ikke et helt tal."],
            id="a number that is none",
        ),
        pytest.param(
            [("municipality.yaml", "due_soon_days: 14", "due_soon_days: 99")],
            ["municipality.yaml, linje 12, due_soon_days: »99« er for meget; højst 60."],
            id="a number that is too large",
        ),
        pytest.param(
            [("wheel.yaml", "minutes: 90", "minutes: 5")],
            ["wheel.yaml, linje 52, activities[2].meeting.minutes: »5« er for lidt; mindst 15."],
            id="a number that is too small",
        ),
        pytest.param(
            [("wheel.yaml", "maximum: 7,5", "maximum: 7.5")],
            [
                (
                    "wheel.yaml, linje 33, activities[1].fields[1].maximum: »7.5« er ikke et tal; skriv "
                    "det med komma, fx 6,5."
                )
            ],
            id="a decimal point",
        ),
        pytest.param(
            [("wheel.yaml", "kind: dialogue", "kind: dialog")],
            [
                (
                    "wheel.yaml, linje 43, activities[2].kind: »dialog« kendes ikke; vælg en af: extract, "
                    "meeting, dialogue, deliverable, effort."
                )
            ],
            id="a value that is not a word",
        ),
        pytest.param(
            [("wheel.yaml", "source: files", "source: excel")],
            [
                (
                    "wheel.yaml, linje 14, activities[0].extract.source: »excel« kendes ikke; vælg en af: "
                    "files, stil, statbank."
                )
            ],
            id="an unknown source",
        ),
        pytest.param(
            [("wheel.yaml", "title: Fravær\n", "title: Fravær\n        required: ja\n")],
            [("wheel.yaml, linje 31, activities[1].fields[1].required: »ja« skal være true (ja) eller false (nej).")],
            id="neither true nor false",
        ),
        pytest.param(
            [("schools.yaml", "closed: 2030-07-31", "closed: 31. juli 2030")],
            [("schools.yaml, linje 10, schools[0].closed: »31. juli 2030« er ikke en dato; skriv den som 2026-08-31.")],
            id="a date that is none",
        ),
        pytest.param(
            [("school_holidays.yaml", "last: 2026-10-18", "last: 2026-10-32")],
            [
                (
                    "school_holidays.yaml, linje 4, years[0].holidays[0].last: »2026-10-32« er ikke en "
                    "dato; skriv den som 2026-08-31."
                )
            ],
            id="a day that no month has",
        ),
        pytest.param(
            [("wheel.yaml", "[09:00, 13:00]", "[9, 13:00]")],
            [
                (
                    "wheel.yaml, linje 53, activities[2].meeting.start_times[0]: »9« er ikke et "
                    "klokkeslæt; skriv det som 09:00."
                )
            ],
            id="a time that is none",
        ),
        pytest.param(
            [("municipality.yaml", "last: 16:00", "last: 26:00")],
            [("municipality.yaml, linje 10, office_hours.last: »26:00« er ikke et klokkeslæt; skriv det som 09:00.")],
            id="an hour that no day has",
        ),
        pytest.param(
            [("wheel.yaml", "opens: start-05-01", "opens: 1. maj")],
            [
                (
                    "wheel.yaml, linje 10, activities[0].opens: »1. maj« er ikke en dag i skoleåret; skriv "
                    "fx start-08-31 eller end-01-last."
                )
            ],
            id="a relative day that is none",
        ),
        pytest.param(
            [("wheel.yaml", "due: start-06-30", "due: end-02-29")],
            [
                (
                    "wheel.yaml, linje 11, activities[0].due: »end-02-29« findes ikke hvert år; skriv en "
                    "anden dag eller »last« for månedens sidste."
                )
            ],
            id="a relative day that not every year has",
        ),
        pytest.param(
            [("wheel.yaml", "first_school_year: 2018/19", "first_school_year: 2018/20")],
            [
                (
                    "wheel.yaml, linje 24, activities[1].every_years: Skriv også »first_school_year«, så "
                    "det er klart, hvilke skoleår det er."
                ),
                (
                    "wheel.yaml, linje 25, activities[1].first_school_year: »2018/20« er ikke et skoleår; "
                    "skriv det som 2026/27."
                ),
            ],
            id="a school year that is none",
        ),
        pytest.param(
            [("goals.yaml", "deadline: 2026/27", "deadline: snart")],
            [
                (
                    "goals.yaml, linje 23, goals[1].deadline: »snart« er hverken et skoleår som 2026/27 "
                    "eller en dato som 2027-06-30."
                )
            ],
            id="a deadline that is none",
        ),
        pytest.param(
            [("school_holidays.yaml", "christmas_first: 12-22", "christmas_first: 02-29")],
            [
                (
                    "school_holidays.yaml, linje 8, otherwise.christmas_first: »02-29« er ikke en dag, der "
                    "findes hvert år; skriv måned og dag som 12-22."
                )
            ],
            id="a day that not every year has",
        ),
        pytest.param(
            [("wheel.yaml", "key: dialogue", "key: Samtale")],
            [
                (
                    "wheel.yaml, linje 41, activities[2].key: »Samtale« kan ikke være en nøgle; brug små "
                    "bogstaver a-z, tal, _ og -, fx local_goals."
                )
            ],
            id="a key with capitals",
        ),
        pytest.param(
            [("wheel.yaml", "  standard:\n", "  Standard:\n")],
            [
                (
                    "wheel.yaml, linje 2, ladders.Standard: »Standard« kan ikke være en nøgle; brug små "
                    "bogstaver a-z, tal, _ og -, fx local_goals."
                ),
                ("wheel.yaml, linje 23, activities[1].ladder: Rykkertrappen »standard« findes ikke under ladders."),
            ],
            id="a key of a ladder with capitals",
        ),
        pytest.param(
            [("municipality.yaml", "number: 326", "number: 32")],
            [("municipality.yaml, linje 3, number: »32« er ikke et kommunenummer; det har tre cifre, fx 326.")],
            id="a municipality number of two digits",
        ),
        pytest.param(
            [("schools.yaml", "number: 323003", "number: 32303")],
            [
                (
                    "schools.yaml, linje 11, schools[1].number: »32303« er ikke et institutionsnummer; det "
                    "har seks cifre, fx 323003."
                )
            ],
            id="an institution number of five digits",
        ),
        pytest.param(
            [("contacts.yaml", "name: Direktøren", 'name: "Direktøren\\r\\nBcc: alle@proeveby.example"')],
            ["contacts.yaml, linje 6, contacts[1].name: Her skal stå tekst på én linje."],
            id="a name on two lines",
        ),
        pytest.param(
            [("contacts.yaml", "direktoer@proeveby.example", '"direktoer@proeveby.example\\nBcc: x@y.example"')],
            ["contacts.yaml, linje 7, contacts[1].address: Her skal stå tekst på én linje."],
            id="an address with a line break",
        ),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(
    tmp_path: Path, changes: list[tuple[str, str, str]], told: list[str]
) -> None:
    municipality, problems = check(folder(tmp_path, *changes))
    assert [str(problem) for problem in problems] == told
    assert municipality is None
