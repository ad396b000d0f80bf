"""Every write of the client under every fault, against a panel on a real socket."""

from __future__ import annotations

import socket

import pytest

from pulumi_virtfusion.api import OutcomeUnknown, ValidationFailed, VirtFusion, VirtFusionError, operation_of
from tests.contract.client_methods import METHODS, ClientMethod
from tests.faults.table import FAULTS, Expected, Fault
from tests.faults.world import CALLS, REFUSED_WHEN_REPEATED, STILL_THERE_WHEN_REPEATED, World

WRITES = [method for method in METHODS if operation_of(method.function).verb != "GET"]
CHANGE_NOTHING_THAT_IS_KEPT = {
    "Servers.validate", "Users.create_login_tokens", "Users.create_server_login_tokens", "Users.reset_password"
}  # fmt: skip


def expected(method: ClientMethod, fault: Fault) -> Expected:
    """The cell of the table, and what the panel says to a second request where that is no plain success."""
    operation = operation_of(method.function)
    cell = fault.expected(operation)
    if cell.error or cell.writes < 2:
        return cell
    if str(method) in REFUSED_WHEN_REPEATED:
        return Expected(ValidationFailed, cell.requests, writes=1)
    if operation.verb == "DELETE" and str(method) not in STILL_THERE_WHEN_REPEATED:
        return Expected(None, cell.requests, writes=1)
    return cell


@pytest.fixture(scope="module")
def nobody() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_every_write_of_the_client_has_a_call_that_tries_it() -> None:
    assert {str(method) for method in WRITES} == CALLS.keys()


@pytest.mark.parametrize("method", WRITES, ids=str)
def test_an_undisturbed_write_is_one_request_and_changes_the_panel(method: ClientMethod, world: World) -> None:
    changed = world.after_one(method)
    assert (changed != world.at_first) is (str(method) not in CHANGE_NOTHING_THAT_IS_KEPT)
    method.call(VirtFusion(world.panel.origin, world.panel.token), CALLS[str(method)])
    assert [request["done"] for request in world.panel.requests()] == [True]
    assert world.state() == changed


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("method", WRITES, ids=str)
def test_a_write_under_a_fault(method: ClientMethod, name: str, world: World, nobody: str) -> None:
    fault = FAULTS[name]()
    wanted = expected(method, fault)
    once = world.after_one(method)
    if fault.facts is not None:
        world.panel.fault(times=fault.times, **fault.facts)
    client = VirtFusion(
        nobody if fault.facts is None else world.panel.origin,
        world.panel.token,
        request_timeout=fault.request_timeout,
        retry_policy=fault.retry_policy,
    )
    error = outcome(client, method)
    asked = world.panel.requests()
    assert Expected(type(error) if error else None, len(asked), sum(one["done"] for one in asked)) == wanted, error
    assert_done_once_or_not_at_all(world, method, wanted, once)
    if error is not None:
        operation = operation_of(method.function)
        assert str(error).startswith(f"{operation.verb} {error.path} ")
        assert ("not repeated" in str(error)) is isinstance(error, OutcomeUnknown)


def outcome(client: VirtFusion, method: ClientMethod) -> VirtFusionError | None:
    try:
        with client.time_limit(20):
            method.call(client, CALLS[str(method)])
    except VirtFusionError as error:
        return error
    return None


def assert_done_once_or_not_at_all(
    world: World, method: ClientMethod, wanted: Expected, once: dict[str, object]
) -> None:
    """What may be repeated leaves the panel as one request does, but for the tasks that did it."""
    state = world.state()
    if wanted.writes > 1:
        assert operation_of(method.function).repeatable
        state, once = ({kind: rows for kind, rows in one.items() if kind != "queue"} for one in (state, once))
    assert state == (once if wanted.writes else world.at_first)
