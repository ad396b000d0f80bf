"""Addresses that the program names."""

from __future__ import annotations

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.lifecycle.server_ipv4_addresses.addresses import ADDRESSES, A, B, C, D, held, primary
from tests.provider_host import HostError


def test_adding_is_one_request_for_all(named: LivingResource, server: LivingResource, panel: Panel) -> None:
    assert held(panel, server) == [primary(server), A, B]
    assert named.id == f"{server.id}/primary/{A}"
    assert named.public == {
        "server_id": int(server.id),
        "interface": "primary",
        "addresses": [A, B],
        "quantity": 2,
    }


def test_another_order_is_no_change(named: LivingResource, panel: Panel) -> None:
    assert named.change(addresses=[B, A]).changed == []
    assert named.refresh() == []
    assert panel.writes() == []


def test_the_difference_is_added_and_then_removed(
    named: LivingResource, server: LivingResource, panel: Panel, look: str, add: str, remove: str
) -> None:
    plan = named.plan(addresses=[B, C, D])
    assert (plan.changed, plan.replaces, plan.requests) == (["addresses"], [], [look, look])
    panel.forget()
    named.change()
    assert panel.requests() == [look, look, add, remove]
    assert panel.body(add) == {"interface": "primary", "ip": [C, D]}
    assert panel.body(remove) == {"interface": "primary", "ip": [A]}
    assert named["addresses"] == [B, C, D]
    assert held(panel, server) == [primary(server), B, C, D]
    assert named.refresh() == []
    assert named.plan().changed == []


def test_what_was_added_is_kept_when_removing_fails(named: LivingResource, panel: Panel, remove: str) -> None:
    panel.refuses("DELETE", "/ipv4", "not now", status=409)
    with pytest.raises(HostError, match="409: not now"):
        named.change(addresses=[B, C])
    assert named["addresses"] == [A, B, C]
    panel.forget()
    named.change()
    assert panel.writes() == [remove]
    assert named["addresses"] == [B, C]


def test_a_refused_address_changes_nothing(named: LivingResource, server: LivingResource, panel: Panel) -> None:
    with pytest.raises(HostError, match=r"422: The address 203\.0\.113\.9 is not available"):
        named.change(addresses=[B, "203.0.113.9"])
    assert named["addresses"] == [A, B]
    assert held(panel, server) == [primary(server), A, B]


def test_an_address_that_vanished_is_seen_and_put_back(
    named: LivingResource, server: LivingResource, panel: Panel, add: str
) -> None:
    panel.mutate("servers", server.id, **{ADDRESSES: [primary(server), B]})
    assert named.refresh() == ["addresses"]
    assert (named["addresses"], named["quantity"]) == ([B], 1)
    assert named.change().changed == ["addresses"]
    assert panel.writes() == [add]
    assert panel.body(add)["ip"] == [A]
    assert sorted(named["addresses"]) == [A, B]


def test_all_of_them_vanished_is_drift_and_not_the_end(
    named: LivingResource, server: LivingResource, panel: Panel
) -> None:
    panel.mutate("servers", server.id, **{ADDRESSES: [primary(server)]})
    assert named.refresh() == ["addresses"]
    named.change()
    assert named["addresses"] == [A, B]


def test_an_address_added_by_hand_is_left_alone(named: LivingResource, server: LivingResource, panel: Panel) -> None:
    panel.mutate("servers", server.id, **{ADDRESSES: [primary(server), A, B, D]})
    assert named.refresh() == []
    named.delete()
    assert held(panel, server) == [primary(server), D]


def test_an_address_that_the_server_has_is_taken_over_and_not_taken(
    life: Life, named: LivingResource, server: LivingResource, panel: Panel
) -> None:
    other = life("ServerIpv4Addresses", "b", server_id=server.id, interface="primary", addresses=[B, C])
    line = rf'import_="{server.id}/primary/{B}"'
    with pytest.raises(HostError, match=rf"{B} is on {server.id}/primary already.*{line}"):
        other.create()
    assert panel.writes() == []
    named.delete()
    other.create()
    assert held(panel, server) == [primary(server), B, C]


@pytest.mark.parametrize(("addresses", "delete_first"), [([A, B], True), ([B, C], True), ([C], False)])
def test_addresses_leave_one_server_before_they_come_to_another(
    life: Life,
    named: LivingResource,
    owner: LivingResource,
    panel: Panel,
    addresses: list[str],
    delete_first: bool,
) -> None:
    """Group 1 puts the second server on the other hypervisor, which shares the block."""
    other = life("Server", "other", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1).create()
    plan = named.change(server_id=other.id, addresses=addresses)
    assert "server_id" in plan.replaces
    assert plan.delete_first is delete_first
    assert held(panel, other) == [primary(other), *addresses]
    assert named.id == f"{other.id}/primary/{addresses[0]}"
