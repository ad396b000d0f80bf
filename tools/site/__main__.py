"""Writes what is generated in README.md and docs/: `python -m tools.site [--check]`."""

import sys

from tools.site.pages import PAGES, TABLES
from tools.tables import keep_current

raise SystemExit(keep_current(PAGES, TABLES, check="--check" in sys.argv[1:]))
