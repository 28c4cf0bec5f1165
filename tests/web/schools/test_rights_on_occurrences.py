from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import log, outbox
from kvalitet.adapters.store.log import Event
from kvalitet.wheel import MeetingPlan
from tests.adapters.store.test_outbox import new
from tests.web import builders, people
from tests.web.conftest import Browser, browsing

GOALS = "/proeveby/forekomst/proeveby.2026-27.local_goals.323001"
MEETING = "/proeveby/forekomst/proeveby.2026-27.autumn_meeting.nord"
SLOT = {"day": "2026-12-02", "starts": "09:00", "ends": "10:30", "place": "Lokale 4", "sure": "ja"}


def offered(page: str) -> set[str]:
    """List what a page offers to do, by the last word of the address."""
    return {word for word in ("aflever", "paamind", "fritag", "indkald", "flyt", "aflys") if f"/{word}" in page}


@pytest.mark.parametrize(
    ("reader", "deliverable", "meeting"),
    [
        (people.ADMINISTRATION, {"aflever", "paamind", "fritag"}, {"indkald", "aflys"}),
        (people.DIRECTOR, {"aflever", "paamind", "fritag"}, {"indkald", "aflys"}),
        (people.CONSULTANT, {"paamind"}, set()),
        (people.LEADER, {"aflever"}, set()),
        (people.DEPUTY, {"aflever"}, set()),
        (people.SCHOOL_BOARD, set(), set()),
        (people.OTHER_LEADER, None, None),
        (people.UNIONS, None, set()),
    ],
)
def test_a_page_offers_only_what_the_viewer_may_do(
    everybody: Installation, reader: str, deliverable: set[str] | None, meeting: set[str] | None
) -> None:
    with browsing(everybody, reader) as opened:
        for address, wanted in ((GOALS, deliverable), (MEETING, meeting)):
            page = opened.get(address)
            assert (page.status_code == 200) is (wanted is not None), address
            if wanted is not None:
                assert offered(page.text) == wanted, address


def test_a_meeting_that_is_booked_is_moved_or_cancelled_and_says_before_and_after(everybody: Installation) -> None:
    with browsing(everybody) as opened:
        opened.send(f"{MEETING}/indkald", SLOT, page=MEETING)
        assert offered(opened.get(MEETING).text) == {"flyt", "aflys"}
        asked = opened.send(f"{MEETING}/flyt", {**SLOT, "day": "2026-12-03", "sure": ""}, page=MEETING).text
    told = asked.split('id="told"')[1].split("</section>")[0]
    assert "<dt>Før</dt><dd>onsdag den 2. december 2026, uge 49, kl. 9.00-10.30, Lokale 4</dd>" in told
    assert "<dt>Nu</dt><dd>torsdag den 3. december 2026, uge 49, kl. 9.00-10.30, Lokale 4</dd>" in told
    assert "får det nye tidspunkt eller sted og svarer igen." in told


def with_material(installation: Installation) -> Installation:
    """Give an installation whose autumn meeting has a file from a folder of the municipality's."""
    (found,) = installation.municipalities
    folder = installation.settings.municipality_folder / "proeveby" / "bilag"
    folder.mkdir()
    (folder / "Oplæg om fravær.pdf").write_bytes(b"%PDF-1.7 bilag")
    meeting = MeetingPlan(question_guide="guide.md", material=("bilag/Oplæg om fravær.pdf",))
    activities = tuple(
        replace(one, meeting=meeting, description="Fravær og trivsel.") if one.key == "autumn_meeting" else one
        for one in found.wheel.activities
    )
    return replace(installation, municipalities=(replace(found, wheel=replace(found.wheel, activities=activities)),))


def test_the_agenda_shows_what_it_is_about_and_its_files_by_name_without_folders(everybody: Installation) -> None:
    with browsing(with_material(everybody), people.LEADER) as opened:
        page = opened.get(MEETING).text
        agenda = page.split("Dagsorden og materiale")[1].split("Deltagere")[0]
        assert "Fravær og trivsel." in agenda
        assert "Hvad går godt?" in agenda
        assert "Spørgeguide.txt</a>" in agenda
        assert "Oplæg om fravær.pdf</a>" in agenda
        assert "bilag/Opl" not in agenda
        file = opened.get(f"{MEETING}/bilag/1")
    assert file.content == b"%PDF-1.7 bilag"
    assert file.headers["content-type"] == "application/octet-stream"
    name = "attachment; filename*=UTF-8''Opl%C3%A6g%20om%20frav%C3%A6r.pdf"
    assert file.headers["content-disposition"] == name


def test_the_files_of_a_meeting_are_for_those_whom_it_concerns(everybody: Installation) -> None:
    here = with_material(everybody)
    seen = {}
    for reader in (people.CONSULTANT, people.OTHER_LEADER, people.OPERATOR, ""):
        with browsing(here, reader) as opened:
            seen[reader] = opened.get(f"{MEETING}/bilag/0").status_code
    assert seen == {
        people.CONSULTANT: 200,
        people.OTHER_LEADER: 404,
        people.OPERATOR: 403,
        "": 303,
    }


