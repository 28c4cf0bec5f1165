"""A school's own, later due date: it counts everywhere, planning leaves it alone, and it can be taken back."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows import follow_up, plan_year, send_mail
from kvalitet.adapters.deliveries import deliver, waive
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.follow_up import calling, extending
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, log, outbox, plans
from kvalitet.adapters.store.agreements import contact_notes, extensions
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.extensions import Extension
from kvalitet.outgoing import MailState
from tests.adapters.installed import installation as made
from tests.builders import AARBY, RORBY, YEAR, activity, instant, municipality
from tests.flows.playing import mailed, turned

PROEVEBY = municipality(activity(), schools=(AARBY, RORBY))
KEY, OTHER = "proeveby.2026-27.local_goals.323001", "proeveby.2026-27.local_goals.323002"
LEADER = AARBY.leader.address


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    made_here = made(store, tmp_path, PROEVEBY)
    plan_year.run(made_here, PROEVEBY, now=instant("2026-08-01"), school_year=YEAR)
    return made_here


def extend(installation: Installation, due: str, *, on: str, reason: str = "Ny leder", key: str = KEY) -> bool:
    when = instant(on, "06:00")
    return extending.extend(
        installation, key, due=date.fromisoformat(due), reason=reason, by="Fagcenter Børn", now=when
    )


def take_back(installation: Installation, *, on: str) -> None:
    extending.take_back(installation, KEY, by="Fagcenter Børn", now=instant(on, "06:00"))


def heard(installation: Installation, key: str = KEY) -> list[tuple[str, str]]:
    return [(m.day, m.about[key]) for m in mailed(installation) if key in m.about and m.recipient == LEADER]


def states(installation: Installation, on: str) -> list[str]:
    return [row.state.value for row in installation.board(PROEVEBY, YEAR, now=instant(on)).rows]


def refusal(installation: Installation, due: str, *, on: str, key: str = KEY, reason: str = "Ny leder") -> str:
    with pytest.raises(UserError) as refused:
        extend(installation, due, on=on, key=key, reason=reason)
    return refused.value.message


def test_the_board_goes_by_the_schools_own_date(installation: Installation) -> None:
    assert extend(installation, "2026-10-30", on="2026-09-20")
    assert states(installation, "2026-10-01") == ["open", "overdue"]
    assert states(installation, "2026-10-31") == ["overdue", "overdue"]
    with installation.store.read() as connection:
        assert extensions.extension(connection, KEY) == Extension(
            date(2026, 10, 30), "Ny leder", "Fagcenter Børn", instant("2026-09-20", "06:00")
        )
        (event,) = log.events(connection, event="extended")
    told = (event.occurrence, event.detail, event.actor)
    assert told == (KEY, "til 30. oktober 2026: Ny leder", "Fagcenter Børn")


def test_the_ladder_is_climbed_towards_the_new_date_and_planning_does_not_undo_it(installation: Installation) -> None:
    turned(installation, PROEVEBY, "2026-08-17", "2026-09-20")
    extend(installation, "2026-10-30", on="2026-09-21")
    renamed = municipality(activity(title="Skolens lokale mål"), schools=(AARBY, RORBY))
    turned(made(installation.store, installation.settings.home, renamed), renamed, "2026-09-21", "2026-11-08")
    assert heard(installation) == [
        ("2026-08-17", "opening"),
        ("2026-09-16", "-14"),
        ("2026-10-16", "-14"),
        ("2026-10-27", "-3"),
        ("2026-11-02", "+1"),
        ("2026-11-06", "+7"),
    ]


def test_the_other_schools_keep_their_date(installation: Installation) -> None:
    extend(installation, "2026-10-30", on="2026-08-10")
    turned(installation, PROEVEBY, "2026-08-17", "2026-10-01")
    others = [(m.day, m.about[OTHER]) for m in mailed(installation) if OTHER in m.about]
    assert others == [("2026-08-17", "opening"), ("2026-09-16", "-14"), ("2026-09-25", "-3"), ("2026-10-01", "+1")]


def test_a_mail_that_waits_with_the_old_date_is_replaced_by_one_with_the_new(installation: Installation) -> None:
    turned(installation, PROEVEBY, "2026-08-17", "2026-09-15")
    follow_up.run(installation, PROEVEBY, now=instant("2026-09-16"))
    extend(installation, "2026-10-01", on="2026-09-16")
    asyncio.run(send_mail.run(installation, now=lambda: instant("2026-09-17", "07:00")))
    with installation.store.read() as connection:
        about = [mail for mail in outbox.mails(connection) if outbox.about(connection, mail.id) == {KEY: "-14"}]
    assert [(mail.state, mail.reason) for mail in about] == [
        (MailState.SENT, ""),
        (MailState.CANCELLED, "Erstattet af en mail med den frist, der gælder nu."),
    ]
    assert "1. oktober 2026" in about[0].content.decode()


def test_an_extension_that_is_taken_back_leaves_the_date_of_the_wheel(installation: Installation) -> None:
    turned(installation, PROEVEBY, "2026-08-17", "2026-09-20")
    extend(installation, "2026-11-30", on="2026-09-21")
    take_back(installation, on="2026-10-05")
    assert states(installation, "2026-10-05") == ["overdue", "overdue"]
    turned(installation, PROEVEBY, "2026-10-05", "2026-10-06")
    assert heard(installation)[-1] == ("2026-10-05", "+1")
    with installation.store.read() as connection:
        (event,) = log.events(connection, event="extension_ended")
        assert extensions.dues(connection, "proeveby") == {}
    assert (event.detail, event.actor) == ("fristen er igen 30. september 2026", "Fagcenter Børn")
    with pytest.raises(UserError, match="er ikke udsat; der er intet at tage tilbage"):
        take_back(installation, on="2026-10-05")


def test_a_second_extension_takes_the_place_of_the_first_and_the_same_again_changes_nothing(
    installation: Installation,
) -> None:
    extend(installation, "2026-10-30", on="2026-09-21")
    assert not extend(installation, "2026-10-30", on="2026-09-22")
    assert extend(installation, "2026-10-16", on="2026-09-23", reason="Aftalt på ny")
    with installation.store.read() as connection:
        assert extensions.dues(connection, "proeveby") == {KEY: date(2026, 10, 16)}
        assert len(log.events(connection, event="extended")) == 2


def test_where_the_whole_wheel_moves_past_a_schools_own_date_the_wheels_holds(installation: Installation) -> None:
    extend(installation, "2026-10-09", on="2026-09-21")
    later = municipality(activity(due="start-11-30"), schools=(AARBY, RORBY))
    plan_year.run(made(installation.store, installation.settings.home, later), later, now=instant("2026-09-22"))
    with installation.store.read() as connection:
        dues = {found.key: found.due for found in plans.occurrences(connection, "proeveby", YEAR)}
        planned = {found.key: found.due for found in plans.planned(connection, "proeveby", YEAR)}
    assert dues == planned == {KEY: date(2026, 11, 30), OTHER: date(2026, 11, 30)}


def test_the_plan_itself_keeps_the_date_of_the_wheel(installation: Installation) -> None:
    extend(installation, "2026-10-30", on="2026-09-21")
    with installation.store.read() as connection:
        planned, holds = plans.planned_one(connection, KEY), plans.occurrence(connection, KEY)
    assert planned is not None
    assert holds == replace(planned, due=date(2026, 10, 30))
    assert not plan_year.changes(installation, PROEVEBY, YEAR)


def test_before_it_opens_an_extended_deliverable_still_opens_on_its_day(installation: Installation) -> None:
    extend(installation, "2026-10-30", on="2026-08-05")
    turned(installation, PROEVEBY, "2026-08-06", "2026-08-17")
    assert heard(installation) == [("2026-08-17", "opening")]


def test_what_is_wrong_is_said_and_nothing_is_changed(installation: Installation) -> None:
    assert refusal(installation, "2026-10-30", on="2026-09-21", reason=" ") == (
        "Skriv, hvorfor fristen udsættes; begrundelsen vises på forekomstens side."
    )
    assert refusal(installation, "2026-09-30", on="2026-09-21") == (
        "Den nye frist skal ligge efter den planlagte, 30.09.2026; vælg en senere dag."
    )
    assert refusal(installation, "2026-10-30", on="2026-09-21", key="proeveby.unknown").startswith("»proeveby.unknown«")
    with installation.store.read() as connection:
        assert log.events(connection, event="extended") == []


def test_what_is_delivered_or_waived_has_no_date_to_extend(installation: Installation) -> None:
    deliver(installation, KEY, Submission({"goal": "3 %"}, "Leder"), now=instant("2026-09-01", "10:00"))
    waive(installation, OTHER, reason="Aftalt", by="Forvaltningen", now=instant("2026-09-01", "10:00"))
    assert refusal(installation, "2026-10-30", on="2026-09-02") == (
        "»Skolens egne mål« er afleveret; der er ingen frist at udsætte."
    )
    assert refusal(installation, "2026-10-30", on="2026-09-02", key=OTHER) == (
        "Skolen er fritaget for »Skolens egne mål«; der er ingen frist at udsætte."
    )


def test_taking_it_back_after_a_delivery_wakes_nobody(installation: Installation) -> None:
    extend(installation, "2026-10-30", on="2026-09-01")
    deliver(installation, KEY, Submission({"goal": "3 %"}, "Leder"), now=instant("2026-10-10", "10:00"))
    take_back(installation, on="2026-10-12")
    turned(installation, PROEVEBY, "2026-10-13", "2026-10-14")
    assert [day for day, _ in heard(installation) if day > "2026-10-12"] == []


def test_a_deliverable_that_left_the_wheel_has_no_date_to_extend(installation: Installation) -> None:
    without = made(installation.store, installation.settings.home, municipality(activity("other"), schools=(AARBY,)))
    assert refusal(without, "2026-10-30", on="2026-09-02") == (
        "»Skolens egne mål« er udgået af årshjulet; der skal ikke afleveres noget."
    )


def test_a_phone_call_is_kept_with_who_and_when_and_stands_in_no_mail_and_not_in_the_log(
    installation: Installation,
) -> None:
    turned(installation, PROEVEBY, "2026-08-17")
    with installation.store.read() as connection:
        occurrence = plans.occurrence(connection, KEY)
    assert occurrence is not None
    when = instant("2026-09-21", "10:00")
    calling.note_call(installation, occurrence, " Lederen er syg til mandag. ", by="Fagcenter Børn", now=when)
    turned(installation, PROEVEBY, "2026-09-21", "2026-10-10")
    with installation.store.read() as connection:
        (note,) = contact_notes.of_occurrence(connection, KEY)
        assert contact_notes.of_school(connection, "proeveby", AARBY.number, YEAR) == [note]
        assert contact_notes.counts(connection, "proeveby", YEAR) == {KEY: 1}
        contents = b"".join(mail.content for mail in outbox.mails(connection))
        (event,) = log.events(connection, event="called")
    assert (note.title, note.text, note.noted_by, note.noted_at) == (
        "Skolens egne mål",
        "Lederen er syg til mandag.",
        "Fagcenter Børn",
        when,
    )
    assert b"syg til mandag" not in contents
    assert (event.detail, event.actor) == ("", "Fagcenter Børn")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (" ", "Skriv, hvad der blev talt om."),
        ("x" * 2001, "Notatet er for langt; det må højst fylde 2000 tegn."),
    ],
)
def test_a_note_says_something_and_is_no_novel(installation: Installation, text: str, told: str) -> None:
    with installation.store.read() as connection:
        occurrence = plans.occurrence(connection, KEY)
    assert occurrence is not None
    with pytest.raises(UserError) as refused:
        calling.note_call(installation, occurrence, text, by="Fagcenter Børn", now=instant("2026-09-21"))
    assert refused.value.message == told
