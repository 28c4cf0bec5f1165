"""Cells of Statistikbanken are read from either format, whatever table they are of."""

from decimal import Decimal

from kvalitet.adapters.sources.asking import Service
from kvalitet.adapters.sources.statbank.cells import Cell, bulk, json_stat

SERVICE = Service(name="Danmarks Statistik", address="", setting="KVALITET_STATBANK_URL")
# The whole country's inhabitants on 1 January 2020 (Danmarks Statistik, Statistikbanken, table FOLK1A, CC BY 4.0).
FOLK1A = """{"dataset": {"dimension": {
 "ContentsCode": {"label": "Indhold", "category": {"index": {"FOLK1A": 0},
  "label": {"FOLK1A": "Population at the first day of the quarter"},
  "unit": {"FOLK1A": {"base": "number", "decimals": 0}}}},
 "Tid": {"label": "time", "category": {"index": {"2020K1": 0}, "label": {"2020K1": "2020Q1"}}},
 "id": ["ContentsCode", "Tid"], "size": [1, 1], "role": {"metric": ["ContentsCode"], "time": ["Tid"]}},
 "label": "Population at the first day of the quarter by Indhold and time", "source": "Statistics Denmark",
 "updated": "2020-02-11T07:00:00Z", "value": [5822763]}}"""


def test_a_real_answer_is_read() -> None:
    assert list(json_stat(FOLK1A.encode(), SERVICE)) == [Cell({"Tid": "2020K1"}, Decimal(5822763))]


def test_the_last_dimension_runs_fastest() -> None:
    text = """{"dimension": {
     "A": {"category": {"index": {"a2": 1, "a1": 0}}}, "B": {"category": {"index": ["b1", "b2"]}},
     "id": ["A", "B"], "size": [2, 2]}, "value": [1, null, 3.5, 4], "status": {"1": ".."}}"""
    assert list(json_stat(text.encode(), SERVICE)) == [
        Cell({"A": "a1", "B": "b1"}, Decimal(1)),
        Cell({"A": "a1", "B": "b2"}, None),
        Cell({"A": "a2", "B": "b1"}, Decimal("3.5")),
        Cell({"A": "a2", "B": "b2"}, Decimal(4)),
    ]


def test_a_streamed_answer_is_read_with_its_byte_order_mark() -> None:
    text = "\ufeffOMRÅDE;TID;INDHOLD\r\n000;2020K1;5822763\r\n326;2020K1;..\r\n"
    assert list(bulk(text.encode(), SERVICE)) == [
        Cell({"OMRÅDE": "000", "TID": "2020K1"}, Decimal(5822763)),
        Cell({"OMRÅDE": "326", "TID": "2020K1"}, None),
    ]
