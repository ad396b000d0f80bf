"""A provider host of a program, on a panel."""

from __future__ import annotations

from tests.lifecycle.conftest import life as life
from tests.lifecycle.conftest import panel as panel
from tests.lifecycle.conftest import workers_panel as workers_panel
