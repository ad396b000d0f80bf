"""What a preview says of outputs is what the update then answers, and it says all that can be known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lifecycle.life import UNKNOWN, Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.native_host import NativeResource
from tests.provider_host import HostError

pytestmark = pytest.mark.only_through("native")

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada"
Make = Callable[[Life, LivingResource, LivingResource], LivingResource]
SERVER = {
    "package_id": st.sampled_from([1, 2, 3]),
    "name": st.sampled_from(["web", "shop", " shop "]),
    "memory": st.sampled_from([512, 2048]),
    "cpu_cores": st.sampled_from([1, 3]),
    "traffic": st.sampled_from([0, 50]),
    "cpu_throttle": st.sampled_from([0, 20]),
    "backup_plan_id": st.sampled_from([0, 1]),
    "suspended": st.booleans(),  # without `power_state`, which a panel refuses then
    "ipv4": st.sampled_from([1, 2]),
    "vnc": st.booleans(),
    "delete_delay": st.sampled_from([0, 5]),
    "firewall_rulesets": st.sampled_from([[1], [2]]),
}
OTHERS: Mapping[str, tuple[Make, Mapping[str, st.SearchStrategy[Any]]]] = {
    "User": (
        lambda _life, owner, _server: owner,
        {
            "name": st.sampled_from(["Ada", "Ada L"]),
            "email": st.sampled_from(["ada@example.com", "Ada@Example.com", "new@example.com"]),
            "self_service": st.sampled_from([0, 3]),
            "self_service_hourly_group_profiles": st.sampled_from([[], [1], [2, 1]]),
            "enabled": st.booleans(),
        },
    ),
    "ServerFirewall": (
        lambda life, _, server: life("ServerFirewall", server_id=server.id, interface="primary", enabled=True).create(),
        {"rulesets": st.sampled_from([[], [1], [1, 2]]), "enabled": st.booleans(), "sync": st.booleans()},
    ),
    "ServerIpv4Addresses": (
        lambda life, _, server: life(
            "ServerIpv4Addresses", server_id=server.id, interface="primary", quantity=1
        ).create(),
        {"quantity": st.sampled_from([1, 2, 3])},
    ),
    "ServerCustomXml": (
        lambda life, _, server: life("ServerCustomXml", server_id=server.id, os="<a/>", os_enabled=True).create(),
        {"os": st.sampled_from(["<a/>", "<b/>"]), "os_enabled": st.booleans(), "clock": st.sampled_from(["<c/>"])},
    ),
    "ServerBuild": (
        lambda life, _, server: life("ServerBuild", server_id=server.id, operating_system_id=1).create(),
        {"hostname": st.sampled_from(["a.example.com", "b.example.com"]), "wait": st.booleans()},
    ),
    "ResourcePack": (
        lambda life, owner, _: life("ResourcePack", relation=int(owner["relation"]), pack_id=1).create(),
        {"enabled": st.booleans(), "delete_servers": st.booleans()},
    ),
    "UserAction": (
        lambda life, owner, _: life("UserAction", relation=int(owner["relation"]), action="reset_password").create(),
        {"triggers": st.sampled_from([[1], [2]])},
    ),
}


BY_HAND = st.fixed_dictionaries(
    {},
    optional={
        "name": st.just("by hand"),
        "settings.resources.memory": st.sampled_from([768, 4096]),
        "settings.resources.traffic": st.just(77),
        "settings.resources.storage": st.just(60),
        "cpu.cores": st.just(6),
        "hypervisor.groupId": st.just(2),
        "hypervisorId": st.just(2),
        "hostname": st.just("by-hand.example.com"),
        "state": st.just("failed"),
        "network.interfaces.0.firewallEnabled": st.booleans(),
        "customXML.os.xml": st.just("<hand/>"),
    },
)
"""What a person may do to a server at the panel while a preview is read."""


def foreseen_and_made(
    resource: LivingResource, between: Callable[[], object] = lambda: None, /, **arguments: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The outputs by the preview of a change, and after it; nothing where nothing is changed."""
    hosted = resource.hosted
    assert isinstance(hosted, NativeResource)
    plan = resource.plan(**arguments)
    if not plan.changed:
        resource.inputs = plan.inputs
        return {}, {}
    foreseen = hosted.foreseen(resource.id, resource.outputs, plan.inputs, resource.inputs)
    between()
    resource.change(**arguments)
    return foreseen, resource.outputs


def agree(foreseen: Mapping[str, Any], made: Mapping[str, Any]) -> None:
    known = {name: value for name, value in foreseen.items() if value != UNKNOWN}
    assert known == {name: made[name] for name in known}
    assert made.keys() == foreseen.keys()


