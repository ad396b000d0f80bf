"""Writes what is generated in README.md and docs/: `python -m tools.site [--check]`."""

import sys

from pulumi_virtfusion.docs import keep_current
from tools.site.pages import PAGES, TABLES

raise SystemExit(keep_current(PAGES, TABLES, check="--check" in sys.argv[1:]))
