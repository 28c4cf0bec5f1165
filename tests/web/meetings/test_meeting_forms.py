from __future__ import annotations

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import bookings, outbox
from kvalitet.status import BookingState
from tests.web.conftest import Browser

MEETING_KEY = "proeveby.2026-27.autumn_meeting.nord"
MEETING = f"/proeveby/forekomst/{MEETING_KEY}"
SLOT = {"day": "2026-12-02", "starts": "09:00", "ends": "10:30", "place": "Rådhuset, lokale 4"}


SURE = {**SLOT, "sure": "ja"}


def test_it_is_shown_who_is_told_what_before_anybody_is(browser: Browser, installation: Installation) -> None:
    asked = browser.send(f"{MEETING}/indkald", SLOT, page=MEETING)
    assert asked.status_code == 200
    assert "Det sker, når du siger ja" in asked.text
    assert "bliver indkaldt." in asked.text
    assert 'name="day" value="2026-12-02"' in asked.text
    with installation.store.read() as connection:
        assert outbox.mails(connection, "proeveby") == []
    browser.send(f"{MEETING}/indkald", SURE, page=MEETING)
    moving = browser.send(f"{MEETING}/flyt", {**SLOT, "starts": "08:00"}, page=MEETING)
    assert "får det nye tidspunkt eller sted og svarer igen." in moving.text
    assert "Ja, flyt og giv besked" in moving.text


def test_a_cancelled_meeting_is_booked_again(browser: Browser, installation: Installation) -> None:
    browser.send(f"{MEETING}/indkald", SURE, page=MEETING)
    assert "De får en aflysning, og mødet bliver taget ud af deres kalender:" in browser.get(MEETING).text
    browser.send(f"{MEETING}/aflys", {"sure": "ja"}, page=MEETING)
    page = browser.get(MEETING).text
    assert "Indkald til mødet igen" in page
    assert "Ja, mødet skal aflyses" not in page
    again = browser.send(f"{MEETING}/indkald", SURE, page=MEETING)
    assert "Mødet er indkaldt" in browser.get(again.headers["location"]).text
    with installation.store.read() as connection:
        booking = bookings.booking(connection, MEETING_KEY)
    assert booking
    assert booking.uid == f"{MEETING_KEY}~2@proeveby.example"


def test_a_meeting_is_booked_moved_and_cancelled(browser: Browser, installation: Installation) -> None:
    booked = browser.send(f"{MEETING}/indkald", SURE, page=MEETING)
    assert booked.status_code == 303
    assert "onsdag den 2. december 2026, uge 49, kl. 9.00-10.30" in browser.get(MEETING).text
    moved = browser.send(f"{MEETING}/flyt", {**SURE, "day": "2027-02-03"}, page=MEETING)
    assert moved.status_code == 303
    assert "uden for hjulets tidsrum" in browser.get(MEETING).text
    assert "Mødet er flyttet, og de indkaldte får besked." in browser.get(moved.headers["location"]).text
    unsure = browser.send(f"{MEETING}/aflys", {}, page=MEETING)
    assert (unsure.status_code, "Sæt kryds ved »Ja, mødet skal aflyses«" in unsure.text) == (400, True)
    cancelled = browser.send(f"{MEETING}/aflys", {"sure": "ja"}, page=MEETING)
    assert cancelled.status_code == 303
    assert "Mødet er aflyst." in browser.get(cancelled.headers["location"]).text
    with installation.store.read() as connection:
        booking = bookings.booking(connection, MEETING_KEY)
        subjects = [mail.template for mail in outbox.mails(connection, "proeveby")]
    assert booking is not None
    assert booking.state is BookingState.CANCELLED
    assert set(subjects) == {"invitation", "cancellation"}


def test_a_page_says_nothing_that_has_not_happened(browser: Browser) -> None:
    assert "Mødet er aflyst" not in browser.get(f"{MEETING}?sket=aflyst").text


def test_moving_a_meeting_to_where_it_is_sends_nothing(browser: Browser, installation: Installation) -> None:
    browser.send(f"{MEETING}/indkald", SURE, page=MEETING)
    again = browser.send(f"{MEETING}/flyt", SLOT, page=MEETING)
    assert "Mødet lå der i forvejen; der er ikke sendt noget." in browser.get(again.headers["location"]).text
    with installation.store.read() as connection:
        recipients = [mail.recipient for mail in outbox.mails(connection, "proeveby")]
    assert len(recipients) == len(set(recipients))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"day": "i morgen"}, "Vælg mødets dato"),
        ({"starts": "morgen"}, "Skriv, hvornår mødet begynder"),
        ({"ends": "08:00"}, "Mødet slutter, før det begynder"),
        ({"day": "2026-11-02"}, "Mødet ville ligge i fortiden"),
        ({"day": "2027-03-28", "starts": "02:30", "ends": "03:30"}, "fordi uret stilles frem"),
        ({"day": "0001-01-01", "starts": "00:30"}, "Vælg mødets dato"),
        ({"day": "9999-12-31"}, "mere end et år efter sit tidsrum"),
        ({"starts": "00:30", "ends": "23:30"}, "mere end tolv timer"),
    ],
)
def test_a_meeting_that_cannot_be_held_is_refused_with_what_was_typed(
    browser: Browser, wrong: dict[str, str], sentence: str
) -> None:
    sent = browser.send(f"{MEETING}/indkald", {**SLOT, **wrong}, page=MEETING)
    assert sent.status_code == 400
    assert sentence in sent.text
    assert "Rådhuset, lokale 4" in sent.text


def test_the_answer_to_an_invitation_part_can_be_read(browser: Browser, installation: Installation) -> None:
    browser.send(f"{MEETING}/indkald", SURE, page=MEETING)
    with installation.store.read() as connection:
        mail = outbox.mails(connection, "proeveby")[0]
    page = browser.get(f"/proeveby/mail/{mail.id}").text
    assert "I kalenderen" in page
    assert "Indkaldelse" in page
    assert "onsdag den 2. december 2026, uge 49, kl. 9.00-10.30" in page
