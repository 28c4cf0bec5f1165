"""Kalundborg and Hvidovre with their own figures of 2024/25, and with figures over the years that tests build."""

from __future__ import annotations

from pathlib import Path

import pytest

from kvalitet.adapters.extracting.importing import import_file
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.municipality_files import load_all
from kvalitet.adapters.settings import CHECKOUT, Settings
from kvalitet.adapters.store import Store
from tests.web.builders import NOON
from tests.web.people import peopled

DEPLOYMENTS = CHECKOUT / "deployments"


def real(store: Store, home: Path, key: str) -> Installation:
    """Give a municipality as its files say, with the figures that lie beside them."""
    found = tuple(one for one in load_all(DEPLOYMENTS) if one.key == key)
    installation = Installation(Settings.read(home), store, found)
    for path in sorted((DEPLOYMENTS / key / "figures").glob("*.csv")):
        import_file(installation, found[0], path, now=NOON)
    return installation


@pytest.fixture
def kalundborg(store: Store, tmp_path: Path) -> Installation:
    return real(store, tmp_path, "kalundborg")


@pytest.fixture
def hvidovre(store: Store, tmp_path: Path) -> Installation:
    return real(store, tmp_path, "hvidovre")


@pytest.fixture
def everybody(installation: Installation) -> Installation:
    """Give the small municipality with somebody of every kind."""
    return peopled(installation)
