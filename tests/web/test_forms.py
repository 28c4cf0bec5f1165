from __future__ import annotations

import pytest
from sqlalchemy import select

from kvalitet.adapters.file_store import LARGEST_FILE
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import deliveries, outbox
from kvalitet.adapters.store.tables import schema
from tests.web.conftest import HIDDEN, Browser

KEY = "proeveby.2026-27.local_goals.323001"
GOALS = f"/proeveby/forekomst/{KEY}"
DELIVER = f"{GOALS}/aflever"
NOT_OPEN = "/proeveby/forekomst/proeveby.2026-27.spring_goals.323001"
MEETING = "/proeveby/forekomst/proeveby.2026-27.autumn_meeting.nord"
ANSWERS = {"goal": "Vi vil have flere i skole.", "percent": "5,4"}
PLAN = b"%PDF-1.7 planen"


def versions(installation: Installation, key: str = KEY) -> list[deliveries.Delivery]:
    with installation.store.read() as connection:
        return deliveries.versions(connection, key)


def upload(name: str, content: bytes) -> dict[str, tuple[str, bytes]]:
    return {"plan": (name, content)}


def test_a_delivery_ends_in_a_receipt_and_on_the_board(browser: Browser, installation: Installation) -> None:
    sent = browser.send(DELIVER, ANSWERS, files=upload("Plan for fravær.pdf", PLAN))
    assert (sent.status_code, sent.headers["location"]) == (303, f"{GOALS}/kvittering/1")
    receipt = browser.get(sent.headers["location"]).text
    assert "Tak, det er modtaget" in receipt
    assert "Plan for fravær.pdf" in receipt
    assert [(v.version, v.answers["percent"]) for v in versions(installation)] == [(1, "5,4")]
    assert "afleveret" in browser.get(GOALS).text


def test_the_file_of_a_delivery_is_given_back_as_it_was_and_never_shown_as_a_page(browser: Browser) -> None:
    browser.send(DELIVER, ANSWERS, files=upload("Plan for fravær.pdf", PLAN))
    file = browser.get(f"{GOALS}/fil/1")
    assert file.content == PLAN
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''Plan%20for%20frav%C3%A6r.pdf"
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["x-content-type-options"] == "nosniff"


def test_a_receipt_is_mailed_and_can_be_read_on_the_board(browser: Browser, installation: Installation) -> None:
    browser.send(DELIVER, ANSWERS)
    with installation.store.read() as connection:
        (mail,) = outbox.mails(connection, "proeveby")
    page = browser.get(f"/proeveby/mail/{mail.id}")
    assert mail.subject in page.text
    inside = browser.get(f"/proeveby/mail/{mail.id}/html")
    assert "script" not in inside.headers["content-security-policy"].replace("default-src 'none'", "")
    assert "sandbox" in inside.headers["content-security-policy"]
    assert browser.get(f"/proeveby/mail/{mail.id}/mail.eml").content == mail.content


def test_a_double_click_stores_one_delivery(browser: Browser, installation: Installation) -> None:
    texts = {**ANSWERS, "afleveringsmærke": "det samme udfyldte skema"}
    first, second = browser.send(DELIVER, texts), browser.send(DELIVER, texts)
    assert first.headers["location"] == second.headers["location"]
    assert len(versions(installation)) == 1


def test_delivering_again_makes_a_new_version_and_keeps_the_old_one(
    browser: Browser, installation: Installation
) -> None:
    browser.send(DELIVER, ANSWERS)
    assert "Vi vil have flere i skole." in browser.get(DELIVER).text
    browser.send(DELIVER, {**ANSWERS, "percent": "5,1"})
    assert [v.answers["percent"] for v in versions(installation)] == ["5,4", "5,1"]


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stands(browser: Browser) -> None:
    sent = browser.send(DELIVER, {"goal": "Vi vil have flere i skole.", "percent": "mange"})
    assert sent.status_code == 400
    assert 'href="#felt-percent">Skriv »Mål i procent« som et tal, fx 5,4.' in sent.text
    assert 'aria-describedby="felt-percent-fejl"' in sent.text
    assert "Vi vil have flere i skole." in sent.text
    assert 'value="mange"' in sent.text


def test_markup_in_a_text_is_shown_as_text(browser: Browser) -> None:
    browser.send(DELIVER, {**ANSWERS, "goal": "<script>alert(1)</script>"})
    for address in (GOALS, DELIVER, f"{GOALS}/kvittering/1", "/proeveby/log"):
        assert "<script>" not in browser.get(address).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in browser.get(GOALS).text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("program.exe", b"MZ", "er af en slags, der ikke tages imod"),
        ("plan.pdf", b"MZ not a pdf", "er ikke det, som dens navn siger"),
        ("plan.pdf", b"", "er ikke det, som dens navn siger"),
        ("plan.txt", b"", "er tom"),
        ("uden-endelse", b"hej", "er af en slags, der ikke tages imod"),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_is_delivered(
    browser: Browser, installation: Installation, name: str, content: bytes, sentence: str
) -> None:
    sent = browser.send(DELIVER, ANSWERS, files=upload(name, content))
    assert sent.status_code == 400
    assert sentence in sent.text
    assert "Vi vil have flere i skole." in sent.text
    assert versions(installation) == []
    assert list(installation.files.folder.rglob("*.*")) == []


