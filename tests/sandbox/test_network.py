"""Addresses, whitelist, firewall, traffic blocks and IP blocks."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_virtfusion.sandbox import RunningPanel

from .conftest import Api


def addresses(api: Api, id_: int) -> list[str]:
    return [row["address"] for row in api.server(id_)["network"]["interfaces"][0]["ipv4"]]


def test_addresses_come_by_number_or_by_name_and_go_by_name(api: Api) -> None:
    id_ = api.new_server()
    added = api.data("POST", f"/servers/{id_}/ipv4Qty", {"interface": "primary", "quantity": 2})
    assert addresses(api, id_)[1:] == added
    named = {"interface": "primary", "ip": ["198.51.100.77"]}
    assert api.ask("POST", f"/servers/{id_}/ipv4", named).status_code == 204
    assert api.ask("DELETE", f"/servers/{id_}/ipv4", {"ip": added}).status_code == 204
    assert addresses(api, id_)[1:] == ["198.51.100.77"]


def test_without_its_primary_address_a_server_gets_the_next_as_primary(api: Api) -> None:
    id_ = api.new_server(ipv4=2)
    first, second = addresses(api, id_)
    api.done("DELETE", f"/servers/{id_}/ipv4", {"interface": "primary", "ip": [first]})
    rows = api.server(id_)["network"]["interfaces"][0]["ipv4"]
    assert [(row["address"], row["order"]) for row in rows] == [(second, 1)]


@pytest.mark.parametrize("ip", ["198.51.100.2", "203.0.113.9", "10.9.8.7", "nonsense", "2001:db8::1"])
def test_an_address_that_is_taken_or_not_in_a_block_of_the_host_is_refused_with_its_batch(api: Api, ip: str) -> None:
    id_ = api.new_server()
    assert addresses(api, id_) == ["198.51.100.2"]
    body = {"interface": "primary", "ip": ["198.51.100.50", ip]}
    assert api.ask("POST", f"/servers/{id_}/ipv4", body).status_code == 422
    assert addresses(api, id_) == ["198.51.100.2"]


def test_more_addresses_than_are_free_are_refused(api: Api) -> None:
    id_ = api.new_server(ipv4=200)
    assert api.ask("POST", f"/servers/{id_}/ipv4Qty", {"interface": "primary", "quantity": 60}).status_code == 422
    assert api.ask("POST", "/servers", {"packageId": 1, "userId": 1, "hypervisorId": 1, "ipv4": 60}).status_code == 422


def test_a_range_grows_the_block_and_its_addresses_can_be_had(api: Api) -> None:
    total = api.data("GET", "/connectivity/ipblocks/1")["ipv4"]["total"]
    wanted = {"type": "range", "start": "192.0.2.100", "end": "192.0.2.109"}
    for _ in range(2):
        assert api.ask("POST", "/connectivity/ipblocks/1/ipv4", wanted).status_code == 204
    assert api.data("GET", "/connectivity/ipblocks/1")["ipv4"]["total"] == total + 10
    id_ = api.new_server()
    api.done("POST", f"/servers/{id_}/ipv4", {"interface": "primary", "ip": ["192.0.2.105"]})


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        (1, {"type": "list", "start": "192.0.2.1", "end": "192.0.2.2"}),
        (1, {"type": "range", "start": "192.0.2.9", "end": "192.0.2.2"}),
        (1, {"type": "range", "start": "0.0.0.0", "end": "255.255.255.255"}),
        (3, {"type": "range", "start": "192.0.2.1", "end": "192.0.2.2"}),
    ],
)
def test_a_range_that_is_none_is_refused(api: Api, block: int, wanted: dict[str, str]) -> None:
    assert api.ask("POST", f"/connectivity/ipblocks/{block}/ipv4", wanted).status_code == 422


def test_the_secondary_interface_is_a_second_nic_that_most_servers_lack(api: Api) -> None:
    without, with_one = api.new_server(), api.new_server(packageId=5)
    assert api.ask("GET", f"/servers/{without}/firewall/secondary").status_code == 404
    (nic,) = api.server(with_one)["network"]["secondaryInterfaces"]
    assert nic["type"] == "private"
    assert "blockId" not in nic["ipv4"][0]
    assert api.data("GET", f"/servers/{with_one}/firewall/secondary") == {"enabled": False, "rules": []}


def test_whitelist_entries_are_told_apart_by_address_only(api: Api) -> None:
    id_ = api.new_server()
    entry = {"interface": "primary", "ip": "10.0.0.10"}
    for cidr in (32, 24, 24):
        assert api.ask("POST", f"/servers/{id_}/networkWhitelist", entry | {"cidr": cidr}).status_code == 201
    rows = api.server(id_)["network"]["interfaces"][0]["ipWhitelist"]
    assert [(row["type"], row["ip"], row["mask"]) for row in rows] == [(4, "10.0.0.10", 32), (4, "10.0.0.10", 24)]
    assert api.ask("DELETE", f"/servers/{id_}/networkWhitelist", entry).status_code == 204
    assert api.server(id_)["network"]["interfaces"][0]["ipWhitelist"] == []
    assert api.ask("DELETE", f"/servers/{id_}/networkWhitelist", entry).status_code == 404


def test_the_firewall_lists_rules_and_never_rulesets(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server()
    firewall = f"/servers/{id_}/firewall/primary"
    assert api.ask("POST", f"{firewall}/rules?sync=true", {"rulesets": [1, 2]}).status_code == 201
    assert api.ask("POST", f"{firewall}/enable").status_code == 200
    found = api.data("GET", firewall)
    assert (found["enabled"], [rule["destinationPort"] for rule in found["rules"]]) == (True, ["80", "443", "22"])
    assert api.server(id_)["network"]["interfaces"][0]["firewallEnabled"] is True
    assert panel.state()["servers"][0]["hidden"]["firewallRulesets"]["primary"] == [1, 2]
    assert api.ask("POST", f"{firewall}/rules", {"rulesets": [4]}).status_code == 422
    assert api.ask("POST", f"{firewall}/rules", {"rules": [1]}).status_code == 422
    api.done("POST", f"{firewall}/rules", {"rulesets": []})
    assert api.data("GET", firewall)["rules"] == []


def test_minus_one_forces_no_rulesets(api: Api, panel: RunningPanel) -> None:
    panel.mutate("packages", 1, {"firewallRulesets": [1]})
    api.new_server()
    api.new_server(firewallRulesets=[-1])
    sets = [server["hidden"]["firewallRulesets"]["primary"] for server in panel.state()["servers"]]
    assert sets == [[1], []]


def test_a_traffic_block_is_found_by_comparing_what_is_assigned(api: Api) -> None:
    id_ = api.new_server()
    blocks = f"/servers/{id_}/traffic/blocks"
    answer = api.ask("POST", blocks, {"month": 2, "amount": 100})
    assert (answer.status_code, answer.content) == (201, b"")
    found = api.data("GET", blocks)
    (block,) = found["assigned"]
    assert (block["month"], block["traffic"], block["current"]) == (2, 100, False)
    assert (block["start"], block["end"]) == ("2026-02-25 00:00:00", "2026-03-24 23:59:59")
    assert (found["available"]["total"], len(found["available"]["months"])) == (25, 25)
    assert api.ask("DELETE", f"{blocks}/{block['id']}").status_code == 204
    assert api.ask("DELETE", f"{blocks}/{block['id']}").json() == {"errors": ["traffic block not found"]}


@pytest.mark.parametrize(("traffic", "month"), [(0, 1), (200, 26), (200, 0)])
def test_a_traffic_block_wants_a_limit_and_a_coming_period(api: Api, traffic: int, month: int) -> None:
    id_ = api.new_server(traffic=traffic)
    body: Any = {"month": month, "amount": 10}
    assert api.ask("POST", f"/servers/{id_}/traffic/blocks", body).status_code == 422


def test_past_periods_stay_in_the_statistics_and_take_no_blocks(api: Api, panel: RunningPanel) -> None:
    id_ = api.built_server()
    panel.advance(40 * 86_400)
    monthly = api.data("GET", f"/servers/{id_}/traffic")["monthly"]
    assert [row["month"] for row in monthly] == [2, 1]
    assert all(row["total"] == row["rx"] + row["tx"] > 0 for row in monthly)
    assert api.ask("POST", f"/servers/{id_}/traffic/blocks", {"month": 1, "amount": 1}).status_code == 422
