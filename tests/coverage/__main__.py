"""Writes docs/coverage.md: `python -m tests.coverage [--check]`."""

import sys

from pulumi_virtfusion.docs import keep_current
from tests.coverage.table import PAGE, table

raise SystemExit(keep_current([PAGE], {"coverage": table}, check="--check" in sys.argv[1:]))
