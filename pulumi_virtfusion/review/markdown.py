"""A report as Markdown for a comment; texts of the plan stand in code, where none can be markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .report import DANGEROUS, TITLES, ChangedArgument, PreviewWarning, Report, Row, Section
from .sentences import INCOMPLETE, NOTHING, QUESTION, left_off, summary, times, warnings_left_off
from .size_limit import fitted, length
from .subjects import Subject

MARKER = "<!-- virtfusion-review -->"
"""The first line, by which CI finds the comment that it is to update."""
HARMLESS = re.compile(r"[\w .,:/+=()-]+")
RESOURCE_LISTS = {True: "<br>", False: ", "}


def markdown(report: Report) -> str:
    """Write the report as Markdown of at most 65,536 characters."""
    fitting = fitted(report, lambda row: length(_row(row, "<br>")) + 1, lambda one: length(_warning(one)) + 1)
    return "\n".join(_lines(fitting)) + "\n"


def code(text: str) -> str:
    """Write a text as code: between backticks where the text is harmless, else spelt out, so that none of it is markup.

    A pipe ends a table's cell even in code, and renderers differ in the escape for one there. Renderers make mentions
    and links even of characters that are spelt out, but not within `<code>`.
    """
    if not text:
        return ""
    if HARMLESS.fullmatch(text) and text == text.strip() and "://" not in text and "www." not in text.lower():
        return f"`{text}`"
    return f"<code>{''.join(c if c.isalnum() or c in ' -' else f'&#{ord(c)};' for c in text)}</code>"


def _lines(report: Report) -> Iterator[str]:
    yield MARKER
    yield f"## {QUESTION}"
    yield ""
    where = f"Stack {code(report.stack)} of {code(report.project)}: " if report.stack and report.project else ""
    yield f"{where}{summary(report)}." if report.sections else f"{where}{NOTHING} ({summary(report)})"
    if not report.complete:
        yield from ("", f"**{INCOMPLETE}**")
    for section in report.sections:
        yield from _section(section)
    if report.warnings or report.warnings_left_off:
        yield from ("", "### Warnings", "")
        yield from map(_warning, report.warnings)
        if report.warnings_left_off:
            yield from ("", f"*{warnings_left_off(report)}*")


def _section(section: Section) -> Iterator[str]:
    yield from ("", f"### {TITLES[section.name]}: {section.count:,}", "")
    if section.rows:
        yield from ("| What | Number | Which |", "| --- | ---: | --- |")
    separator = RESOURCE_LISTS[section.name in DANGEROUS]
    yield from (_row(row, separator) for row in section.rows)
    if section.rows_left_off:
        yield from ("", f"*{left_off(section)}*")


def _row(row: Row, separator: str) -> str:
    kind = f"**{row.kind}**" if row.kind.isalnum() else code(row.kind)
    about = [f"{kind}: {row.what}", code(row.detail), ", ".join(map(_change, row.changes))]
    if row.changes_left_off:
        about.append(f"and {row.changes_left_off} more changes")
    named = [_subject(one) for one in row.resources]
    if row.count > len(named):
        named.append(f"and {row.count - len(named):,} more")
    return f"| {'<br>'.join(filter(None, about))} | {row.count:,} | {separator.join(named)} |"


def _change(change: ChangedArgument) -> str:
    if change.old is None:
        return f"{code(change.argument)} = {code(change.new)}"
    return f"{code(change.argument)} {code(change.old)} => {code(change.new)}"


def _subject(one: Subject) -> str:
    facts = [
        f"server {code(one.server_id)}" if one.server_id else f"id {code(one.id)}" if one.id else "",
        code(one.label),
        code(one.address),
        " ".join(filter(None, ["owner", code(one.owner), code(one.owner_name)])) if one.owner else "",
    ]
    known = ", ".join(filter(None, facts))
    return f"{code(one.name)} ({known})" if known else code(one.name)


def _warning(one: PreviewWarning) -> str:
    about = f" ({', '.join(map(code, one.resources))}{', ...' if one.count > len(one.resources) else ''})"
    return f"- {times(one.count)}: {code(one.text)}{about if one.resources else ''}"
