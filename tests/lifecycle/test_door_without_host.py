"""The same door where the host's call stack is not what it was: every trick has a plain fallback.

The functions are called from this process, above which there is no host, as a newer host would look.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.dynamic.dynamic import PROVIDER_KEY

from pulumi_virtfusion.dynamic_provider import provider_of
from pulumi_virtfusion.providers.dynamic import host as dynamic_host
from pulumi_virtfusion.providers.dynamic.provider import DynamicProvider
from pulumi_virtfusion.resources import resource_class
from tests.lifecycle.door.buggy import BuggyProvider
from tests.lifecycle.life import LivingResource
from tests.lifecycle.panel_fixture import Panel

pytestmark = pytest.mark.only_through("dynamic")


@pytest.fixture(autouse=True)
def _whole_tracebacks() -> Iterator[None]:
    """What a host's process keeps to itself must not reach the other tests."""
    yield
    dynamic_host.show_tracebacks()


def new_provider() -> DynamicProvider:
    return DynamicProvider(resource_class("Server").lifecycle, provider_of)


def configured(provider: DynamicProvider, panel: Panel, **more: str) -> DynamicProvider:
    """The provider as a host would configure it."""
    config = {"virtfusion:endpoint": panel.url, "virtfusion:token": panel.token, **more}
    provider.configure(ConfigureRequest(Config(config, "program")))
    return provider


@pytest.fixture
def servers(panel: Panel) -> DynamicProvider:
    """The provider of servers."""
    return configured(new_provider(), panel)


@pytest.fixture
def arguments(owner: LivingResource) -> dict[str, Any]:
    """The least that a server needs, and a name."""
    needed = {"package_id": 1, "user_id": int(owner["user_id"]), "hypervisor_group_id": 1, "name": "web1"}
    return {**needed, PROVIDER_KEY: "a reference"}


def test_there_is_no_call_to_be_found() -> None:
    assert dynamic_host.current_call() is None


def test_all_works_without_the_tricks(servers: DynamicProvider, panel: Panel, arguments: dict[str, Any]) -> None:
    made = servers.create(servers.check({}, arguments).inputs | arguments)
    assert made.id is not None
    assert made.outs is not None
    assert made.outs["name"] == "web1"
    changed, kept = {**arguments, "name": "web2"}, {**made.outs, PROVIDER_KEY: "a reference"}
    assert servers.diff(made.id, kept, arguments).changes is False
    assert servers.diff(made.id, kept, changed).changes is None
    updated = servers.update(made.id, kept, changed)
    assert updated.outs is not None
    assert updated.outs["name"] == "web2"
    servers.delete(made.id, updated.outs)
    assert panel.all("servers") == []


def test_without_the_old_inputs_every_known_argument_is_one(
    servers: DynamicProvider, panel: Panel, arguments: dict[str, Any]
) -> None:
    made = servers.create(arguments)
    assert made.id is not None
    assert made.outs is not None
    panel.mutate("servers", made.id, name="renamed")
    read: Any = servers.read(made.id, {**made.outs, PROVIDER_KEY: "a reference"})
    assert (read.inputs["name"], read.inputs["memory"]) == ("renamed", 1024)
    assert "uuid" not in read.inputs


def test_warnings_go_to_the_hosts_own_output(
    servers: DynamicProvider, panel: Panel, arguments: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    made = servers.create({**arguments, "delete_delay": 5})
    assert made.id is not None
    assert made.outs is not None
    servers.delete(made.id, made.outs)
    assert capsys.readouterr().err == (
        f"server {made.id} will be deleted by the panel in 5 minutes; it is no longer in this stack.\n"
    )
    assert panel.has("servers", made.id)


class TestPartlyMade:
    def test_what_cannot_be_recorded_is_undone(
        self, servers: DynamicProvider, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        panel.refuses("PUT", "/modify/name", "name taken")
        with pytest.raises(Exception, match=r"name: .*: name taken\. .*What was made of it was deleted again\.$"):
            servers.create(arguments)
        assert panel.writes()[-1].startswith("DELETE /servers/")
        assert panel.all("servers") == []

    def test_what_cannot_be_undone_either_is_named_with_the_line_that_takes_it_over(
        self, servers: DynamicProvider, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        panel.refuses("PUT", "/modify/name", "name taken")
        panel.refuses("DELETE", "^/servers/", "forbidden", status=403)
        with pytest.raises(Exception, match=r"name taken\. .*Deleting server \d+ .*forbidden.*import_=") as error:
            servers.create(arguments)
        (left,) = panel.all("servers")
        assert f'import_="{left["id"]}"' in str(error.value)

    def test_an_update_that_went_half_way_is_undone_in_nothing(
        self, servers: DynamicProvider, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        made = servers.create(arguments)
        assert made.id is not None
        assert made.outs is not None
        panel.refuses("PUT", "/modify/name", "name taken")
        with pytest.raises(Exception, match="name taken"):
            servers.update(made.id, made.outs, {**arguments, "name": "web2", "memory": 2048})
        assert panel.object("servers", made.id)["settings"]["resources"]["memory"] == 2048


def shown_of(call: Callable[[], object]) -> str:
    """What a host shows of the error that the call ends with."""
    try:
        call()
    except Exception:
        return traceback.format_exc()
    raise AssertionError("it did not fail")


class TestErrors:
    def test_ours_is_a_line_without_traceback(self, servers: DynamicProvider, panel: Panel) -> None:
        assert shown_of(lambda: servers.read("999999", {})) == (
            "VirtFusionError: GET /servers/999999 answered 404: server not found. "
            f"Panel: {panel.url.removesuffix('/api/v1')}.\n"
        )

    def test_a_bug_after_it_has_one_again(
        self, servers: DynamicProvider, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        buggy = configured(BuggyProvider("SshKey"), panel)
        with pytest.raises(Exception, match="404"):
            servers.read("999999", {})
        assert sys.tracebacklimit == 0
        shown = shown_of(lambda: buggy.create({**arguments, "public_key": "x"}))
        assert shown.startswith("Traceback (most recent call last)")
        assert "in make" in shown


def test_the_stacks_time_limit_holds_where_there_is_no_other(panel: Panel, arguments: dict[str, Any]) -> None:
    hasty = configured(
        DynamicProvider(resource_class("Server").lifecycle, provider_of), panel, **{"virtfusion:operationTimeout": "1"}
    )
    made = hasty.create(arguments)
    assert made.id is not None
    assert made.outs is not None
    panel.build_takes(600)
    with pytest.raises(Exception, match=r"^Waited \d s for server"):
        hasty.delete(made.id, made.outs)
