from pathlib import Path

import pytest

from kvalitet.adapters.municipality_files import check
from tests.adapters.municipality_files.folder import folder


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            [("schools.yaml", "leder.roerby@proeveby.example", "leder@roerby@proeveby.example")],
            [
                (
                    "schools.yaml, linje 14, schools[1].leader: »leder@roerby@proeveby.example« kan ikke "
                    "være en mailadresse; skriv den som navn@kommune.dk, uden æ, ø og å."
                )
            ],
            id="an address with two @",
        ),
        pytest.param(
            [("municipality.yaml", "address: skoler@proeveby.example", "address: skoler@proeveby")],
            [
                (
                    "municipality.yaml, linje 6, sender.address: »skoler@proeveby« kan ikke være en "
                    "mailadresse; skriv den som navn@kommune.dk, uden æ, ø og å."
                )
            ],
            id="an address without a domain",
        ),
        pytest.param(
            [("municipality.yaml", "domain: proeveby.example", "domain: prøveby.example")],
            [
                (
                    "municipality.yaml, linje 7, sender.domain: »prøveby.example« kan ikke være et domæne; "
                    "skriv det som kommune.dk, uden æ, ø og å."
                )
            ],
            id="a domain that cannot be one",
        ),
        pytest.param(
            [("municipality.yaml", "key: proeveby", "key: aaby")],
            ["municipality.yaml, linje 1, key: Nøglen skal hedde som mappen: proeveby."],
            id="a key that is not the folder's",
        ),
        pytest.param(
            [("municipality.yaml", "last: 16:00", "last: 07:00")],
            [
                (
                    "municipality.yaml, linje 10, office_hours.last: Kontortiden slutter, før den "
                    "begynder; byt tiderne om."
                ),
                (
                    "wheel.yaml, linje 53, activities[2].meeting.start_times[0]: Et møde kl. 09.00 på 90 "
                    "minutter ligger ikke inden for kontortiden; ret tiden her eller i municipality.yaml."
                ),
                (
                    "wheel.yaml, linje 53, activities[2].meeting.start_times[1]: Et møde kl. 13.00 på 90 "
                    "minutter ligger ikke inden for kontortiden; ret tiden her eller i municipality.yaml."
                ),
            ],
            id="office hours that end before they begin",
        ),
        pytest.param(
            [("municipality.yaml", "digest_to: [administration]", "digest_to: [administration, unions]")],
            [("municipality.yaml, linje 11, digest_to[1]: Ingen har rollen »unions«; tilføj den i contacts.yaml.")],
            id="a digest to nobody",
        ),
        pytest.param(
            [("schools.yaml", "    group: north\n    leader: leder.roerby", "    leader: leder.roerby")],
            ["schools.yaml, linje 11, schools[1].group: Nøglen mangler; tilføj den."],
            id="a school in no group",
        ),
        pytest.param(
            [("schools.yaml", "name: Rørby Skole\n    group: north", "name: Rørby Skole\n    group: nort")],
            [
                (
                    "schools.yaml, linje 13, schools[1].group: Rørby Skole er i gruppen »nort«, som ikke "
                    "findes; mener du »north«?"
                )
            ],
            id="a school in an unknown group",
        ),
        pytest.param(
            [("schools.yaml", "schools:\n", "  - key: north\n    name: Nord igen\nschools:\n")],
            [
                (
                    "schools.yaml, linje 4, groups[1].key: Skolegruppen »north« står to gange, første gang "
                    "i linje 2; ret den ene."
                )
            ],
            id="two school groups with one key",
        ),
        pytest.param(
            [("schools.yaml", "schools:\n", "  - key: south\n    name: Syd\nschools:\n")],
            [
                (
                    "schools.yaml, linje 4, groups[1].key: Ingen skole er i gruppen »south«; slet den, "
                    "eller flyt skoler til den."
                )
            ],
            id="a school group without schools",
        ),
        pytest.param(
            [("schools.yaml", "number: 323003", "number: 000123")],
            [
                (
                    "schools.yaml, linje 11, schools[1].number: Institutionsnummeret »000123« står to "
                    "gange, første gang i linje 5; ret den ene."
                )
            ],
            id="an institution number twice",
        ),
        pytest.param(
            [("schools.yaml", "closed: 2030-07-31", "closed: 2009-07-31")],
            [("schools.yaml, linje 10, schools[0].closed: Årby Skole lukker, før den åbner; ret en af datoerne.")],
            id="a school that closes before it opens",
        ),
        pytest.param(
            [("contacts.yaml", "role: director", "role: school_leader")],
            [
                (
                    "contacts.yaml, linje 5, contacts[1].role: Skoleledere står i schools.yaml under hver "
                    "skole, ikke her."
                ),
                (
                    "wheel.yaml, linje 47, activities[2].owner: Ingen har rollen »director« i kommunen; "
                    "tilføj den i contacts.yaml."
                ),
            ],
            id="a leader among the contacts",
        ),
        pytest.param(
            [("contacts.yaml", "school_group: north", "school: 999999")],
            [
                ("contacts.yaml, linje 11, contacts[2].school: Skolen »999999« findes ikke i schools.yaml."),
                (
                    "wheel.yaml, linje 23, activities[1].ladder: Ingen har rollen »consultant« for Årby "
                    "Skole; tilføj den i contacts.yaml."
                ),
            ],
            id="a contact of an unknown school",
        ),
        pytest.param(
            [("contacts.yaml", "    name: Direktøren\n", "    name: Direktøren\n    school_group: west\n")],
            [
                ("contacts.yaml, linje 7, contacts[1].school_group: Gruppen »west« findes ikke i schools.yaml."),
                (
                    "wheel.yaml, linje 47, activities[2].owner: Ingen har rollen »director« for Årby "
                    "Skole; tilføj den i contacts.yaml."
                ),
            ],
            id="a contact of an unknown group",
        ),
        pytest.param(
            [("wheel.yaml", "participants: [school_leader]", "participants: [school_leader, unions]")],
            [
                (
                    "wheel.yaml, linje 48, activities[2].participants[1]: Ingen har rollen »unions« i "
                    "kommunen; tilføj den i contacts.yaml."
                )
            ],
            id="a role that nobody has",
        ),
        pytest.param(
            [("contacts.yaml", "    school_group: north", "    school: 323003")],
            [
                (
                    "wheel.yaml, linje 23, activities[1].ladder: Ingen har rollen »consultant« for Årby "
                    "Skole; tilføj den i contacts.yaml."
                )
            ],
            id="a role that nobody has for one school",
        ),
        pytest.param(
            [("wheel.yaml", "owner: administration", "owner: consultant")],
            [
                (
                    "wheel.yaml, linje 12, activities[0].owner: Ingen har rollen »consultant« i hele "
                    "kommunen; tilføj den i contacts.yaml."
                )
            ],
            id="an owner that nobody is for the whole municipality",
        ),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(
    tmp_path: Path, changes: list[tuple[str, str, str]], told: list[str]
) -> None:
    municipality, problems = check(folder(tmp_path, *changes))
    assert [str(problem) for problem in problems] == told
    assert municipality is None
