"""Whatever a meeting goes through, every mail about it is taken by programs that are not ours."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kvalitet.adapters.mail.calendar_part import clean
from kvalitet.adapters.store import Store
from tests.adapters.mail.samples import AARBY, CONSULTANT, DIRECTOR
from tests.calendar_checkers.byte_rules import broken_mail, content_lines
from tests.calendar_checkers.checking import Said
from tests.calendar_checkers.cycle import LETTERS, SUMMER, TEXTS, WINTER, Mail, municipality_with, whole_life
from tests.databases import copy_of_sqlite

Judge = Callable[..., list[Said]]
MAILS = 14


@pytest.fixture(scope="module")
def lives(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Mail]]:
    """Give all mails of a meeting's life, for each of the texts that break calendars."""
    played, folder = {}, tmp_path_factory.mktemp("lives")
    for number, text in enumerate(TEXTS.values()):
        store = Store.open(copy_of_sqlite(migrated_sqlite, folder / f"{number}.sqlite"))
        played[text] = whole_life(store, text)
        store.close()
    return played


@pytest.fixture(params=list(TEXTS.values()), ids=list(TEXTS))
def text(request: pytest.FixtureRequest) -> str:
    """Give each of the texts."""
    return str(request.param)


@pytest.fixture
def life(lives: dict[str, list[Mail]], text: str) -> list[Mail]:
    """Give the mails of the meeting that is described by one of them."""
    return lives[text]


@pytest.fixture
def danish_life(lives: dict[str, list[Mail]]) -> list[Mail]:
    """Give the mails of an everyday meeting."""
    return lives[LETTERS]


@pytest.fixture
def everybody(libical: Judge, icaljs: Judge, kcalendarcore: Judge, radicale: Judge) -> list[Judge]:
    """Give all four."""
    return [libical, icaljs, kcalendarcore, radicale]


@pytest.fixture
def to_leader(danish_life: list[Mail]) -> list[bytes]:
    """Give what the school leader's calendar gets of it."""
    return [mail.calendar for mail in danish_life if mail.recipient == AARBY.leader.address]


def test_every_step_tells_those_whom_it_concerns(danish_life: list[Mail]) -> None:
    both, consultant = [DIRECTOR.address, AARBY.leader.address], [CONSULTANT.address]
    assert [mail.recipient for mail in danish_life] == both * 3 + consultant * 2 + both * 3


def test_the_bytes_keep_to_the_rules(life: list[Mail]) -> None:
    assert [broken_mail(mail.raw) for mail in life] == [[]] * MAILS


@pytest.mark.parametrize("checker", ["libical", "icaljs", "kcalendarcore", "radicale"])
def test_no_checker_has_anything_to_say(life: list[Mail], checker: str, request: pytest.FixtureRequest) -> None:
    judge: Judge = request.getfixturevalue(checker)
    assert [said.errors for said in judge(*(mail.calendar for mail in life))] == [[]] * MAILS


@pytest.mark.parametrize("checker", ["libical", "icaljs", "kcalendarcore"])
def test_every_program_reads_the_time_that_was_meant(
    danish_life: list[Mail], checker: str, request: pytest.FixtureRequest
) -> None:
    judge: Judge = request.getfixturevalue(checker)
    starts = [said.starts for said in judge(*(mail.calendar for mail in danish_life))]
    assert starts == [slot.starts_at.timestamp() for slot in [SUMMER] * 4 + [WINTER] * 4 + [SUMMER] * 6]


@pytest.mark.parametrize("checker", ["icaljs", "kcalendarcore"])
def test_every_program_reads_the_words_that_were_meant(
    life: list[Mail], text: str, checker: str, request: pytest.FixtureRequest
) -> None:
    judge: Judge = request.getfixturevalue(checker)
    activity = municipality_with(text).wheel.activity("leadership_dialogue")
    title = clean(f"{activity.title} – Aarby Skole")
    for said in judge(*(mail.calendar for mail in life)):
        assert (said.read["summary"], said.read["description"]) == (title, clean(activity.description))


def test_a_mail_program_ends_with_the_meeting_as_it_stands(to_leader: list[bytes], kcalendarcore: Judge) -> None:
    said = kcalendarcore(*to_leader)
    assert [one.read["method"] for one in said] == ["Request"] * 4 + ["Cancel", "Request"]
    assert [one.read["events"] for one in said] == ["1", "1", "1", "1", "0", "1"]


def test_every_new_sequence_is_news(to_leader: list[bytes], kcalendarcore: Judge) -> None:
    """KDE stamps what it keeps with its own clock, so it cannot tell a new text (same sequence) from an old one."""
    first, _reworded, *rest = to_leader
    assert not any("obsolete" in said.read for said in kcalendarcore(first, *rest))


def test_an_invitation_that_comes_after_its_successor_is_obsolete(to_leader: list[bytes], kcalendarcore: Judge) -> None:
    first, reworded, moved, *_ = to_leader
    assert ["obsolete" in said.read for said in kcalendarcore(moved, first, reworded)] == [False, True, True]


def test_a_new_text_leaves_the_answer_and_a_new_time_asks_again(to_leader: list[bytes]) -> None:
    answers = [re.findall("PARTSTAT=([A-Z-]+)", "".join(content_lines(calendar))) for calendar in to_leader]
    assert answers == [[answer] for answer in ("NEEDS-ACTION", "ACCEPTED", *["NEEDS-ACTION"] * 4)]


def test_somebody_who_is_let_go_loses_the_meeting_which_is_still_held(
    danish_life: list[Mail], kcalendarcore: Judge
) -> None:
    invited, let_go = [mail.calendar for mail in danish_life if mail.recipient == CONSULTANT.address]
    assert [said.read["events"] for said in kcalendarcore(invited, let_go)] == ["1", "0"]
    assert (b"\r\nSTATUS:" in invited, b"\r\nSTATUS:" in let_go) == (True, False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_invitations_on_behalf_of_the_director_are_taken_too(store: Store, everybody: list[Judge]) -> None:
    life = whole_life(store, on_behalf=True)
    assert [broken_mail(mail.raw) for mail in life] == [[]] * len(life)
    assert all(b"SENT-BY=" in mail.calendar.replace(b"\r\n ", b"") for mail in life)
    for judge in everybody:
        assert [said.errors for said in judge(*(mail.calendar for mail in life))] == [[]] * len(life)
