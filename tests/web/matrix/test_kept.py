"""What is kept of the matrix: whatever is written, and by whom, it is the board that a full reading gives."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, insert
from starlette.testclient import TestClient

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, bookings, deliveries, facts, log, plans, snapshots
from kvalitet.adapters.store.agreements import contact_notes, extensions, reminded
from kvalitet.adapters.store.bookings import Booking
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.quiet import school_pauses
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.adapters.store.tables import mail_schema, schema
from kvalitet.board import Board, board_of, danish_date
from kvalitet.extensions import Extension
from kvalitet.occurrences import Occurrence, difference, plan
from kvalitet.status import BookingState, State
from kvalitet.timetable import Slot
from kvalitet.web.app import create_app
from kvalitet.web.pages.matrix import matrix_pages
from kvalitet.web.pages.matrix.table import Known
from kvalitet.web.views import View
from kvalitet.wheel import Kind
from tests.adapters.store import planned
from tests.builders import LADDER
from tests.web import builders
from tests.web.conftest import ADMINISTRATION, HIDDEN, HOST, let_in

AFTER = builders.activity(
    "action_plan",
    title="Handleplan",
    opens="start-09-01",
    due="end-03-31",
    ladder=LADDER,
    after=("local_goals", "dialogue", "spring_extract"),
)
TOWN = builders.municipality("proeveby", (*builders.ACTIVITIES, AFTER))
WHOLE = plan(TOWN, builders.YEAR)
PAGES = ("/proeveby/skoler", "/proeveby/skoler?kun=mangler&sorter=gruppe", "/proeveby/skoler?dato=2026-10-01")
LEADER = "s3@skole.example"
STEPS = 60


@dataclass
class Life:
    """A municipality that things happen to, its service with all that it keeps, and a clock."""

    installation: Installation
    elsewhere: Store
    chance: random.Random
    now: datetime = builders.NOON
    written: int = 0

    def any_of(self, *kinds: Kind) -> Occurrence:
        return self.chance.choice([found for found in WHOLE if found.kind in kinds])

    def school(self) -> str:
        return self.chance.choice(TOWN.schools).number


def deliver(life: Life, connection: Connection) -> None:
    deliveries.add(connection, life.any_of(Kind.DELIVERABLE).key, Submission({}, "Leder"), now=life.now)


def decide(life: Life, connection: Connection) -> None:
    newest = deliveries.newest(connection, life.any_of(Kind.DELIVERABLE).key)
    if newest:
        said = life.chance.choice(["approved", "sent_back", None])
        deliveries.decide(connection, newest.id, decision=said, by="Direktør", comment="", now=life.now)


def waive(life: Life, connection: Connection) -> None:
    deliveries.waive(connection, life.any_of(*Kind).key, reason="Aftalt", by="X", now=life.now)


def extend(life: Life, connection: Connection) -> None:
    day = date(2026, 8, 1) + timedelta(days=life.chance.randrange(300))
    extensions.keep(connection, life.any_of(Kind.DELIVERABLE).key, Extension(day, "Sygdom", "X", life.now))


def take_back(life: Life, connection: Connection) -> None:
    connection.execute(delete(schema.extension).where(schema.extension.c.occurrence.like(f"%{life.school()}")))


def pause(life: Life, connection: Connection) -> None:
    days = {"first_day": danish_date(life.now), "last_day": danish_date(life.now) + timedelta(days=2)}
    school_pauses.add(connection, TOWN.key, life.school(), **days, reason="Vand", by="X", now=life.now)


def end_pauses(life: Life, connection: Connection) -> None:
    for found in school_pauses.of_school(connection, TOWN.key, life.school()):
        school_pauses.end(connection, found.id, now=life.now)


def call(life: Life, connection: Connection) -> None:
    contact_notes.add(connection, life.any_of(Kind.DELIVERABLE).key, text="Ringet", by="X", now=life.now)


def book(life: Life, connection: Connection) -> None:
    begins = life.now + timedelta(hours=life.chance.randrange(-3, 30))
    slot = Slot(begins, begins + timedelta(minutes=90))
    state = life.chance.choice(list(BookingState))
    meeting = life.any_of(Kind.DIALOGUE, Kind.MEETING)
    bookings.save(connection, Booking(meeting.key, state, slot, "Rådhuset", 0, life.now), now=life.now)


def pull(life: Life, connection: Connection) -> None:
    raw = str(life.chance.random()).encode()
    new = NewSnapshot(TOWN.key, life.any_of(Kind.EXTRACT).key, "files", {}, raw, ())
    pulled, _ = snapshots.add(connection, new, now=life.now)
    snapshots.publish(connection, pulled.id, now=life.now)


def remind(life: Life, connection: Connection) -> None:
    life.written += 1
    mail = {
        "id": life.written,
        "municipality": TOWN.key,
        "key": f"mail {life.written}",
        "template": "reminder",
        "recipient": LEADER,
        "recipient_name": "Leder",
        "subject": "Husk",
        "message_id": f"<{life.written}@proeveby.example>",
        "content": b"",
        "state": "sent",
        "created_at": life.now,
        "not_before": life.now,
        "sent_at": life.now,
    }
    connection.execute(insert(mail_schema.mail).values(**mail))
    about = {"mail": life.written, "occurrence": life.any_of(Kind.DELIVERABLE).key, "step": "reminder"}
    connection.execute(insert(mail_schema.mail_about).values(**about))


def plan_anew(life: Life, connection: Connection) -> None:
    """Drop some, move some, and plan again what was dropped."""
    wanted = tuple(
        replace(found, due=found.due + timedelta(days=life.chance.choice([0, 0, 9])))
        for found in WHOLE
        if life.chance.random() < 0.9
    )
    changes = difference(plans.planned(connection, TOWN.key, builders.YEAR), wanted)
    positions = {found.key: place for place, found in enumerate(WHOLE)}
    plans.write(connection, changes, positions=positions, wake_on=dict.fromkeys(positions), now=life.now)


def beat(life: Life, connection: Connection) -> None:
    log.beat(connection, "job", now=life.now)


def undo(life: Life, connection: Connection) -> None:
    """Lose what a backup did not hold yet."""
    table = life.chance.choice([schema.delivery, schema.waiver, schema.booking, schema.extension])
    connection.execute(delete(table).where(table.c.occurrence.like(f"%{life.school()}")))


WRITES: tuple[Callable[[Life, Connection], None], ...] = (
    deliver, deliver, deliver, decide, decide, waive, extend, take_back, pause, end_pauses, call, book, book, pull,
    remind, plan_anew, beat, undo,
)  # fmt: skip


def happen(life: Life, kept: TestClient, address: str) -> None:
    """Let a few things happen: through the service's own store, through another program's, or by the clock alone."""
    pause = life.chance.choice([timedelta(), timedelta(seconds=20), timedelta(hours=1), timedelta(hours=11)])
    life.now += pause
    if pause > timedelta(hours=2) or not kept.cookies:
        let_in(kept, life.installation, address, now=life.now)
    for _ in range(life.chance.randrange(3)):
        store = life.chance.choice([life.installation.store, life.elsewhere])
        with store.write() as connection:
            life.chance.choice(WRITES)(life, connection)


def read_whole(life: Life) -> tuple[Board, Known]:
    """Read the board as nothing but the matrix's own reading does not: by the questions that the flows ask."""
    with life.installation.store.read() as connection:
        occurrences = plans.occurrences(connection, TOWN.key, builders.YEAR)
        known = facts.of_year(connection, TOWN.key, builders.YEAR)
        pauses = school_pauses.on(connection, TOWN.key, danish_date(life.now))
        paused = {number: found.reason for number, found in pauses.items()}
        dues, shown = extensions.dues(connection, TOWN.key), {found.key for found in occurrences}
        return board_of(TOWN, builders.YEAR, occurrences, known, now=life.now, paused=paused), Known(
            reminded=reminded.last(connection, TOWN.key, builders.YEAR, until=life.now),
            extended={key: due for key, due in dues.items() if key in shown},
            calls=contact_notes.counts(connection, TOWN.key, builders.YEAR),
        )


