"""What all of them share: checks, replacement, the end, and lost answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.lifecycle.server_ipv4_addresses.addresses import ADDRESSES, A, B, held, primary
from tests.provider_host import HostError


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "quantity: excludes addresses, and one of the two is required"),
        ({"quantity": 1, "addresses": [A]}, "quantity: excludes addresses, and one of the two is required"),
        ({"quantity": 0}, "quantity: must be greater than or equal to 1"),
        ({"quantity": 257}, "quantity: must be less than or equal to 256"),
        ({"addresses": [A, A]}, "addresses: must not name anything twice"),
        ({"addresses": ["198.51.100.300"]}, "addresses: 0: must be an IPv4 address such as 192.0.2.10"),
    ],
)
def test_a_wrong_argument_is_named(life: Life, server: LivingResource, arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(Refused) as refused:
        life("ServerIpv4Addresses", server_id=server.id, interface="primary", **arguments).check()
    assert refused.value.problems == [problem]


@pytest.mark.parametrize(("argument", "value"), [("interface", "secondary"), ("server_id", UNKNOWN)])
def test_another_interface_or_server_has_other_addresses(named: LivingResource, argument: str, value: Any) -> None:
    plan = named.plan(**{argument: value})
    assert (plan.replaces, plan.delete_first) == ([argument], True)


def test_addresses_that_are_not_known_yet_pass(named: LivingResource) -> None:
    plan = named.plan(addresses=UNKNOWN)
    assert (plan.changed, plan.replaces) == (["addresses"], [])


def test_deleting_is_one_request_for_all(named: LivingResource, panel: Panel, look: str, remove: str) -> None:
    named.delete()
    assert panel.requests() == [look, remove]
    assert panel.body(remove) == {"interface": "primary", "ip": [B, A]}


def test_what_is_gone_already_is_not_removed_again(
    named: LivingResource, server: LivingResource, panel: Panel, remove: str
) -> None:
    panel.mutate("servers", server.id, **{ADDRESSES: [primary(server), B]})
    named.delete()
    assert panel.body(remove)["ip"] == [B]


def test_a_lost_answer_to_a_removal_is_asked_again_and_settled(
    named: LivingResource, server: LivingResource, panel: Panel, remove: str
) -> None:
    panel.loses_the_answer("DELETE", "/ipv4")
    named.change(addresses=[B])
    assert panel.writes() == [remove, remove]
    assert (named["addresses"], held(panel, server)) == ([B], [primary(server), B])


def test_a_lost_answer_to_named_addresses_is_settled_by_looking(
    life: Life, server: LivingResource, panel: Panel, add: str
) -> None:
    panel.loses_the_answer("POST", "/ipv4")
    made = life("ServerIpv4Addresses", server_id=server.id, interface="primary", addresses=[A]).create()
    assert panel.writes() == [add]
    assert made["addresses"] == [A]
    panel.never_gets("POST", "/ipv4")
    with pytest.raises(HostError, match="nothing was made as far as the panel shows now"):
        made.change(addresses=[A, B])
    assert made["addresses"] == [A]


def test_they_are_gone_with_their_server(named: LivingResource, server: LivingResource, panel: Panel) -> None:
    panel.delete("servers", server.id)
    named.hosted.delete(named.id, named.outputs)
    assert named.refresh() == []
    assert named.id == ""
