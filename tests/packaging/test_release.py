"""A version is said once, and is released when the changelog tells of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from packaging.version import Version

from pulumi_virtfusion.version import VERSION
from tools.release import entries, objection, version

ROOT = Path(__file__).parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()


def test_the_version_is_the_newest_entry_of_the_changelog() -> None:
    assert version() == VERSION
    assert next(iter(entries(CHANGELOG))) == VERSION


def test_every_heading_of_the_changelog_is_a_version_and_a_date_newest_first() -> None:
    headings = [line for line in CHANGELOG.splitlines() if line.startswith("## ")]
    found = entries(CHANGELOG)
    assert len(found) == len(headings)
    assert list(found) == sorted(found, key=Version, reverse=True)
    assert "unreleased" not in list(found.values())[1:]


@pytest.mark.parametrize(
    ("tag", "changelog", "said"),
    [
        ("v1.2.0", "## 1.2.0 (2026-01-02)\n", ""),
        ("v1.2.1", "## 1.2.0 (2026-01-02)\n", "is not v1.2.0"),
        ("1.2.0", "## 1.2.0 (2026-01-02)\n", "is not v1.2.0"),
        ("v1.2.0", "## 1.1.0 (2026-01-02)\n", "has no entry `## 1.2.0 (YYYY-MM-DD)`"),
        ("v1.2.0", "## 1.2.0 (soon)\n", "has no entry"),
        ("v1.2.0", "## 1.2.0 (unreleased)\n", "calls 1.2.0 unreleased"),
    ],
)
def test_a_tag_is_released_only_with_a_dated_entry(tag: str, changelog: str, said: str) -> None:
    found = objection(tag, "1.2.0", changelog)
    assert said in found
    assert bool(found) is bool(said)


def test_the_command_fails_exactly_when_there_is_an_objection() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "release.py"), f"v{VERSION}"], capture_output=True, text=True, check=False
    )
    said = objection(f"v{VERSION}", VERSION, CHANGELOG)
    assert (done.returncode, done.stderr.strip()) == (int(bool(said)), said)
