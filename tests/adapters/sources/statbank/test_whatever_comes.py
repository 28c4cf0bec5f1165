"""Whatever Statistikbanken answers: cells, or a sentence; never anything else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.adapters.sources.asking import Service, TryAgainError
from kvalitet.adapters.sources.source import SourceBrokenError
from kvalitet.adapters.sources.statbank.api import TableInfo, table_info
from kvalitet.adapters.sources.statbank.cells import Cell, bulk, json_stat

SERVICE = Service(name="Danmarks Statistik", address="", setting="KVALITET_STATBANK_URL")
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6)
words = st.sampled_from(
    ["dataset", "dimension", "id", "size", "value", "category", "index", "label", "role", "metric", "A"]
)
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=5))
roles = st.fixed_dictionaries({"metric": st.just([]) | anything})
dimension = st.fixed_dictionaries({"category": st.fixed_dictionaries({"index": anything}) | anything}) | anything
datasets = st.fixed_dictionaries(
    {
        "dimension": st.fixed_dictionaries({"id": anything | st.just(["A"]), "A": dimension, "role": anything | roles}),
        "value": anything,
    }
)


@given(content=st.binary(max_size=200) | (anything | datasets).map(lambda found: json.dumps(found).encode()))
@pytest.mark.parametrize("read", [json_stat, bulk, table_info])
def test_any_bytes_are_cells_a_table_or_a_sentence(read: Any, content: bytes) -> None:
    try:
        found = read(content, SERVICE)
        read_whole = found if isinstance(found, TableInfo) else list(found)
    except (SourceBrokenError, TryAgainError) as error:
        read_whole = [str(error)]
    assert isinstance(read_whole, TableInfo) or all(
        isinstance(one, Cell) or one.startswith("Danmarks Statistik ") for one in read_whole
    )
