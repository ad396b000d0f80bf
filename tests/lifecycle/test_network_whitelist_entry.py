"""A whitelist entry's life: added, replaced, read, removed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

ENTRIES = "network.interfaces.0.ipWhitelist"


@pytest.fixture
def wanted(life: Life, server: LivingResource) -> LivingResource:
    return life("NetworkWhitelistEntry", server_id=server.id, interface="primary", ip="192.0.2.9", cidr=32)


@pytest.fixture
def entry(wanted: LivingResource, panel: Panel) -> LivingResource:
    wanted.create()
    panel.forget()
    return wanted


@pytest.fixture
def path(server: LivingResource) -> str:
    return f"/servers/{server.id}/networkWhitelist"


def whitelist(panel: Panel, server: LivingResource) -> list[tuple[str, int]]:
    rows = panel.object("servers", server.id)["network"]["interfaces"][0]["ipWhitelist"]
    return [(row["ip"], row["mask"]) for row in rows]


def test_adding_looks_first_and_is_one_post(
    wanted: LivingResource, server: LivingResource, panel: Panel, path: str
) -> None:
    wanted.create()
    assert panel.requests() == [f"GET /servers/{server.id}?remoteState=false", f"POST {path}"]
    assert panel.body(f"POST {path}") == {"interface": "primary", "ip": "192.0.2.9", "cidr": 32}
    assert wanted.id == f"{server.id}/primary/192.0.2.9"
    assert wanted.public == {"server_id": int(server.id), "interface": "primary", "ip": "192.0.2.9", "cidr": 32}


def test_nothing_drifts_by_itself(entry: LivingResource, panel: Panel) -> None:
    assert entry.refresh() == []
    assert entry.change().changed == []
    assert panel.writes() == []


def test_an_ipv6_network_has_one_spelling(life: Life, server: LivingResource, panel: Panel) -> None:
    entry = life(
        "NetworkWhitelistEntry", server_id=server.id, interface="primary", ip="2001:DB8:0:0::1", cidr="64"
    ).create()
    assert entry.id == f"{server.id}/primary/2001:db8::1"
    assert whitelist(panel, server) == [("2001:db8::1", 64)]
    assert entry.plan(ip="2001:db8::0001").changed == []
    panel.mutate("servers", server.id, **{f"{ENTRIES}.0.ip": "2001:0db8:0000::1"})
    assert entry.refresh() == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"cidr": 33}, "cidr: must be at most 32 for 192.0.2.9"),
        ({"ip": "2001:db8::1", "cidr": 129}, "cidr: must be less than or equal to 128"),
        ({"ip": "192.0.2.9/32"}, "ip: must be an IPv4 or IPv6 address"),
        ({"cidr": -1}, "cidr: must be greater than or equal to 0"),
        ({"interface": "public"}, "interface: must be 'primary' or 'secondary'"),
    ],
)
def test_a_wrong_argument_is_named(wanted: LivingResource, arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(Refused) as refused:
        wanted.check(**arguments)
    assert refused.value.problems == [problem]


def test_unknown_arguments_pass_the_check(wanted: LivingResource) -> None:
    assert wanted.check(ip=UNKNOWN, server_id=UNKNOWN)["ip"] == UNKNOWN


def test_another_prefix_is_deleted_before_it_is_added(
    entry: LivingResource, server: LivingResource, panel: Panel, path: str
) -> None:
    plan = entry.change(cidr=28)
    assert (plan.replaces, plan.delete_first) == (["cidr"], True)
    assert panel.writes() == [f"DELETE {path}", f"POST {path}"]
    assert panel.body(f"DELETE {path}") == {"interface": "primary", "ip": "192.0.2.9"}
    assert whitelist(panel, server) == [("192.0.2.9", 28)]


def test_another_address_is_added_before_the_old_one_goes(
    entry: LivingResource, server: LivingResource, panel: Panel, path: str
) -> None:
    plan = entry.change(ip="192.0.2.10", cidr=31)
    assert (sorted(plan.replaces), plan.delete_first) == (["cidr", "ip"], False)
    assert panel.writes() == [f"POST {path}", f"DELETE {path}"]
    assert whitelist(panel, server) == [("192.0.2.10", 31)]


@pytest.mark.parametrize(
    ("argument", "value"), [("interface", "secondary"), ("server_id", 4711), ("server_id", UNKNOWN)]
)
def test_another_interface_or_server_is_another_entry(entry: LivingResource, argument: str, value: Any) -> None:
    plan = entry.plan(**{argument: value})
    assert (plan.replaces, plan.delete_first) == ([argument], False)


def test_a_prefix_changed_by_hand_is_told_and_stays(
    entry: LivingResource, server: LivingResource, panel: Panel
) -> None:
    panel.mutate("servers", server.id, **{f"{ENTRIES}.0.mask": 24})
    assert entry.refresh() == []
    assert entry.change().replaces == []
    assert entry.warnings[0].startswith("cidr is 24 at the panel, and 32 in the program.")
    assert whitelist(panel, server) == [("192.0.2.9", 24)]


def test_a_second_prefix_added_by_hand_is_no_drift(entry: LivingResource, server: LivingResource, panel: Panel) -> None:
    kept = panel.object("servers", server.id)["network"]["interfaces"][0]["ipWhitelist"]
    panel.mutate("servers", server.id, **{ENTRIES: [{**kept[0], "id": 999, "mask": 24}, *kept]})
    assert entry.refresh() == []


def test_an_entry_removed_by_hand_is_gone_and_deleting_it_no_error(
    entry: LivingResource, server: LivingResource, panel: Panel, path: str
) -> None:
    panel.mutate("servers", server.id, **{ENTRIES: []})
    entry.delete()
    assert panel.writes() == [f"DELETE {path}"]


@pytest.mark.parametrize("parent", [True, False], ids=["with its server", "by hand"])
def test_what_is_gone_leaves_the_state(
    entry: LivingResource, server: LivingResource, panel: Panel, parent: bool
) -> None:
    if parent:
        panel.delete("servers", server.id)
    else:
        panel.mutate("servers", server.id, **{ENTRIES: []})
    entry.refresh()
    assert entry.id == ""


def test_deleting_is_one_delete(entry: LivingResource, server: LivingResource, panel: Panel, path: str) -> None:
    entry.delete()
    assert panel.requests() == [f"DELETE {path}"]
    assert whitelist(panel, server) == []


def test_what_is_on_the_list_already_is_taken_over_and_not_made_twice(
    life: Life, entry: LivingResource, server: LivingResource, panel: Panel
) -> None:
    arguments: dict[str, Any] = {"server_id": server.id, "interface": "primary", "ip": "192.0.2.9", "cidr": 32}
    again = life("NetworkWhitelistEntry", "b", **arguments)
    line = rf'import_="{server.id}/primary/192.0.2.9"'
    with pytest.raises(HostError, match=f"192.0.2.9/32 is on the whitelist of {server.id}/primary already.*{line}"):
        again.create()
    imported = life("NetworkWhitelistEntry", "b", import_=entry.id, **arguments).create()
    assert panel.writes() == []
    assert (imported.id, imported.plan().changed) == (entry.id, [])


@pytest.mark.parametrize(
    ("id_", "cidr", "problem"),
    [
        ("{id}/primary/192.0.2.9", 24, "cidr is 32 at the panel and 24 in the program"),
        ("{id}/primary/192.0.2.8", 32, "which the panel does not have"),
        ("{id}/primary/web1", 32, "is not the id of a whitelist entry"),
        ("{id}/primary", 32, "is not the id of a whitelist entry, which reads like '69/primary/192.0.2.9'"),
    ],
)
@pytest.mark.usefixtures("entry")
def test_an_import_of_something_else_is_refused(
    life: Life, server: LivingResource, id_: str, cidr: int, problem: str
) -> None:
    other = life(
        "NetworkWhitelistEntry",
        "b",
        import_=id_.format(id=server.id),
        server_id=server.id,
        interface="primary",
        ip="192.0.2.9",
        cidr=cidr,
    )
    with pytest.raises(Refused) as refused:
        other.check()
    assert problem in refused.value.problems[0]


def test_a_look_up_finds_it(entry: LivingResource, server: LivingResource) -> None:
    assert entry.look_up(f"{server.id}/primary/192.0.2.9").outputs == entry.public
    with pytest.raises(HostError, match=rf"192.0.2.8 is not on the whitelist of {server.id}/primary"):
        entry.look_up(f"{server.id}/primary/192.0.2.8")


def test_after_a_lost_answer_the_list_tells(wanted: LivingResource, server: LivingResource, panel: Panel) -> None:
    panel.loses_the_answer("POST", "/networkWhitelist")
    wanted.create()
    assert whitelist(panel, server) == [("192.0.2.9", 32)]
    assert wanted.refresh() == []


def test_a_request_that_never_arrived_made_nothing(
    wanted: LivingResource, server: LivingResource, panel: Panel, path: str
) -> None:
    panel.never_gets("POST", "/networkWhitelist")
    with pytest.raises(HostError, match="no such entry now: it is safe to run it again"):
        wanted.create()
    assert panel.writes() == [f"POST {path}"]
    assert whitelist(panel, server) == []
    wanted.create()


def test_a_lost_answer_is_told_also_when_looking_fails(wanted: LivingResource, panel: Panel) -> None:
    panel.fault("GET", "/servers/")  # the look before, untouched
    panel.loses_the_answer("POST", "/networkWhitelist")
    panel.refuses("GET", "/servers/", status=403)
    with pytest.raises(
        HostError, match=r"networkWhitelist lost its answer.*Looking for what it made failed too: .*403"
    ):
        wanted.create()
