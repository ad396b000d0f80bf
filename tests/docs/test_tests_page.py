"""tests/README.md names every folder of tests, and what proves each promise."""

from __future__ import annotations

import re

from tests.stack import ROOT

PAGE = (ROOT / "tests" / "README.md").read_text()
FOLDERS, _, PROOFS = PAGE.partition("## What proves each promise")


def test_every_folder_of_tests_has_a_row() -> None:
    folders = {path.parent.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").glob("*/**/test_*.py")}
    assert re.findall(r"^\| `tests/(\w+)/` \|", FOLDERS, re.MULTILINE) == sorted(folders)


def test_every_promise_has_a_row_and_every_row_a_promise() -> None:
    promises = (ROOT / "SECURITY.md").read_text().partition("## What we promise")[2].partition("\n## ")[0]
    told = [one.rstrip(".") for one in re.findall(r"^\*\*([^*]+)\*\*", promises, re.MULTILINE)]
    assert re.findall(r"^\| (?!Promise|---)([^|]+?) \|", PROOFS, re.MULTILINE) == told


def test_what_proves_a_promise_exists() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", PROOFS)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