def test_a_file_that_is_too_large_is_refused_without_losing_the_text(
    browser: Browser, installation: Installation
) -> None:
    sent = browser.send(DELIVER, ANSWERS, files=upload("plan.pdf", b"%PDF" + bytes(LARGEST_FILE + 2 * 1024 * 1024)))
    assert sent.status_code == 413
    assert "Filen er for stor; den må højst fylde 10 MB." in sent.text
    assert versions(installation) == []


def test_a_file_just_over_the_limit_is_refused_too(browser: Browser, installation: Installation) -> None:
    sent = browser.send(DELIVER, ANSWERS, files=upload("plan.pdf", b"%PDF" + bytes(LARGEST_FILE)))
    assert sent.status_code == 400
    assert "er for stor; den må højst fylde 10 MB." in sent.text
    assert "Vi vil have flere i skole." in sent.text
    assert versions(installation) == []


def test_a_file_named_as_a_path_keeps_its_name_alone(browser: Browser, installation: Installation) -> None:
    browser.send(DELIVER, ANSWERS, files=upload("../../etc/passwd.pdf", PLAN))
    (delivery,) = versions(installation)
    assert delivery.file is not None
    assert delivery.file.name == "passwd.pdf"
    assert installation.files.path(delivery.file.sha256).is_relative_to(installation.files.folder)


def test_a_text_with_a_nul_in_it_is_kept_without(browser: Browser, installation: Installation) -> None:
    assert browser.send(DELIVER, {**ANSWERS, "goal": "Flere\0 i skole."}).status_code == 303
    assert [version.answers["goal"] for version in versions(installation)] == ["Flere i skole."]


def test_a_form_with_far_too_much_in_it_is_refused_in_danish(browser: Browser) -> None:
    for texts in ({**ANSWERS, "goal": "a" * 5_000_000}, {f"felt{number}": "1" for number in range(500)}):
        sent = browser.send(DELIVER, texts)
        assert (sent.status_code, "gør teksten kortere" in sent.text) == (413, True)


def test_an_origin_that_is_no_address_is_refused(browser: Browser) -> None:
    browser.headers = {"origin": "http://[::1"}
    assert browser.send(DELIVER, ANSWERS).status_code == 403


def test_a_form_of_another_site_is_refused(browser: Browser, installation: Installation) -> None:
    browser.headers = {"sec-fetch-site": "cross-site"}
    assert browser.send(DELIVER, ANSWERS).status_code == 403
    browser.headers = {"origin": "https://evil.example"}
    assert browser.send(DELIVER, ANSWERS).status_code == 403
    assert versions(installation) == []


def test_a_form_without_its_token_is_refused(browser: Browser, installation: Installation) -> None:
    browser.token(DELIVER)
    for token in ("", "gættet"):
        sent = browser.client.post(DELIVER, data={**ANSWERS, HIDDEN: token}, headers=browser.headers)
        assert sent.status_code == 403
        assert "Formularen blev ikke sendt fra denne side." in sent.text
    assert versions(installation) == []


def test_a_delivery_for_an_unknown_school_is_a_page_that_is_not_there(browser: Browser) -> None:
    address = "/proeveby/forekomst/proeveby.2026-27.local_goals.999999/aflever"
    sent = browser.send(address, ANSWERS, page=DELIVER)
    assert sent.status_code == 404


def test_nothing_can_be_delivered_to_a_meeting(browser: Browser) -> None:
    assert browser.get(f"{MEETING}/aflever").status_code == 404


def test_a_waived_school_cannot_deliver_and_the_text_is_not_lost(browser: Browser, installation: Installation) -> None:
    waived = browser.send(f"{GOALS}/fritag", {"reason": "Skolen er ny."}, page=GOALS)
    assert (waived.status_code, waived.headers["location"]) == (303, f"{GOALS}?sket=fritaget")
    assert "Skolen er fritaget og får ikke flere påmindelser" in browser.get(waived.headers["location"]).text
    assert "Skolen er ny." in browser.get(GOALS).text
    sent = browser.send(DELIVER, ANSWERS)
    assert sent.status_code == 409
    assert "Skolen er fritaget" in sent.text
    assert "Vi vil have flere i skole." in sent.text
    assert versions(installation) == []


def test_a_waiver_needs_a_reason(browser: Browser, installation: Installation) -> None:
    sent = browser.send(f"{GOALS}/fritag", {"reason": "  "}, page=GOALS)
    assert sent.status_code == 400
    assert "Skriv, hvorfor skolen fritages" in sent.text
    with installation.store.read() as connection:
        assert connection.execute(select(schema.waiver)).all() == []
