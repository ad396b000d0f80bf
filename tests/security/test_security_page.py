"""SECURITY.md promises what tests prove."""

from __future__ import annotations

import re

from tests.stack import ROOT

PAGE = (ROOT / "SECURITY.md").read_text()
PROMISES = PAGE.partition("## What we promise")[2].partition("## What we cannot promise")[0]


def test_every_promise_names_a_test_that_exists() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", PROMISES)
    assert len(named) >= 10
    assert [path for path in named if not (ROOT / path).exists()] == []
    promises = [paragraph for paragraph in PROMISES.split("\n\n") if paragraph.startswith("**")]
    assert len(promises) >= 7
    assert [paragraph for paragraph in promises if "`tests/" not in paragraph] == []
