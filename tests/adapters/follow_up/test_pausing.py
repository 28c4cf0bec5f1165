"""A school on pause: nobody is written to about what it misses, and afterwards only the newest step is taken."""

from datetime import date
from pathlib import Path

import pytest

from flows import plan_year
from kvalitet.adapters.deliveries import deliver, waive
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.follow_up import pausing
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, log
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.quiet import school_pauses
from kvalitet.letters import weekly_digest
from tests.adapters.installed import installation as made
from tests.builders import AARBY, RORBY, YEAR, activity, instant, municipality
from tests.flows.playing import mailed, turned

PROEVEBY = municipality(activity(), schools=(AARBY, RORBY))
KEY = "proeveby.2026-27.local_goals.323001"
LEADER = AARBY.leader.address


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    made_here = made(store, tmp_path, PROEVEBY)
    plan_year.run(made_here, PROEVEBY, now=instant("2026-08-01"), school_year=YEAR)
    return made_here


def pause(installation: Installation, first: str, last: str | None, *, on: str) -> None:
    pausing.pause(
        installation,
        PROEVEBY,
        AARBY.number,
        first_day=date.fromisoformat(first),
        last_day=date.fromisoformat(last) if last else None,
        reason="Vandskade",
        by="Forvaltningen",
        now=instant(on, "12:00"),
    )


def heard(installation: Installation, key: str = KEY) -> list[tuple[str, str, str]]:
    return [(m.day, m.recipient, m.about[key]) for m in mailed(installation) if key in m.about]


def test_after_a_pause_over_four_steps_each_person_hears_the_newest_one_once(installation: Installation) -> None:
    turned(installation, PROEVEBY, "2026-08-17", "2026-09-10")
    pause(installation, "2026-09-11", "2026-10-09", on="2026-09-10")
    turned(installation, PROEVEBY, "2026-09-11", "2026-10-09")
    assert heard(installation) == [("2026-08-17", LEADER, "opening")]
    turned(installation, PROEVEBY, "2026-10-10", "2026-10-12")
    assert heard(installation)[1:] == [
        ("2026-10-12", LEADER, "+7"),
        ("2026-10-12", "konsulent@proeveby.example", "+7"),
    ]


def test_the_other_schools_are_reminded_meanwhile(installation: Installation) -> None:
    pause(installation, "2026-08-10", None, on="2026-08-10")
    turned(installation, PROEVEBY, "2026-08-17", "2026-09-16")
    steps = [step for _, _, step in heard(installation, "proeveby.2026-27.local_goals.323002")]
    assert (heard(installation), steps) == ([], ["opening", "-14"])


def test_a_pause_that_is_ended_early_is_over_the_same_day(installation: Installation) -> None:
    pause(installation, "2026-08-10", "2026-12-31", on="2026-08-10")
    turned(installation, PROEVEBY, "2026-08-17", "2026-08-19")
    pausing.end(installation, PROEVEBY, AARBY.number, now=instant("2026-08-20", "06:00"))
    turned(installation, PROEVEBY, "2026-08-20")
    assert heard(installation) == [("2026-08-20", LEADER, "opening")]


def test_what_lay_in_the_outbox_when_the_pause_began_comes_after_it(installation: Installation) -> None:
    from kvalitet.adapters.follow_up import following  # noqa: PLC0415 -- named here since the flow would also send

    following.follow_up(installation, PROEVEBY, now=instant("2026-08-17"))
    pause(installation, "2026-08-17", "2026-08-18", on="2026-08-17")
    turned(installation, PROEVEBY, "2026-08-18", "2026-08-19")
    assert heard(installation) == [("2026-08-17", LEADER, "opening"), ("2026-08-19", LEADER, "opening")]


def test_what_is_delivered_during_the_pause_is_not_asked_for_after_it(installation: Installation) -> None:
    turned(installation, PROEVEBY, "2026-08-17")
    pause(installation, "2026-09-11", "2026-10-09", on="2026-09-10")
    deliver(installation, KEY, Submission({"goal": "Flere i skole"}, "Lederen"), now=instant("2026-09-20", "10:00"))
    turned(installation, PROEVEBY, "2026-10-12")
    assert heard(installation)[1:] == [("2026-09-20", LEADER, "receipt:1")]


