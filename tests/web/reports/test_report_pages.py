"""The pages of the report: who reads what, what the next step waits for, and writing it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.reports import keeping
from kvalitet.adapters.reports.keeping import NewReport
from kvalitet.adapters.store import log
from kvalitet.municipality import Contact
from kvalitet.quality_reports import ReportPlan, Version
from kvalitet.wheel import Role
from tests.web import builders, people
from tests.web.conftest import Browser, browsing

PAGE = "/proeveby/rapport"
FILES = {name: f"%PDF {name}".encode() for name in ("offentlig.pdf", "intern.pdf", "offentlig.html", "intern.html")}
WHOLE = "konsulent@proeveby.example"


@pytest.fixture
def written(installation: Installation) -> Installation:
    """An installation with a draft and a final report, and a consultant for all schools."""
    found = people.peopled(installation)
    town = found.municipalities[0]
    contacts = (*town.contacts, Contact(Role.CONSULTANT, "Konsulent", WHOLE))
    for number, version in enumerate((Version.DRAFT, Version.FINAL), start=1):
        new = NewReport(builders.YEAR, version, builders.NOON, "Fagcentret", FILES)
        keeping.keep(found.settings.home, town.key, new, number)
    return replace(found, municipalities=(replace(town, contacts=contacts),))


def opened_by(written: Installation, address: str) -> dict[str, int]:
    with browsing(written, address) as browser:
        return {
            f"{number}/{name}": browser.get(f"{PAGE}/2026-27/{number}/{name}").status_code
            for number in (1, 2)
            for name in ("offentlig.pdf", "intern.pdf")
        }


@pytest.mark.parametrize(
    "address", [people.LEADER, people.DEPUTY, people.SCHOOL_BOARD, people.UNIONS, people.CONSULTANT]
)
def test_whoever_does_not_follow_all_schools_reads_the_final_public_report_alone(
    written: Installation, address: str
) -> None:
    assert opened_by(written, address) == {
        "1/offentlig.pdf": 404, "1/intern.pdf": 404, "2/offentlig.pdf": 200, "2/intern.pdf": 404,
    }  # fmt: skip
    with browsing(written, address) as browser:
        page = browser.get(PAGE).text
        assert "Endelig, nr. 2" in page
        assert "nr. 1" not in page
        assert "intern" not in page
        assert "Forhåndsvisningen" not in page
        assert "Skriv" not in page.replace("Skrevet", "").replace("Skrevne", "")


@pytest.mark.parametrize("address", [people.ADMINISTRATION, people.DIRECTOR, WHOLE])
def test_whoever_follows_all_schools_reads_every_version(written: Installation, address: str) -> None:
    assert set(opened_by(written, address).values()) == {200}


def test_an_operator_reads_what_everybody_reads_and_a_stranger_nothing(written: Installation) -> None:
    assert opened_by(written, people.OPERATOR)["1/offentlig.pdf"] == 404
    assert set(opened_by(written, "").values()) == {303}


def test_a_file_is_given_as_it_was_written_and_the_internal_one_is_kept_by_no_cache(written: Installation) -> None:
    with browsing(written) as browser:
        public, internal = (browser.get(f"{PAGE}/2026-27/2/{name}.pdf") for name in ("offentlig", "intern"))
        page = browser.get(f"{PAGE}/2026-27/2/offentlig.html")
    assert (public.content, public.headers["content-type"]) == (FILES["offentlig.pdf"], "application/pdf")
    assert public.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''Kvalitetsrapport%202026-27%20Pr%C3%B8veby%20Kommune%20nr%202%20offentlig.pdf"
    )
    assert (public.headers["cache-control"], internal.headers["cache-control"]) == (
        "private, no-cache",
        "private, no-store",
    )
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")


@pytest.mark.parametrize(
    "place",
    [
        "2026-27/2/andet.pdf",
        "2026-27/9/offentlig.pdf",
        "2020-21/1/offentlig.pdf",
        "aar/1/offentlig.pdf",
        f"2026-27/{'9' * 300}/offentlig.pdf",
    ],
    ids=["file", "number", "year", "no year", "no number of ours"],
)
def test_what_has_not_been_written_is_not_there(written: Installation, place: str) -> None:
    with browsing(written) as browser:
        assert browser.get(f"{PAGE}/{place}").status_code == 404


def test_a_changed_file_is_told_and_not_given(written: Installation) -> None:
    stored = keeping.find(written.settings.home, "proeveby", builders.YEAR, 2)
    assert stored is not None
    path = stored.folder / "offentlig.pdf"
    path.chmod(0o640)
    path.write_bytes(b"noget andet")
    with browsing(written) as browser:
        answer = browser.get(f"{PAGE}/2026-27/2/offentlig.pdf")
    assert answer.status_code >= 500
    assert b"noget andet" not in answer.content


def test_the_preview_is_the_report_as_it_is_now(browser: Browser) -> None:
    page = browser.get(f"{PAGE}/forhaandsvisning")
    assert page.status_code == 200
    assert "Forhåndsvisning, ikke gemt" in page.text
    assert "Offentlig udgave" in page.text
    assert "Intern udgave, fortrolig" in browser.get(f"{PAGE}/forhaandsvisning?udgave=intern").text


def test_a_version_is_written_once_somebody_is_sure_and_has_seen_what_happens(browser: Browser) -> None:
    first = browser.get(PAGE).text
    assert "»Kladde« er ikke skrevet endnu." in first
    asked = browser.get(f"{PAGE}?trin=draft").text
    assert "Versionen får nummer 1 og bliver aldrig ændret siden." in asked
    unsure = browser.send(PAGE, {"trin": "draft"}, page=f"{PAGE}?trin=draft")
    assert (unsure.status_code, "Sæt kryds i, at rapporten skal skrives" in unsure.text) == (400, True)
    sure = browser.send(PAGE, {"trin": "draft", "sure": "ja"}, page=f"{PAGE}?trin=draft")
    assert (sure.status_code, sure.headers["location"]) == (303, f"{PAGE}?sket=draft")
    page = browser.get(sure.headers["location"]).text
    assert "Rapporten er skrevet" in page
    assert "Kladde, nr. 1 (2026/27)" in page


def test_a_version_that_waits_for_something_is_refused_with_what_it_waits_for(browser: Browser) -> None:
    answer = browser.send(PAGE, {"trin": "final", "sure": "ja"}, page=f"{PAGE}?trin=draft")
    assert answer.status_code == 400
    assert "kan ikke skrives som »endelig« endnu. »Kladde« er ikke skrevet endnu." in answer.text
    assert browser.send(PAGE, {"trin": "noget", "sure": "ja"}, page=f"{PAGE}?trin=draft").status_code == 400


def test_a_version_that_cannot_be_kept_is_told_and_the_page_stays(browser: Browser, installation: Installation) -> None:
    (installation.settings.home / "reports").write_text("i vejen", encoding="utf-8")
    answer = browser.send(PAGE, {"trin": "draft", "sure": "ja"}, page=f"{PAGE}?trin=draft")
    assert answer.status_code == 503
    assert "Rapporten kunne ikke skrives til" in answer.text
    assert "Skrevne versioner" in answer.text


def test_what_the_final_one_waits_for_is_named_school_by_school(installation: Installation) -> None:
    town = replace(installation.municipalities[0], report=ReportPlan(statements="absence_plan"))
    with browsing(replace(installation, municipalities=(town,))) as browser:
        page = browser.get(PAGE).text
    assert "»Plan for fravær« fra Buerup Skole mangler." in page


def test_who_wrote_it_stands_in_the_log_and_on_the_page(installation: Installation) -> None:
    with browsing(installation, people.DIRECTOR) as browser:
        browser.send(PAGE, {"trin": "draft", "sure": "ja"}, page=f"{PAGE}?trin=draft")
        assert "af Direktøren." in browser.get(PAGE).text
    with installation.store.read() as connection:
        assert [event.actor for event in log.events(connection, event="report_written")] == ["Direktøren"]
