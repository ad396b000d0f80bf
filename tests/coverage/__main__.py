"""Writes docs/coverage.md: `python -m tests.coverage [--check]`."""

import sys

from tests.coverage.table import PAGE, table
from tools.tables import keep_current

raise SystemExit(keep_current([PAGE], {"coverage": table}, check="--check" in sys.argv[1:]))
