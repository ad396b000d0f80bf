"""One world a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.world import World, running_world


@pytest.fixture(scope="session")
def arranged_world() -> Iterator[World]:
    with running_world() as world:
        yield world


@pytest.fixture
def world(arranged_world: World) -> World:
    """The world as it was arranged, without faults and with an empty log of requests."""
    arranged_world.start_over()
    return arranged_world
