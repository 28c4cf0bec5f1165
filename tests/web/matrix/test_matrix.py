"""The matrix: narrowed, sorted, counted, and given as files that hold what is shown."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import insert

from kvalitet.adapters.deliveries import deliver, waive
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.adapters.store.tables import mail_schema
from kvalitet.web.pages.spreadsheets import as_csv, as_xlsx
from tests.web import builders
from tests.web.conftest import Browser, browsing

PAGE = "/proeveby/skoler"
GOALS, PLAN, OPEN = (f"proeveby.2026-27.{key}" for key in ("local_goals", "absence_plan", "open_school"))
ALL = ["Buerup Skole", "Hvidebækskolen", "Kalundborg Skole", "Åmoseskolen", "Årby Skole"]
LEADER, READER = "s1@skole.example", "faglige@proeveby.example"
DELIVERED = Submission({"goal": "Flere i skole", "percent": "5"}, "Leder")


def schools(page: str) -> list[str]:
    """List the schools of the table, in its order."""
    return re.findall(r'<th scope="row"[^>]*><a [^>]*>([^<]+)</a>', page)


def columns(page: str) -> list[str]:
    return re.findall(r'<th scope="col"><a href="/proeveby/aktivitet/(\w+)">', page)


def line(page: str, school: str) -> str:
    """Give the row of a school."""
    return next(row for row in page.split("<tr>") if f">{school}</a></th>" in row)


@pytest.fixture
def lived(installation: Installation) -> Installation:
    """Let Buerup have done all of it, and Hvidebæk have delivered one of three."""
    for key in (GOALS, PLAN):
        deliver(installation, f"{key}.323001", DELIVERED, now=builders.NOON)
    waive(installation, f"{OPEN}.323001", reason="Aftalt", by="Fagcenter Børn", now=builders.NOON)
    deliver(installation, f"{OPEN}.323002", DELIVERED, now=builders.NOON)
    return installation


def test_all_schools_stand_beside_all_deliverables_with_their_counts(browser: Browser) -> None:
    page = browser.get(PAGE).text
    assert (schools(page), columns(page)) == (ALL, ["local_goals", "absence_plan", "open_school"])
    assert "Fem skoler, <strong>0 af 15</strong> afleveret, " in page
    assert '<strong class="overdue-text">10 over fristen</strong>' in page
    assert '<span class="count">0 af 5, <strong class="overdue-text">5 over</strong></span>' in page
    assert '3 <strong class="overdue-text">(2 over)</strong>' in line(page, "Årby Skole")


def test_a_cell_leads_to_what_it_is_about_and_says_its_state(browser: Browser, lived: Installation) -> None:
    page = browser.get(PAGE).text
    row = line(page, "Buerup Skole")
    assert '<td><a href="skole/323001/aflevering/local_goals" class="delivered">afleveret</a></td>' in row
    assert '<td><a href="skole/323001/aflevering/open_school" class="waived">fritaget</a></td>' in row
    assert 'data-label="Mangler">0</td>' in row
    cell = browser.get("/proeveby/skole/323001/aflevering/local_goals")
    assert (cell.status_code, cell.headers["location"]) == (303, f"/proeveby/forekomst/{GOALS}.323001")
    assert browser.get("/proeveby/skole/323001/aflevering/ukendt").status_code == 404


def test_what_is_not_open_leads_nowhere_and_what_is_missing_says_what_it_is_on_a_small_screen(
    browser: Browser,
) -> None:
    early = browser.get(f"{PAGE}?dato=2026-09-02").text
    row = line(early, "Buerup Skole")
    assert '<td><span class="not_open">ikke åben</span></td>' in row
    assert '/local_goals?dato=2026-09-02" class="overdue" data-label="Skolens egne mål">overskredet</a></td>' in row


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("skole=ÅMOSE", ["Åmoseskolen"]),
        ("skole=aarby", ["Årby Skole"]),
        ("skole=skolen", ["Hvidebækskolen", "Åmoseskolen"]),
        ("gruppe=syd", ["Hvidebækskolen", "Åmoseskolen"]),
        ("status=waived", ["Buerup Skole"]),
        ("status=delivered", ["Buerup Skole", "Hvidebækskolen"]),
        ("status=delivered&aktivitet=open_school", ["Hvidebækskolen"]),
        ("kun=mangler", ["Hvidebækskolen", "Kalundborg Skole", "Åmoseskolen", "Årby Skole"]),
        ("kun=mangler&aktivitet=open_school", ["Kalundborg Skole", "Åmoseskolen", "Årby Skole"]),
        ("sorter=mangler", ["Kalundborg Skole", "Åmoseskolen", "Årby Skole", "Hvidebækskolen", "Buerup Skole"]),
        ("sorter=gruppe", ["Buerup Skole", "Kalundborg Skole", "Årby Skole", "Hvidebækskolen", "Åmoseskolen"]),
        ("gruppe=vest&aktivitet=ukendt&status=sovende&sorter=farve", ALL),
    ],
)
def test_the_matrix_is_narrowed_and_sorted(browser: Browser, lived: Installation, query: str, shown: list[str]) -> None:
    assert schools(browser.get(f"{PAGE}?{query}").text) == shown


def test_one_deliverable_is_shown_alone_and_what_nobody_misses_is_left_out(
    browser: Browser, lived: Installation
) -> None:
    assert columns(browser.get(f"{PAGE}?aktivitet=absence_plan").text) == ["absence_plan"]
    deliver(lived, f"{GOALS}.323002", DELIVERED, now=builders.NOON)
    missing = browser.get(f"{PAGE}?kun=mangler&skole=hvidebæk").text
    assert (columns(missing), schools(missing)) == (["absence_plan"], ["Hvidebækskolen"])
    assert "<strong>0 af 1</strong> afleveret" in missing


def test_where_nothing_fits_the_page_says_so(browser: Browser) -> None:
    page = browser.get(f"{PAGE}?skole=findes+ikke").text
    assert "Ingen skoler passer til det valgte." in page
    assert 'value="findes ikke"' in page


def test_what_is_searched_for_is_text_and_no_markup(browser: Browser) -> None:
    page = browser.get(f"{PAGE}?skole=%22%3E%3Cscript%3E").text
    assert "<script>" not in page
    assert "&#34;&gt;&lt;script&gt;" in page


def test_the_last_reminder_is_told_from_what_was_sent_and_the_next_from_the_ladder(
    browser: Browser, installation: Installation
) -> None:
    sent = datetime(2026, 11, 9, 6, 0, tzinfo=UTC)
    with installation.store.write() as connection:
        for number, (state, step) in enumerate([("sent", "+1"), ("queued", "+7"), ("sent", "opening")], start=1):
            values = {"id": number, "municipality": "proeveby", "key": f"k{number}", "template": "overdue_notice"}
            values |= {"recipient": LEADER, "recipient_name": "Leder", "subject": "Rykker", "message_id": f"m{number}"}
            values |= {"content": b"", "state": state, "created_at": sent, "not_before": sent, "sent_at": sent}
            connection.execute(insert(mail_schema.mail).values(**values))
            about = {"mail": number, "occurrence": f"{OPEN}.32300{1 if step != 'opening' else 2}", "step": step}
            connection.execute(insert(mail_schema.mail_about).values(**about))
    page = browser.get(PAGE).text
    assert 'data-label="Påmindet, næste">9.11.</td>' in line(page, "Buerup Skole")
    assert 'data-label="Påmindet, næste"></td>' in line(page, "Hvidebækskolen")
    before = browser.get(f"{PAGE}?dato=2026-11-01").text
    assert 'data-label="Påmindet, næste"></td>' in line(before, "Buerup Skole")


def test_csv_opens_right_in_danish_excel(browser: Browser, lived: Installation) -> None:
    answer = browser.get(f"{PAGE}.csv?skole=skole&gruppe=nord")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''skoler-proeveby-2026-27.csv"
    assert answer.content.startswith(b"\xef\xbb\xbfSkole;Institutionsnummer;Skolegruppe;Skolens egne m\xc3\xa5l;")
    assert answer.content.endswith(b"\r\n")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [
        [
            "Skole",
            "Institutionsnummer",
            "Skolegruppe",
            "Skolens egne mål",
            "Plan for fravær",
            "Den åbne skole",
            "Mangler",
            "Over fristen",
            "Afleveret i procent",
            "Sidst påmindet",
            "Næste påmindelse",
            "Opkald",
        ],
        ["Buerup Skole", "323001", "Nord", "afleveret", "afleveret", "fritaget", "0", "0", "100,0", "", "", "0"],
        ["Kalundborg Skole", "323003", "Nord", "overskredet", "overskredet", "åben", "3", "2", "0,0", "", "", "0"],
        ["Årby Skole", "323005", "Nord", "overskredet", "overskredet", "åben", "3", "2", "0,0", "", "", "0"],
        ["Alle viste", "", "", "1 af 3", "1 af 3", "0 af 2", "6", "4", "25,0", "", "", "0"],
    ]


def test_a_spreadsheet_holds_the_same_with_numbers_as_numbers(browser: Browser, lived: Installation) -> None:
    answer = browser.get(f"{PAGE}.xlsx?skole=buerup")
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''skoler-proeveby-2026-27.xlsx"
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_name("Skoler").to_python()
    assert sheet[1] == ["Buerup Skole", "323001", "Nord", "afleveret", "afleveret", "fritaget", 0, 0, 100, "", "", 0]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_file_is_a_formula(begins: str) -> None:
    name = f"{begins}1+cmd|' /C calc'!A0"
    text = as_csv([[name, "1"]]).decode("utf-8-sig")
    assert list(csv.reader(StringIO(text, newline=""), delimiter=";")) == [[f"'{name}", "1"]]
    book = as_xlsx([["Skole"], [name]], "Skoler", sheet="Skoler")
    sheet = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0)
    assert sheet.to_python() == [["Skole"], [name.replace("\r", "\n")]] or begins == "\r"
    assert b"<f>" not in book


def test_a_school_sees_its_own_line_and_no_forms_of_others(installation: Installation) -> None:
    with browsing(installation, LEADER) as browser:
        page = browser.get(PAGE).text
        rows = browser.get(f"{PAGE}.csv").text
    assert schools(page) == ["Buerup Skole"]
    assert "paamind" not in page
    assert "opkald" not in page
    assert "Årby" not in rows


def test_the_page_is_the_same_until_something_changes_and_then_another(
    browser: Browser, installation: Installation
) -> None:
    browser.get(PAGE)
    first = browser.get(PAGE)
    again = browser.client.get(PAGE, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    deliver(installation, f"{OPEN}.323001", DELIVERED, now=builders.NOON)
    changed = browser.client.get(PAGE, headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert "åben" not in line(changed.text, "Buerup Skole")
