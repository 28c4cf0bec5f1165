"""Statistikbanken when the server, the table or the answer is not as it should be: which error, and in which words."""

import json
from collections.abc import Iterator

import pytest

from kvalitet.adapters.sources.source import SourceBrokenError, SourceRefusedError
from tests.adapters.sources.loopback import Reply, as_json, as_text
from tests.adapters.sources.statbank.pulls import pull
from tests.adapters.sources.statbank.server import TEXTS, StatBankServer, error, running
from tests.adapters.sources.waits import Waits

SITE = "Danmarks Statistik"
AGAIN = "Dataudtrækket prøves igen senere."
CUT = Reply(200, b'{"dataset": {"dimension": {"OMR', cut=True)
HALF = Reply(200, b'{"dataset": {"dimension": {"OMR')


@pytest.fixture
def server() -> Iterator[StatBankServer]:
    with running(StatBankServer()) as started:
        yield started


def broken_by(server: StatBankServer, waits: Waits | None = None, *, most_cells: int = 1_000_000) -> str:
    """Give the sentence with which the extract fails; there is nothing else to have."""
    with pytest.raises(SourceBrokenError) as broken:
        pull(server, patience=(waits or Waits()).patience(), most_cells=most_cells)
    return broken.value.message


def json_stat(value: str, period: str = "2024", areas: tuple[str, ...] = ("326", "000")) -> Reply:
    """Make an answer with its codes as a list, without index where there is one, and unwrapped."""
    dimension = {
        "OMRÅDE": {"category": {"index": list(areas)}},
        "KLASSE": {"category": {"label": {"0000": "I alt"}}},
        "SKTPE": {"category": {"label": {"ANTALSUM": "I alt"}}},
        "Tid": {"category": {"index": {period: 0}}},
    }
    text = json.dumps({"id": list(dimension), "dimension": dimension, "value": "VALUE"}, ensure_ascii=False)
    return Reply(200, text.replace('"VALUE"', value).encode())


