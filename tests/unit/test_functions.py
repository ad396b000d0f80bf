"""Every function of the program's interface, against the client that it asks and a panel that answers."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.api import VirtFusion, operation_of
from pulumi_virtfusion.functions import MODULES
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.contract.client_methods import METHODS

PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
PLAIN = [name for name in MODULES if not name.endswith("_output")]
READS = {operation.path for method in METHODS if (operation := operation_of(method.function)).verb == "GET"}


def test_every_read_operation_has_a_function_whose_docstring_names_it() -> None:
    named = [path for name in PLAIN for path in _paths_of(name)]
    assert set(named) == READS


@pytest.mark.parametrize("name", PLAIN)
def test_both_forms_take_the_same_arguments(name: str) -> None:
    plain, later = (inspect.signature(getattr(virtfusion, form)) for form in (name, f"{name}_output"))
    *arguments, client = plain.parameters.values()
    *inputs, opts = later.parameters.values()
    assert (str(client), str(opts)) == (
        "client: 'VirtFusion | None' = None",
        "opts: 'InvokeOptions | None' = None",
    )
    assert all(one.annotation.startswith("Input[") for one in inputs)
    assert [one.replace(annotation=_plain(one.annotation)) for one in inputs] == arguments
    assert later.return_annotation == f"Output[{plain.return_annotation}]"


def test_the_package_offers_them_to_programs_and_to_type_checkers() -> None:
    imported = re.findall(r"import\s+(?:\(\s+)?(\w+) as \1", inspect.getsource(virtfusion))
    assert sorted(imported) == dir(virtfusion)
    assert set(MODULES) <= set(imported)
    assert all(inspect.isfunction(getattr(virtfusion, name)) for name in MODULES)


@pytest.fixture(scope="module")
def panel() -> Iterator[RunningPanel]:
    """A panel where each kind of thing that can be read exists."""
    with running() as panel:
        yield panel


@pytest.fixture(scope="module")
def ids(panel: RunningPanel) -> dict[str, Any]:
    """What to ask for, by the name of the argument."""
    client = VirtFusion(panel.origin, panel.token)
    user = client.users.create(name="Ada", email="ada@example.com", ext_relation_id=42)
    key = client.ssh_keys.create(user_id=user.user_id, name="laptop", public_key=PUBLIC_KEY)
    server = client.servers.create(package_id=1, user_id=user.user_id, hypervisor_group_id=1)
    client.servers.build(server.server_id, operating_system_id=1)
    pack = client.self_service.add_resource_pack(42, pack_id=1)
    return {
        "server_id": server.server_id,
        "user_id": user.user_id,
        "relation": 42,
        "ssh_key_id": key.ssh_key_id,
        "resource_pack_id": pack,
        "queue_id": panel.state()["queue"][0]["id"],
        **dict.fromkeys(("package_id", "hypervisor_id", "hypervisor_group_id", "block_id", "iso_id", "service_id"), 1),
    }


@pytest.fixture
def environment(panel: RunningPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTFUSION_ENDPOINT", panel.origin)
    monkeypatch.setenv("VIRTFUSION_TOKEN", panel.token)


@pytest.mark.parametrize("name", PLAIN)
def test_a_function_makes_the_request_that_it_names(name: str, panel: RunningPanel, ids: dict[str, Any]) -> None:
    panel.clear_requests()
    getattr(virtfusion, name)(client=VirtFusion(panel.origin, panel.token), **_arguments(name, ids))
    (asked,) = panel.requests()
    assert (asked["method"], asked["status"]) == ("GET", 200)
    assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", _paths_of(name)[0]), asked["path"])


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.usefixtures("environment")
def test_the_output_form_answers_the_same(name: str, ids: dict[str, Any]) -> None:
    async def answer() -> Any:
        outputs = {argument: pulumi.Output.from_input(value) for argument, value in _arguments(name, ids).items()}
        return await getattr(virtfusion, f"{name}_output")(**outputs).future()

    assert asyncio.run(answer()) == getattr(virtfusion, name)(**_arguments(name, ids))


def _arguments(name: str, ids: dict[str, Any]) -> dict[str, Any]:
    """An id wherever one is taken."""
    named = {"name": "AlmaLinux"} if name == "get_template" else {}
    parameters = inspect.signature(getattr(virtfusion, name)).parameters
    return {argument: ids[argument] for argument in parameters if argument in ids} | named


def _paths_of(name: str) -> list[str]:
    paths: list[str] = re.findall(r"`GET (/\S+)`", getattr(virtfusion, name).__doc__)
    return paths


def _plain(annotation: str) -> str:
    """`Sequence[int | str] | None` of `Input[Sequence[Input[int | str]]] | None`."""
    before, marker, after = annotation.partition("Input[")
    if not marker:
        return annotation
    depth = 1
    for end, character in enumerate(after):
        depth += {"[": 1, "]": -1}.get(character, 0)
        if depth == 0:
            return _plain(before + after[:end] + after[end + 1 :])
    raise AssertionError(f"unbalanced: {annotation}")
