from pathlib import Path

import pytest

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.municipality_files import load_all
from kvalitet.adapters.settings import CHECKOUT, Settings
from kvalitet.adapters.store import Store


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    """Give an installation of the municipalities that ship, with mails into a local mailbox."""
    folder = CHECKOUT / "deployments"
    settings = Settings(home=tmp_path, municipalities=folder)
    return Installation(settings, store, load_all(folder))
