from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from kvalitet.adapters.access import links
from kvalitet.adapters.follow_up import pausing
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import log
from kvalitet.adapters.store.log import Event
from kvalitet.adapters.store.tables import schema
from tests.web import builders, people
from tests.web.conftest import browsing

PAGE = "/proeveby/skole/323001"
GOALS = "/proeveby/forekomst/proeveby.2026-27.local_goals.323001"
ANSWERS = {"goal": "Flere i skole.", "percent": "5,4"}
MEETING = "/proeveby/forekomst/proeveby.2026-27.autumn_meeting.nord"
SLOT = {"day": "2026-12-02", "starts": "09:00", "ends": "10:30", "place": "Lokale 4", "sure": "ja"}


def stream_of(page: str) -> list[str]:
    """Read the stream of a school's page as lines of text."""
    items = page.split('<ol class="stream">')[1].split("</ol>", maxsplit=1)[0].split("<li")[1:]
    return [" ".join(re.sub(r"<[^>]*>", " ", item.partition(">")[2]).split()) for item in items]


@pytest.mark.parametrize(
    ("reader", "first"),
    [
        (people.LEADER, PAGE),
        (people.DEPUTY, PAGE),
        (people.CONSULTANT, "/proeveby/"),
        (people.SCHOOL_BOARD, "/proeveby/"),
        (people.UNIONS, "/proeveby/"),
        (people.DIRECTOR, "/proeveby/"),
        (people.ADMINISTRATION, "/proeveby/"),
        (people.OPERATOR, "/proeveby/"),
    ],
)
def test_who_answers_for_a_school_begins_there_and_everybody_else_at_the_wheel(
    everybody: Installation, reader: str, first: str
) -> None:
    with browsing(everybody, reader) as opened:
        assert opened.get("/").headers["location"] == first
        assert opened.get(first).status_code == 200
        assert ("Vores skole" in opened.get("/proeveby/").text) is (first == PAGE)


def test_a_leader_who_logs_in_lands_on_the_schools_page_or_where_the_mail_led(everybody: Installation) -> None:
    for wanted, page in (("", PAGE), (GOALS, GOALS)):
        with everybody.store.write() as connection:
            token = links.make(connection, "proeveby", people.LEADER, now=builders.NOON)
        with browsing(everybody, "") as opened:
            address = f"/log-ind/link/{token}"
            sent = opened.send(address, {"til": wanted})
            assert sent.headers["location"] == page


def test_a_leader_is_told_what_to_do_now_with_one_button_for_each(everybody: Installation) -> None:
    with browsing(everybody, people.LEADER) as opened:
        page = opened.get(PAGE).text
        assert "Det skal I gøre nu" in page
        assert re.findall(r'href="([^"]*/aflever)"', page) == [
            "/proeveby/forekomst/proeveby.2026-27.local_goals.323001/aflever",
            "/proeveby/forekomst/proeveby.2026-27.absence_plan.323001/aflever",
            "/proeveby/forekomst/proeveby.2026-27.open_school.323001/aflever",
        ]
        assert "Sæt skolen på pause" not in page
        opened.send(f"{GOALS}/aflever", ANSWERS)
        assert f'href="{GOALS}/aflever"' not in opened.get(PAGE).text


def test_the_page_names_whom_to_turn_to(everybody: Installation) -> None:
    with browsing(everybody, people.LEADER) as opened:
        page = opened.get(PAGE).text
    contacts = page[page.index("Kontakter") :]
    assert [one for one in (people.LEADER, people.DEPUTY, people.CONSULTANT) if f"mailto:{one}" not in contacts] == []


@pytest.mark.parametrize("reader", [people.LEADER, people.DEPUTY, people.SCHOOL_BOARD])
def test_the_page_of_another_school_does_not_exist_for_those_of_one_school(
    everybody: Installation, reader: str
) -> None:
    with browsing(everybody, reader) as opened:
        assert opened.get(f"/proeveby/skole/{people.OTHER}").status_code == 404


def test_everything_that_happened_stands_in_one_stream_the_newest_first_with_who_did_it(
    everybody: Installation,
) -> None:
    with browsing(everybody) as opened:
        opened.send(f"{GOALS}/aflever", ANSWERS)
        opened.send(f"{GOALS.replace('local_goals', 'absence_plan')}/fritag", {"reason": "Ny skole"}, page=GOALS)
        opened.send(f"{MEETING}/indkald", SLOT, page=MEETING)
        opened.send(f"{PAGE}/pause", {"first_day": "2026-11-22", "reason": "Skimmel"}, page=PAGE)
        told = stream_of(opened.get(PAGE).text)
    assert any("Afleveret : Skolens egne mål , af Fagcenter Børn" in line for line in told)
    assert any("Fritaget : Plan for fravær , af Fagcenter Børn Ny skole" in line for line in told)
    assert any("Møde indkaldt : Møde i skolegrupperne , af Fagcenter Børn" in line for line in told)
    assert any("Skole sat på pause , af Fagcenter Børn" in line and "Skimmel" in line for line in told)
    assert any("Kvittering til" in line for line in told)
    assert any("Indkaldelse til Leder af Buerup Skole" in line for line in told)


