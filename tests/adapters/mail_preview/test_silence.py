"""Why a person gets no mail on a day: one sentence for each, and what stands behind it point for point."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flows import plan_year
from kvalitet.adapters.deliveries import deliver, waive
from kvalitet.adapters.follow_up import pausing
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.mail_preview import Line, preview
from kvalitet.adapters.store import Store, address_marks
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.wheel import Role
from tests.adapters.installed import installation as made
from tests.builders import AARBY, CONSULTANT, DIRECTOR, OFFICE, RORBY, YEAR, activity, instant, municipality
from tests.flows.playing import turned

GOALS = activity()
STATEMENT = activity("statement", title="Udtalelse", opens="start-11-01", due="start-12-15", after=("local_goals",))
BOARD = activity("board", title="Bestyrelsens svar", opens="start-12-01", due="start-12-20", owner=Role.DIRECTOR)
PROEVEBY = municipality(GOALS, STATEMENT, BOARD, schools=(AARBY, RORBY))
KEY = "proeveby.2026-27.local_goals.323001"


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    made_here = made(store, tmp_path, PROEVEBY)
    plan_year.run(made_here, PROEVEBY, now=instant("2026-08-01"), school_year=YEAR)
    return made_here


def line_of(installation: Installation, address: str, day: str, *, now: str) -> Line:
    shown = preview(installation, PROEVEBY, date.fromisoformat(day), now=instant(now, "12:00"))
    (line,) = [line for line in shown.silent if line.recipient == address]
    return line


def leader(installation: Installation, day: str, *, now: str) -> str:
    return line_of(installation, AARBY.leader.address, day, now=now).reason


def test_before_anything_opens_nothing_is_open(installation: Installation) -> None:
    assert leader(installation, "2026-08-12", now="2026-08-12") == "Intet er åbent."


def test_on_a_closed_day_that_is_the_reason(installation: Installation) -> None:
    found = line_of(installation, AARBY.leader.address, "2026-08-16", now="2026-08-14")
    assert (found.reason, found.details) == ("Lukket (søndag).", ())


def test_between_two_steps_the_next_one_is_named_and_each_point_is_told(installation: Installation) -> None:
    turned(installation, PROEVEBY, "2026-08-17")
    found = line_of(installation, AARBY.leader.address, "2026-08-20", now="2026-08-19")
    assert found.reason == "Mangler at aflevere; næste mail er 16. september 2026."
    assert found.details == (
        "»Skolens egne mål« mangler; næste mail er 16. september 2026",
        "»Udtalelse« åbner først 1. november 2026",
        "»Bestyrelsens svar« åbner først 1. december 2026",
    )


def test_who_has_delivered_all_and_who_is_waived_are_told_apart(installation: Installation) -> None:
    deliver(installation, KEY, Submission({"goal": "x"}, "Lederen"), now=instant("2026-09-01", "10:00"))
    waive(installation, KEY.replace("323001", "323002"), reason="Ny", by="F", now=instant("2026-09-01"))
    assert leader(installation, "2026-09-16", now="2026-09-15") == "Har afleveret alt, der er åbent."
    other = line_of(installation, RORBY.leader.address, "2026-09-16", now="2026-09-15")
    assert other.reason == "Har afleveret eller er fritaget for alt, der er åbent."
    assert other.details[0] == "»Skolens egne mål« er fritaget"


def test_what_waits_for_something_else_says_for_what(installation: Installation) -> None:
    turned(installation, PROEVEBY, "2026-08-17", "2026-10-14")
    found = line_of(installation, AARBY.leader.address, "2026-11-03", now="2026-11-02")
    assert found.reason == "Mangler at aflevere, men der er ikke flere trin på rykkerstigen."
    assert "»Udtalelse« venter på »Skolens egne mål«" in found.details


def test_those_who_are_told_of_others_hear_when_somebody_is_late_enough(installation: Installation) -> None:
    def told(address: str, day: str, now: str) -> str:
        return line_of(installation, address, day, now=now).reason

    consultant, director = CONSULTANT.address, DIRECTOR.address
    early = "Ingen er over fristen med noget, som rollen får besked om."
    assert told(consultant, "2026-09-16", "2026-09-15") == early
    turned(installation, PROEVEBY, "2026-08-17", "2026-10-01")
    assert told(consultant, "2026-10-02", "2026-10-01") == (
        "Nogle er over fristen; rollen får tidligst besked 7. oktober 2026."
    )
    turned(installation, PROEVEBY, "2026-10-02", "2026-10-14")
    assert told(consultant, "2026-10-15", "2026-10-14") == "Har fået besked om alle, der er over fristen."
    assert told(director, "2026-10-15", "2026-10-14") == "Har fået besked om alle, der er over fristen."
    assert told(OFFICE.address, "2026-10-15", "2026-10-14") == "Får ugens overblik på ugens første skoledag."


def test_an_address_whose_mails_come_back_is_said_to_be_marked(installation: Installation) -> None:
    with installation.store.write() as connection:
        address_marks.mark(
            connection, "proeveby", AARBY.leader.address, reason="Ukendt postkasse", now=instant("2026-08-10")
        )
    assert leader(installation, "2026-08-12", now="2026-08-12") == (
        "Adressen er mærket, så intet sendes til den: Ukendt postkasse"
    )


def test_who_neither_delivers_nor_is_told_is_said_to_be_outside(store: Store, tmp_path: Path) -> None:
    alone = municipality(activity(ladder=()), schools=(AARBY,))
    made_here = made(store, tmp_path, alone)
    plan_year.run(made_here, alone, now=instant("2026-08-01"), school_year=YEAR)
    shown = preview(made_here, alone, date(2026, 8, 20), now=instant("2026-08-19"))
    assert {line.recipient: line.reason for line in shown.silent if line.recipient == DIRECTOR.address} == {
        DIRECTOR.address: "Afleverer intet og får ikke besked om andres."
    }


def test_a_pause_of_several_deliverables_is_told_once(store: Store, tmp_path: Path) -> None:
    two = municipality(GOALS, activity("plan", title="Handleplan"), schools=(AARBY, RORBY))
    made_here = made(store, tmp_path, two)
    plan_year.run(made_here, two, now=instant("2026-08-01"), school_year=YEAR)
    pausing.pause(
        made_here,
        two,
        AARBY.number,
        first_day=date(2026, 8, 10),
        last_day=None,
        reason="Brand",
        by="F",
        now=instant("2026-08-10"),
    )
    shown = preview(made_here, two, date(2026, 8, 20), now=instant("2026-08-19"))
    (found,) = [line for line in shown.silent if line.recipient == AARBY.leader.address]
    assert found.reason == "Mangler at aflevere, men »Skolens egne mål« og »Handleplan« er på pause (Brand)."
