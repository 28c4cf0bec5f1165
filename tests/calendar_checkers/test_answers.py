"""What a real mail program answered, kept from `make check-clients`, is read by ours and taken by the others."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kvalitet.adapters.mail.replies import Reply, ReplyKind, parse
from kvalitet.adapters.store.bookings import Answered
from kvalitet.invites import Answer
from tests.calendar_checkers.byte_rules import calendar_of
from tests.calendar_checkers.checking import Checker

ANSWERS = Path(__file__).parent / "answers"
UID = "kalundborg.2026-27.leadership_dialogue.323001@kalundborg.example"
LEADER = "skoleleder.323001@kalundborg.example"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("accepted", Answered(Answer.ACCEPTED, 0, datetime(2026, 11, 24, 21, 57, 7, tzinfo=UTC))),
        ("tentative", Answered(Answer.TENTATIVE, 1, datetime(2026, 11, 24, 21, 57, 8, tzinfo=UTC))),
    ],
)
def test_an_answer_from_thunderbird_is_read(name: str, said: Answered) -> None:
    raw = (ANSWERS / f"thunderbird-153-{name}.eml").read_bytes()
    assert parse(raw) == Reply(ReplyKind.ANSWER, UID, LEADER, said)


@pytest.mark.parametrize("name", ["accepted", "tentative"])
def test_the_other_programs_take_that_answer(name: str, libical: Checker, kcalendarcore: Checker) -> None:
    answer = calendar_of((ANSWERS / f"thunderbird-153-{name}.eml").read_bytes())
    assert [said.errors for judge in (libical, kcalendarcore) for said in judge(answer)] == [[], []]
    assert kcalendarcore(answer)[0].read["method"] == "Reply"
