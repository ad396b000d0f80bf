"""`ipv4`: how many addresses a server has of its own, and which ones a smaller number takes away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

FOREIGN = "198.51.100.200"
"""An address that nobody has yet."""


def at_the_panel(panel: Panel, server: LivingResource) -> list[str]:
    """The server's addresses in the panel's order."""
    read = server.look_up(server.id)
    addresses: list[str] = read.outputs["ipv4_addresses"]
    panel.forget()
    return addresses


def give(panel: Panel, server: LivingResource, *addresses: str) -> None:
    """These are now all of the server's addresses, whoever asked for them."""
    panel.mutate("servers", server.id, **{"network.interfaces.0.ipv4": list(addresses)})


def removal(server: LivingResource) -> str:
    return f"DELETE /servers/{server.id}/ipv4"


def test_more_are_asked_for_by_number(server: LivingResource, panel: Panel) -> None:
    server.change(ipv4=3)
    assert panel.body(f"POST /servers/{server.id}/ipv4Qty") == {"interface": "primary", "quantity": 2}
    assert server["own_ipv4_addresses"] == server["ipv4_addresses"]
    assert len(server["own_ipv4_addresses"]) == 3


def test_fewer_lose_the_newest_first(server: LivingResource, panel: Panel) -> None:
    server.change(ipv4=4)
    first, second, third, fourth = server["own_ipv4_addresses"]
    panel.forget()
    server.change(ipv4=2)
    assert panel.writes() == [removal(server)]
    assert panel.body(removal(server)) == {"interface": "primary", "ip": [fourth, third]}
    assert (server["ipv4"], server["own_ipv4_addresses"]) == (2, [first, second])
    assert at_the_panel(panel, server) == [first, second]


def test_what_others_added_is_neither_counted_nor_taken(server: LivingResource, panel: Panel) -> None:
    (primary,) = server["own_ipv4_addresses"]
    give(panel, server, primary, FOREIGN)
    assert server.refresh() == []
    assert (server["ipv4"], server["ipv4_addresses"]) == (1, [primary, FOREIGN])
    server.change(ipv4=2)
    own = server["own_ipv4_addresses"]
    assert len(at_the_panel(panel, server)) == 3
    server.change(ipv4=1)
    assert panel.body(removal(server)) == {"interface": "primary", "ip": [own[1]]}
    assert at_the_panel(panel, server) == [primary, FOREIGN]


def test_the_primary_stays_even_when_it_is_the_newest(server: LivingResource, panel: Panel) -> None:
    server.change(ipv4=3)
    first, second, third = server["own_ipv4_addresses"]
    give(panel, server, third, second, first)
    panel.forget()
    server.change(ipv4=1)
    assert third in at_the_panel(panel, server)


def test_an_address_taken_by_hand_is_drift_and_comes_back(server: LivingResource, panel: Panel) -> None:
    server.change(ipv4=2)
    primary = server["own_ipv4_addresses"][0]
    give(panel, server, primary)
    assert server.refresh() == ["ipv4"]
    assert server["own_ipv4_addresses"] == [primary]
    panel.forget()
    assert server.change().changed == ["ipv4"]
    assert panel.writes() == [f"POST /servers/{server.id}/ipv4Qty"]
    assert len(at_the_panel(panel, server)) == 2


def test_an_undeclared_number_is_never_put_back(server: LivingResource, panel: Panel) -> None:
    server.change(ipv4=2)
    server.change(ipv4=None)
    give(panel, server, server["own_ipv4_addresses"][0])
    assert server.refresh() == []
    assert server["ipv4"] == 1
    assert server.change().changed == []


def test_a_lost_answer_is_settled_by_what_is_new(server: LivingResource, panel: Panel) -> None:
    panel.loses_the_answer("POST", "/ipv4Qty")
    server.change(ipv4=3)
    assert panel.writes() == [f"POST /servers/{server.id}/ipv4Qty"]
    assert at_the_panel(panel, server) == server["own_ipv4_addresses"]
    assert server["ipv4"] == 3


def test_a_request_that_never_arrived_is_an_error_and_asked_by_the_next_update(
    server: LivingResource, panel: Panel
) -> None:
    panel.never_gets("POST", "/ipv4Qty")
    with pytest.raises(HostError, match=r"^ipv4: .*lost its answer"):
        server.change(ipv4=2)
    assert (server["ipv4"], len(panel.writes())) == (1, 1)
    server.change()
    assert len(at_the_panel(panel, server)) == 2
    assert server["ipv4"] == 2


def test_a_lost_removal_is_repeated_without_harm(server: LivingResource, panel: Panel) -> None:
    server.change(ipv4=2)
    panel.never_gets("DELETE", "/ipv4")
    server.change(ipv4=1)
    assert len(at_the_panel(panel, server)) == 1


def test_none_at_all_is_refused_once_there_are_some(server: LivingResource, panel: Panel) -> None:
    with pytest.raises(HostError) as error:
        server.plan(ipv4=0)
    assert error.value.message == "ipv4: cannot become 0, since the primary address of a server is never taken away."
    assert panel.writes() == []


def test_a_server_may_begin_without_one_and_get_some_later(life: Life, owner: LivingResource, panel: Panel) -> None:
    arguments: dict[str, Any] = {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1}
    server = life("Server", **arguments, ipv4=0).create()
    assert (server["ipv4"], server["primary_ipv4"], server["own_ipv4_addresses"]) == (0, "", [])
    assert server.refresh() == []
    assert server.change().changed == []
    server.change(ipv4=2)
    assert server["primary_ipv4"] == server["own_ipv4_addresses"][0]
    assert len(at_the_panel(panel, server)) == 2


def test_a_panel_that_gives_a_server_without_one_too_many_gets_the_rest_back(
    life: Life, owner: LivingResource, panel: Panel
) -> None:
    server = life("Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1, ipv4=0).create()
    panel.fault("POST", "/ipv4Qty$", status=200, body={"data": ["192.0.2.8", FOREIGN]})
    server.change(ipv4=1)
    assert panel.body(removal(server)) == {"interface": "primary", "ip": [FOREIGN]}
