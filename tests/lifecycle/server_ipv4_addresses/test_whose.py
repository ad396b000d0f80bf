"""Each resource adds, counts and removes its own addresses, and nobody takes the primary one away."""

from __future__ import annotations

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.lifecycle.server_ipv4_addresses.addresses import A, B, C, held, primary
from tests.provider_host import HostError


class TestTheSecondaryInterface:
    @pytest.fixture
    def server(self, life: Life, owner: LivingResource, panel: Panel) -> LivingResource:
        """A server whose second interface has one address of its own."""
        made = life("Server", "server", package_id=5, user_id=owner["user_id"], hypervisor_group_id=1).create()
        panel.forget()
        return made

    def test_its_addresses_live_apart_and_all_can_go(self, life: Life, server: LivingResource, panel: Panel) -> None:
        (first,) = held(panel, server, "secondary")
        panel.loses_the_answer("POST", "/ipv4Qty")
        more = life("ServerIpv4Addresses", server_id=server.id, interface="secondary", quantity=2).create()
        assert [first, *more["addresses"]] == held(panel, server, "secondary")
        assert more.refresh() == []
        more.delete()
        assert held(panel, server, "secondary") == [first]

    def test_its_first_address_is_no_primary_of_the_server(
        self, life: Life, server: LivingResource, panel: Panel
    ) -> None:
        (first,) = held(panel, server, "secondary")
        arguments = {"server_id": server.id, "interface": "secondary", "addresses": [first]}
        life("ServerIpv4Addresses", import_=f"{server.id}/secondary/{first}", **arguments).create().delete()
        assert held(panel, server, "secondary") == []


class TestSeveralResourcesOnOneInterface:
    def test_each_removes_only_its_own(
        self, named: LivingResource, counted: LivingResource, server: LivingResource, panel: Panel
    ) -> None:
        assert named.id != counted.id
        given = counted["addresses"]
        counted.change(quantity=1)
        named.change(addresses=[B])
        assert held(panel, server) == sorted([primary(server), B, given[0]])
        assert (named.refresh(), counted.refresh()) == ([], [])
        counted.delete()
        assert held(panel, server) == [primary(server), B]

    def test_a_server_counts_and_removes_only_its_own(
        self, server: LivingResource, named: LivingResource, panel: Panel, remove: str
    ) -> None:
        server.change(ipv4=2)
        own = server["own_ipv4_addresses"]
        assert own[0] == primary(server)
        assert own[1] not in (A, B)
        named.change(addresses=[A, B, C])
        assert server.refresh() == []
        panel.forget()
        server.change(ipv4=1)
        assert panel.body(remove)["ip"] == own[1:]
        assert named.refresh() == []

    def test_a_lost_answer_of_the_server_is_not_mixed_up_with_them(
        self, server: LivingResource, named: LivingResource, panel: Panel
    ) -> None:
        panel.loses_the_answer("POST", "/ipv4Qty")
        server.change(ipv4=3)
        assert set(server["own_ipv4_addresses"]) == set(held(panel, server)) - {A, B}
        named.delete()
        assert len(held(panel, server)) == 3


class TestThePrimaryAddress:
    @pytest.fixture
    def server(self, life: Life, owner: LivingResource, panel: Panel) -> LivingResource:
        """A server that was made without an address."""
        arguments = {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1, "ipv4": 0}
        made = life("Server", "server", **arguments).create()
        panel.forget()
        return made

    def test_it_is_never_taken_away_by_a_change(self, named: LivingResource, panel: Panel) -> None:
        with pytest.raises(HostError, match=f"addresses: {A} is the primary address of the server and is never taken"):
            named.plan(addresses=[B, C])
        assert panel.writes() == []

    def test_a_smaller_number_takes_the_others(
        self, counted: LivingResource, server: LivingResource, panel: Panel
    ) -> None:
        first = held(panel, server)[0]
        counted.change(quantity=1)
        assert held(panel, server) == [first]

    def test_it_stays_when_the_resource_is_deleted(
        self, named: LivingResource, server: LivingResource, panel: Panel
    ) -> None:
        named.delete()
        assert held(panel, server) == [A]
        assert named.warnings == [f"{A} is the primary address of server {server.id}: it stays there."]
