"""Whatever a meeting goes through, every mail about it is taken by programs that are not ours."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kvalitet.adapters.mail.calendar_part import clean
from kvalitet.adapters.store import Store
from tests.adapters.mail.samples import AARBY, DIRECTOR
from tests.calendar_checkers.byte_rules import broken_mail
from tests.calendar_checkers.checking import Said
from tests.calendar_checkers.cycle import LETTERS, SUMMER, TEXTS, WINTER, Mail, municipality_with, whole_life
from tests.databases import copy_of_sqlite

Judge = Callable[..., list[Said]]


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
def to_leader(danish_life: list[Mail]) -> list[bytes]:
    """Give what the school leader's calendar gets of it."""
    return [mail.calendar for mail in danish_life if mail.recipient == AARBY.leader.address]


def test_every_step_tells_both_participants(danish_life: list[Mail]) -> None:
    assert [mail.recipient for mail in danish_life] == [DIRECTOR.address, AARBY.leader.address] * 4


def test_the_bytes_keep_to_the_rules(life: list[Mail]) -> None:
    assert [broken_mail(mail.raw) for mail in life] == [[]] * 8


@pytest.mark.parametrize("checker", ["libical", "icaljs", "kcalendarcore", "radicale"])
def test_no_checker_has_anything_to_say(life: list[Mail], checker: str, request: pytest.FixtureRequest) -> None:
    judge: Judge = request.getfixturevalue(checker)
    assert [said.errors for said in judge(*(mail.calendar for mail in life))] == [[]] * 8


@pytest.mark.parametrize("checker", ["libical", "icaljs", "kcalendarcore"])
def test_every_program_reads_the_time_that_was_meant(
    danish_life: list[Mail], checker: str, request: pytest.FixtureRequest
) -> None:
    judge: Judge = request.getfixturevalue(checker)
    starts = [said.starts for said in judge(*(mail.calendar for mail in danish_life))]
    assert starts == [slot.starts_at.timestamp() for slot in (SUMMER, WINTER, SUMMER, SUMMER) for _ in range(2)]


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
    assert [one.read["method"] for one in said] == ["Request", "Request", "Request", "Cancel"]
    assert [one.read["events"] for one in said] == ["1", "1", "1", "0"]
    assert not any("obsolete" in one.read for one in said)


def test_an_invitation_that_comes_after_its_successor_is_obsolete(to_leader: list[bytes], kcalendarcore: Judge) -> None:
    first, moved, *_ = to_leader
    assert ["obsolete" in said.read for said in kcalendarcore(moved, first)] == [False, True]
