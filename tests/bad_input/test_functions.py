"""Bad arguments of the functions, plain, as outputs and by the plug-in: an error before a request, secrets unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import grpc
import pulumi
import pytest
from pulumi.runtime.proto import provider_pb2

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.api import NotFound
from pulumi_virtfusion.api.names import camel_case
from pulumi_virtfusion.providers.native.functions import parameters
from pulumi_virtfusion.providers.native.wire import sealed
from tests.bad_input.declared import message_of
from tests.bad_input.programs import AN_ID, INTERFACE, LARGEST, LIST, at_least, at_most
from tests.lifecycle.life import Life
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import struct_of

ROWS: list[tuple[str, tuple[Any, ...], dict[str, Any], str, str]] = [
    ("get_server", ("web",), {}, f"server_id: {AN_ID}", "'web'"),
    ("get_server", (0,), {}, f"server_id: {at_least(1)}", "0"),
    ("get_server", (2**53,), {}, f"server_id: {at_most(LARGEST)}", str(2**53)),
    ("get_server", (1.5,), {}, f"server_id: {AN_ID}", "1.5"),
    ("get_server", (True,), {}, f"server_id: {AN_ID}", "True"),
    ("get_server", ("\u0663",), {}, f"server_id: {AN_ID}", "'\u0663'"),
    ("get_package", ("Small",), {}, f"package_id: {AN_ID}", "'Small'"),
    ("get_server_firewall", (1, "eth0"), {}, f"interface: {INTERFACE}", "'eth0'"),
    ("get_user", ("a\nb",), {}, "relation: must be 1 to 255 printable characters", r"'a\nb'"),
    (
        "get_user",
        ("../servers",),
        {},
        "relation: must not contain a slash: the panel could not address the user",
        "'../servers'",
    ),
    ("get_servers", (), {"hypervisor_ids": 3}, f"hypervisor_ids: {LIST}", "3"),
    ("get_ssh_key", ([1],), {}, f"ssh_key_id: {AN_ID}", "[1]"),
]


@pytest.fixture(autouse=True)
def environment(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTFUSION_ENDPOINT", panel.url)
    monkeypatch.setenv("VIRTFUSION_TOKEN", panel.token)


Asked = Callable[..., str]


@pytest.fixture
def refusal(door: str, life: Life) -> Asked:
    """What a function that gets its arguments from elsewhere says of them, in words: `refusal(name, *args, **named)`.

    By the dynamic door the program asks itself; other languages ask the plug-in.
    """

    def of_the_program(name: str, /, *arguments: Any, secretly: bool, **named: Any) -> str:
        later = getattr(virtfusion, f"{name}_output")

        def asked() -> pulumi.Output[Any]:
            made = pulumi.Output.secret if secretly else pulumi.Output.from_input
            given: pulumi.Output[Any] = later(*map(made, arguments), **{one: made(v) for one, v in named.items()})
            return given

        return str(error_of(asked))

    def of_the_plug_in(name: str, /, *arguments: Any, secretly: bool, **named: Any) -> str:
        named |= dict(zip(parameters(getattr(virtfusion, name)), arguments, strict=False))
        args = {camel_case(one): sealed(value) if secretly else value for one, value in named.items()}
        request = provider_pb2.InvokeRequest(tok=f"virtfusion:index:{camel_case(name)}", args=struct_of(args))
        with pytest.raises(grpc.RpcError) as error:
            life.host.stub.Invoke(request)
        return message_of(error.value)

    return of_the_plug_in if door == "native" else of_the_program


def error_of(make: Callable[[], pulumi.Output[Any]]) -> Exception:
    async def resolve() -> Any:
        return await make().future()

    with pytest.raises(pulumi.RunError) as raised:
        asyncio.run(resolve())
    return raised.value


@pytest.mark.parametrize(("name", "arguments", "named", "said", "got"), ROWS)
def test_the_plain_form_shows_the_value(
    panel: Panel, name: str, arguments: tuple[Any, ...], named: dict[str, Any], said: str, got: str
) -> None:
    with pytest.raises(pulumi.RunError) as error:
        getattr(virtfusion, name)(*arguments, **named)
    assert str(error.value) == f"{said} (got {got})"
    assert panel.requests() == []


@pytest.mark.parametrize(("name", "arguments", "named", "said", "got"), ROWS)
def test_an_argument_from_elsewhere_is_shown_unless_it_is_secret(
    refusal: Asked, panel: Panel, name: str, arguments: tuple[Any, ...], named: dict[str, Any], said: str, got: str
) -> None:
    assert refusal(name, *arguments, secretly=False, **named) == f"{said} (got {got})"
    assert refusal(name, *arguments, secretly=True, **named) == said
    assert panel.requests() == []


@pytest.mark.parametrize(
    ("name", "arguments"), [("get_package", {"name": "marked-name"}), ("get_user", {"relation": "marked-name"})]
)
def test_what_is_not_there_tells_no_secret_name(refusal: Asked, name: str, arguments: dict[str, Any]) -> None:
    assert "marked-name" in refusal(name, secretly=False, **arguments)
    said = refusal(name, secretly=True, **arguments)
    assert "[secret]" in said
    assert "marked" not in said


@pytest.mark.parametrize(
    "ask",
    [
        lambda marked: virtfusion.get_package_output(name=marked),
        lambda marked: virtfusion.get_template_output(1, name=marked),
        lambda marked: virtfusion.get_user_output(marked),
    ],
)
def test_what_is_not_there_does_not_tell_its_secret_name(ask: Callable[[Any], pulumi.Output[Any]]) -> None:
    error = error_of(lambda: ask(pulumi.Output.secret("marked-name")))
    told = [str(error), repr(error), *(str(value) for value in vars(error).values())]
    assert not [text for text in told if "marked" in text]
    assert "[secret]" in str(error)
    assert "marked-name" in str(error_of(lambda: ask("marked-name")))


def test_an_error_that_hides_a_secret_is_still_caught_by_its_class() -> None:
    assert isinstance(error_of(lambda: virtfusion.get_user_output(pulumi.Output.secret("marked-name"))), NotFound)
