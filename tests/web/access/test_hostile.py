"""What somebody with bad intentions sends to the pages, and what the others notice of it: nothing."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from httpx import Response

from kvalitet.adapters.access import accounts
from kvalitet.adapters.feeds import subscribing
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, deliveries, incoming, outbox
from kvalitet.adapters.store.incoming import IncomingKind, NewIncoming
from kvalitet.web.app import create_app
from kvalitet.web.pace import MINUTE, MOST_FROM_A_NETWORK, MOST_KNOWN, NetworkPace
from kvalitet.web.routes import PAGES
from kvalitet.web.serve import listen
from kvalitet.wheel import Role
from tests import databases
from tests.web.access.test_every_page import NOT_FROM_HERE, OPEN, address
from tests.web.access.two_towns import ISSUER, OTHER, OWN, Towns, two_towns
from tests.web.builders import NOON
from tests.web.conftest import HIDDEN, Browser, browsing, logged_in

FORMS = [f"{page.method} {page.path}" for page in PAGES if page.method == "POST"]
GUARDED = [page for page in FORMS if page not in OPEN]
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Towns]:
    home = tmp_path_factory.mktemp("hostile")
    store = Store.open(databases.copy_of_sqlite(migrated_sqlite, home / "kvalitet.sqlite"))
    with two_towns(store, home / "home") as opened:
        yield opened
    store.close()


def where(page: str, towns: Towns) -> str:
    """Give a form's address; a secret in it is one that somebody has made up."""
    return address(page.replace("{token}", "x" * 43), towns)


def forged(towns: Towns, page: str, *, token: str | None = None, **headers: str) -> Response:
    """Send a form as the administration's browser does when another site tells it to."""
    client = towns.browsers["administration"]
    data = {HIDDEN: token or Browser(client).token("/proeveby/kalendere")}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer: Response = client.post(where(page, towns), data=data, headers=named, follow_redirects=False)
    return answer


@pytest.mark.parametrize("page", FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8322"},
    ],
    ids=lambda headers: "-".join(headers.values()),
)
def test_a_form_that_another_site_sends_is_refused(towns: Towns, page: str, headers: dict[str, str]) -> None:
    answer = forged(towns, page, **headers)
    assert (answer.status_code, NOT_FROM_HERE in answer.text) == (403, True)


@pytest.mark.parametrize("page", FORMS)
@pytest.mark.parametrize("token", ["", "x", "é"])
def test_a_form_without_our_mark_is_refused(towns: Towns, page: str, token: str) -> None:
    answer = forged(towns, page, token=token or " ")
    assert (answer.status_code, NOT_FROM_HERE in answer.text) == (403, True)


@pytest.mark.parametrize("page", GUARDED)
def test_a_form_sent_by_get_does_nothing(towns: Towns, page: str) -> None:
    answer = towns.browsers["administration"].get(where(page, towns), follow_redirects=False)
    assert answer.status_code in {200, 404, 405}
    with towns.installation.store.read() as connection:
        assert [mail.state.value for mail in outbox.mails(connection, "naboby")].count("cancelled") == 0


def shown_everywhere(towns: Towns) -> Iterator[tuple[str, str]]:
    """Give every page that the administration can open, with its text."""
    for page in (f"{page.method} {page.path}" for page in PAGES if page.method == "GET" and page.right):
        for school in (OWN, OTHER):
            path = address(page, towns, school)
            yield path, towns.browsers["administration"].get(path).text


