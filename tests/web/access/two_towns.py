"""Two towns with the same schools' numbers, everything that a page can show, and people of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.testclient import TestClient

from kvalitet.adapters.access import accounts, sessions
from kvalitet.adapters.access.sessions import Entry, Method
from kvalitet.adapters.deliveries import deliver
from kvalitet.adapters.feeds import subscribing
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.reports import keeping
from kvalitet.adapters.reports.keeping import NewReport
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, bookings, incoming, outbox, plans, verdicts
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.incoming import IncomingKind, NewIncoming
from kvalitet.adapters.store.verdicts import KeptVerdict
from kvalitet.goals import CountPerSchool, Goal, Per
from kvalitet.municipality import Login, Municipality
from kvalitet.occurrences import Changes, plan
from kvalitet.quality_reports import Version
from kvalitet.rights import Access, Standing
from kvalitet.timetable import propose
from kvalitet.web.app import create_app
from kvalitet.wheel import Role
from tests.adapters.extracting.held import held
from tests.adapters.store.test_outbox import new
from tests.web import builders
from tests.web.conftest import HOST

ISSUER = "https://login.example/"
GOAL = Goal(
    key="own_goals",
    title="Hver skole har et mål",
    focus_area="Mål",
    target=CountPerSchool(count=1),
    per=Per.SCHOOL,
    deadline=builders.YEAR,
    deliverable="local_goals",
)
OWN, OTHER = "323001", "323002"  # in the groups »nord« and »syd«
NOBODY = "nobody"
# What each is let in as, in whichever town they belong to.
PEOPLE = {
    "administration": (Access.ADMINISTRATION, None, None),
    "director": (Access.DIRECTOR, None, None),
    "consultant": (Access.CONSULTANT, None, None),
    "group consultant": (Access.CONSULTANT, None, "nord"),
    "leader": (Access.SCHOOL_LEADER, OWN, None),
    "deputy": (Access.DEPUTY, OWN, None),
    "school reader": (Access.READER, OWN, None),
    "reader": (Access.READER, None, None),
    "operator": (Access.OPERATOR, None, None),
}


@dataclass(frozen=True)
class Things:
    """Numbers of what lies in one town."""

    mail: int
    incoming: int
    feed: int
    grant: int
    pull: int


@dataclass(frozen=True)
class Towns:
    """The two towns and browsers of everybody; the first is where they are let in."""

    installation: Installation
    own: Things
    other: Things
    browsers: dict[str, TestClient]


def town(key: str, name: str) -> Municipality:
    """Make a town whose people log in by its own login; its schools have the numbers of the other's."""
    found = builders.municipality(key)
    return replace(found, name=name, login=Login(by_mail=True, issuer=ISSUER, client_id=key), goals=(GOAL,))


@contextmanager
def two_towns(store: Store, home: Path, *, town: Callable[[str, str], Municipality] = town) -> Iterator[Towns]:
    """Fill both towns, and let everybody in to the first."""
    here, there = town("proeveby", "Prøveby Kommune"), town("naboby", "Naboby Kommune")
    for name in ("proeveby", "naboby"):
        (home / "municipalities" / name).mkdir(parents=True)
        (home / "municipalities" / name / "guide.md").write_text("# Spørgsmål\n\n- Hvad går godt?\n", "utf-8")
    installation = Installation(Settings.read(home), store, (here, there))
    own, other = (_fill(installation, each) for each in (here, there))
    app = create_app(lambda: installation, lambda: builders.NOON)
    with ExitStack() as opened:
        browsers = {}
        for name, (access, school, group) in [*PEOPLE.items(), (NOBODY, (None, None, None))]:
            client = TestClient(app, base_url=HOST, raise_server_exceptions=False, client=("127.0.0.1", 50000))
            browsers[name] = opened.enter_context(client)
            if access:
                token = let_in(installation, name, Standing("proeveby", access, school, group))
                client.cookies.set("kvalitet_session", token)
        yield Towns(installation, own, other, browsers)


def let_in(installation: Installation, name: str, standing: Standing) -> str:
    """Let somebody of the town's own login in, and give the cookie."""
    now = builders.NOON
    with installation.store.write() as connection:
        account = accounts.seen(connection, ISSUER, name, name=name, address="", now=now)
        accounts.grant(connection, account.id, standing, by="Fagcenter Børn", now=now)
        entry = Entry(standing.municipality, Method.OPENID, account=account.id)
        return sessions.begin(connection, entry, now=now)


def _fill(installation: Installation, found: Municipality) -> Things:
    """Plan a town's year, and let there be one of everything in it."""
    store, now, wanted = installation.store, builders.NOON, plan(found, builders.YEAR)
    places = {occurrence.key: place for place, occurrence in enumerate(wanted)}
    changes = Changes(new=wanted, moved=(), dropped=())
    with store.write() as connection:
        plans.write(connection, changes, positions=places, wake_on=dict.fromkeys(places), now=now)
        bookings.propose(connection, propose(found, wanted, {}), places={}, now=now)
    for number in (OWN, OTHER):
        file = installation.files.keep(f"plan-{number}.pdf", [b"%PDF-1.7 ", found.key.encode(), number.encode()])
        texts = {"goal": f"Hemmeligt mål {found.key} {number}", "percent": "5"}
        deliver(
            installation,
            f"{found.key}.2026-27.local_goals.{number}",
            Submission(texts, f"Leder af {number}", file),
            now=now,
        )
        told = f"Hemmeligt mål {found.key} {number} er nået."
        judged = KeptVerdict(
            found.key, GOAL.key, number, builders.YEAR, "reached", told, confidential=False, judged_at=now
        )
        with store.write() as connection:
            verdicts.save(connection, judged)
    final = NewReport(builders.YEAR, Version.FINAL, now, "Fagcenter", {"offentlig.pdf": f"%PDF {found.key}".encode()})
    keeping.keep(installation.settings.home, found.key, final, 1)
    written = NewIncoming(
        found.key, "s1@skole.example", "Hej", "Kan ikke.", b"From: s1\r\n\r\n", IncomingKind.HUMAN, is_confirmed=True
    )
    with store.write() as connection:
        outbox.enqueue(connection, new(f"besked-{found.key}", municipality=found.key), now=now)
        mail = next(each.id for each in outbox.mails(connection, found.key) if each.key == f"besked-{found.key}")
        came = incoming.keep(connection, written, now=now)
        assert came
        incoming.place(connection, came, municipality=found.key)
        account = accounts.seen(connection, ISSUER, f"of {found.key}", name="Nogen", address="", now=now)
        accounts.grant(connection, account.id, Standing(found.key, Access.READER), by="Fagcenter", now=now)
        (grant,) = accounts.grants(connection, account.id)
    feed = subscribing.create(installation, found, role=Role.SCHOOL_LEADER, address="s2@skole.example", now=now)
    pull = held(store, found.key, f"{found.key}.2026-27.spring_extract", now=now)
    return Things(mail, came, feed.feed.id, grant.id, pull)
