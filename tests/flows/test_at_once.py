"""Several workers at once do what one would have done."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import TypeVar

from flows import plan_year
from flows.turn_wheel import run as turn
from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.store import Store, deliveries
from kvalitet.adapters.store.deliveries import Submission
from tests.adapters.installed import installation
from tests.builders import AARBY, YEAR, activity, dialogue, effort, extract, instant, municipality
from tests.flows.playing import mailed

Done = TypeVar("Done")
WORKERS = 4
KEY = "proeveby.2026-27.local_goals.323001"


def at_once(work: Callable[[int], Done]) -> Iterator[Done]:
    """Do the same on several threads that begin together; a failure of any is raised."""
    gate = Barrier(WORKERS)

    def begin(number: int) -> Done:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(begin, range(WORKERS))


def test_a_form_that_is_sent_in_several_times_at_once_is_one_delivery(store: Store, tmp_path: Path) -> None:
    here = municipality(schools=(AARBY,))
    made = installation(store, tmp_path, here)
    plan_year.run(made, here, now=instant("2026-08-01"), school_year=YEAR)
    form = Submission({"goal": "3 %"}, "Skoleleder", token="one-form")
    found = list(at_once(lambda _: deliver(made, KEY, form, now=instant("2026-09-01"))))
    assert {delivery.version for delivery in found} == {1}


def test_different_deliveries_at_once_are_versions(store: Store, tmp_path: Path) -> None:
    here = municipality(schools=(AARBY,))
    made = installation(store, tmp_path, here)
    plan_year.run(made, here, now=instant("2026-08-01"), school_year=YEAR)
    list(at_once(lambda n: deliver(made, KEY, Submission({"goal": f"{n} %"}, "Skoleleder"), now=instant("2026-09-01"))))
    with store.read() as connection:
        assert [kept.version for kept in deliveries.versions(connection, KEY)] == [1, 2, 3, 4]


def test_a_wheel_that_several_workers_turn_at_once_turns_once(store: Store, tmp_path: Path) -> None:
    here = municipality(activity(), dialogue(), activity("other"), effort(), extract())
    made = installation(store, tmp_path, here)
    for day in ("2026-06-01", "2026-08-17", "2026-09-16"):
        list(at_once(lambda n, day=day: turn(made, here, now=instant(day) + timedelta(seconds=n))))  # type: ignore[misc]
    told = [(mail.day, mail.template, len(mail.about)) for mail in mailed(made)]
    assert sorted(told) == [
        *[("2026-08-17", "invitation", 1)] * 6,
        *[("2026-08-17", "opening", 2)] * 3,
        *[("2026-09-16", "reminder", 2)] * 3,
    ]