@pytest.fixture
def life(store: Store, database_url: str, request: pytest.FixtureRequest) -> Iterator[Life]:
    planned.write(store, WHOLE)
    elsewhere = Store.open(database_url)
    yield Life(
        Installation(Settings(session_idle=600, session_hours=24), store, (TOWN,)),
        elsewhere,
        random.Random(request.param),  # noqa: S311 -- the same each time
    )
    elsewhere.close()


def browser(life: Life, cookies: dict[str, str] | None = None) -> TestClient:
    """Give a browser on a service that keeps nothing yet."""
    app = create_app(lambda: life.installation, lambda: life.now)
    return TestClient(app, base_url=HOST, client=("127.0.0.1", 50000), cookies=cookies)


def without_masks(page: str) -> str:
    """Leave out the forms' token, which is written otherwise each time."""
    return re.sub(f'name="{HIDDEN}" value="[^"]*"', "", page)


@pytest.mark.parametrize("life", range(2), indirect=True)
@pytest.mark.parametrize("address", [ADMINISTRATION, LEADER])
def test_whatever_is_written_the_page_is_the_one_that_a_service_makes_that_knows_nothing(
    life: Life, address: str
) -> None:
    kept, etags = browser(life), dict.fromkeys(PAGES, "")
    with kept:
        for _ in range(STEPS // 3):
            happen(life, kept, address)
            for page in PAGES:
                again = kept.get(page, headers={"if-none-match": etags[page]})
                anew = browser(life, dict(kept.cookies)).get(page)
                assert "<h1>Skoler og afleveringer" in anew.text
                if again.status_code == 304:
                    assert anew.headers["etag"] == etags[page]
                else:
                    assert without_masks(again.text) == without_masks(anew.text)
                etags[page] = anew.headers.get("etag", "")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Board, Known]]:
    """Give what each page was made from."""
    found: list[tuple[Board, Known]] = []
    really = matrix_pages._read  # noqa: SLF001 -- what the page is made from

    def watched(request: object, view: View) -> tuple[Board, Known]:
        found.append(really(request, view))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(matrix_pages, "_read", watched)
    return found


