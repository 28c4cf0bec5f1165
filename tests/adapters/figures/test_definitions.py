"""Every indicator says what it measures."""

from __future__ import annotations

from kvalitet.adapters.figures.definitions import definition_of, definitions
from kvalitet.adapters.sources.indicators import load_catalogue


def test_every_indicator_of_the_catalogue_has_a_definition_and_no_other_has() -> None:
    assert set(definitions()) == set(load_catalogue().indicators)


def test_a_definition_is_a_sentence_and_names_who_works_the_figure_out() -> None:
    faulty = [
        key
        for key, found in definitions().items()
        if not found.source or any(not text.endswith(".") for text in (found.what, *found.notes))
    ]
    assert faulty == []


def test_an_indicator_that_nobody_has_defined_has_none() -> None:
    assert definition_of("humour") is None
