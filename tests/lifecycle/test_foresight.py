"""What a preview says of outputs is what the update then answers, and it says all that can be known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lifecycle.life import UNKNOWN, Life, LivingResource
from tests.native_host import NativeResource

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


def foreseen_and_made(resource: LivingResource, **arguments: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The outputs by the preview of a change, and after it; nothing where nothing is changed."""
    hosted = resource.hosted
    assert isinstance(hosted, NativeResource)
    plan = resource.plan(**arguments)
    if not plan.changed:
        resource.inputs = plan.inputs
        return {}, {}
    foreseen = hosted.foreseen(resource.id, resource.outputs, plan.inputs, resource.inputs)
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
