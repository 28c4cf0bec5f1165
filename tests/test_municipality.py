from datetime import date

import pytest

from kvalitet.municipality import Contact, Effort
from kvalitet.wheel import Role
from tests.builders import AAGAARD, AARBY, CONTACTS, RORBY, municipality, school

NORTH = Contact(Role.CONSULTANT, "Konsulent i nord", "nord@proeveby.example", school_group="nord")
ONE_SCHOOL = Contact(Role.SCHOOL_BOARD, "Skolebestyrelsen", "bestyrelse@proeveby.example", school=AARBY.number)


def addresses(role: Role, **where: str) -> list[str]:
    found = municipality(contacts=(*CONTACTS, NORTH, ONE_SCHOOL)).people(role, **where)
    return [person.address for person in found]


def test_a_school_is_found_by_its_number() -> None:
    assert municipality().school("323002") == RORBY
    with pytest.raises(KeyError):
        municipality().school("000000")


def test_a_person_is_found_by_address() -> None:
    assert municipality().person_at("direktoer@proeveby.example") == CONTACTS[0]
    assert municipality().person_at(RORBY.leader.address) == RORBY.leader
    assert municipality().person_at("ukendt@proeveby.example") is None


def test_a_school_group_is_found_by_its_key() -> None:
    assert municipality().group("syd").name == "Syd"
    with pytest.raises(KeyError):
        municipality().group("vest")


def test_a_school_takes_part_only_when_it_is_there_for_the_whole_span() -> None:
    new_and_closing = school(opened=date(2020, 8, 1), closed=date(2025, 7, 31))
    assert new_and_closing.takes_part(date(2020, 8, 1), date(2025, 7, 31))
    assert not new_and_closing.takes_part(date(2020, 7, 31), date(2020, 9, 1))
    assert not new_and_closing.takes_part(date(2025, 5, 1), date(2025, 8, 1))
    assert AARBY.takes_part(date(1990, 1, 1), date(2090, 1, 1))


def test_the_leader_of_one_school_of_a_group_or_of_all() -> None:
    assert addresses(Role.SCHOOL_LEADER, school=RORBY.number) == [RORBY.leader.address]
    assert addresses(Role.SCHOOL_LEADER, school_group="nord") == [AARBY.leader.address, RORBY.leader.address]
    assert addresses(Role.SCHOOL_LEADER) == [leader.leader.address for leader in (AARBY, RORBY, AAGAARD)]


def test_a_contact_of_the_whole_municipality_serves_every_school_and_group() -> None:
    assert addresses(Role.DIRECTOR) == addresses(Role.DIRECTOR, school=AARBY.number) == ["direktoer@proeveby.example"]
    assert addresses(Role.DIRECTOR, school_group="syd") == ["direktoer@proeveby.example"]


def test_a_contact_of_a_group_serves_the_group_and_its_schools_only() -> None:
    both = ["konsulent@proeveby.example", "nord@proeveby.example"]
    assert addresses(Role.CONSULTANT, school_group="nord") == addresses(Role.CONSULTANT, school=RORBY.number) == both
    assert addresses(Role.CONSULTANT, school_group="syd") == both[:1]
    assert addresses(Role.CONSULTANT, school=AAGAARD.number) == both[:1]
    assert addresses(Role.CONSULTANT) == both[:1]


def test_a_contact_of_one_school_serves_that_school_only() -> None:
    assert addresses(Role.SCHOOL_BOARD, school=AARBY.number) == ["bestyrelse@proeveby.example"]
    assert addresses(Role.SCHOOL_BOARD, school=RORBY.number) == addresses(Role.SCHOOL_BOARD) == []


def test_an_effort_goes_on_from_its_first_school_year_to_its_last_at_the_schools_that_it_names() -> None:
    ended = Effort("over", "Slut", (), "2018/19", "2020/21", (AARBY.number,))
    assert [ended.is_on(year) for year in ("2017/18", "2018/19", "2020/21", "2021/22")] == [False, True, True, False]
    assert [ended.is_on("2019/20", school.number) for school in (AARBY, RORBY)] == [True, False]
    everywhere = Effort("all", "Alle", (), "2018/19")
    assert everywhere.is_on("2026/27", RORBY.number)
