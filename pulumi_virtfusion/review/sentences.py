"""Words that Markdown and text have in common."""

from __future__ import annotations

from .report import DANGEROUS, TITLES, Report, Section

QUESTION = "What this change does to the machines"
NOTHING = "Nothing changes."
INCOMPLETE = "The preview has no summary: it may have been interrupted, and there may be more than is told here."


def summary(report: Report) -> str:
    """One line of counts: `destroyed 1, wiped 1; created 2; unchanged 12`."""
    groups = [
        [f"{TITLES[one.name].lower()} {one.count:,}" for one in report.sections if (one.name in DANGEROUS) is dangerous]
        for dangerous in (True, False)
    ]
    groups.append([f"unchanged {report.unchanged:,}"])
    return "; ".join(", ".join(group) for group in groups if group)


def left_off(section: Section) -> str:
    return f"{section.rows_left_off:,} more rows ({section.resources_left_off:,} resources) are left off."


def warnings_left_off(report: Report) -> str:
    return f"{report.warnings_left_off:,} more warnings are left off."


def times(count: int) -> str:
    return f"{count:,} times" if count > 1 else "once"