def test_markup_in_whatever_people_write_is_shown_as_text_on_every_page(towns: Towns) -> None:
    administration, here = Browser(towns.browsers["administration"]), "/proeveby"
    occurrence, meeting = f"{here}/forekomst/proeveby.2026-27", f"{here}/forekomst/proeveby.2026-27.dialogue.{OWN}"
    texts = {f"{occurrence}.local_goals.{OWN}/aflever": {"goal": SCRIPT, "percent": "5"}}
    texts[f"{occurrence}.absence_plan.{OWN}/fritag"] = {"reason": SCRIPT}
    texts[f"{here}/skole/{OWN}/pause"] = {"first_day": "2026-11-22", "reason": SCRIPT}
    texts[f"{here}/udbakke/pause"] = {"reason": SCRIPT}
    texts[f"{here}/mail/{towns.own.mail}/hold-tilbage"] = {"reason": SCRIPT}
    texts[f"{meeting}/indkald"] = {"day": "2026-12-01", "starts": "09:00", "ends": "10:00", "place": SCRIPT}
    texts[f"{here}/kalendere"] = {"person": SCRIPT}
    texts[f"{here}/adgang"] = {"person": SCRIPT, "adgang": SCRIPT}
    texts["/log-ind/proeveby/link"] = {"address": SCRIPT, "til": SCRIPT}
    for path, fields in texts.items():
        page = path if path.endswith(("aflever", "kalendere", "adgang")) else f"{here}/kalendere"
        assert "<script>alert" not in administration.send(path, fields, page=page).text
    written = NewIncoming(SCRIPT, SCRIPT, SCRIPT, SCRIPT, SCRIPT.encode(), IncomingKind.HUMAN, is_confirmed=False)
    with towns.installation.store.write() as connection:
        came = incoming.keep(connection, written, now=NOON)
        assert came
        incoming.place(connection, came, municipality="proeveby")
        accounts.seen(connection, ISSUER, SCRIPT, name=SCRIPT, address=SCRIPT, now=NOON)
    pages = dict(shown_everywhere(towns))
    assert [path for path, text in pages.items() if "<script>alert" in text or "<img src=x" in text] == []
    assert len([path for path, text in pages.items() if "&lt;script&gt;alert(1)&lt;/script&gt;" in text]) >= 8


def test_what_came_by_mail_is_only_saved_and_never_shown_as_a_page(towns: Towns) -> None:
    for page in (f"/proeveby/indbakke/{towns.own.incoming}/mail.eml", f"/proeveby/mail/{towns.own.mail}/mail.eml"):
        answer = towns.browsers["administration"].get(page)
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["../../../etc/passwd.pdf", "..\\..\\x.pdf", "/etc/cron.d/x.pdf", "a\r\nb.pdf"])
def test_a_file_lies_under_a_name_of_ours_whatever_it_is_called(towns: Towns, name: str) -> None:
    leader, path = Browser(towns.browsers["leader"]), f"/proeveby/forekomst/proeveby.2026-27.local_goals.{OWN}/aflever"
    sent = leader.send(path, {"goal": "Mål", "percent": "5"}, files={"plan": (name, b"%PDF-1.7 x", "application/pdf")})
    assert sent.status_code == 303
    with towns.installation.store.read() as connection:
        newest = deliveries.versions(connection, f"proeveby.2026-27.local_goals.{OWN}")[-1]
    assert newest.file
    kept = towns.installation.files.path(newest.file.sha256)
    assert kept.is_relative_to(towns.installation.settings.home / "files")
    answer = leader.get(f"{path.removesuffix('aflever')}fil/{newest.version}")
    assert "/" not in answer.headers["content-disposition"]
    assert "\n" not in answer.headers["content-disposition"]


def test_thirty_megabytes_are_refused_and_not_kept(towns: Towns) -> None:
    leader, path = Browser(towns.browsers["leader"]), f"/proeveby/forekomst/proeveby.2026-27.local_goals.{OWN}/aflever"
    before = sorted(towns.installation.files.folder.iterdir())
    large = {"plan": ("stor.pdf", b"%PDF-1.7 " + bytes(30 * 1024 * 1024), "application/pdf")}
    answer = leader.send(path, {"goal": "Bevaret tekst", "percent": "5"}, files=large)
    assert (answer.status_code, "Bevaret tekst" in answer.text) == (413, True)
    assert sorted(towns.installation.files.folder.iterdir()) == before


@pytest.mark.parametrize("number", ["-1", "0", "99999999999999999999999", "1e3", "1%00"])
@pytest.mark.parametrize("page", ["mail/{}", "indbakke/{}", "forekomst/x/fil/{}"])
def test_a_number_that_is_none_is_a_page_that_is_not_there(towns: Towns, page: str, number: str) -> None:
    assert towns.browsers["administration"].get(f"/proeveby/{page.format(number)}").status_code == 404


def test_strangers_learn_nothing_from_addresses_of_secrets(towns: Towns) -> None:
    stranger = towns.browsers["nobody"]
    tokens = [f"/kalender/{'x' * 43}/alt.ics", "/log-ind/link/x", f"/proeveby/bekraeft/{'x' * 43}"]
    assert [stranger.get(path).status_code for path in tokens] == [404, 410, 404]


