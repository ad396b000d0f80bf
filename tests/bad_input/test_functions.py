"""Bad arguments of the functions, plain and as outputs: an error before a request, secret values unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.api import NotFound
from tests.bad_input.programs import AN_ID, INTERFACE, LARGEST, LIST, at_least, at_most
from tests.lifecycle.panel_fixture import Panel

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
def test_the_output_form_shows_it_unless_it_is_secret(
    panel: Panel, name: str, arguments: tuple[Any, ...], named: dict[str, Any], said: str, got: str
) -> None:
    later = getattr(virtfusion, f"{name}_output")
    assert str(error_of(lambda: later(*arguments, **named))) == f"{said} (got {got})"

    def secretly() -> pulumi.Output[Any]:
        output: pulumi.Output[Any] = later(
            *map(pulumi.Output.secret, arguments),
            **{one: pulumi.Output.secret(value) for one, value in named.items()},
        )
        return output

    assert str(error_of(secretly)) == said
    assert panel.requests() == []


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
