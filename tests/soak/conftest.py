"""One panel and one provider host with short pauses for all walks of a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.soak.engine import Declared, Ref
from tests.soak.machine import World, running_world
from tests.soak.walk import Walk


@pytest.fixture(scope="session")
def shared_world(door: str) -> Iterator[World]:
    with running_world(door) as world:
        yield world


@pytest.fixture
def world(shared_world: World) -> World:
    """A world in which nothing has happened yet."""
    shared_world.tally.clear()
    shared_world.random_faults.hits.clear()
    return shared_world


@pytest.fixture
def walk(world: World) -> Walk:
    """A stack with a user and a server, up and settled."""
    walk = Walk(world.panel, world.host(), world.process, world.tally)
    walk.add("user", Declared("User", {"name": "Ada", "email": "ada@example.com"}))
    arguments = {"package_id": 1, "user_id": Ref("user", "user_id"), "hypervisor_group_id": 1, "memory": 1024}
    walk.add("server", Declared("Server", arguments))
    walk.settle()
    return walk
