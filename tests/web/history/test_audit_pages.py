from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest

from kvalitet.adapters.access import audits
from kvalitet.adapters.access.audits import Deed
from kvalitet.adapters.installation import Installation
from kvalitet.web.pages.csv_files import safe
from kvalitet.web.pages.history.audit_texts import ACTIONS, outcome_text, told
from kvalitet.web.routes import PAGES
from tests.web import builders, people
from tests.web.conftest import browsing
from tests.web.history.test_log_pages import lines_of

AUDIT = "/proeveby/revisionsspor"
GOALS = "/proeveby/forekomst/proeveby.2026-27.local_goals.323001"


def deed(actor: str = "Fagcenter Børn", **given: object) -> Deed:
    values: dict[str, object] = {
        "at": builders.NOON,
        "municipality": "proeveby",
        "access": "administration",
        "action": "form_pages.post_waiver",
        "subject": "",
        "school": "",
        "outcome": 303,
        **given,
    }
    return Deed(actor=actor, **values)  # type: ignore[arg-type]


def note(installation: Installation, *deeds: Deed) -> None:
    with installation.store.write() as connection:
        for each in deeds:
            audits.note(connection, each)


def test_everything_that_can_be_done_on_the_pages_has_a_danish_name() -> None:
    done = {page.action for page in PAGES if page.method == "POST"}
    assert done - {*ACTIONS} == set()


def test_what_was_done_and_tried_is_told_with_what_came_of_it(everybody: Installation) -> None:
    with browsing(everybody, people.LEADER) as opened:
        opened.send(f"{GOALS}/aflever", {"goal": "Flere i skole.", "percent": "5,4"})
        opened.send(f"{GOALS}/aflever", {"goal": "", "percent": "mange"})
        opened.send(f"{GOALS}/fritag", {"reason": "Det vil vi ikke."}, page=f"{GOALS}/aflever")
    with browsing(everybody, people.OPERATOR) as opened:
        lines = lines_of(opened.get(AUDIT).text)
    who = "22. november 2026 kl. 12.00 Leder af Buerup Skole skoleleder"
    about = "Skolens egne mål, Buerup Skole"
    assert lines == [
        f"{who} Fritage en skole {about} afvist: havde ikke ret til det",
        f"{who} Aflevere {about} afvist: noget var udfyldt forkert",
        f"{who} Aflevere {about} gjort",
    ]


def test_the_audit_is_searched_by_who_what_school_and_day(everybody: Installation) -> None:
    note(
        everybody,
        deed(action="form_pages.post_waiver", school="323001"),
        deed(actor="Direktøren", action="meeting_forms.post_move", school="323002"),
        deed(at=builders.NOON - timedelta(days=3)),
        deed(municipality="andenby"),
    )
    asked = ("", "hvem=direkt", "hvad=meeting_forms.post_move", "skole=323001", "dag=2026-11-19", "hvem=%25")
    with browsing(everybody) as opened:
        found = {query: len(lines_of(opened.get(f"{AUDIT}?{query}").text)) for query in asked}
    assert found == {
        "": 3,
        "hvem=direkt": 1,
        "hvad=meeting_forms.post_move": 1,
        "skole=323001": 1,
        "dag=2026-11-19": 1,
        "hvem=%25": 0,
    }


def test_the_audit_is_saved_as_a_file_in_which_no_cell_is_a_formula(everybody: Installation) -> None:
    note(everybody, deed(actor='=HYPERLINK("x")', school="323001"), deed(actor="Direktøren; Børn"))
    with browsing(everybody) as opened:
        file = opened.get(f"{AUDIT}.csv?skole=323001")
        everything = opened.get(f"{AUDIT}.csv")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in file.headers["content-disposition"]
    assert file.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(file.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [
        ["Hvornår", "Hvem", "Som", "Hvad", "Om", "Skole", "Udfald"],
        ["2026-11-22 12:00:00", '\'=HYPERLINK("x")', "forvaltningen", "Fritage en skole", "", "Buerup Skole", "gjort"],
    ]
    assert len(everything.content.splitlines()) == 3


@pytest.mark.parametrize("text", ["=1+1", "+45", "-2", "@SUM(A1)", "\t=1", "  =1", "＝1"])
def test_a_cell_that_a_spreadsheet_would_reckon_with_is_kept_as_text(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_other_cells_stay_as_they_are() -> None:
    assert [safe(text) for text in ("", "Årby", "1-2", "a=b")] == ["", "Årby", "1-2", "a=b"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, "vist igen eller besvaret på siden"),
        (303, "gjort"),
        (400, "afvist: noget var udfyldt forkert"),
        (401, "afvist: var logget ud; det skrevne er gemt som kladde"),
        (403, "afvist: havde ikke ret til det"),
        (404, "afvist: findes ikke eller er en andens"),
        (409, "afvist: kunne ikke lade sig gøre"),
        (500, "mislykkedes hos os"),
        (503, "mislykkedes hos os"),
    ],
)
def test_an_outcome_is_told_in_words(status: int, said: str) -> None:
    assert outcome_text(status) == said


def test_an_action_of_an_older_version_is_shown_as_it_was_kept() -> None:
    assert told("old_pages.post_thing") == "old_pages.post_thing"
