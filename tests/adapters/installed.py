"""An installation on a store, for tests of what needs all of it."""

from __future__ import annotations

from pathlib import Path

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store
from kvalitet.municipality import Municipality


def installation(store: Store, home: Path, *municipalities: Municipality) -> Installation:
    """Make an installation of some municipalities, whose files would lie in `home`/municipalities."""
    settings = Settings(home=home, base_url="https://kvalitet.example")
    return Installation(settings, store, municipalities)
