"""What the tests of adapters share."""

import pytest

from kvalitet.adapters.store import Store
from tests.adapters.mail import samples


@pytest.fixture
def planned(store: Store) -> Store:
    """Give a store with the plan of the small municipality's year in it."""
    with store.write() as connection:
        samples.write_plan(connection)
    return store
