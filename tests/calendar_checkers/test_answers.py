"""What a real mail program answered, kept from `make check-clients`, is read by ours and taken by the others."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kvalitet.adapters.incoming import reading
from kvalitet.adapters.incoming.calendar_answers import CalendarAnswer
from kvalitet.adapters.store.incoming import IncomingKind
from kvalitet.invites import Answer
from tests.calendar_checkers.byte_rules import calendar_of
from tests.calendar_checkers.checking import Checker

ANSWERS = Path(__file__).parent / "answers"
UID = "kalundborg.2026-27.leadership_dialogue.323001@kalundborg.example"
LEADER = "skoleleder.323001@kalundborg.example"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("accepted", (Answer.ACCEPTED, 0, datetime(2026, 11, 24, 21, 57, 7, tzinfo=UTC))),
        ("tentative", (Answer.TENTATIVE, 1, datetime(2026, 11, 24, 21, 57, 8, tzinfo=UTC))),
    ],
)
def test_an_answer_from_thunderbird_is_read(name: str, said: tuple[Answer, int, datetime]) -> None:
    found = reading.read((ANSWERS / f"thunderbird-153-{name}.eml").read_bytes())
    assert (found.kind, found.sender) == (IncomingKind.ANSWER, LEADER)
    assert found.answer == CalendarAnswer(UID, LEADER, "", *said, comment="")


@pytest.mark.parametrize("name", ["accepted", "tentative"])
def test_the_other_programs_take_that_answer(name: str, libical: Checker, kcalendarcore: Checker) -> None:
    answer = calendar_of((ANSWERS / f"thunderbird-153-{name}.eml").read_bytes())
    assert [said.errors for judge in (libical, kcalendarcore) for said in judge(answer)] == [[], []]
    assert kcalendarcore(answer)[0].read["method"] == "Reply"