def test_the_stream_is_ordered_by_time_and_paged(everybody: Installation) -> None:
    with everybody.store.write() as connection:
        for hour in range(60):
            at = datetime(2026, 11, 1 + hour // 24, hour % 24, tzinfo=UTC)
            log.tell(
                connection, Event(f"verdict:{hour}", at, "verdict", "proeveby", school="323001", detail=f"nr. {hour}")
            )
    with browsing(everybody) as opened:
        first, second = stream_of(opened.get(PAGE).text), stream_of(opened.get(f"{PAGE}?side=2").text)
    assert [line.rpartition(" ")[2] for line in first + second] == [str(hour) for hour in reversed(range(60))]
    assert (len(first), len(second)) == (40, 20)


def test_one_subject_is_shown_alone(everybody: Installation) -> None:
    with browsing(everybody) as opened:
        opened.send(f"{GOALS}/aflever", ANSWERS)
        opened.send(f"{MEETING}/indkald", SLOT, page=MEETING)
        meetings = stream_of(opened.get(f"{PAGE}?vis=meetings").text)
        nonsense = stream_of(opened.get(f"{PAGE}?vis=sludder").text)
    assert len(meetings) == 1
    assert "Møde indkaldt" in meetings[0]
    assert len(nonsense) > 1


def test_what_happened_in_another_school_year_is_not_in_this_years_stream(everybody: Installation) -> None:
    with everybody.store.write() as connection:
        for year, key in ((2025, "before"), (2026, "now")):
            at = datetime(year, 8, 2, 12, tzinfo=UTC)
            log.tell(connection, Event(key, at, "verdict", "proeveby", school="323001", detail=f"vurderet {key}"))
    with browsing(everybody) as opened:
        assert [line.rpartition(" ")[2] for line in stream_of(opened.get(PAGE).text)] == ["now"]


def test_a_note_of_a_call_is_for_those_who_follow_up_and_not_for_the_school(everybody: Installation) -> None:
    with everybody.store.write() as connection:
        connection.execute(
            schema.contact_note.insert().values(
                occurrence="proeveby.2026-27.local_goals.323001",
                text="Lederen er syg til mandag.",
                noted_by="Konsulent for Nord",
                noted_at=builders.NOON,
            )
        )
    seen = {}
    for reader in (people.CONSULTANT, people.ADMINISTRATION, people.LEADER, people.DEPUTY, people.SCHOOL_BOARD):
        with browsing(everybody, reader) as opened:
            seen[reader] = "Lederen er syg til mandag." in opened.get(PAGE).text
    assert [reader for reader, sees in seen.items() if sees] == [people.CONSULTANT, people.ADMINISTRATION]


def test_a_reader_sees_no_mails_and_no_pause_of_a_school(everybody: Installation) -> None:
    pausing.pause(
        everybody,
        everybody.municipalities[0],
        people.SCHOOL,
        first_day=builders.NOON.date(),
        last_day=None,
        reason="Skimmel i bygningen",
        by="Fagcenter Børn",
        now=builders.NOON,
    )
    with browsing(everybody) as opened:
        opened.send(f"{GOALS}/aflever", ANSWERS)
    for reader, is_inside in ((people.LEADER, True), (people.SCHOOL_BOARD, False), (people.UNIONS, False)):
        with browsing(everybody, reader) as opened:
            page = opened.get(PAGE).text
        assert ("Skimmel i bygningen" in page) is is_inside, reader
        assert ("Kvittering" in page) is is_inside, reader


def test_an_answer_of_another_schools_leader_is_not_in_a_schools_stream(everybody: Installation) -> None:
    key = "proeveby.2026-27.autumn_meeting.nord"
    with everybody.store.write() as connection:
        for who in ("s1@skole.example", "s3@skole.example"):
            told = Event(
                f"answered:{key}:{who}:0",
                builders.NOON,
                "answered",
                "proeveby",
                activity="autumn_meeting",
                occurrence=key,
                detail=f"{who} kommer",
            )
            log.tell(connection, told)
    with browsing(everybody) as opened:
        (line,) = stream_of(opened.get(PAGE).text)
    assert "s1@skole.example kommer" in line


@pytest.mark.parametrize("page", ["", "/paamind", "/opkald"])
def test_a_school_that_there_is_not_has_no_page(everybody: Installation, page: str) -> None:
    with browsing(everybody) as opened:
        assert opened.get(f"/proeveby/skole/999999{page}").status_code == 404


@pytest.mark.parametrize("form", ["paamind", "opkald", "pause", "pause/afslut"])
def test_a_school_that_there_is_not_takes_no_form(everybody: Installation, form: str) -> None:
    texts = {"first_day": "2026-11-22", "reason": "Skimmel", "note": "Ringet", "about": "x"}
    with browsing(everybody) as opened:
        assert opened.send(f"/proeveby/skole/999999/{form}", texts, page=PAGE).status_code == 404
