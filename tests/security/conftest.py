"""Scripted panels, and clients of them."""

from __future__ import annotations

from tests.unit.api.conftest import client_of as client_of
from tests.unit.api.conftest import play as play
