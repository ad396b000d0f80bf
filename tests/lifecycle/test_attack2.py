from __future__ import annotations
from typing import Any
import time
import pytest
from pulumi_virtfusion.api import VirtFusion
from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import PAGE, Panel
from tests.provider_host import HostError

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"


def test_second_build(life: Life, panel: Panel, server: LivingResource, later_run: Life) -> None:
    life("ServerBuild", "sys", server_id=server.id, operating_system_id=1).create()
    web = later_run.next_run(server)
    web.change()
    again = later_run("ServerBuild", "sys2", server_id=server.id, operating_system_id=1)
    panel.forget()
    again.check()
    print("CHECK", again.warnings, again.infos, panel.requests())


def test_action_reset_password_stranger_new(life: Life, panel: Panel, server: LivingResource, later_run: Life) -> None:
    pass


def test_lists(life: Life, panel: Panel, owner: LivingResource, client: VirtFusion, server: LivingResource) -> None:
    """ipv4 of server shrinks beside ServerIpv4Addresses"""
    a = life("ServerIpv4Addresses", server_id=server.id, interface="primary", quantity=1).create()
    server.change(ipv4=3)
    server.change(ipv4=1)
    a.refresh()
    print(a["addresses"], len(client.servers.get(int(server.id)).ipv4_addresses))
    assert a["addresses"]


@pytest.mark.parametrize(
    "name,value,there", [("hostname", "a.example.com", "A.EXAMPLE.com."), ("hostname", "web", "web ")]
)
def test_host(life: Life, panel: Panel, server: LivingResource, name: str, value: str, there: str) -> None:
    b = life("ServerBuild", server_id=server.id, operating_system_id=1, hostname=value).create()
    panel.mutate("servers", server.id, hostname=there)
    print(b.refresh(), b.plan().changed, b.warnings)


def test_entry_ipv6(life: Life, panel: Panel, server: LivingResource) -> None:
    e = life("NetworkWhitelistEntry", server_id=server.id, interface="primary", ip="2001:DB8:0::1", cidr=64)
    panel.loses_the_answer("POST", "networkWhitelist")
    e.create()
    print(e.id, e.refresh(), e.plan(ip="2001:db8::1").replaces)


def test_secret_escaped(life: Life, panel: Panel) -> None:
    import base64, urllib.parse

    panel.fault("POST", "^/users$", set={"data.password": "pa ss/+&\u00e4=x9"})
    pw = "pa ss/+&\u00e4=x9"
    forms = [
        urllib.parse.quote(pw),
        urllib.parse.quote_plus(pw),
        base64.b64encode(pw.encode()).decode(),
        repr(pw),
        pw.upper(),
    ]
    panel.fault("PUT", "^/users", status=422, body={"errors": [f"x {f} y" for f in forms]}, times=None)
    u = life("User", name="A", email="a@example.com", ext_relation_id=9, enabled=False)
    with pytest.raises(HostError) as e:
        u.create()
    print(e.value.message)


def test_delete_pack_recreated(life: Life, panel: Panel, owner: LivingResource, client: VirtFusion) -> None:
    p = life("ResourcePack", relation=42, pack_id=1, delete_servers=True).create()
    panel.fault("DELETE", "resourcePack/", status=200, body="", times=None)
    try:
        p.delete()
        print("deleted said", panel.writes(), panel.all("resource_packs"))
    except HostError as e:
        print(e.message)


@pytest.mark.parametrize(
    "kind", ["User", "SshKey", "ServerIpv4Addresses", "TrafficBlock", "NetworkWhitelistEntry", "HourlyGroupProfile"]
)
@pytest.mark.parametrize(
    "body,status", [({}, 200), ("", 200), ({"data": []}, 202), ("", 204), ({"message": "queued"}, 202)]
)
def test_a_deletion_that_was_not_done(
    kind: str, body: Any, status: int, life: Life, panel: Panel, owner: LivingResource, server: LivingResource
) -> None:
    given = {
        "SshKey": {"user_id": owner["user_id"], "name": "k", "public_key": KEY},
        "ServerIpv4Addresses": {"server_id": server.id, "interface": "primary", "quantity": 1},
        "TrafficBlock": {"server_id": server.id, "month": 1, "amount": 5},
        "NetworkWhitelistEntry": {"server_id": server.id, "interface": "primary", "ip": "192.0.2.9", "cidr": 32},
        "HourlyGroupProfile": {"relation": 42, "profile_id": 1},
    }
    if kind == "User":
        server.delete()
        r = owner
    else:
        r = life(kind, **given[kind]).create()
    panel.fault("DELETE", "^/", status=status, body=body, times=None)
    try:
        r.delete()
        print(kind, status, body, "believed gone", r.warnings)
    except HostError as e:
        print(kind, status, body, e.message[:120])


def test_server_moved_group_then_third(life: Life, panel: Panel, server: LivingResource) -> None:
    panel.mutate("servers", server.id, **{"hypervisor.groupId": 2})
    print(
        server.refresh(),
        server.plan().replaces,
        server.plan(hypervisor_group_id=2).replaces,
        server.plan(hypervisor_group_id=2, name="z").replaces,
    )


def test_triggers_unknown(life: Life, server: LivingResource) -> None:
    b = life("ServerBuild", server_id=server.id, operating_system_id=1, triggers=["1"]).create()
    print(
        b.plan(triggers=[UNKNOWN]).replaces,
        b.plan(triggers=UNKNOWN).replaces,
        b.plan(operating_system_id=UNKNOWN).replaces,
        b.plan(server_id=UNKNOWN).replaces,
    )


def test_trigger_taken_out(life: Life, server: LivingResource) -> None:
    b = life("ServerBuild", server_id=server.id, operating_system_id=1, triggers=["1"]).create()
    print("out", b.plan(triggers=None).replaces)
    b = life("ServerBuild", server_id=server.id, operating_system_id=1).create()
    print("in", b.plan(triggers=["1"]).replaces, b.plan(triggers=[]).replaces)


def test_ext_to_relstr(life: Life, panel: Panel, owner: LivingResource, server: LivingResource) -> None:
    for change in ({"ext_relation_id": None, "rel_str": "42"}, {"ext_relation_id": 43}, {"rel_str": "x"}):
        try:
            print(change, owner.plan(**change).replaces)
        except (HostError, Refused) as e:
            print(change, str(e)[:200])


def test_owner_unknown(life: Life, server: LivingResource) -> None:
    print(
        server.plan(hypervisor_group_id=UNKNOWN).replaces,
        server.plan(storage_profile=UNKNOWN).replaces,
        server.plan(user_id=UNKNOWN).replaces,
    )
