"""Questions over HTTP: tried again with patience, never longer or larger than allowed, and the key never passed on."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

import pytest

from kvalitet.adapters.sources.asking import Patience, Service, Talk, begin, json_in, wait_asked_for
from kvalitet.adapters.sources.source import SourceBrokenError
from tests.adapters.sources.loopback import Reply, as_json, as_text, serving
from tests.adapters.sources.waits import Waits

NAME = "Tjenesten"
AGAIN = "Dataudtrækket prøves igen senere."
NOW = "Sat, 28 Nov 2026 21:00:00 GMT"


@dataclass
class Told:
    """A server that gives the replies that it is told to, and afterwards a figure."""

    replies: list[Reply] = field(default_factory=list)
    seen: list[tuple[str, str | None, bytes]] = field(default_factory=list)
    address: str = ""

    def reply(self, path: str, headers: Message, body: bytes) -> Reply:
        self.seen.append((path, headers["Authorization"], body))
        return self.replies.pop(0) if self.replies else as_json({"tal": 7})


@pytest.fixture
def server() -> Iterator[Told]:
    told = Told()
    with serving(told) as told.address:
        yield told


def talk(address: str, patience: Patience) -> Talk:
    service = Service(name=NAME, address=address, setting="KVALITET_ADRESSE")
    return begin(service, patience, {"Authorization": "Bearer hemmelig"})


def ask(server: Told, patience: Patience | None = None) -> object:
    begun = talk(server.address, patience or Waits().patience())
    return begun.ask("v1/tal", {"område": "GS"}, lambda reply: json_in(reply.content, begun.service))


def refused(server: Told, patience: Patience | None = None) -> str:
    with pytest.raises(SourceBrokenError) as broken:
        ask(server, patience)
    return broken.value.message


def test_a_question_is_sent_as_utf_8_with_its_headers(server: Told) -> None:
    assert ask(server) == {"tal": 7}
    assert server.seen == [("/v1/tal", "Bearer hemmelig", '{"område": "GS"}'.encode())]


@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        ({"Retry_After": "17"}, [17.0]),
        ({"Retry_After": "Sat, 28 Nov 2026 21:00:25 GMT", "Date": NOW}, [25.0]),
        ({"Retry_After": "Sat, 28 Nov 2026 20:59:00 GMT", "Date": NOW}, []),
        ({"Retry_After": "snart"}, [1.0]),
        ({"Retry_After": "Sat, 28 Nov 2026 21:00:25 GMT"}, [1.0]),
        ({"Retry_After": "-5"}, [1.0]),
        ({}, [1.0]),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_that_the_service_asks_for_is_kept(
    server: Told, status: int, headers: dict[str, str], slept: list[float]
) -> None:
    server.replies = [as_text("", status, **headers)]
    waits = Waits()
    assert ask(server, waits.patience()) == {"tal": 7}
    assert waits.slept == slept


def test_a_pause_longer_than_our_time_is_not_cut_short_but_left_to_a_later_extract(server: Told) -> None:
    server.replies = [as_text("", 429, Retry_After="3600")]
    waits = Waits()
    assert refused(server, waits.patience()) == (
        f"{NAME} har for travlt (429) og beder om 3.600 sekunders pause. {AGAIN}"
    )
    assert (waits.slept, len(server.seen)) == ([], 1)


def test_each_wait_is_twice_the_one_before_until_the_tries_are_used_up(server: Told) -> None:
    server.replies = [as_text("", 500)] * 9
    waits = Waits()
    assert refused(server, waits.patience(attempts=5)) == f"{NAME} har en fejl (500). {AGAIN}"
    assert (waits.slept, len(server.seen)) == ([1.0, 2.0, 4.0, 8.0], 5)


def test_the_time_in_all_holds_for_every_question_of_an_extract(server: Told) -> None:
    waits = Waits()
    begun = talk(server.address, waits.patience(total_seconds=60))
    server.replies = [as_text("", 500), as_text("", 500), as_text("", 500)]
    with pytest.raises(SourceBrokenError):
        begun.ask("v1/tal", {}, lambda reply: reply)
    server.replies = [as_text("", 500), as_text("", 500), as_text("", 500)]
    waits.now += 55
    with pytest.raises(SourceBrokenError):
        begun.ask("v1/tal", {}, lambda reply: reply)
    assert waits.slept == [1.0, 2.0, 1.0]
    waits.now += 2
    with pytest.raises(SourceBrokenError) as late:
        begun.ask("v1/tal", {}, lambda reply: reply)
    assert late.value.message == f"{NAME} har brugt de 60 sekunder, der er til et dataudtræk."


def test_there_is_a_pause_between_two_questions_but_none_before_the_first(server: Told) -> None:
    waits = Waits()
    begun = talk(server.address, waits.patience(pause=0.3))
    for _ in range(3):
        begun.ask("v1/tal", {}, lambda reply: reply)
    assert waits.slept == [0.3, 0.3]


def test_the_size_in_all_holds_for_every_answer_of_an_extract(server: Told) -> None:
    begun = talk(server.address, Waits().patience())
    server.replies = [Reply(200, b" " * 600_000)] * 2
    assert len(begun.ask("v1/tal", {}, lambda reply: reply.content)) == 600_000
    with pytest.raises(SourceBrokenError) as broken:
        begun.ask("v1/tal", {}, lambda reply: reply)
    assert broken.value.message == f"{NAME} sendte mere end 1 MB; udtrækket er stoppet."


def test_a_packed_answer_is_bounded_by_what_it_unpacks_to(server: Told) -> None:
    server.replies = [Reply(200, gzip.compress(b" " * 2_000_000), headers={"Content-Encoding": "gzip"})]
    assert refused(server) == f"{NAME} sendte mere end 1 MB; udtrækket er stoppet."


def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(server: Told) -> None:
    other = Told()
    with serving(other) as other.address:
        server.replies = [Reply(307, headers={"Location": f"{other.address}/v1/tal"})]
        assert refused(server) == (
            f"{NAME} henviser til en anden adresse (307), som vi ikke følger; er KVALITET_ADRESSE rigtig?"
        )
    assert other.seen == []


@pytest.mark.parametrize("address", ["http://127.0.0.1\n", "api.example", "ftp://api.example", ""])
def test_an_address_that_cannot_be_one_is_told(address: str) -> None:
    with pytest.raises(SourceBrokenError) as broken:
        talk(address, Waits().patience()).ask("v1/tal", {}, lambda reply: reply)
    assert broken.value.message == f"{NAME} har ingen adresse, der kan bruges; ret KVALITET_ADRESSE."


def test_what_goes_with_a_question_is_never_shown(server: Told) -> None:
    assert "hemmelig" not in repr(talk(server.address, Waits().patience()))


def test_the_wait_of_a_date_without_a_zone_is_not_guessed() -> None:
    assert wait_asked_for({"Retry-After": "Sat, 28 Nov 2026 21:00:25 -0000", "Date": NOW}) is None
