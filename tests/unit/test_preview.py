"""Which outputs a program knows in the preview of an update: those that no operation changes, from the panel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel, running

pytestmark = pytest.mark.usefixtures("program_loop")

Seen = list[tuple[bool, Any]]
"""Of each output, whether it is known, and its value."""


class Previewing(Mocks):
    """Answers as the engine does in a preview: with the arguments, and the id of what exists."""

    def __init__(self, id_: str) -> None:
        self.id = id_

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        return ("" if args.typ.startswith("pulumi:") else self.id), args.inputs

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"nobody calls {args.token}")


@pytest.fixture(scope="module")
def panel() -> Iterator[RunningPanel]:
    """A panel with server 1 of user 2."""
    with running() as panel:
        client = VirtFusion(panel.origin, panel.token)
        client.users.create(name="Ada", email="ada@example.com", ext_relation_id=1001)
        client.servers.create(package_id=1, user_id=2, hypervisor_group_id=1)
        yield panel


@pytest.fixture
def preview(panel: RunningPanel, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Seen]]:
    """Runs a program that answers outputs, in a preview in which every resource has this id."""
    monkeypatch.setenv("VIRTFUSION_ENDPOINT", panel.origin)
    monkeypatch.setenv("VIRTFUSION_TOKEN", panel.token)

    def run(program: Callable[[], list[pulumi.Output[Any]]], id_: str = "1") -> Seen:
        pulumi.runtime.set_mocks(Previewing(id_), preview=True)
        panel.clear_requests()
        seen: Seen = []

        async def look(outputs: list[pulumi.Output[Any]]) -> int:
            seen.extend([(await output.is_known(), await output.future()) for output in outputs])
            return len(seen)

        @pulumi.runtime.test  # type: ignore[untyped-decorator]
        def looking() -> pulumi.Output[int]:
            return pulumi.Output.from_input(look(program()))

        looking()
        return seen

    yield run
    settings.reset_options()


def a_server(**options: Any) -> virtfusion.Server:
    return virtfusion.Server(
        "web", package_id=2, user_id=2, hypervisor_group_id=1, opts=pulumi.ResourceOptions(**options)
    )


def test_stable_outputs_are_read_from_the_panel_once(preview: Callable[..., Seen], panel: RunningPanel) -> None:
    def program() -> list[pulumi.Output[Any]]:
        web = a_server()
        return [web.primary_ipv4, web.hostname, web.server_id, web.mac_address.apply(len)]

    assert preview(program) == [(True, "198.51.100.2"), (True, ""), (True, 1), (True, 17)]
    assert [(entry["method"], entry["path"]) for entry in panel.requests()] == [("GET", "/servers/1")]


def test_what_the_update_may_change_stays_unknown(preview: Callable[..., Seen], panel: RunningPanel) -> None:
    def program() -> list[pulumi.Output[Any]]:
        web = a_server()
        return [web.ipv4_addresses, web.memory, web.package_id]

    assert preview(program) == [(False, None), (False, None), (True, 2)]
    assert panel.requests() == []


def test_a_new_object_has_no_outputs_yet(preview: Callable[..., Seen], panel: RunningPanel) -> None:
    assert preview(lambda: [a_server().primary_ipv4, a_server().server_id], id_="") == [(False, None), (False, None)]
    assert panel.requests() == []


def test_what_cannot_be_read_is_unknown_and_not_an_error(preview: Callable[..., Seen], panel: RunningPanel) -> None:
    assert preview(lambda: [a_server().primary_ipv4], id_="77") == [(False, None)]
    panel.fault(path="/servers/1", status=403, body={"message": "no"})
    assert preview(lambda: [a_server().primary_ipv4]) == [(False, None)]
    panel.clear_faults()


def test_an_explicit_provider_is_asked_for_its_own_resources(preview: Callable[..., Seen], panel: RunningPanel) -> None:
    with running(token="there") as there:
        client = VirtFusion(there.origin, there.token)
        client.users.create(name="Ada", email="ada@example.com", ext_relation_id=1001)
        client.servers.create(package_id=1, user_id=2, hypervisor_group_id=2)
        there.clear_requests()

        def program() -> list[pulumi.Output[Any]]:
            eu = virtfusion.Provider("eu", endpoint=there.origin, token="there", request_timeout=5, insecure=False)
            return [a_server(provider=eu).primary_ipv4]

        assert preview(program) == [(True, "203.0.113.2")]
        assert [entry["path"] for entry in there.requests()] == ["/servers/1"]
    assert panel.requests() == []


def test_an_ordinary_run_reads_nothing(preview: Callable[..., Seen], panel: RunningPanel) -> None:
    def program() -> list[pulumi.Output[Any]]:
        pulumi.runtime.set_mocks(Previewing("1"), preview=False)
        web = a_server()
        return [web.server_id, web.package_id]

    assert preview(program) == [(True, 1), (True, 2)]
    assert panel.requests() == []
