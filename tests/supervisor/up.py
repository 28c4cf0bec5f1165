"""`python -m tests.supervisor.up`: what `kvalitet up` does after its own preparations."""

import sys

from kvalitet.adapters.settings import Settings
from kvalitet.supervisor import run_all

if __name__ == "__main__":
    sys.exit(run_all(Settings.read()))
