"""Scripted panels and clients of them; resources as in the tests of their lives."""

from __future__ import annotations

from tests.doors import through_both as pytest_generate_tests  # noqa: F401
from tests.lifecycle.conftest import another_run as another_run
from tests.lifecycle.conftest import life as life
from tests.lifecycle.conftest import owner as owner
from tests.lifecycle.conftest import panel as panel
from tests.lifecycle.conftest import server as server
from tests.lifecycle.conftest import workers_panel as workers_panel
from tests.unit.api.conftest import client_of as client_of
from tests.unit.api.conftest import play as play