@pytest.mark.parametrize("life", range(2, 5), indirect=True)
def test_whatever_is_written_the_kept_board_is_the_one_that_is_read_whole(
    life: Life, seen: list[tuple[Board, Known]]
) -> None:
    with browser(life) as kept:
        for _ in range(STEPS):
            happen(life, kept, ADMINISTRATION)
            assert kept.get(PAGES[0]).status_code == 200
            (board, known), (whole, wanted) = seen[-1], read_whole(life)
            assert [(a, b) for a, b in zip(board.rows, whole.rows, strict=True) if a != b] == []
            assert known == wanted


@pytest.mark.parametrize("life", [0], indirect=True)
def test_a_meeting_that_is_over_has_been_held_though_nothing_was_written(
    life: Life, seen: list[tuple[Board, Known]]
) -> None:
    meeting = next(found for found in WHOLE if found.kind is Kind.DIALOGUE)
    slot = Slot(life.now - timedelta(hours=1), life.now + timedelta(seconds=30))
    with life.installation.store.write() as connection:
        bookings.save(connection, Booking(meeting.key, BookingState.BOOKED, slot, "", 0, None), now=life.now)
    with browser(life) as kept:
        let_in(kept, life.installation, ADMINISTRATION, now=life.now)
        for seconds in (0, 29, 1):
            life.now += timedelta(seconds=seconds)
            kept.get(PAGES[0])
    states = [next(row.state for row in board.rows if row.occurrence == meeting) for board, _ in seen]
    assert states == [State.BOOKED, State.BOOKED, State.HELD]
