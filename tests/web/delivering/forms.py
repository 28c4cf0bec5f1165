"""A municipality whose action plan has every kind of field, and two school years of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.testclient import TestClient

from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, plans
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.days import SchoolYear
from kvalitet.municipality import Municipality
from kvalitet.occurrences import Changes, plan
from kvalitet.web.app import create_app
from kvalitet.wheel import Column, FieldType, FormField, Option
from tests.web import builders
from tests.web.conftest import HOST, Browser, let_in

KEY = "proeveby.2026-27.action_plan.323001"
LAST_KEY = "proeveby.2025-26.action_plan.323001"
PAGE = f"/proeveby/forekomst/{KEY}"
FORM = f"{PAGE}/aflever"
LEADER, DIRECTOR = "s1@skole.example", "direktor@proeveby.example"
LAST_AUTUMN = datetime(2025, 10, 1, 9, 0, tzinfo=UTC)

GOAL = FormField("absence", "Mål for fravær", FieldType.GOAL, indicators=(Option("absence", "Samlet elevfravær"),))
EFFORTS = FormField(
    "efforts",
    "Indsatser",
    FieldType.TABLE,
    columns=(Column("effort", "Indsats"), Column("responsible", "Hvem"), Column("until", "Færdig", required=False)),
    promises=True,
)
LAST_YEAR = FormField("last_year", "Hvad blev der af det?", FieldType.PROMISES, answers_to="action_plan.efforts")
FOLLOW_UP = FormField("follow_up", "Sådan følger I op")
FILE = FormField("plan", "Planen som fil", FieldType.FILE, required=False)
PLAN = builders.activity(
    "action_plan", title="Handleplan", opens="start-08-01", due="start-12-31", figures=("absence",),
    fields=(LAST_YEAR, GOAL, EFFORTS, FOLLOW_UP, FILE),
)  # fmt: skip
ANSWERS = {
    "absence.text": "Flere i skole",
    "absence.indicator": "absence",
    "absence.target": "5,4",
    "absence.by": "2027-06-30",
    "efforts.1.effort": "Læsebånd",
    "efforts.1.responsible": "Lederen",
    "efforts.1.until": "",
    "follow_up": "Hver måned",
}
PROMISED = {"efforts.1.effort": "Gåbus", "efforts.1.responsible": "Klasselærerne", "efforts.1.until": "juni"}


def town() -> Municipality:
    return builders.municipality("proeveby", (*builders.ACTIVITIES, PLAN))


def planned(store: Store, home: Path, *years: SchoolYear) -> Installation:
    """Plan the school years, and give their installation."""
    found = town()
    for year in years or (builders.YEAR,):
        wanted = plan(found, year)
        positions = {occurrence.key: place for place, occurrence in enumerate(wanted)}
        with store.write() as connection:
            changes = Changes(new=wanted, moved=(), dropped=())
            plans.write(connection, changes, positions=positions, wake_on=dict.fromkeys(positions), now=LAST_AUTUMN)
    return Installation(Settings.read(home), store, (found,))


def promised_last_year(installation: Installation, **given: str) -> None:
    """Let the school have promised something the year before."""
    answers = {**ANSWERS, **PROMISED, "follow_up": "Hver uge", **given}
    submission = Submission(answers, "Leder af Buerup Skole")
    deliver(installation, LAST_KEY, submission, now=LAST_AUTUMN)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = builders.NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


@contextmanager
def reading(installation: Installation, address: str = LEADER, clock: Clock | None = None) -> Iterator[Browser]:
    """Give a browser of whoever reads a mailbox."""
    app = create_app(lambda: installation, clock or Clock())
    with TestClient(app, base_url=HOST, raise_server_exceptions=False, client=("127.0.0.1", 50000)) as client:
        let_in(client, installation, address)
        yield Browser(client)


def with_settings(installation: Installation, **given: object) -> Installation:
    return replace(installation, settings=installation.settings.model_copy(update=given))
