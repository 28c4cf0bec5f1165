"""The town with a year in it, and its report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.reports import releasing
from kvalitet.adapters.reports.model import QualityReport
from kvalitet.adapters.store import Store
from kvalitet.quality_reports import Edition
from tests.adapters.reports.town import NOW, lived
from tests.builders import YEAR


@pytest.fixture
def lived_in(sqlite_url: str, tmp_path: Path) -> Iterator[Installation]:
    store = Store.open(sqlite_url)
    yield lived(store, tmp_path / "home")
    store.close()


@pytest.fixture
def made(lived_in: Installation) -> Callable[..., QualityReport]:
    """Give what makes an edition of the report."""

    def make(edition: Edition = Edition.PUBLIC) -> QualityReport:
        return releasing.preview(lived_in, lived_in.municipalities[0], YEAR, edition, now=NOW)

    return make
