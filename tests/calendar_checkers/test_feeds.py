"""The calendars that people subscribe to are taken by programs that are not ours."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kvalitet.adapters.feeds import subscribing
from kvalitet.adapters.feeds.writing import Entry, calendar
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store
from kvalitet.feeds import Content
from kvalitet.wheel import Role
from tests.adapters import installed
from tests.adapters.mail import samples
from tests.adapters.mail.samples import DIRECTOR, KALUNDBORG, NOW
from tests.calendar_checkers.broken import Break, put, without, without_its_zone
from tests.calendar_checkers.byte_rules import broken_lines
from tests.calendar_checkers.checking import Checker, Said
from tests.calendar_checkers.cycle import SUMMER, TEXTS, Life
from tests.calendar_checkers.radicale_server import Radicale
from tests.databases import copy_of_sqlite

Judge = Callable[[bytes], Said]


@pytest.fixture(scope="module")
def installation(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Give a planned year with a booked meeting."""
    folder = tmp_path_factory.mktemp("feeds")
    store = Store.open(copy_of_sqlite(migrated_sqlite, folder / "kvalitet.sqlite"))
    with store.write() as connection:
        samples.write_plan(connection)
        Life(connection).book(SUMMER)
    yield installed.installation(store, folder, KALUNDBORG)
    store.close()


@pytest.fixture
def kde_feed(kcalendarcore: Checker) -> Checker:
    """Give KDE's reading of a whole calendar."""
    return replace(kcalendarcore, command=(*kcalendarcore.command, "--feed"))


@pytest.fixture
def everybody(libical: Checker, icaljs: Checker, kde_feed: Checker, radicale: Radicale) -> dict[str, Judge]:
    """Give all four by name."""
    return {
        "libical": lambda feed: libical(feed)[0],
        "icaljs": lambda feed: icaljs(feed)[0],
        "kcalendarcore": lambda feed: kde_feed(feed)[0],
        "radicale": radicale.subscribe,
    }


def said(everybody: dict[str, Judge], feed: bytes) -> dict[str, list[str]]:
    """List the complaints of those who have any."""
    return {name: found for name, judge in everybody.items() if (found := judge(feed).errors)}


def real(installation: Installation, content: Content) -> bytes:
    """Give what the director's own address shows."""
    made = subscribing.create(installation, KALUNDBORG, role=Role.DIRECTOR, address=DIRECTOR.address, now=NOW)
    return subscribing.content_of(installation, made.feed, content, now=NOW)


@pytest.mark.parametrize(("content", "entries"), [(Content.MEETINGS, 1), (Content.DEADLINES, 2), (Content.ALL, 3)])
def test_the_directors_calendar_is_taken_by_all(
    installation: Installation, everybody: dict[str, Judge], content: Content, entries: int, kde_feed: Checker
) -> None:
    feed = real(installation, content)
    assert (broken_lines(feed), said(everybody, feed)) == ([], {})
    assert kde_feed(feed)[0].read["events"] == str(entries)


@pytest.mark.parametrize("text", list(TEXTS.values()), ids=list(TEXTS))
def test_no_text_breaks_a_feed(everybody: dict[str, Judge], text: str) -> None:
    day = Entry(
        uid="frist@kalundborg.example",
        stamped_at=NOW,
        starts=date(2026, 10, 30),
        ends=date(2026, 10, 31),
        title=f"Frist {text}",
        text=text,
        link="https://kvalitet.example/a",
    )
    starts = datetime(2027, 3, 29, 7, tzinfo=UTC)
    hour = replace(day, uid="m@kalundborg.example", starts=starts, ends=starts + timedelta(hours=1), place=text)
    feed = calendar(f"Årshjul {text}", [hour, day])
    assert (broken_lines(feed), said(everybody, feed)) == ([], {})


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (without("UID"), ["kcalendarcore"]),
        (without_its_zone, ["libical", "icaljs"]),
        (put("TRIGGER:-PT15H", "TRIGGER:15 timer"), ["libical", "icaljs", "radicale"]),
        (lambda feed: feed.removesuffix(b"END:VCALENDAR\r\n"), ["libical", "icaljs", "kcalendarcore", "radicale"]),
    ],
)
def test_a_broken_feed_is_refused(
    installation: Installation, everybody: dict[str, Judge], spoil: Break, names: list[str]
) -> None:
    assert list(said(everybody, spoil(real(installation, Content.ALL)))) == names
