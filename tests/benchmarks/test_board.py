"""The matrix of the largest municipality: made, and asked for again, beside a bare template and a bare answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from sqlalchemy import Connection, insert
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from flows import plan_year
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import deliveries, log
from kvalitet.adapters.store.tables import schema
from kvalitet.status import TEXTS, Decision
from kvalitet.web.access.cookies import session_name
from kvalitet.web.app import create_app
from tests import builders
from tests.benchmarks import big
from tests.benchmarks.databases import Fresh
from tests.benchmarks.measuring import Measured, race
from tests.benchmarks.served import Client, served
from tests.web.conftest import logged_in

NOW = builders.instant("2027-04-15", "10:00")
PAGE = "/storby/skoler"
CELLS = big.SCHOOLS * big.DELIVERABLES
AGAIN = 300
# Of what opened in January nearly all has come, of what opened this month little.
SHARES = (0.95, 0.9, 0.7, 0.1, 0.0)
LARGEST_KILOBYTES = 60
# One of the deliveries, by its number.
SAID_OF = 4000
LOOP = """<!doctype html><html lang="da"><body><table><tbody>
{% for school, cells in lines %}<tr><th scope="row"><a href="skole/{{ school[0] }}">{{ school[1] }}</a></th>
{% for key, title, state in cells %}
<td data-label="{{ title }}" class="{{ state }}"><a href="forekomst/{{ key }}">{{ texts[state] }}</a></td>
{% endfor %}</tr>
{% endfor %}</tbody></table></body></html>"""


@pytest.fixture
def lived(fresh: Fresh, tmp_path: Path) -> Installation:
    """Give the largest municipality in April, with what its schools have delivered."""
    whole = big.municipality()
    installation = big.installation(fresh.store(), tmp_path, whole)
    plan_year.run(installation, whole, now=builders.instant("2026-07-01"), school_year=builders.YEAR)
    chance = random.Random(1)  # noqa: S311 -- the same deliveries each time
    rows = [
        {
            "occurrence": f"storby.2026-27.deliverable_{number:02d}.{school.number}",
            "version": 1,
            "delivered_at": NOW - timedelta(days=3),
            "delivered_by": "Skolelederen",
            "answers": {},
        }
        for school in whole.schools
        for number in range(big.DELIVERABLES)
        if chance.random() < SHARES[number % len(SHARES)]
    ]
    with installation.store.write() as connection:
        connection.execute(insert(schema.delivery), rows)
        if not installation.store.is_sqlite:  # the server counts its rows by itself, within a minute
            connection.exec_driver_sql("ANALYZE")
    return installation


@pytest.fixture
def board(lived: Installation) -> Iterator[Client]:
    with served(create_app(lambda: lived, lambda: NOW)) as client:
        yield client


def headers_of(lived: Installation, client: Client) -> dict[str, str]:
    """Give what a browser sends that has been on the page before."""
    session = logged_in(lived, builders.OFFICE.address, now=NOW)
    first = {"Accept-Encoding": "gzip", "Cookie": f"{session_name(lived.settings)}={session}"}
    head, _ = client.ask(client.request(PAGE, first))
    form = head.decode().partition("set-cookie: ")[2].partition(";")[0]
    return {**first, "Cookie": f"{first['Cookie']}; {form}"}


def bare_loop(lived: Installation) -> Starlette:
    """Make an application of one page: a template that loops over cells that are ready, and nothing else."""
    cells = lived.board(lived.municipalities[0], builders.YEAR, now=NOW).matrix()
    deliverables = [f"deliverable_{number:02d}" for number in range(big.DELIVERABLES)]
    lines = [
        (
            (school.number, school.name),
            [
                (row.occurrence.key, row.occurrence.title, row.state)
                for row in (cells[school.number, key] for key in deliverables)
            ],
        )
        for school in lived.municipalities[0].schools
    ]
    template = Environment(autoescape=True, trim_blocks=True).from_string(LOOP)

    def show(_request: Request) -> Response:
        return HTMLResponse(template.render(lines=lines, texts=TEXTS))

    packed = Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    return Starlette(routes=[Route(PAGE, show)], middleware=[packed])


async def bare_answer(_request: Request) -> Response:
    return Response("ok")


def asking(
    client: Client, headers: dict[str, str], *, status: bytes, times: int = 1, before: Callable[[], object] = tuple
) -> Callable[[], Any]:
    """Give a round that asks for the page so many times, after something that is not measured."""
    request = client.request(PAGE, headers)

    def work() -> None:
        for _ in range(times):
            head, _ = client.ask(request)
            assert head.startswith(b"HTTP/1.1 " + status)

    def prepared() -> Callable[[], None]:
        before()
        return work

    return prepared


def decide(connection: Connection, number: int) -> None:
    """Let the director say something else of a delivery: one cell of the page is another one."""
    said = Decision.APPROVED if number % 2 else Decision.SENT_BACK
    deliveries.decide(connection, SAID_OF, decision=said, by="Direktøren", comment="", now=NOW)


def beat(connection: Connection, number: int) -> None:
    """Let something happen that the page knows nothing of, as it does each minute."""
    log.beat(connection, "job", now=NOW + timedelta(seconds=number))


CHANGES: dict[str, Callable[[Connection, int], None] | None] = {
    "efter en afgørelse": decide,
    "efter en ændring, der ikke vedrører den": beat,
    "for en anden, uden at noget er ændret": None,
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_matrix_is_made(
    lived: Installation, board: Client, fresh: Fresh, keep: Callable[[Measured], None], what: str
) -> None:
    headers = headers_of(lived, board)
    _, body = board.ask(board.request(PAGE, headers))
    size, change, numbers = len(body) / 1000, CHANGES[what], count(1)

    def prepare() -> None:
        if change is not None:
            with lived.store.write() as connection:
                change(connection, next(numbers))

    with served(bare_loop(lived)) as other:
        measured = race(
            f"Matrixen for 1.100 skoler lavet {what} ({size:.0f} kB på linjen), {fresh.kind}",
            asking(board, headers, status=b"200", before=prepare),
            limit="en bar skabelonløkke over færdige celler",
            bare=asking(other, {"Accept-Encoding": "gzip"}, status=b"200"),
            rows=CELLS,
            rounds=7,
        )
    keep(measured)
    assert size < LARGEST_KILOBYTES
    if measured.ratio > 4:
        pytest.fail(f"Matrixen tager {measured.ratio:.1f} gange sin grænse")


def test_the_matrix_is_asked_for_again(
    lived: Installation, board: Client, fresh: Fresh, keep: Callable[[Measured], None]
) -> None:
    headers = headers_of(lived, board)
    head, _ = board.ask(board.request(PAGE, headers))
    etag = head.decode().partition("etag: ")[2].partition("\r\n")[0]
    known = {**headers, "If-None-Match": etag}
    with served(Starlette(routes=[Route(PAGE, bare_answer)])) as other:
        measured = race(
            f"Matrixen for 1.100 skoler spurgt om igen {AGAIN} gange (304), {fresh.kind}",
            asking(board, known, status=b"304", times=AGAIN),
            limit="et bart svar fra Starlette",
            bare=asking(other, known, status=b"200", times=AGAIN),
            rows=AGAIN,
            rounds=9,
            memory=asking(board, known, status=b"304", times=10),
        )
    keep(measured)
    if measured.ratio > 4:
        pytest.fail(f"At spørge igen tager {measured.ratio:.1f} gange et bart svar")
