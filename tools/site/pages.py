"""The pages that have generated blocks, and the functions that make them."""

from __future__ import annotations

from pathlib import Path

from tools import tables
from tools.site import behaviour_page, reference, resource_page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TABLES: tables.Tables = {
    **tables.TABLES,
    "resources": resource_page.overview,
    "resource": resource_page.facts,
    "behaviour": behaviour_page.behaviour,
    "functions": reference.functions,
    "components": reference.components,
    "commands": reference.commands,
    "command_help": reference.command_help,
    "errors": reference.error_classes,
}
ELSEWHERE = (DOCS / "coverage.md",)
"""Pages whose tables the tests make."""
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))
    if page not in ELSEWHERE and "<!-- generated: " in page.read_text(encoding="utf-8")
]
