"""The file docs/schema.json: the plug-in's schema, which is the same for every language."""

from __future__ import annotations

import json
import sys

from pulumi_virtfusion.providers.native.schema import schema
from tools.tables import ROOT

SCHEMA = ROOT / "docs" / "schema.json"


def text() -> str:
    """Return the text that the file has when it is current."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def keep_schema_current(*, check: bool) -> int:
    """Rewrite an outdated file and return 0; with `check`, only print that it is outdated, and return 1."""
    is_stale = not SCHEMA.exists() or SCHEMA.read_text(encoding="utf-8") != text()
    if is_stale and check:
        print(f"{SCHEMA.name} is not what the code says: run `make docs`.", file=sys.stderr)
    elif is_stale:
        SCHEMA.write_text(text(), encoding="utf-8")
    return int(check and is_stale)
