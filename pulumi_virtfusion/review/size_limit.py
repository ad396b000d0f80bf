"""A report cut to a size: the most dangerous rows stay, and the others are counted."""

from __future__ import annotations

from collections.abc import Callable

from .report import PreviewWarning, Report, Row, Section

LONGEST = 65_536
"""The most characters of a comment at GitHub, as UTF-16 counts them; other places allow more."""
FRAME = 8_000
"""Characters for all text around the rows: headings, counts, remarks on cuts."""
KEPT_FOR_EACH = 3_000
"""Characters that a section leaves to each section after it, and to the warnings."""

RowSize = Callable[[Row], int]
WarningSize = Callable[[PreviewWarning], int]


def length(text: str) -> int:
    """Return the number of characters as UTF-16 counts them, which is never less than any other count."""
    return len(text) + sum(character > "\uffff" for character in text)


def fitted(report: Report, row_size: RowSize, warning_size: WarningSize) -> Report:
    """Return the report with as many rows and warnings as fit, by these functions for their sizes."""
    room = LONGEST - FRAME
    sections = []
    for number, section in enumerate(report.sections):
        behind = len(report.sections) - number - 1 + bool(report.warnings)
        cut, used = _cut(section, room - behind * KEPT_FOR_EACH, row_size)
        sections.append(cut)
        room -= used
    warnings: list[PreviewWarning] = []
    for warning in report.warnings:
        room -= warning_size(warning)
        if room < 0:
            break
        warnings.append(warning)
    update = {
        "sections": tuple(sections),
        "warnings": tuple(warnings),
        "warnings_left_off": len(report.warnings) - len(warnings),
    }
    return report.model_copy(update=update)


def _cut(section: Section, room: int, size: RowSize) -> tuple[Section, int]:
    kept: list[Row] = []
    used = 0
    for whole in section.rows:
        row = _shrunk(whole, room - used, size)
        if used + size(row) > room:
            break
        kept.append(row)
        used += size(row)
    left_off = section.rows[len(kept) :]
    update = {
        "rows": tuple(kept),
        "rows_left_off": len(left_off),
        "resources_left_off": sum(row.count for row in left_off),
    }
    return section.model_copy(update=update), used


def _shrunk(row: Row, room: int, size: RowSize) -> Row:
    """Return the row, with fewer named resources where it is too long; the row still counts all."""
    while size(row) > room and len(row.resources) > 1:
        row = row.model_copy(update={"resources": row.resources[: len(row.resources) // 2]})
    return row
