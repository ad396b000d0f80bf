"""The output forms: when they ask, what they answer, and what stays secret."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import pulumi
import pytest
from pydantic import SecretStr

from pulumi_virtfusion import (
    get_hypervisor_output,
    get_package,
    get_package_output,
    get_packages_output,
    get_server_vnc,
    get_server_vnc_output,
    get_template_output,
    get_user_output,
)
from pulumi_virtfusion.api import NotFound, VirtFusion
from pulumi_virtfusion.api.record import holds_secret
from pulumi_virtfusion.api.records import Hypervisor, Template, TemplateCategory
from pulumi_virtfusion.sandbox import RunningPanel, running

T = TypeVar("T")


@pytest.fixture
def panel(monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPanel]:
    """The panel of the environment."""
    with running(latency=20) as panel:
        monkeypatch.setenv("VIRTFUSION_ENDPOINT", panel.origin)
        monkeypatch.setenv("VIRTFUSION_TOKEN", panel.token)
        yield panel


def resolved(make: Callable[[], pulumi.Output[T]]) -> tuple[T | None, bool, bool]:
    """Value, whether it is known, and whether it is secret."""

    async def resolve() -> tuple[T | None, bool, bool]:
        output = make()
        return await output.future(), await output.is_known(), await output.is_secret()

    return asyncio.run(resolve())


def unknown() -> pulumi.Output[Any]:
    async def value(what: T) -> T:
        return what

    def task(awaitable: Awaitable[T]) -> asyncio.Future[T]:
        return asyncio.ensure_future(awaitable)

    resources: set[pulumi.Resource] = set()
    return pulumi.Output(task(value(resources)), task(value(None)), task(value(False)))


@pytest.mark.usefixtures("panel")
def test_inputs_may_be_outputs_and_attributes_are_outputs() -> None:
    def program() -> pulumi.Output[Any]:
        package = get_package_output(pulumi.Output.from_input("2"))
        by_name = get_package_output(name=package.name)
        return pulumi.Output.all(package.memory, package.apply(lambda found: found.cpu_cores), by_name.package_id)

    assert resolved(program) == ([2048, 2, 2], True, False)


@pytest.mark.usefixtures("panel")
def test_a_list_of_records_stays_one() -> None:
    assert resolved(lambda: get_packages_output().apply(lambda found: [type(one).__name__ for one in found])) == (
        ["Package"] * 6, True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "ask",
    [
        lambda: get_package_output(unknown()),
        lambda: get_package_output(name=unknown()),
        lambda: get_template_output(1, name="Debian", version=unknown()),
        lambda: get_package_output(unknown()).name,
    ],
)
def test_an_unknown_argument_makes_an_unknown_answer_and_no_request(
    ask: Callable[[], pulumi.Output[Any]], panel: RunningPanel
) -> None:
    assert resolved(ask) == (None, False, False)
    assert panel.requests() == []


def test_many_look_ups_overlap_as_far_as_the_panel_may_be_asked(
    panel: RunningPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTFUSION_MAX_CONCURRENCY", "4")

    def program() -> pulumi.Output[Any]:
        packages = [get_package_output(1 + number % 6) for number in range(60)]
        hosts = [get_hypervisor_output(number) for number in (1, 2, 3)]
        return pulumi.Output.all(*[package.package_id for package in packages], *[host.hypervisor_id for host in hosts])

    assert resolved(program)[0] == [1 + number % 6 for number in range(60)] + [1, 2, 3]
    assert panel.metrics()["requests"] == 9
    assert 1 < panel.metrics()["in_flight_peak"] <= 4


def test_both_forms_share_their_answers(panel: RunningPanel) -> None:
    assert resolved(lambda: get_package_output(4))[0] == get_package(4)
    assert len(panel.requests()) == 1


@pytest.mark.usefixtures("panel")
def test_an_error_is_the_clients() -> None:
    with pytest.raises(NotFound) as caught:
        resolved(lambda: get_user_output(42).name)
    assert isinstance(caught.value, pulumi.RunError)


def test_an_argument_of_the_wrong_kind_is_refused(panel: RunningPanel) -> None:
    with pytest.raises(pulumi.RunError, match="package_id: must be a whole number or its decimal string"):
        resolved(lambda: get_package_output(pulumi.Output.from_input("small")))
    assert panel.requests() == []


def test_a_provider_of_another_kind_is_refused(panel: RunningPanel) -> None:
    other = object.__new__(pulumi.ProviderResource)
    with pytest.raises(pulumi.RunError, match=r"opts\.provider must be a pulumi_virtfusion\.Provider"):
        resolved(lambda: get_packages_output(opts=pulumi.InvokeOptions(provider=other)))
    assert panel.requests() == []


@pytest.fixture
def server_id(panel: RunningPanel) -> int:
    """A server with VNC."""
    client = VirtFusion(panel.origin, panel.token)
    user = client.users.create(name="Ada", email="ada@example.com", ext_relation_id=42)
    server = client.servers.create(package_id=1, user_id=user.user_id, hypervisor_group_id=1)
    client.servers.set_vnc(server.server_id, True)
    return server.server_id


def test_vnc_is_a_secret_as_a_whole_and_so_is_what_is_taken_out_of_it(server_id: int) -> None:
    plain = get_server_vnc(server_id)
    assert plain.password is not None
    text = plain.password.get_secret_value()
    assert text
    assert text not in repr(plain)
    assert resolved(lambda: get_server_vnc_output(server_id)) == (plain, True, True)
    assert resolved(lambda: get_server_vnc_output(server_id).port) == (plain.port, True, True)
    password = resolved(
        lambda: get_server_vnc_output(server_id).apply(lambda vnc: vnc.password and vnc.password.get_secret_value())
    )
    assert password == (text, True, True)


@pytest.mark.parametrize(
    ("answer", "secret"),
    [
        (SecretStr("s"), True),
        (Hypervisor.model_validate({"id": 1, "name": "token"}), False),
        (Hypervisor.model_validate({"id": 1, "agentToken": "s"}), True),
        ([Hypervisor.model_validate({"id": 1, "agent": {"keys": [{"apiSecret": "s"}]}})], True),
        (TemplateCategory(category_id=1, templates=[Template.model_validate({"id": 1, "rootPassword": "s"})]), True),
        ([], False),
        (None, False),
    ],
)
def test_secrets_are_found_wherever_a_newer_panel_may_put_them(answer: object, secret: bool) -> None:
    assert holds_secret(answer) is secret
