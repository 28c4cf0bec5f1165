"""Answers to invitations: which one counts, and what becomes of the others."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from kvalitet.adapters import meetings
from kvalitet.adapters.store import Store, log
from kvalitet.adapters.store.tables import schema
from kvalitet.invites import Answer
from kvalitet.timetable import local_slot
from tests.adapters.incoming import mails
from tests.adapters.incoming.mails import MEETING, attendee, kept, read, reply
from tests.adapters.mail.samples import AARBY, KALUNDBORG, NOW, RENDERER

NAME = AARBY.leader.name
LATER = NOW + timedelta(days=3)


@pytest.fixture
def invited(store: Store) -> Store:
    mails.invite(store)
    return store


def answer_of(store: Store) -> tuple[Answer, str]:
    found = attendee(store)
    return found.answer, found.comment


def move(store: Store) -> None:
    later = local_slot(date(2026, 9, 21), time(13, 0), 90)
    with store.write() as connection:
        meetings.move(connection, RENDERER, KALUNDBORG, MEETING, later, now=NOW + timedelta(hours=1))


def test_an_answer_of_exchange_is_kept_with_its_comment_and_told(invited: Store, tmp_path: Path) -> None:
    assert read(invited, tmp_path, reply(), now=LATER) == {"answer": 1}

    assert answer_of(invited) == (Answer.ACCEPTED, "Jeg kommer lidt, men kun lidt, for sent")
    with invited.read() as connection:
        assert log.events(connection)[-1].detail == f"{NAME} deltager"
    (mail,) = kept(invited)
    assert (mail.occurrence, mail.municipality, mail.detail) == (MEETING.key, "kalundborg", f"{NAME} deltager")


def test_a_mail_is_read_once(invited: Store, tmp_path: Path) -> None:
    assert read(invited, tmp_path, reply()) == {"answer": 1}
    assert read(invited, tmp_path) == {}
    assert (tmp_path / "read" / "0.eml").exists()


def test_a_mail_that_was_kept_but_not_marked_is_not_dealt_with_again(invited: Store, tmp_path: Path) -> None:
    decline = reply("DECLINED", message_id="<1@kalundborg.example>")
    assert read(invited, tmp_path, decline) == {"answer": 1}
    read(invited, tmp_path, reply("ACCEPTED", stamp="20260825T090000Z"), now=LATER)
    assert read(invited, tmp_path, decline, now=LATER) == {}
    assert answer_of(invited)[0] is Answer.ACCEPTED
    assert len(kept(invited)) == 2


def test_an_id_that_a_stranger_uses_again_does_not_hide_an_answer(invited: Store, tmp_path: Path) -> None:
    theirs = mails.human(sender="en.anden@fremmed.example", headers=["Message-ID: <1@kalundborg.example>"])
    ours = reply(message_id="<1@kalundborg.example>")
    assert read(invited, tmp_path, theirs, ours, now=LATER) == {"human": 1, "answer": 1}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_latest_answer_wins_in_whatever_order_they_come(
    invited: Store, tmp_path: Path, order: tuple[int, int]
) -> None:
    answers = [reply("ACCEPTED", stamp="20260825T080000Z"), reply("DECLINED", stamp="20260825T090000Z")]
    read(invited, tmp_path, *(answers[place] for place in order), now=LATER)

    assert answer_of(invited)[0] is Answer.DECLINED


def test_an_older_answer_is_set_aside_and_says_so(invited: Store, tmp_path: Path) -> None:
    read(invited, tmp_path, reply("DECLINED", stamp="20260825T090000Z"), now=LATER)
    assert read(invited, tmp_path, reply("ACCEPTED", stamp="20260825T080000Z"), now=LATER) == {"set_aside": 1}
    assert kept(invited)[0].detail == "Svarede »deltager«, men et nyere svar var kommet."


def test_an_answer_to_the_time_before_the_move_does_not_count(invited: Store, tmp_path: Path) -> None:
    move(invited)
    assert read(invited, tmp_path, reply(sequence=0), now=LATER) == {"set_aside": 1}
    assert answer_of(invited) == (Answer.NEEDS_ACTION, "")
    assert kept(invited)[0].detail == "Svarede »deltager« på en tidligere indkaldelse; mødet er ændret siden."

    assert read(invited, tmp_path, reply("TENTATIVE", sequence=1), now=LATER) == {"answer": 1}
    assert answer_of(invited)[0] is Answer.TENTATIVE


def test_an_answer_to_an_invitation_that_was_never_sent_does_not_count(invited: Store, tmp_path: Path) -> None:
    assert read(invited, tmp_path, reply(sequence=7), now=LATER) == {"set_aside": 1}
    assert answer_of(invited)[0] is Answer.NEEDS_ACTION


def test_a_stamp_from_the_year_9999_does_not_block_later_answers(invited: Store, tmp_path: Path) -> None:
    read(invited, tmp_path, reply("ACCEPTED", stamp="99991231T235959Z"), now=LATER)
    assert answer_of(invited)[0] is Answer.ACCEPTED

    read(invited, tmp_path, reply("DECLINED", stamp="20260828T080000Z"), now=LATER + timedelta(days=2))
    assert answer_of(invited)[0] is Answer.DECLINED


def test_two_answers_of_a_clock_that_runs_ahead_count_in_the_order_in_which_they_came(
    invited: Store, tmp_path: Path
) -> None:
    ahead = [reply("ACCEPTED", stamp="20270101T100000Z"), reply("DECLINED", stamp="20270101T100100Z")]
    read(invited, tmp_path, *ahead, now=LATER)
    assert answer_of(invited)[0] is Answer.DECLINED


def test_a_forged_answer_is_kept_as_unconfirmed(invited: Store, tmp_path: Path) -> None:
    assert read(invited, tmp_path, reply(passed=""), now=LATER) == {"answer": 1}
    assert (attendee(invited).answer, attendee(invited).is_confirmed) == (Answer.ACCEPTED, False)
    assert kept(invited)[0].detail == f"{NAME} deltager (ubekræftet)"


def test_an_answer_from_another_address_is_unconfirmed_though_the_server_vouches_for_it(
    invited: Store, tmp_path: Path
) -> None:
    assert read(invited, tmp_path, reply(sender="en.anden@kalundborg.example"), now=LATER) == {"answer": 1}
    assert attendee(invited).is_confirmed is False


@pytest.mark.parametrize(
    ("sender", "is_confirmed"),
    [("sekretaer@kalundborg.example", True), ("sekretaer@fremmed.example", False)],
)
def test_only_somebody_of_the_same_house_may_answer_in_anothers_place(
    invited: Store, tmp_path: Path, sender: str, *, is_confirmed: bool
) -> None:
    domain = sender.rpartition("@")[2]
    passed = mails.PASSED.replace("kalundborg.example", domain).replace(f"mx.{domain}", mails.SERVER)
    read(invited, tmp_path, reply(sender=sender, sent_by=sender, passed=passed), now=LATER)
    assert (attendee(invited).answer, attendee(invited).is_confirmed) == (Answer.ACCEPTED, is_confirmed)


def test_an_unconfirmed_answer_never_takes_the_place_of_a_confirmed_one(invited: Store, tmp_path: Path) -> None:
    read(invited, tmp_path, reply("ACCEPTED"), now=LATER)
    forged = reply("DECLINED", stamp="20260826T080000Z", passed="")
    assert read(invited, tmp_path, forged, now=LATER) == {"set_aside": 1}

    assert (attendee(invited).answer, attendee(invited).is_confirmed) == (Answer.ACCEPTED, True)
    told = "Svarede »deltager ikke«, men afsenderen er ubekræftet, og der er et bekræftet svar."
    assert kept(invited)[0].detail == told


def test_a_confirmed_answer_takes_the_place_of_a_forged_one_whatever_its_stamp(invited: Store, tmp_path: Path) -> None:
    read(invited, tmp_path, reply("DECLINED", stamp="20260826T080000Z", passed=""), now=LATER)
    assert read(invited, tmp_path, reply("ACCEPTED", stamp="20260825T080000Z"), now=LATER) == {"answer": 1}
    assert (attendee(invited).answer, attendee(invited).is_confirmed) == (Answer.ACCEPTED, True)


def test_without_the_servers_name_nobody_is_confirmed_but_the_newest_answer_counts(
    invited: Store, tmp_path: Path
) -> None:
    read(invited, tmp_path, reply("ACCEPTED"), now=LATER, authserv_id="")
    read(invited, tmp_path, reply("DECLINED", stamp="20260825T090000Z"), now=LATER, authserv_id="")
    assert (attendee(invited).answer, attendee(invited).is_confirmed) == (Answer.DECLINED, False)


COUNTER = reply().replace("METHOD:REPLY", "METHOD:COUNTER")


@pytest.mark.parametrize(
    ("mail", "detail"),
    [
        (
            COUNTER.replace("DTSTAMP", "DTSTART:20260915T070000Z\r\nDTSTAMP"),
            "Foreslår en anden tid: tirsdag den 15. september 2026, uge 38, kl. 9.00.",
        ),
        (COUNTER, "Foreslår en anden tid."),
        (
            reply("DELEGATED").replace("PARTSTAT", 'DELEGATED-TO="mailto:vice@kalundborg.example";PARTSTAT'),
            "Har givet indkaldelsen videre til vice@kalundborg.example.",
        ),
        (
            reply(sender="en.anden@kalundborg.example", attendee="en.anden@kalundborg.example"),
            "en.anden@kalundborg.example er ikke indkaldt til mødet, men har svaret »deltager«.",
        ),
        (reply(uid="ukendt@kalundborg.example"), "Svaret er på et møde, som ikke findes her."),
        (reply("NEEDS-ACTION"), "Et kalendersvar, som ikke kan læses af systemet."),
        (reply(stamp="i går"), ""),
        (reply(sequence=10**30), ""),
        (reply(sequence=-1), ""),
        (reply().replace("BEGIN:VEVENT", "BEGIN:VEVENT\r\nBEGIN:VEVENT"), ""),
    ],
    ids=[
        "counter",
        "bare counter",
        "delegated",
        "not invited",
        "unknown",
        "no answer",
        "stamp",
        "huge",
        "minus",
        "bad",
    ],
)
def test_what_is_no_answer_from_an_invited_person_is_left_to_a_person(
    invited: Store, tmp_path: Path, mail: str, detail: str
) -> None:
    assert read(invited, tmp_path, mail, now=LATER) == {"human": 1}
    assert answer_of(invited) == (Answer.NEEDS_ACTION, "")
    assert [found.detail for found in kept(invited)] == [detail]


def test_somebody_who_is_no_longer_invited_goes_to_a_person(invited: Store, tmp_path: Path) -> None:
    with invited.write() as connection:
        connection.execute(update(schema.attendee).values(removed_at=NOW))
    assert read(invited, tmp_path, reply(), now=LATER) == {"human": 1}
