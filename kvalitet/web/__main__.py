"""Running `python -m kvalitet.web` serves the board."""

import sys

from kvalitet.web.serve import main

if __name__ == "__main__":
    sys.exit(main())
