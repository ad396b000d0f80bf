"""What the tests of programs share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def _program_loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


@pytest.fixture
def program_loop(_program_loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Pulumi takes the thread's own event loop, and `asyncio.run` of an earlier test leaves none.

    One for all programs: Pulumi's mocks leave tasks behind, which a closed loop would complain about.
    """
    asyncio.set_event_loop(_program_loop)
    yield
    asyncio.set_event_loop(None)
