from datetime import UTC, datetime

from kvalitet.decided import Decided, decision_messages
from tests.adapters.mail.samples import AARBY, KALUNDBORG, SUBGOALS, occurrence

NOW = datetime(2026, 9, 7, 6, 30, tzinfo=UTC)


def test_the_school_is_told_once_for_each_decision() -> None:
    found = occurrence(SUBGOALS, AARBY)
    (message,) = decision_messages(KALUNDBORG, found, Decided("sent_back", 2, "Mere.", "Direktøren", NOW))
    assert (message.template, message.to, message.thread) == ("sent_back", AARBY.leader, found.key)
    assert message.key == f"sent_back:2:{found.key}:20260907T063000:{AARBY.leader.address}"
    assert message.about == {found.key: "sent_back:2"}
