"""Writes the generated parts of README.md and docs/: `python -m tools.site [--check]`."""

import sys

from tools.site.pages import PAGES, TABLES
from tools.site.schema_file import keep_schema_current
from tools.tables import keep_current

check = "--check" in sys.argv[1:]
raise SystemExit(max(keep_current(PAGES, TABLES, check=check), keep_schema_current(check=check)))
