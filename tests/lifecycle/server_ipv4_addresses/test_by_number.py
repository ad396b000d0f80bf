"""Addresses of the panel's choice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.lifecycle.server_ipv4_addresses.addresses import ADDRESSES, A, B, held, primary
from tests.provider_host import HostError


def test_the_panel_chooses_and_they_are_told(counted: LivingResource, server: LivingResource, panel: Panel) -> None:
    given = held(panel, server)[1:]
    assert len(given) == 2
    assert (counted["addresses"], counted["quantity"]) == (given, 2)
    assert counted.id == f"{server.id}/primary/{given[0]}"
    assert counted.refresh() == []
    assert counted.plan().changed == []


def test_more_are_added(counted: LivingResource, panel: Panel, look: str, add_some: str) -> None:
    old = counted["addresses"]
    counted.change(quantity=4)
    assert panel.requests() == [look, look, add_some]
    assert panel.body(add_some) == {"interface": "primary", "quantity": 2}
    assert counted["addresses"][:2] == old
    assert counted["quantity"] == 4


def test_the_newest_go_first(
    counted: LivingResource, server: LivingResource, panel: Panel, look: str, remove: str
) -> None:
    first, second = counted["addresses"]
    counted.change(quantity=1)
    assert panel.requests() == [look, remove]
    assert panel.body(remove) == {"interface": "primary", "ip": [second]}
    assert counted["addresses"] == [first]
    assert held(panel, server) == [primary(server), first]


def test_a_vanished_one_is_replaced_by_another(
    counted: LivingResource, server: LivingResource, panel: Panel, add_some: str
) -> None:
    panel.mutate("servers", server.id, **{ADDRESSES: [primary(server), counted["addresses"][1]]})
    assert counted.refresh() == ["quantity"]
    counted.change()
    assert panel.body(add_some)["quantity"] == 1
    assert counted["quantity"] == 2


def test_names_may_take_over_from_a_number_and_back(counted: LivingResource, panel: Panel) -> None:
    given = counted["addresses"]
    assert counted.plan(quantity=None, addresses=given).replaces == []
    counted.change()
    assert panel.writes() == []
    counted.change(addresses=[given[0], A])
    counted.change(addresses=None, quantity=1)
    assert counted["addresses"] == [given[0]]


def test_after_a_lost_answer_the_difference_tells(
    life: Life, server: LivingResource, panel: Panel, add_some: str
) -> None:
    panel.loses_the_answer("POST", "/ipv4Qty")
    made = life("ServerIpv4Addresses", server_id=server.id, interface="primary", quantity=2).create()
    assert panel.writes() == [add_some]
    assert made["addresses"] == held(panel, server)[1:]


def test_a_request_that_never_arrived_made_nothing(
    counted: LivingResource, server: LivingResource, panel: Panel, add_some: str
) -> None:
    panel.never_gets("POST", "/ipv4Qty")
    with pytest.raises(HostError, match="has no new address: nothing was made as far as the panel shows"):
        counted.change(quantity=3)
    assert panel.writes() == [add_some]
    assert counted["addresses"] == held(panel, server)[1:]
    counted.change()
    assert counted["quantity"] == 3


def test_what_does_not_add_up_is_told_with_the_line_that_takes_it_over(
    life: Life, server: LivingResource, panel: Panel
) -> None:
    """The answer to a smaller request of somebody else stands between our two looks."""
    panel.fault("GET", f"/servers/{server.id}$")  # the look before, untouched
    panel.fault("POST", "/ipv4Qty", when="after", close=True, delay=0.3)
    wanted = life("ServerIpv4Addresses", server_id=server.id, interface="primary", quantity=1)
    panel.fault("GET", f"/servers/{server.id}$", status=200, body=with_addresses(server, [primary(server), A, B]))
    with pytest.raises(HostError, match=rf'import_="{server.id}/primary/{A},{B}"'):
        wanted.create()


def with_addresses(server: LivingResource, addresses: list[str]) -> dict[str, Any]:
    rows = [{"id": n, "order": n, "address": address} for n, address in enumerate(addresses, 1)]
    nic = {"id": 1, "ipv4": rows}
    return {"data": {"id": int(server.id), "ownerId": 1, "network": {"interfaces": [nic], "secondaryInterfaces": []}}}
