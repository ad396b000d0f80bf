"""However large the plan, every format stays within its limit, tells the most dangerous rows, and counts the rest."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_virtfusion.review.json_text import json_text
from pulumi_virtfusion.review.markdown import markdown
from pulumi_virtfusion.review.plain_text import plain_text
from pulumi_virtfusion.review.report import TITLES
from pulumi_virtfusion.review.size_limit import LONGEST, length
from tests.review.conftest import Digest, preview, report_of, step

FORMATS = [markdown, plain_text, json_text]
OPS = ["create", "update", "replace", "delete", "read", "refresh"]
KINDS = ["Server", "ServerBuild", "User", "ResourcePack", "ResourcePackAction", "aws:s3/bucket:Bucket"]


def large(number: int, name: str = "web") -> Digest:
    """Resources of which no two are changed in the same way, each with a warning of its own."""
    steps = []
    for one in range(number):
        op, kind = OPS[one % len(OPS)], KINDS[one // len(OPS) % len(KINDS)]
        old = {"name": f"{name} {one}", "package_id": one, "hypervisor_group_id": one, "triggers": f"{name} {one}"}
        new = {**old, "package_id": one + 1, "hypervisor_group_id": one + 1, "triggers": f"{name} {one + 1}"}
        steps.append(step(op, kind, f"{name}-{one}", old=old, new=new, id=str(one)))
    warnings = {f"{name}-{one}": f"{name} {one} differs from the program" for one in range(0, number, 3)}
    return preview(*steps, warnings=warnings)


@pytest.mark.parametrize(
    ("number", "name"),
    [(10_000, "web"), (3_000, "|" * 70), (3_000, "\u202e" * 70), (3_000, "\U0001f525" * 70), (3_000, "\x00" * 400)],
    ids=["plain", "escaped", "spelt out", "astral", "cut"],
)
def test_thousands_of_resources_fit(number: int, name: str) -> None:
    report = report_of(large(number, name))
    for write in FORMATS:
        written = write(report)
        assert length(written) <= LONGEST
        assert len(written) > LONGEST / 3


def test_characters_are_counted_as_utf_16_does() -> None:
    assert [length(text) for text in ("", "aé日", "\U0001f525a")] == [0, 3, 3]


def test_what_is_cut_is_counted() -> None:
    report = report_of(large(10_000))
    cut = json.loads(json_text(report))
    assert [section["name"] for section in cut["sections"]] == [
        name for name in TITLES if any(section.name == name for section in report.sections)
    ]
    for whole, section in zip(report.sections, cut["sections"], strict=True):
        assert section["count"] == whole.count == sum(row.count for row in whole.rows)
        assert sum(row["count"] for row in section["rows"]) + section["resources_left_off"] == whole.count
        assert len(section["rows"]) + section["rows_left_off"] == len(whole.rows)
        assert section["rows"], "every section shows something"
    assert len(cut["warnings"]) + cut["warnings_left_off"] == len(report.warnings)
    for write in (markdown, plain_text):
        text = write(report)
        assert f"{report.counts['destroyed']:,}" in text
        assert "more rows (" in text
        assert "more warnings are left off." in text


def test_nothing_is_cut_where_there_is_room() -> None:
    report = report_of(large(60))
    assert "left off" not in markdown(report) + plain_text(report)
    assert {one.name for section in report.sections for row in section.rows for one in row.resources} == {
        f"web-{one}" for one in range(60)
    }
    assert json.loads(json_text(report)) == report.model_dump(mode="json")


def test_a_row_of_ten_thousand_names_some_and_counts_all() -> None:
    servers = [step("delete", "Server", f"web-{one}", old={"name": "|" * 70}, id=str(one)) for one in range(10_000)]
    report = report_of(preview(*servers))
    (section,) = report.sections
    (row,) = section.rows
    assert (row.count, len(row.resources)) == (10_000, 50)
    for write in FORMATS:
        assert "web-0" in write(report)
        assert length(write(report)) <= LONGEST
    assert "and 9,9" in markdown(report)


@given(st.integers(1, 400), st.text(min_size=1, max_size=300))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_plan_fits(number: int, name: str) -> None:
    report = report_of(large(number, name.replace("::", "")))
    for write in FORMATS:
        assert length(write(report)) <= LONGEST
