"""The generated blocks of pages, and the table of settings."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields as settings_of
from pathlib import Path
from typing import Any

from pulumi_virtfusion.config import Settings, config_key, environment_variable

ROOT = Path(__file__).parents[1]
Tables = Mapping[str, Callable[..., Iterator[str]]]


def settings_table() -> Iterator[str]:
    """Yield the table of settings: each one's places and its default."""
    rows = ["| Setting | Stack config | Environment | Default |", "| --- | --- | --- | --- |"]
    for setting in settings_of(Settings):
        default: Any = setting.default
        shown = default or "none" if isinstance(default, str) else _number_or_flag(default)
        rows.append(
            f"| {setting.metadata['help']} | `{config_key(setting.name)}` | `{environment_variable(setting.name)}` | "
            f"{shown} |"
        )
    yield "\n".join(rows)


def _number_or_flag(default: Any) -> str:
    return str(default).lower() if isinstance(default, bool) else f"{default:g}"


TABLES: Tables = {
    "settings": settings_table,
}


def rewritten(text: str, tables: Tables = TABLES) -> str:
    """Return the text with each `<!-- generated: NAME -->` block made anew; a resource's block also has the class."""

    def block(match: re.Match[str]) -> str:
        name, *arguments = match["what"].split()
        body = "\n\n".join(tables[name](*arguments))
        return f"<!-- generated: {match['what']} -->\n\n{body}\n\n<!-- end -->"

    return re.sub(r"<!-- generated: (?P<what>\w+( \w+)?) -->.*?<!-- end -->", block, text, flags=re.DOTALL)


def keep_current(pages: Iterable[Path], tables: Tables, *, check: bool) -> int:
    """Rewrite outdated pages and return 0; with `check`, only print their names, and return 1 if there are any."""
    stale = [page for page in pages if (text := page.read_text(encoding="utf-8")) != rewritten(text, tables)]
    for page in stale:
        if check:
            print(f"{page.name} is not what the code says: run `make docs`.", file=sys.stderr)
        else:
            page.write_text(rewritten(page.read_text(encoding="utf-8"), tables), encoding="utf-8")
    return int(check and bool(stale))
