"""One nursery for all fault tests of a process."""

from collections.abc import Iterator

import pytest

from tests.faults import nursery as nurseries
from tests.faults.nursery import Nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Give the place where workers come from."""
    with nurseries.nursery() as opened:
        yield opened
