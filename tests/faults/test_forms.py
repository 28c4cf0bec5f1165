"""Rows 20 and 21: old tabs, double clicks, going back, and uploads that are cut off or are not what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from httpx import Response

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, deliveries
from kvalitet.adapters.store.deliveries import Delivery
from tests.web.conftest import Browser
from tests.web.delivering import forms
from tests.web.delivering.forms import ANSWERS, DIRECTOR, FORM, KEY, reading


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    return forms.planned(store, tmp_path / "home")


@pytest.fixture
def leader(installation: Installation) -> Iterator[Browser]:
    with reading(installation) as opened:
        yield opened


def hidden(page: str) -> dict[str, str]:
    """Give what a form carries unseen: its token, its mark and the version that it began from."""
    form = page.split('<form class="deliver"')[1]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
    return {name: unescape(value) for name, value in found}


def send(browser: Browser, opened: dict[str, str], **changed: str) -> Response:
    """Send a form as it was opened, with something changed."""
    data = {**ANSWERS, **opened, **changed}
    sent: Response = browser.client.post(FORM, data=data, headers=browser.headers, follow_redirects=False)
    return sent


def versions(installation: Installation) -> list[Delivery]:
    with installation.store.read() as connection:
        return deliveries.versions(connection, KEY)


def told(installation: Installation) -> list[str]:
    return [version.answers["follow_up"] for version in versions(installation)]


def test_row_20_a_double_click_is_one_delivery_also_of_what_was_sent_again_from_a_page_before(
    leader: Browser, installation: Installation
) -> None:
    opened = hidden(leader.get(FORM).text)
    assert [send(leader, opened).headers["location"] for _ in range(2)] == [f"{FORM[:-8]}/kvittering/1"] * 2
    assert told(installation) == ["Hver måned"]


def test_row_20_who_goes_back_and_changes_something_loses_nothing(leader: Browser, installation: Installation) -> None:
    opened = hidden(leader.get(FORM).text)
    send(leader, opened)
    again = send(leader, opened, follow_up="Hver uge")
    assert again.status_code == 409
    assert all(text in again.text for text in ("Hver uge", "Hver måned"))
    seen = hidden(again.text)
    sent = [send(leader, seen, follow_up="Hver uge") for _ in range(2)]
    assert [answer.headers["location"] for answer in sent] == [f"{FORM[:-8]}/kvittering/2"] * 2
    assert told(installation) == ["Hver måned", "Hver uge"]


def test_row_20_an_old_tab_is_shown_what_was_delivered_since_with_both_texts(
    leader: Browser, installation: Installation
) -> None:
    stale = hidden(leader.get(FORM).text)
    with reading(installation, DIRECTOR) as other:
        send(other, hidden(other.get(FORM).text), follow_up="Hver uge")
    late = send(leader, stale)
    assert late.status_code == 409
    assert all(text in late.text for text in ("Direktøren har afleveret udgave 1", "Hver måned", "Hver uge"))
    assert told(installation) == ["Hver uge"]


def multipart(leader: Browser, content: bytes, name: str = "plan.pdf") -> tuple[bytes, bytes]:
    """Write the body of a form with a file, and give it with where the file begins."""
    fields = {**ANSWERS, **hidden(leader.get(FORM).text)}
    parts = [
        f'--snit\r\ncontent-disposition: form-data; name="{field}"\r\n\r\n{text}\r\n' for field, text in fields.items()
    ]
    head = f'--snit\r\ncontent-disposition: form-data; name="plan"; filename="{name}"\r\n\r\n'
    return "".join((*parts, head)).encode(), content + b"\r\n--snit--\r\n"


def post(leader: Browser, body: bytes) -> Response:
    headers = {**leader.headers, "content-type": "multipart/form-data; boundary=snit"}
    sent: Response = leader.client.post(FORM, content=body, headers=headers, follow_redirects=False)
    return sent


@pytest.mark.parametrize("kept", [0, 9, 40, -12, -4])
def test_row_21_an_upload_that_is_cut_off_is_refused_and_leaves_nothing(
    leader: Browser, installation: Installation, kept: int
) -> None:
    head, rest = multipart(leader, b"%PDF-1.7 " + b"x" * 60)
    assert post(leader, head + rest[:kept]).status_code == 400
    assert versions(installation) == []
    assert list(installation.files.folder.rglob("*.*")) == []


def test_row_21_an_upload_that_came_whole_is_kept_byte_by_byte(leader: Browser, installation: Installation) -> None:
    content = b"%PDF-1.7 " + bytes(range(256))
    assert post(leader, b"".join(multipart(leader, content))).status_code == 303
    (delivery,) = versions(installation)
    assert delivery.file
    assert installation.files.path(delivery.file.sha256).read_bytes() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", b""),
        ("plan.pdf.exe", b"%PDF-1.7 plan"),
        ("plan.pdf", b"MZ\x90\x00%PDF-1.7"),
        ("plan.docx", b"PK\x03\x04 og intet mere"),
        ("plan.pdf", b"%PDF-1.7" + bytes(11 * 1024 * 1024)),
    ],
)
def test_row_21_a_file_that_is_not_what_it_says_or_too_large_is_refused_and_the_texts_stand(
    leader: Browser, installation: Installation, name: str, content: bytes
) -> None:
    sent = post(leader, b"".join(multipart(leader, content, name)))
    assert (sent.status_code in {400, 413}, "Hver måned" in sent.text) == (True, True)
    assert versions(installation) == []
    assert list(installation.files.folder.rglob("*.*")) == []


@pytest.mark.parametrize("name", ["../../plan.pdf", "..\\..\\plan.pdf", "/etc/plan.pdf", "plan\0.pdf"])
def test_row_21_a_name_with_a_path_in_it_is_only_a_name(leader: Browser, installation: Installation, name: str) -> None:
    post(leader, b"".join(multipart(leader, b"%PDF-1.7 plan", name)))
    for delivery in versions(installation):
        assert delivery.file
        assert not set("/\\\0") & set(delivery.file.name)
    outside = installation.settings.home.rglob("plan*")
    assert [path for path in outside if installation.files.folder not in path.parents] == []
