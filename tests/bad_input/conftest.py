"""A panel that stays as it is, and the provider host of a program on it."""

from __future__ import annotations

import pytest

from tests.doors import through_both as pytest_generate_tests  # noqa: F401
from tests.lifecycle.conftest import life as life
from tests.lifecycle.conftest import workers_panel as workers_panel
from tests.lifecycle.panel_fixture import Panel


@pytest.fixture
def panel(workers_panel: Panel) -> Panel:
    """A panel that nobody changes here, its log of requests empty."""
    workers_panel.forget()
    return workers_panel