def some(arguments: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.sets(st.sampled_from(sorted(arguments)), min_size=1, max_size=4).flatmap(
        lambda names: st.fixed_dictionaries({name: arguments[name] for name in names})
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(some(SERVER), min_size=1, max_size=2))
def test_a_server_is_what_its_preview_said(server: LivingResource, changes: list[dict[str, Any]]) -> None:
    for change in changes:
        agree(*foreseen_and_made(server, **change))


@pytest.mark.parametrize("kind", OTHERS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_other_one_too(
    life: Life, owner: LivingResource, server: LivingResource, kind: str, data: st.DataObject
) -> None:
    make, arguments = OTHERS[kind]
    resource = owner if kind == "User" else make(life.with_settings(max_concurrency="7"), owner, server)
    try:
        for change in data.draw(st.lists(some(arguments), min_size=1, max_size=2)):
            agree(*foreseen_and_made(resource, **change))
    finally:
        if kind != "User":
            resource.delete()


@pytest.mark.parametrize("kind", ["Server", "ServerFirewall", "ServerCustomXml", "ServerBuild"])
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), by_hand=BY_HAND)
def test_what_happens_at_the_panel_after_the_preview_is_left_to_a_refresh(
    life: Life, panel: Panel, owner: LivingResource, server: LivingResource, kind: str, data: st.DataObject,
    by_hand: dict[str, Any],
) -> None:  # fmt: skip
    make, arguments = (None, SERVER) if kind == "Server" else OTHERS[kind]
    resource = make(life.with_settings(max_concurrency="7"), owner, server) if make else server
    change = data.draw(some(arguments), label="change")
    try:
        agree(*foreseen_and_made(resource, lambda: panel.mutate("servers", server.id, **by_hand), **change))
    except HostError:
        pass  # a panel may refuse it of such a server; then nothing else is made either
    finally:
        panel.mutate("servers", server.id, state="complete")
        if make:
            resource.delete()


def test_an_output_that_was_never_refreshed_stays_as_it_was(life: Life, server: LivingResource, panel: Panel) -> None:
    life("ServerBuild", server_id=server.id, operating_system_id=1, hostname="a.example.com").create()
    panel.mutate("servers", server.id, **{"settings.resources.memory": 4096, "hypervisorId": 2})
    before = server.public
    assert (before["state"], before["hostname"]) == ("allocated", "")
    server.change(name="web")
    assert server.public == {**before, "name": "web"}
    assert server.refresh() == []
    assert (server["state"], server["hostname"], server["memory"]) == ("complete", "a.example.com", 4096)


def test_a_failed_update_leaves_nothing_recorded_as_done(server: LivingResource, panel: Panel) -> None:
    panel.refuses("PUT", "/modify/name", times=1)
    panel.mutate("servers", server.id, **{"settings.resources.memory": 4096})
    with pytest.raises(HostError):
        server.change(name="web", traffic=50)
    assert (server["name"], server["traffic"]) == ("", 50)
    foreseen, made = foreseen_and_made(server)
    agree(foreseen, made)
    # Nobody knows how far the failed one came.
    assert {"memory", "state"} <= {name for name, value in foreseen.items() if value == UNKNOWN}
    assert (made["name"], made["memory"]) == ("web", 4096)
    assert foreseen_and_made(server, cpu_throttle=20)[0]["memory"] == 4096


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("User", {"name": " Ada ", "email": "Ada.L@Example.com", "ext_relation_id": 7}),
        ("Server", {"package_id": 1, "hypervisor_group_id": 1, "name": " web ", "memory": 512, "ipv4": 2}),
    ],
)
def test_what_is_given_to_a_new_one_is_its_output_word_for_word(
    life: Life, owner: LivingResource, kind: str, arguments: dict[str, Any]
) -> None:
    given = {**arguments, "user_id": owner["user_id"]} if kind == "Server" else arguments
    resource = life(kind, "new", **given)
    hosted = resource.hosted
    assert isinstance(hosted, NativeResource)
    foreseen = hosted.foreseen_new(resource.check())
    made = resource.create().public
    assert made.items() >= {name: value for name, value in foreseen.items() if value != UNKNOWN}.items()
    assert made.items() >= given.items()


@pytest.mark.parametrize(
    ("change", "unknown"),
    [
        ({"name": "web2"}, set[str]()),
        ({"power_state": "running"}, set()),
        ({"ipv4": 2}, {"ipv4_addresses", "own_ipv4_addresses"}),
        ({"delete_delay": 5}, set()),
        (
            {"package_id": 2, "memory": 4096},
            {
                "package_change_info", "cpu_cores", "traffic", "backup_plan_id", "storage", "network_speed_inbound",
                "network_speed_outbound",
            },
        ),
    ],
)  # fmt: skip
def test_only_what_a_changed_argument_feeds_is_unknown(
    server: LivingResource, change: dict[str, Any], unknown: set[str]
) -> None:
    foreseen, _ = foreseen_and_made(server, **change)
    assert {name for name, value in foreseen.items() if value == UNKNOWN} == unknown


def test_of_a_new_user_the_relation_is_known_before_it_is_made(life: Life) -> None:
    user = life("User", name="Ada", email="ada@example.com", ext_relation_id=7)
    hosted = user.hosted
    assert isinstance(hosted, NativeResource)
    foreseen = hosted.foreseen_new(user.check())
    assert (foreseen["relation"], foreseen["email"]) == (7, "ada@example.com")
    assert foreseen["user_id"] == foreseen["password"] == UNKNOWN
    assert "enabled" not in foreseen  # which the panel never tells