def test_a_file_that_is_not_there_is_told_in_one_sentence(everybody: Installation) -> None:
    here = with_material(everybody)
    (here.settings.municipality_folder / "proeveby" / "bilag" / "Oplæg om fravær.pdf").unlink()
    with browsing(here) as opened:
        gone, never = opened.get(f"{MEETING}/bilag/1"), opened.get(f"{MEETING}/bilag/2")
    assert (gone.status_code, "kan ikke læses lige nu" in gone.text) == (404, True)
    assert (never.status_code, "har ikke så mange bilag" in never.text) == (404, True)


def mails_of(page: str) -> set[str]:
    """Give the kind, recipient and subject of each mail that the page of an occurrence or a school tells of."""
    lines = re.findall(r"<strong>([^<]*)</strong> til (.*?)(?: <span|</p>|</li>)", page)
    return {f"{kind} til {re.sub('<[^>]*>', '', rest)}" for kind, rest in lines if kind in {"Påmindelse", "Eskalering"}}


TO_THE_SCHOOL = {"Påmindelse til Leder af Buerup Skole: Mangler", "Påmindelse til Stedfortræder på Buerup Skole: Husk"}
TO_OTHERS = {"Eskalering til Konsulent for Nord: Sen", "Eskalering til Direktøren: Meget sen"}


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        (people.ADMINISTRATION, TO_THE_SCHOOL | TO_OTHERS),
        (people.DIRECTOR, TO_THE_SCHOOL | TO_OTHERS),
        (people.CONSULTANT, TO_THE_SCHOOL),
        (people.LEADER, TO_THE_SCHOOL),
        (people.DEPUTY, TO_THE_SCHOOL),
        (people.SCHOOL_BOARD, set()),
    ],
)
def test_the_pages_of_a_deliverable_and_of_its_school_tell_of_the_same_mails(
    everybody: Installation, reader: str, told: set[str]
) -> None:
    sent = {
        "reminder": ((people.LEADER.upper(), "Leder af Buerup Skole", "Mangler"),
                     (people.DEPUTY, "Stedfortræder på Buerup Skole", "Husk")),
        "escalation": ((people.CONSULTANT, "Konsulent for Nord", "Sen"), (people.DIRECTOR, "Direktøren", "Meget sen")),
    }  # fmt: skip
    with everybody.store.write() as connection:
        for kind, letters in sent.items():
            for address, name, subject in letters:
                about = {"proeveby.2026-27.local_goals.323001": "step"}
                mail = replace(new(subject, about), template=kind, recipient=address, recipient_name=name, school=None)
                outbox.enqueue(connection, replace(mail, subject=subject), now=builders.NOON)
                written = Event(f"sent:{subject}", builders.NOON, "mail_sent", "proeveby", occurrence=next(iter(about)))
                log.tell(connection, replace(written, recipient=address, detail=f"{kind}: {subject}"))
    with browsing(everybody, reader) as opened:
        occurrence, school = opened.get(GOALS).text, opened.get("/proeveby/skole/323001").text
    assert (mails_of(occurrence), mails_of(school)) == (told, told)
    assert (people.CONSULTANT in occurrence, "Mail sendt" in occurrence) == (told >= TO_OTHERS, told >= TO_OTHERS)


@pytest.mark.parametrize(
    ("reader", "names", "addresses"),
    [
        (people.ADMINISTRATION, True, True),
        (people.DIRECTOR, True, True),
        (people.CONSULTANT, True, False),
        (people.LEADER, True, False),
        (people.DEPUTY, True, False),
        (people.SCHOOL_BOARD, False, False),
    ],
)
def test_who_comes_is_told_to_the_invited_and_the_administration_and_addresses_to_those_who_arrange(
    everybody: Installation, reader: str, *, names: bool, addresses: bool
) -> None:
    before: list[bool] = []
    after: list[bool] = []
    for told in (before, after):
        with browsing(everybody, reader) as opened:
            page = opened.get(MEETING).text.split("<h2>Deltagere</h2>")[1].split('class="aside"')[0]
        told += [found in page for found in ("Leder af Kalundborg Skole", "s3@skole.example", "de indkaldte og forv")]
        with browsing(everybody) as opened:
            opened.send(f"{MEETING}/indkald", SLOT, page=MEETING)
    assert before == after == [names, addresses, not names]


def test_the_log_of_an_occurrence_says_who_did_it(browser: Browser) -> None:
    browser.send(f"{GOALS}/fritag", {"reason": "Skolen er ny."}, page=GOALS)
    log = browser.get(GOALS).text.split("<h2>Log</h2>")[1]
    assert "Skolen er ny." in log
    assert "af Fagcenter Børn" in log