def bulk(*lines: str, heading: str = "OMRÅDE;KLASSE;SKTPE;TID;INDHOLD") -> Reply:
    return Reply(200, "\r\n".join([heading, *lines]).encode(), "text/csv")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (as_text("slow down", 429), f"{SITE} har for travlt (429). {AGAIN}"),
        (as_text("oops", 500), f"{SITE} har en fejl (500). {AGAIN}"),
        (CUT, f"Der er ikke forbindelse til {SITE} (RemoteProtocolError). {AGAIN}"),
        (HALF, f"{SITE} sendte et svar, der er skåret over. {AGAIN}"),
        (
            Reply(200, b"<html>Vedligeholdelse</html>", "text/html"),
            f"{SITE} svarede med en hjemmeside i stedet for tal; er KVALITET_STATBANK_URL rigtig?",
        ),
        (
            Reply(301, headers={"Location": "http://127.0.0.1:9/"}),
            f"{SITE} henviser til en anden adresse (301), som vi ikke følger; er KVALITET_STATBANK_URL rigtig?",
        ),
        (as_text("", 404), f"{SITE} svarede uventet (404); er KVALITET_STATBANK_URL rigtig?"),
        (Reply(200, b"{", endless=b" " * 65536), f"{SITE} sendte mere end 1 MB; udtrækket er stoppet."),
        (
            error("EXTRACT-NOTFOUND", "Værdien blev ikke fundet"),
            f"{SITE} afviste tabellen KVOTIEN: »Værdien blev ikke fundet« (EXTRACT-NOTFOUND). Ret tables.yaml.",
        ),
        (
            as_json({"errorTypeCode": "REQUEST-MISSING", "message": "Tabel ikke angivet"}),
            f"{SITE} afviste tabellen KVOTIEN: »Tabel ikke angivet« (REQUEST-MISSING). Ret tables.yaml.",
        ),
        (as_text("nej", 400), f"{SITE} afviste tabellen KVOTIEN: »nej«. Ret tables.yaml."),
        (as_json([]), f"{SITE} sendte noget andet end JSON-stat; formen kan være ændret."),
        (
            as_json({"dimension": {"id": [], "role": {"metric": []}}, "value": [1], "id": []}),
            f"{SITE} sendte noget andet end JSON-stat; formen kan være ændret.",
        ),
        (as_json({"dataset": {"value": [1]}}), f"{SITE} sendte noget andet end JSON-stat; formen kan være ændret."),
        (json_stat("[17.0]"), f"{SITE} sendte 1 tal til 2 celler."),
        (json_stat("[17.0, true]"), f"{SITE} sendte »True« i stedet for et tal."),
        (json_stat("[NaN, 20.5]"), f"{SITE} sendte et svar, der er skåret over. {AGAIN}"),
        (
            json_stat('["17.0", 20.5]'),
            f"{SITE} sendte et tal, der ikke kan læses: »17.0« er ikke et tal på dansk (som 2.351 eller 7,3).",
        ),
        (json_stat("[17.2, 20.6]", period="2023"), f"{SITE} sendte tal for 2023 i stedet for 2024."),
        (json_stat("[17.2]", areas=("326",)), f"{SITE} sendte ikke tal for 000 fra tabellen KVOTIEN."),
        (json_stat("[1, 2]", areas=("326", "326")), f"{SITE} sendte 326 to gange fra tabellen KVOTIEN."),
        (json_stat("[1, 2]", areas=("326", "167")), f"{SITE} sendte tal for 167 i stedet for 326, 000."),
    ],
)
def test_a_lasting_fault_gives_nothing_but_a_danish_sentence(server: StatBankServer, fault: Reply, told: str) -> None:
    server.always = fault
    assert broken_by(server) == told


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (bulk("326;0000;ANTALSUM;2024;17,0", "000;0000;AN"), f"{SITE} sendte et svar, der er skåret over. {AGAIN}"),
        (bulk("326;0000;ANTALSUM;2024;17,0"), f"{SITE} sendte ikke tal for 000 fra tabellen KVOTIEN."),
        (
            bulk("326;0000;ANTALSUM;2024;17.0"),
            f"{SITE} sendte et tal, der ikke kan læses: »17.0« er ikke et tal på dansk (som 2.351 eller 7,3).",
        ),
        (
            bulk("326;2024;17,0", heading="OMRÅDE;TID;VÆRDI"),
            f"{SITE} sendte ikke kolonnen INDHOLD sidst, men OMRÅDE, TID, VÆRDI.",
        ),
        (
            bulk("326;2024;17,0", heading="OMRÅDE;TID;INDHOLD"),
            f"{SITE} har nu kolonnerne OMRÅDE, Tid i tabellen KVOTIEN. Ret tables.yaml.",
        ),
        (Reply(200), f"{SITE} sendte ikke det, der var bedt om, som kolonner med semikolon."),
        (Reply(200, b"\r\n"), f"{SITE} sendte ikke kolonnen INDHOLD sidst, men intet."),
        (Reply(200, b"OMR\xc5DE;INDHOLD"), f"{SITE} sendte ikke det, der var bedt om, som kolonner med semikolon."),
        (
            Reply(200, b"<html>Vedligeholdelse</html>", "text/html"),
            f"{SITE} svarede med en hjemmeside i stedet for tal; er KVALITET_STATBANK_URL rigtig?",
        ),
    ],
)
def test_a_streamed_answer_is_looked_at_as_closely(server: StatBankServer, fault: Reply, told: str) -> None:
    server.always = fault
    assert broken_by(server, most_cells=1) == told


def test_a_limit_that_holds_for_the_streamed_format_too_is_told(server: StatBankServer) -> None:
    server.always = error("REQUEST-LIMIT", "For mange celler")
    assert broken_by(server) == f"{SITE} afviste tabellen KVOTIEN: »For mange celler« (REQUEST-LIMIT). Ret tables.yaml."
    assert [question["format"] for question in server.questions] == ["JSONSTAT", "BULK"]


