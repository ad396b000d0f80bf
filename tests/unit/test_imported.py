"""What is imported late, and what that does to the collector."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_virtfusion.program.lazy_imports import imported, keep_imports

MODULE = "module_for_a_test"


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module that notes whether the collector was on while it was made."""
    (tmp_path / f"{MODULE}.py").write_text("import gc\ncollecting = gc.isenabled()\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop(MODULE, None)
    gc.enable()


def test_the_collector_pauses_and_goes_on() -> None:
    assert imported(MODULE).collecting is False
    assert gc.isenabled()


def test_it_goes_on_after_a_module_that_fails(module: Path) -> None:
    (module / f"{MODULE}.py").write_text("1 / 0")
    with pytest.raises(ZeroDivisionError):
        imported(MODULE)
    assert gc.isenabled()


def test_a_program_without_a_collector_gets_none() -> None:
    gc.disable()
    imported(MODULE)
    assert not gc.isenabled()


def test_what_is_kept_is_no_work_for_the_collector() -> None:
    try:
        keep_imports()
        assert gc.get_freeze_count() > len(sys.modules)
    finally:
        gc.unfreeze()
