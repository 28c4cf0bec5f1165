"""The key to STIL: cleaned, told apart from other refusals, and told of before it runs out."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from kvalitet.adapters.sources.source import SourceRefusedError
from kvalitet.adapters.sources.stil.api import StilApi
from kvalitet.adapters.sources.stil.keys import Key
from kvalitet.municipality import DANISH_TIME
from tests.adapters.sources.stil.figures import denmark
from tests.adapters.sources.stil.pulls import of, pull
from tests.adapters.sources.stil.server import KEY, StilServer, running

NEW_KEY = "Hent en ny gratis nøgle på api.uddannelsesstatistik.dk, og sæt den ind i indstillingen KVALITET_STIL_KEY."
SITE = "Uddannelsesstatistik.dk"


@pytest.fixture
def server() -> Iterator[StilServer]:
    with running(denmark()) as started:
        yield started


def token(**payload: object) -> str:
    """Make a key of the kind that STIL gives out: three parts, of which the middle one says when it ends."""
    parts = ({"alg": "HS256", "typ": "JWT"}, payload)
    head, middle = (urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return f"{head}.{middle}.underskrift"


def until(day: date) -> str:
    return token(exp=int(datetime(day.year, day.month, day.day, 12, tzinfo=DANISH_TIME).timestamp()))


@pytest.mark.parametrize("key", [f"  {KEY}\n", f'"{KEY}"', f"“{KEY}”", f"Bearer {KEY}"])
def test_a_key_pasted_with_spaces_or_quotes_still_works(server: StilServer, key: str) -> None:
    assert of(pull(server, "pupils", key=key), "pupils").value == 377


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("gammel", f"{SITE} afviser nøglen (401): den er forkert eller udløbet. {NEW_KEY}"),
        (" ", f"Der er ikke sat nogen nøgle til {SITE}. {NEW_KEY}"),
        ("nøgle", f"Nøglen til {SITE} har tegn, som en nøgle ikke kan have. {NEW_KEY}"),
        (
            until(date(2027, 5, 3)),
            (
                f"{SITE} afviser nøglen (401): den er forkert eller udløbet. "
                f"Ifølge nøglen selv gælder den til den 3. maj 2027. {NEW_KEY}"
            ),
        ),
    ],
)
def test_a_wrong_key_is_told_in_danish_with_what_to_do(server: StilServer, key: str, told: str) -> None:
    with pytest.raises(SourceRefusedError) as refused:
        pull(server, "pupils", key=key)
    assert refused.value.message == told


def test_a_key_that_has_run_out_is_told_before_anything_is_asked(server: StilServer) -> None:
    server.key = until(date(2026, 6, 12))
    with pytest.raises(SourceRefusedError) as refused:
        pull(server, "pupils", key=server.key, asked_on=date(2026, 6, 13))
    assert refused.value.message == f"Nøglen til {SITE} udløb den 12. juni 2026. {NEW_KEY}"
    assert server.looked_up == []


@pytest.mark.parametrize(
    ("asked_on", "warnings"),
    [
        (date(2026, 5, 12), ()),
        (date(2026, 5, 13), (f"Nøglen til {SITE} udløber den 12. juni 2026. {NEW_KEY}",)),
        (date(2026, 6, 12), (f"Nøglen til {SITE} udløber den 12. juni 2026. {NEW_KEY}",)),
        (None, ()),
    ],
)
def test_a_key_that_runs_out_within_a_month_is_warned_of_beside_the_figures(
    server: StilServer, asked_on: date | None, warnings: tuple[str, ...]
) -> None:
    server.key = until(date(2026, 6, 12))
    extract = pull(server, "pupils", key=server.key, asked_on=asked_on)
    assert extract.warnings == warnings
    assert of(extract, "pupils").value == 377


@pytest.mark.parametrize(
    "key", ["en.to.tre", "ingen", "a.e30.c", token(exp="i morgen"), token(exp=10**30), token(exp=None), token()]
)
def test_a_key_that_does_not_say_when_it_ends_is_only_used(key: str) -> None:
    assert Key(key).expires_on is None


def test_the_key_is_not_in_what_is_printed_or_kept(server: StilServer) -> None:
    extract = pull(server, "pupils")
    begun = StilApi(key=KEY).begin()
    assert KEY not in repr(StilApi(key=KEY)) + repr(begun) + extract.content.decode() + extract.request
