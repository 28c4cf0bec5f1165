from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import log
from kvalitet.adapters.store.log import Event
from tests.web import people
from tests.web.conftest import browsing

LOG = "/proeveby/log"
GOALS = "/proeveby/forekomst/proeveby.2026-27.local_goals.323001"


def tell(installation: Installation, number: int, event: str = "waived", **given: str) -> None:
    """Write one event; each next one an hour later, from the first of November at noon."""
    at = datetime(2026, 11, 1 + number // 24, number % 24, tzinfo=UTC)
    with installation.store.write() as connection:
        log.tell(connection, Event(f"{event}:{number}", at, event, "proeveby", **given))


def lines_of(page: str) -> list[str]:
    body = page.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0] if "<tbody>" in page else ""
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in body.split("<tr>")[1:]]


def test_the_log_is_searched_by_kind_school_and_day(everybody: Installation) -> None:
    tell(everybody, 0, "waived", school="323001", detail="den første")
    tell(everybody, 1, "reminded", school="323001", detail="den anden")
    tell(everybody, 30, "waived", school="323002", detail="den tredje")
    with browsing(everybody) as opened:
        asked = {
            query: [line.split()[-1] for line in lines_of(opened.get(f"{LOG}?{query}").text)]
            for query in ("", "slags=waived", "skole=323001", "dag=2026-11-02", "slags=waived&skole=323002", "slags=x")
        }
    assert asked == {
        "": ["tredje", "anden", "første"],
        "slags=waived": ["tredje", "første"],
        "skole=323001": ["anden", "første"],
        "dag=2026-11-02": ["tredje"],
        "slags=waived&skole=323002": ["tredje"],
        "slags=x": [],
    }


def test_a_day_is_a_danish_day(everybody: Installation) -> None:
    tell(everybody, 23, detail="efter midnat")  # 23.00 UTC is the next day in Denmark
    with browsing(everybody) as opened:
        assert lines_of(opened.get(f"{LOG}?dag=2026-11-01").text) == []
        assert len(lines_of(opened.get(f"{LOG}?dag=2026-11-02").text)) == 1


@pytest.mark.parametrize("day", ["i-morgen", "9999-12-31"])
def test_a_day_that_is_none_gets_one_sentence(everybody: Installation, day: str) -> None:
    with browsing(everybody) as opened:
        assert opened.get(f"{LOG}?dag={day}").status_code == 400


def test_a_long_log_is_paged_and_keeps_its_search(everybody: Installation) -> None:
    for number in range(120):
        tell(everybody, number, detail=f"nr. {number}")
    with browsing(everybody) as opened:
        first = opened.get(f"{LOG}?slags=waived").text
        older = re.search(r'href="([^"]+)" rel="next"', first)
        assert older
        second = opened.get(older[1].replace("&amp;", "&")).text
        beyond = opened.get(f"{LOG}?side=77").text
    assert "1–100 af 120" in first
    assert [line.split()[-1] for line in lines_of(second)] == [str(number) for number in reversed(range(20))]
    assert "slags=waived" in older[1]
    assert 'rel="prev"' in second
    assert lines_of(beyond) == []


def test_who_did_it_stands_in_the_log(everybody: Installation) -> None:
    with browsing(everybody, people.LEADER) as opened:
        opened.send(f"{GOALS}/aflever", {"goal": "Flere i skole.", "percent": "5,4"})
    with browsing(everybody) as opened:
        (line,) = lines_of(opened.get(f"{LOG}?slags=delivered").text)
    assert line.endswith("Afleveret Buerup Skole Leder af Buerup Skole udgave 1")


def test_who_keeps_it_running_reads_of_faults_and_not_of_what_people_write(everybody: Installation) -> None:
    tell(everybody, 0, "waived", school="323001", detail="Lederen er syg")
    tell(everybody, 1, "mail_sent", recipient="s1@skole.example", detail="receipt: Skolens egne mål")
    tell(everybody, 2, "extract_failed", detail="Serveren svarer ikke")
    with browsing(everybody, people.OPERATOR) as opened:
        page = opened.get(LOG).text
        assert "Fritaget" in page
        assert "Serveren svarer ikke" in page
        assert "Lederen er syg" not in page
        assert "Skolens egne mål" not in page
        assert "/forekomst/" not in page


@pytest.mark.parametrize("page", ["log", "revisionsspor", "revisionsspor.csv"])
def test_the_log_and_the_audit_are_for_those_with_the_right(everybody: Installation, page: str) -> None:
    readers = {
        people.ADMINISTRATION: 200,
        people.DIRECTOR: 200,
        people.OPERATOR: 200,
        people.CONSULTANT: 403,
        people.LEADER: 403,
        people.DEPUTY: 403,
        people.SCHOOL_BOARD: 403,
        people.UNIONS: 403,
        "": 303,
    }
    seen = {}
    for reader in readers:
        with browsing(everybody, reader) as opened:
            seen[reader] = opened.get(f"/proeveby/{page}").status_code
    assert seen == readers
