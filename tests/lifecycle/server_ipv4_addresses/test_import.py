"""Taking over, and looking at, addresses that are there."""

from __future__ import annotations

import pytest

from tests.lifecycle.life import Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.lifecycle.server_ipv4_addresses.addresses import A, B, C, primary
from tests.provider_host import HostError


@pytest.mark.usefixtures("named")
def test_an_import_names_them_all_and_changes_nothing(life: Life, server: LivingResource, panel: Panel) -> None:
    id_ = f"{server.id}/primary/{A},{B}"
    for arguments in ({"addresses": [B, A]}, {"quantity": 2}):
        again = life(
            "ServerIpv4Addresses", "b", import_=id_, server_id=server.id, interface="primary", **arguments
        ).create()
        assert (again.id, again["addresses"], again["quantity"]) == (id_, [A, B], 2)
        assert again.refresh() == []
        assert again.plan().changed == []
    assert panel.writes() == []


@pytest.mark.parametrize(
    ("id_", "problem"),
    [
        (f"{{server}}/primary/{A}", "quantity is 1 at the panel and 2 in the program"),
        (f"{{server}}/primary/{A},{C}", f"{C} is not on {{server}}/primary"),
        (f"{{primary}},{A}", "{primary} is the primary address of the server"),
        ("{server}/primary", "is not the id of IPv4 addresses, which reads like '69/primary/192.0.2.5,192.0.2.6'"),
        (f"4711/primary/{A},{B}", f"names IPv4 addresses 4711/primary/{A},{B}, which the panel does not have"),
    ],
)
def test_an_import_of_something_else_is_refused(
    life: Life, named: LivingResource, server: LivingResource, id_: str, problem: str
) -> None:
    if id_.startswith("{primary}"):
        id_ = "{server}/primary/" + id_
    known = {"server": server.id, "primary": primary(server)}
    arguments = {"server_id": named["server_id"], "interface": "primary", "quantity": 2}
    other = life("ServerIpv4Addresses", "b", import_=id_.format(**known), **arguments)
    with pytest.raises(Refused) as refused:
        other.check()
    assert problem.format(**known) in refused.value.problems[0]


def test_a_look_up_reads_the_addresses_that_it_names(named: LivingResource, server: LivingResource) -> None:
    assert named.look_up(f"{server.id}/primary/{A},{B}").outputs == named.public
    with pytest.raises(HostError, match=f"None of the addresses of {server.id}/primary/{C} is on that interface"):
        named.look_up(f"{server.id}/primary/{C}")
