"""`python -m stammkunde.cli` is the command `stammkunde`."""

import sys

from stammkunde.cli import main

sys.exit(main())
