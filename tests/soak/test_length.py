"""`make soak` is longer by the names that the tests read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import settings

from tests.fuzz import conftest as fuzz
from tests.soak import calm
from tests.stack import ROOT

LENGTHENED: dict[str, tuple[Callable[[int], settings], int]] = {
    "PROPERTY_EXAMPLES": (calm.tried, 70),
    "FUZZ_TIMES": (fuzz.tried, 140),
}
"""What chooses the number of examples by each name, and how many of 2 it makes for 70."""


def test_the_makefile_sets_what_the_tests_read() -> None:
    recipe = re.search(r"^soak:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe is not None
    assert set(re.findall(r"^\t([A-Z_]+)=", recipe[1], re.MULTILINE)) == LENGTHENED.keys()


@pytest.mark.parametrize("name", LENGTHENED)
def test_a_long_run_tries_as_many_as_it_says_and_others_than_every_run(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, many = LENGTHENED[name]
    monkeypatch.setenv(name, "70")
    assert (tried(2).max_examples, tried(2).derandomize) == (many, False)
    monkeypatch.delenv(name)
    assert (tried(2).max_examples, tried(2).derandomize) == (2, True)