def test_values_that_claim_to_be_of_any_size_are_refused(server: StatBankServer) -> None:
    many = {"category": {"index": [str(number) for number in range(2_000)]}}
    names = ["A", "B", "C"]
    server.always = as_json({"dimension": {"id": names, **dict.fromkeys(names, many)}, "value": {"0": 1}})
    assert broken_by(server) == f"{SITE} sendte et svar på 8.000.000.000 celler; det er afvist."


def test_sparse_values_are_read_by_their_number(server: StatBankServer) -> None:
    server.always = json_stat('{"1": 20.5}')
    municipality, country = pull(server).measurements
    assert (municipality.value, str(country.value)) == (None, "20.5")


@pytest.mark.parametrize("fault", [as_text("slow down", 429), as_text("oops", 500), CUT, HALF])
def test_a_passing_fault_is_tried_again(server: StatBankServer, fault: Reply) -> None:
    server.faults = [fault, fault]
    waits = Waits()
    assert str(pull(server, patience=waits.patience()).measurements[0].value) == "17.0"
    assert waits.slept == [1.0, 2.0]


def test_a_server_that_drips_is_given_up_after_the_time_for_an_answer(server: StatBankServer) -> None:
    server.always = Reply(200, endless=b" ")
    assert broken_by(server, Waits(seconds_per_reading=2)) == f"{SITE} sender sit svar for langsomt. {AGAIN}"


def test_a_refusal_is_told_apart_from_a_fault(server: StatBankServer) -> None:
    server.always = as_text("", 403)
    with pytest.raises(SourceRefusedError) as refused:
        pull(server)
    assert refused.value.message == f"{SITE} vil ikke svare os (403); spørg dem hvorfor, før der prøves igen."


def test_a_table_that_is_gone_is_told(server: StatBankServer) -> None:
    server.about_the_table = error("EXTRACT-NOTFOUND", "Tabel findes ikke: KVOTIEN")
    assert broken_by(server) == (
        f"{SITE} afviste tabellen KVOTIEN: »Tabel findes ikke: KVOTIEN« (EXTRACT-NOTFOUND). Ret tables.yaml."
    )


@pytest.mark.parametrize("found", [[], {"variables": [{"id": "OMRÅDE"}]}, {"variables": None}])
def test_a_table_that_is_described_in_another_way_is_told(server: StatBankServer, found: object) -> None:
    server.about_the_table = as_json(found)
    assert broken_by(server) == f"{SITE} beskrev ikke tabellen som ventet; formen kan være ændret."


def test_a_new_variable_is_refused_since_it_may_split_the_figures(server: StatBankServer) -> None:
    server.variables["KØN"] = {"TOT": "I alt", "1": "Mænd"}
    assert broken_by(server) == (
        f"{SITE} har nu variablene KLASSE, KØN, OMRÅDE, SKTPE, Tid i tabellen KVOTIEN. Ret tables.yaml."
    )


def test_a_renamed_value_is_named_together_with_those_that_are_there(server: StatBankServer) -> None:
    server.variables["SKTPE"] = {"TOT": "I alt", "1012": "Folkeskoler"}
    assert broken_by(server) == (
        f"{SITE} har ikke længere SKTPE = ANTALSUM i tabellen KVOTIEN, men TOT (I alt), 1012 (Folkeskoler). "
        "Ret tables.yaml."
    )


@pytest.mark.parametrize("areas", [{"000": "Hele landet"}, {**TEXTS, "999": "Kalundborg"}])
def test_a_municipality_that_is_not_there_once_is_told(server: StatBankServer, areas: dict[str, str]) -> None:
    server.variables["OMRÅDE"] = areas
    assert broken_by(server) == (
        f"{SITE} kender ikke netop ét område ved navn Kalundborg i tabellen KVOTIEN. "
        "Er kommunens navn i municipality.yaml rigtigt?"
    )
