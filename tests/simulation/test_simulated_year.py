"""A whole year of Kalundborg, played through the code that runs in production."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.municipality_files import load
from kvalitet.adapters.store import bookings
from kvalitet.days import SchoolYear
from kvalitet.messages import KINDS
from kvalitet.outgoing import MailState
from kvalitet.simulation import play_year
from kvalitet.simulation.writing import TOLD
from kvalitet.status import BookingState
from kvalitet.timetable import Slot
from tests.calendar_checkers.byte_rules import broken_mail
from tests.simulation.kept import Kept, keep
from tests.simulation.played import DEPLOYMENTS, TASKS, Invited, Played, contents, danish_day, play, recipient

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play("kalundborg", 2026, tmp_path_factory.mktemp("year") / "out", seed=1)


@pytest.fixture(scope="module")
def kept(year: Played, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    found = keep(year, tmp_path_factory.mktemp("kept"), seed=1, every=timedelta(days=4))
    yield found
    found.installation.store.close()


def test_every_mail_lies_numbered_in_the_order_of_sending(year: Played) -> None:
    names = sorted(file.name for file in (year.folder / "mail").iterdir())
    assert names == [f"{number:06d}.eml" for number in range(1, len(names) + 1)]
    assert [mail["Message-ID"] for mail in year.mails] == [line.message_id for line in year.of("mail_sent")]
    assert [recipient(mail) for mail in year.mails] == [line.recipient for line in year.of("mail_sent")]
    dates = [parsedate_to_datetime(mail["Date"]) for mail in year.mails]
    assert dates == sorted(dates)


def test_every_invitation_keeps_to_the_rules_for_bytes(year: Played) -> None:
    mails = [file.read_bytes() for file in sorted((year.folder / "mail").iterdir())]
    invitations = [mail for mail in mails if b"Content-Type: text/calendar" in mail]
    assert len(invitations) == len(year.invites) > 100
    assert [broken for mail in invitations for broken in broken_mail(mail)] == []


def test_the_log_has_its_columns_and_only_the_events_that_are_promised(year: Played) -> None:
    assert year.columns == [
        "at",
        "event",
        "municipality",
        "activity",
        "school",
        "recipient",
        "message_id",
        "detail",
    ]
    assert {line.event for line in year.lines} == {
        "mail_sent",
        "delivered",
        "waived",
        "extract_published",
        "meeting_booked",
        "occurrence_opened",
        "verdict",
    }
    assert {line.event for line in year.lines} == set(TOLD)
    instants = [line.at for line in year.lines]
    assert instants == sorted(instants)


def test_every_kind_of_mail_was_needed(year: Played) -> None:
    assert {line.template for line in year.of("mail_sent")} == TASKS | {"invitation", "receipt", "weekly_digest"}


def test_no_mail_goes_out_on_a_weekend_a_public_holiday_or_in_the_school_holidays(year: Played) -> None:
    closed = [line for line in year.of("mail_sent") if not year.municipality.calendar.is_mail_day(danish_day(line))]
    assert closed == []


def test_nobody_gets_two_reminding_mails_on_a_day(year: Played) -> None:
    reminding = [line for line in year.of("mail_sent") if line.template in TASKS]
    many = [
        of for of, number in Counter((line.recipient, danish_day(line)) for line in reminding).items() if number > 1
    ]
    assert len(reminding) > 200
    assert many == []


def test_everybody_hears_exactly_what_the_ladder_says_until_it_is_delivered_or_waived(kept: Kept) -> None:
    heard = kept.heard()
    assert heard == kept.expected()
    assert {entry.step for entry in heard} == {"opening", "-14", "-3", "+1", "+7", "+14"}


def test_no_mail_waits_fails_or_is_made_in_vain(kept: Kept) -> None:
    assert {mail.state for mail in kept.mails()} == {MailState.SENT}


def test_turning_a_day_again_sends_nothing_new(year: Played, kept: Kept) -> None:
    assert kept.again == []
    assert contents(kept.installation.settings.home / "mailbox") == contents(year.folder / "mail")


def test_every_invite_is_one_meeting_for_its_recipient_at_the_booked_time(year: Played, kept: Kept) -> None:
    with kept.installation.store.read() as connection:
        booked = bookings.bookings(connection, year.municipality.key)
    sender, wheel = year.municipality.sender, year.municipality.wheel
    assert len(year.invites) == sum(line.template == "invitation" for line in year.of("mail_sent"))
    for found in year.invites:
        key, _, domain = found.uid.rpartition("@")
        assert (found.method, domain, found.sequence) == ("REQUEST", sender.domain, 0)
        held_for = year.municipality.organizer(wheel.activity(year.plan[key].activity).meeting.on_behalf_of)
        assert (found.attendees, found.organizer) == ((found.recipient,), (held_for or sender).address)
        assert booked[key].state is BookingState.BOOKED
        assert booked[key].slot == Slot(found.starts_at, found.ends_at)
        assert year.plan[key].opens <= found.starts_at.date() <= year.plan[key].due


def test_every_invite_says_its_method_in_the_mail_too_and_breaks_its_lines_as_calendars_want(year: Played) -> None:
    parts = [part for mail in year.mails for part in mail.walk() if part.get_content_type() == "text/calendar"]
    for part in parts:
        assert part.get_param("method") == "REQUEST"
        raw = part.get_payload(decode=True)
        assert isinstance(raw, bytes)
        assert raw.endswith(b"END:VCALENDAR\r\n")
        assert max(len(line) for line in raw.split(b"\r\n")) <= 75


def test_nobody_is_to_be_in_two_places_at_once(year: Played) -> None:
    diary: dict[str, list[Invited]] = defaultdict(list)
    for found in year.invites:
        diary[found.recipient].append(found)
    clashes = [
        (person, one.uid, other.uid)
        for person, held in diary.items()
        for one, other in combinations(held, 2)
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at
    ]
    assert len(diary) > len(year.municipality.schools)
    assert clashes == []


def test_meetings_are_held_on_school_days_in_office_hours(year: Played) -> None:
    hours = year.municipality.office_hours
    for found in year.invites:
        assert year.municipality.calendar.is_mail_day(found.starts_at.date())
        assert hours.first <= found.starts_at.time() < found.ends_at.time() <= hours.last


def test_all_that_opened_and_was_delivered_is_of_the_year_s_plan(year: Played) -> None:
    opening = [occurrence for occurrence in year.plan.values() if occurrence.kind in {"deliverable", "effort"}]
    assert len(year.of("occurrence_opened")) == len(opening)
    meetings = [occurrence for occurrence in year.plan.values() if occurrence.kind.is_meeting]
    assert len(year.of("meeting_booked")) == len(meetings)
    done = Counter((line.activity, line.school) for line in year.of("delivered") + year.of("waived"))
    assert set(done.values()) == {1}
    assert set(done) <= {(occurrence.activity, occurrence.school) for occurrence in opening}


def test_the_wheel_is_drawn_at_the_end_of_every_month_that_it_turns(year: Played) -> None:
    drawn = sorted(file.stem.removeprefix("wheel-") for file in year.folder.glob("wheel-*.svg"))
    assert drawn == [f"2026-{month:02d}" for month in range(3, 13)] + [f"2027-{month:02d}" for month in range(1, 7)]


def test_the_summary_counts_what_the_log_tells(year: Played) -> None:
    summary = (year.folder / "summary.md").read_text(encoding="utf-8")
    table = summary.partition("## Mails\n")[2].partition("##")[0]
    told = dict(re.findall(r"^\| ([a-zæøå ]+) \| (\d+) \|$", table, re.MULTILINE))
    counted = Counter(KINDS[line.template] for line in year.of("mail_sent"))
    assert told == {kind: str(number) for kind, number in counted.items()}
    assert summary.startswith("# Kalundborg Kommune, skoleåret 2026/27: en afspilning\n")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_year(tmp_path: Path) -> None:
    first = contents(play("hvidovre", 2026, tmp_path / "first", seed=7).folder)
    again = contents(play("hvidovre", 2026, tmp_path / "again", seed=7).folder)
    days: list[date] = []
    other = contents(play("hvidovre", 2026, tmp_path / "other", seed=8, tell=days.append).folder)
    assert {"events.csv", "summary.md", "mail/000001.eml", "wheel-2026-12.svg"} <= set(first)
    assert first == again
    assert first["events.csv"] != other["events.csv"]
    assert {later - earlier for earlier, later in pairwise(days)} == {timedelta(days=1)}  # each day is told as it ends


def test_an_earlier_year_with_a_week_53_at_its_heels_can_be_played_too(tmp_path: Path) -> None:
    past = play("kalundborg", 2018, tmp_path / "out", seed=1)
    assert len({occurrence.school for occurrence in past.plan.values() if occurrence.school}) == 15
    assert {danish_day(line).year for line in past.of("mail_sent")} == {2018, 2019}
    assert {line.template for line in past.of("mail_sent")} >= TASKS
    closed = [line for line in past.of("mail_sent") if not past.municipality.calendar.is_mail_day(danish_day(line))]
    assert closed == []


def test_a_folder_with_something_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("min egen fil", encoding="utf-8")
    with pytest.raises(UserError) as refused:
        play_year(load(DEPLOYMENTS / "hvidovre"), SchoolYear(2026), tmp_path, seed=1, files=DEPLOYMENTS)
    assert refused.value.message == (f"Mappen »{tmp_path}« er ikke tom; vælg en tom eller ny mappe til afspilningen.")
    assert contents(tmp_path) == {"mine.txt": b"min egen fil"}