def test_the_board_and_the_digest_say_that_a_school_is_on_pause(installation: Installation) -> None:
    pause(installation, "2026-09-01", "2026-09-02", on="2026-08-20")
    board = installation.board(PROEVEBY, YEAR, now=instant("2026-09-02"))
    assert [row.pause for row in board.rows] == ["Vandskade", ""]
    (digest,) = weekly_digest(board)
    rows = digest.values["rows"]
    assert isinstance(rows, tuple)
    assert rows[0].missing == ("Aarby Skole (på pause)", "Rørby Skole")
    assert [row.pause for row in installation.board(PROEVEBY, YEAR, now=instant("2026-09-03")).rows] == ["", ""]


def test_beginning_and_ending_a_pause_stand_in_the_log(installation: Installation) -> None:
    pause(installation, "2026-09-01", "2026-09-02", on="2026-08-20")
    pausing.end(installation, PROEVEBY, AARBY.number, now=instant("2026-08-21"))
    with installation.store.read() as connection:
        told = [(e.event, e.school, e.detail) for e in log.events(connection) if "pause" in e.event]
    span = "fra 1. september 2026 til og med 2. september 2026: Vandskade"
    assert told == [("school_paused", "323001", span), ("school_pause_ended", "323001", span)]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"first": "2026-08-19"}, "Pausen kan ikke begynde 19. august 2026, som er forbi; vælg i dag eller senere."),
        ({"last": "2026-08-31"}, "Pausen ender, før den begynder; ret datoerne."),
        ({"reason": "  "}, "Skriv, hvorfor skolen sættes på pause; begrundelsen vises på skolens side."),
        ({"reason": "x" * 501}, "Begrundelsen er for lang; skriv højst 500 tegn."),
        ({"number": "999999"}, "Prøveby Kommune har ingen skole med institutionsnummer 999999."),
    ],
)
def test_what_is_no_pause_is_refused(installation: Installation, given: dict[str, str], problem: str) -> None:
    values = {"first": "2026-09-01", "last": "2026-09-02", "reason": "Vandskade", "number": AARBY.number, **given}
    with pytest.raises(UserError) as refused:
        pausing.pause(
            installation,
            PROEVEBY,
            values["number"],
            first_day=date.fromisoformat(values["first"]),
            last_day=date.fromisoformat(values["last"]),
            reason=values["reason"],
            by="Forvaltningen",
            now=instant("2026-08-20"),
        )
    assert refused.value.message == problem


@pytest.mark.parametrize(("first", "last"), [("2026-08-25", "2026-09-01"), ("2026-09-02", None), ("2026-08-21", None)])
def test_two_pauses_of_a_school_do_not_overlap(installation: Installation, first: str, last: str | None) -> None:
    pause(installation, "2026-09-01", "2026-09-02", on="2026-08-20")
    with pytest.raises(UserError) as refused:
        pause(installation, first, last, on="2026-08-20")
    assert refused.value.message == (
        "Aarby Skole er i forvejen på pause fra 1. september 2026 til og med 2. september 2026; afslut den pause først."
    )
    pause(installation, "2026-09-03", None, on="2026-08-20")


def test_ending_what_is_not_on_pause_is_refused(installation: Installation) -> None:
    with pytest.raises(UserError) as refused:
        pausing.end(installation, PROEVEBY, AARBY.number, now=instant("2026-08-20"))
    assert refused.value.message == "Aarby Skole er ikke på pause."


def test_a_pause_without_end_covers_every_day_until_it_is_ended(installation: Installation) -> None:
    pause(installation, "2026-09-01", None, on="2026-08-20")
    with installation.store.read() as connection:
        days = [
            day
            for day in ("2026-08-31", "2026-09-01", "2028-01-01")
            if school_pauses.on(connection, "proeveby", date.fromisoformat(day))
        ]
    assert days == ["2026-09-01", "2028-01-01"]


def test_what_is_delivered_cannot_be_waived(installation: Installation) -> None:
    deliver(installation, KEY, Submission({"goal": "Flere i skole"}, "Lederen"), now=instant("2026-09-20", "10:00"))
    with pytest.raises(UserError) as refused:
        waive(installation, KEY, reason="Aftalt", by="Forvaltningen", now=instant("2026-09-21"))
    assert refused.value.message == (
        "»Skolens egne mål« er afleveret; det, der er afleveret, kan der ikke fritages for."
    )
