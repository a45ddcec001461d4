"""``python -m tinel``: the command line."""

import sys

from tinel.cli import main

if __name__ == "__main__":
    sys.exit(main())
