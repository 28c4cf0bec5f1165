"""The small municipality with somebody of every kind."""

from __future__ import annotations

import pytest

from kvalitet.adapters.installation import Installation
from tests.web.people import peopled


@pytest.fixture
def everybody(installation: Installation) -> Installation:
    return peopled(installation)
