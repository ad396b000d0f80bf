"""A report as text for a terminal; lines that are not indented are headings."""

from __future__ import annotations

from collections.abc import Iterator

from .report import TITLES, ChangedArgument, PreviewWarning, Report, Row, Section
from .sentences import INCOMPLETE, NOTHING, left_off, summary, times, warnings_left_off
from .size_limit import fitted, length
from .subjects import Subject


def plain_text(report: Report) -> str:
    """Write the report as text of at most 65,536 characters."""
    fitting = fitted(report, lambda row: length("\n".join(_row(row))) + 1, lambda one: length(_warning(one)) + 1)
    return "\n".join(_lines(fitting)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    where = f"Stack {report.stack} of {report.project}: " if report.stack and report.project else ""
    yield f"{where}{summary(report)}." if report.sections else f"{where}{NOTHING} ({summary(report)})"
    if not report.complete:
        yield INCOMPLETE
    for section in report.sections:
        yield from _section(section)
    if report.warnings or report.warnings_left_off:
        yield from ("", "Warnings")
        yield from map(_warning, report.warnings)
        if report.warnings_left_off:
            yield f"  {warnings_left_off(report)}"


def _section(section: Section) -> Iterator[str]:
    yield from ("", f"{TITLES[section.name]}: {section.count:,}")
    for row in section.rows:
        yield from _row(row)
    if section.rows_left_off:
        yield f"  {left_off(section)}"


def _row(row: Row) -> Iterator[str]:
    number = f"{row.count:,} x " if row.count > 1 else ""
    yield f"  {number}{row.kind}: {row.what}"
    if row.detail:
        yield f"    * {row.detail}"
    yield from (f"    * {_change(one)}" for one in row.changes)
    if row.changes_left_off:
        yield f"    * and {row.changes_left_off} more changes"
    yield from (f"    - {_subject(one)}" for one in row.resources)
    if row.count > len(row.resources):
        yield f"    - and {row.count - len(row.resources):,} more"


def _change(change: ChangedArgument) -> str:
    was = f" {change.old} =>" if change.old is not None else " ="
    return f"{change.argument}{was} {change.new}"


def _subject(one: Subject) -> str:
    facts = [
        f"server {one.server_id}" if one.server_id else f"id {one.id}" if one.id else "",
        f'"{one.label}"' if one.label else "",
        one.address,
        f"owner {one.owner} {one.owner_name}".rstrip() if one.owner else "",
    ]
    known = ", ".join(filter(None, facts))
    return f"{one.name} ({known})" if known else one.name


def _warning(one: PreviewWarning) -> str:
    about = f" ({', '.join(one.resources)}{', ...' if one.count > len(one.resources) else ''})"
    return f"  - {times(one.count)}: {one.text}{about if one.resources else ''}"