# --- A flood


@pytest.fixture
def flooded(installation: Installation) -> Iterator[str]:
    """Serve the board as in production, and give its address."""
    with listen("127.0.0.1", 0) as listening:
        app = create_app(lambda: installation, lambda: NOON)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_thousand_requests_are_turned_away_and_others_are_served_meanwhile(
    flooded: str, installation: Installation
) -> None:
    one = subscribing.create(
        installation, installation.municipalities[0], role=Role.DIRECTOR, address="direktor@proeveby.example", now=NOON
    )
    feed = f"/kalender/{one.token}/alt.ics"
    codes: Counter[int] = Counter()
    served: list[int] = []
    with httpx.Client(
        base_url=flooded, cookies={"kvalitet_session": logged_in(installation, "s1@skole.example")}
    ) as own:
        served.append(own.get("/proeveby/skole/323001").status_code)
        flood = [threading.Thread(target=hammer, args=(flooded, feed, codes)) for _ in range(4)]
        for thread in flood:
            thread.start()
        while any(thread.is_alive() for thread in flood):
            served.append(own.get("/proeveby/skole/323001").status_code)
            flood[0].join(timeout=0.2)
    assert sum(codes.values()) == 2_000
    # The count may begin anew once, when a minute turns meanwhile.
    assert codes[429] >= 2_000 - 2 * MOST_FROM_A_NETWORK
    assert set(codes) <= {200, 429}
    assert set(served) == {200}
    assert len(list((installation.settings.home / "mailbox").glob("**/*.eml"))) == 5


def hammer(base: str, feed: str, codes: Counter[int]) -> None:
    """Ask for links to one mailbox, and for one calendar, as fast as it goes."""
    with httpx.Client(base_url=base) as client:
        token = client.get("/log-ind/proeveby").text.split(f'name="{HIDDEN}" value="')[1].split('"', 1)[0]
        form = {HIDDEN: token, "address": "s1@skole.example"}
        for _ in range(250):
            codes[client.post("/log-ind/proeveby/link", data=form).status_code] += 1
            codes[client.get(feed).status_code] += 1


def test_a_network_is_let_through_again_when_the_minute_turns() -> None:
    seconds = [30.5]
    pace = NetworkPace(lambda: seconds[-1])
    assert [pace.wait("a") for _ in range(MOST_FROM_A_NETWORK)] == [0] * MOST_FROM_A_NETWORK
    assert (pace.wait("a"), pace.wait("b")) == (30, 0)
    seconds.append(MINUTE)
    assert pace.wait("a") == 0


def test_what_is_known_of_cookies_never_fills_the_memory() -> None:
    pace = NetworkPace()
    for number in range(MOST_KNOWN + 1):
        pace.let_in(str(number))
    assert (pace.is_let_in("1"), pace.is_let_in(str(MOST_KNOWN)), pace.is_let_in("")) == (False, True, False)


def test_a_made_up_cookie_is_counted_as_a_strangers(installation: Installation) -> None:
    with browsing(installation, "s1@skole.example") as leader, browsing(installation, "") as stranger:
        for one in (leader, stranger):
            one.client.app.state.networks = NetworkPace(lambda: 0.0)  # type: ignore[attr-defined]
        stranger.client.cookies.set("kvalitet_session", "made-up")
        codes = Counter(stranger.get("/proeveby/").status_code for _ in range(MOST_FROM_A_NETWORK + 5))
        assert codes == {303: MOST_FROM_A_NETWORK, 429: 5}
        assert {leader.get("/proeveby/kalendere").status_code for _ in range(3)} == {200}


def test_who_is_logged_in_is_not_counted_where_strangers_have_asked_too_often(installation: Installation) -> None:
    with browsing(installation, "s1@skole.example") as leader:
        full = leader.client.app.state.networks = NetworkPace(lambda: 0.0)  # type: ignore[attr-defined]
        assert leader.get("/proeveby/kalendere").status_code == 200
        while not full.wait("127.0.0.1"):
            pass
        assert leader.get("/proeveby/kalendere").status_code == 200
        leader.client.cookies.clear()
        answer = leader.get("/proeveby/kalendere")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
