"""docs/review.md: its sample is what the command prints, and it names every field of the JSON."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from pydantic import BaseModel

from pulumi_virtfusion.review.consequence import SectionName
from pulumi_virtfusion.review.plain_text import plain_text
from pulumi_virtfusion.review.report import TITLES, ChangedArgument, PreviewWarning, Report, Row, Section
from pulumi_virtfusion.review.subjects import Subject
from tests.review.conftest import report_of
from tests.stack import ROOT

PAGE = (ROOT / "docs" / "review.md").read_text()
OBJECTS: dict[str, type[BaseModel]] = {
    "the review": Report,
    "a section": Section,
    "a row": Row,
    "a change": ChangedArgument,
    "a resource": Subject,
    "a warning": PreviewWarning,
}


def test_the_sample_is_what_is_printed() -> None:
    (sample,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    report = report_of("everything")
    assert sample == plain_text(report)
    assert [section.name for section in report.sections] == [name for name in TITLES if name != "other"]


@pytest.mark.parametrize("name", OBJECTS)
def test_every_field_is_described(name: str) -> None:
    (fields,) = re.findall(rf"^\| {name} \| (.*) \|$", PAGE, re.MULTILINE)
    assert set(OBJECTS[name].model_fields) <= set(re.findall(r"`(\w+)`", fields))


def test_every_section_is_described() -> None:
    assert set(TITLES) == set(get_args(SectionName))
    for name, title in TITLES.items():
        assert f"`{name}`" in PAGE
        assert f"| {title} |" in PAGE
