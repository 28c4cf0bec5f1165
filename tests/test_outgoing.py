"""Outgoing mail as a state machine."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kvalitet.outgoing import (
    FIRST_PAUSE,
    FOLLOWING,
    INTERRUPTED,
    LONGEST_PAUSE,
    MOST_TRIES,
    NOBODY_KNOWS,
    Ending,
    MailState,
    Trial,
    Uncertain,
    accepted,
    before,
    interrupted,
    pause,
    refused,
    share,
    unreachable,
)
from tests.builders import instant

NOW = instant("2026-09-01")
TRIAL = Trial("a", 1, NOW)
FLAGGED = replace(TRIAL, may_be_doubled=True)


def tried(times: int) -> Trial:
    return replace(TRIAL, attempts=times)


def test_every_state_says_what_may_follow() -> None:
    assert set(FOLLOWING) == set(MailState)


def test_nothing_follows_sent_and_only_what_waits_is_taken() -> None:
    assert not FOLLOWING[MailState.SENT]
    assert before(MailState.IN_FLIGHT) == {MailState.QUEUED, MailState.RETRY}
    assert before(MailState.SENT) == set(MailState) - {MailState.SENT}
    assert MailState.IN_FLIGHT not in before(MailState.CANCELLED)


def test_an_accepted_mail_is_sent_and_keeps_its_flag() -> None:
    assert accepted(TRIAL) == Ending(MailState.SENT)
    assert accepted(FLAGGED) == Ending(MailState.SENT, INTERRUPTED, may_be_doubled=True)


def test_a_mail_that_is_refused_for_good_has_failed_at_once() -> None:
    assert refused(TRIAL, "550 Nej", permanent=True, now=NOW) == Ending(MailState.FAILED, "550 Nej")


def test_a_mail_that_is_refused_for_now_waits_twice_as_long_each_time_but_never_longer_than_the_longest_pause() -> None:
    pauses = [pause(tried(times)) for times in (1, 2, 3, 7, 20)]
    whole = [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4, LONGEST_PAUSE, LONGEST_PAUSE]
    assert all(most * 0.8 < found <= most for found, most in zip(pauses, whole, strict=True))
    assert refused(TRIAL, "451 Senere", permanent=False, now=NOW) == Ending(
        MailState.RETRY, "451 Senere", NOW + pause(TRIAL)
    )


def test_mails_that_are_refused_together_come_back_spread_over_a_fifth_of_the_pause() -> None:
    shares = sorted(share(Trial(f"mail {number}", 1, NOW)) for number in range(1000))
    assert len(set(shares)) == 1000
    assert shares[0] < 0.01
    assert 0.99 < shares[-1] < 1
    assert share(TRIAL) == share(TRIAL) != share(tried(2))


def test_a_mail_that_is_always_refused_is_given_up_after_three_days_with_the_reason() -> None:
    waited, trial = timedelta(), TRIAL
    while (ending := refused(trial, "451 Senere", permanent=False, now=NOW)).state is MailState.RETRY:
        waited += pause(trial)
        trial = tried(trial.attempts + 1)
    assert trial.attempts == MOST_TRIES
    assert timedelta(days=2) < waited < timedelta(days=3.2)
    assert ending == Ending(
        MailState.FAILED, f"Mailen er opgivet efter {MOST_TRIES} forsøg; ret fejlen, og prøv igen. 451 Senere"
    )


def test_a_mail_whose_next_try_would_come_too_late_is_given_up_now() -> None:
    trial = replace(TRIAL, expires_at=NOW + timedelta(minutes=3))
    ending = refused(trial, "451 Senere", permanent=False, now=NOW)
    assert (ending.state, ending.reason[:17]) == (MailState.FAILED, "Mailen er opgivet")
    later = replace(TRIAL, expires_at=NOW + timedelta(hours=3))
    assert refused(later, "451 Senere", permanent=False, now=NOW).state is MailState.RETRY


def test_a_server_that_is_down_is_no_try_of_the_mail() -> None:
    for trial in (TRIAL, tried(MOST_TRIES)):
        found = unreachable(trial, "Nede", now=NOW)
        assert found == Ending(MailState.RETRY, "Nede", NOW + FIRST_PAUSE, counts=False)


def test_a_mail_that_may_have_arrived_is_sent_again_for_a_day_and_flagged() -> None:
    assert interrupted(TRIAL, "Afbrudt", Uncertain.RESEND, now=NOW) == Ending(
        MailState.RETRY, INTERRUPTED, NOW + pause(TRIAL), may_be_doubled=True
    )
    last = NOW + timedelta(hours=24)
    assert interrupted(TRIAL, "", Uncertain.RESEND, now=last, wait=False) == Ending(
        MailState.RETRY, INTERRUPTED, last, may_be_doubled=True
    )
    assert interrupted(TRIAL, "Afbrudt", Uncertain.RESEND, now=last + timedelta(seconds=1)) == Ending(
        MailState.UNCERTAIN, f"{NOBODY_KNOWS} Afbrudt"
    )


@pytest.mark.parametrize(
    ("trial", "policy"),
    [
        (TRIAL, Uncertain.ASK),
        (tried(MOST_TRIES), Uncertain.RESEND),
        (replace(TRIAL, expires_at=NOW + timedelta(minutes=1)), Uncertain.RESEND),
    ],
    ids=["asked", "too many tries", "over before the next try"],
)
def test_a_mail_that_may_have_arrived_is_left_to_a_person(trial: Trial, policy: Uncertain) -> None:
    assert interrupted(trial, "", policy, now=NOW) == Ending(MailState.UNCERTAIN, NOBODY_KNOWS)


def test_a_flagged_mail_stays_flagged_whatever_happens_to_it() -> None:
    endings = [
        refused(FLAGGED, "550", permanent=True, now=NOW),
        refused(FLAGGED, "451", permanent=False, now=NOW),
        refused(replace(FLAGGED, attempts=MOST_TRIES), "451", permanent=False, now=NOW),
        refused(replace(FLAGGED, expires_at=NOW), "451", permanent=False, now=NOW),
        unreachable(FLAGGED, "Nede", now=NOW),
        interrupted(FLAGGED, "", Uncertain.ASK, now=NOW),
        interrupted(FLAGGED, "", Uncertain.RESEND, now=NOW),
    ]
    assert all(ending.may_be_doubled for ending in endings)
    assert {ending.reason for ending in endings if ending.state is MailState.RETRY} == {INTERRUPTED}
