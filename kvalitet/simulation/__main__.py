"""`python -m kvalitet.simulation`: fills an empty installation with the demonstration, as `kvalitet up` does."""

import sys

from kvalitet.adapters import clock
from kvalitet.adapters.errors import ShownError
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings
from kvalitet.simulation.demonstration import play_demonstration

if __name__ == "__main__":
    try:
        play_demonstration(Installation.open(Settings.read()), now=clock.now())
    except ShownError as error:
        sys.exit(error.message)
