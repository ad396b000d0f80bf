"""A firewall's life: taken over, changed, read, given back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError


@pytest.fixture
def on(server: LivingResource) -> str:
    """The path of the primary interface's firewall."""
    return f"/servers/{server.id}/firewall/primary"


@pytest.fixture
def wanted(life: Life, server: LivingResource) -> LivingResource:
    """A firewall with the two rules of ruleset 1 and the one of ruleset 2, not made yet."""
    return life("ServerFirewall", server_id=server.id, interface="primary", enabled=True, rulesets=[1, 2])


@pytest.fixture
def firewall(wanted: LivingResource, panel: Panel) -> LivingResource:
    wanted.create()
    panel.forget()
    return wanted


def test_the_rules_are_there_before_the_firewall_is_on(wanted: LivingResource, panel: Panel, on: str) -> None:
    wanted.create()
    look, rules, enable = f"GET {on}", f"POST {on}/rules?sync=true", f"POST {on}/enable?sync=true"
    assert panel.requests() == [look, rules, enable, look]
    assert panel.body(f"POST {on}/rules?sync=true") == {"rulesets": [1, 2]}


def test_its_id_is_the_interface_and_its_outputs_are_complete(firewall: LivingResource, server: LivingResource) -> None:
    assert firewall.id == f"{server.id}/primary"
    outputs = firewall.outputs
    assert firewall.refresh() == []
    assert firewall.outputs == outputs
    assert firewall.public == {
        "server_id": int(server.id),
        "interface": "primary",
        "enabled": True,
        "rulesets": [1, 2],
        "sync": True,
        "rule_count": 3,
    }


def test_what_it_is_already_is_not_sent(life: Life, server: LivingResource, panel: Panel, on: str) -> None:
    life("ServerFirewall", server_id=server.id, interface="primary", enabled=False).create()
    assert panel.requests() == [f"GET {on}"]


def test_another_order_and_an_id_as_a_number_are_no_change(
    firewall: LivingResource, server: LivingResource, panel: Panel
) -> None:
    assert firewall.change(rulesets=[2, 1], server_id=int(server.id)).changed == []
    assert panel.requests() == []


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        ({"enabled": False}, ["POST {on}/disable?sync=true"]),
        ({"rulesets": [3]}, ["POST {on}/rules?sync=true"]),
        ({"rulesets": []}, ["POST {on}/rules?sync=true"]),
        ({"rulesets": [5], "enabled": False}, ["POST {on}/rules?sync=true", "POST {on}/disable?sync=true"]),
        ({"rulesets": [5], "sync": False}, ["POST {on}/rules?sync=false"]),
        ({"sync": False}, []),
        ({"rulesets": None}, []),
        ({"enabled": None}, []),
    ],
)
def test_a_change_is_one_request_an_argument(
    firewall: LivingResource, panel: Panel, on: str, arguments: dict[str, Any], lines: list[str]
) -> None:
    assert firewall.change(**arguments).replaces == []
    assert panel.writes() == [line.format(on=on) for line in lines]
    assert {name: firewall[name] for name, value in arguments.items() if value is not None} == {
        name: value for name, value in arguments.items() if value is not None
    }
    assert firewall.refresh() == []
    assert firewall.plan().changed == []


@pytest.mark.parametrize(
    ("argument", "value"), [("interface", "secondary"), ("server_id", 4711), ("server_id", UNKNOWN)]
)
def test_another_interface_or_server_is_another_firewall(firewall: LivingResource, argument: str, value: Any) -> None:
    assert firewall.plan(**{argument: value}).replaces == [argument]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"interface": "third"}, "interface: must be 'primary' or 'secondary'"),
        ({"server_id": "web1"}, "server_id: must be a whole number or its decimal string"),
        ({"rulesets": [1, 1]}, "rulesets: must not name anything twice"),
        ({"rulesets": [0]}, "rulesets: 0: must be greater than or equal to 1"),
        ({"enabled": "yes"}, "enabled: must be true or false"),
        ({"interface": None}, "interface: is required"),
    ],
)
def test_a_wrong_argument_is_named(wanted: LivingResource, arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(Refused) as refused:
        wanted.check(**arguments)
    assert refused.value.problems == [problem]


def test_a_switch_turned_by_hand_is_seen_and_put_back(
    firewall: LivingResource, server: LivingResource, panel: Panel, on: str
) -> None:
    panel.mutate("servers", server.id, **{"network.interfaces.0.firewallEnabled": False})
    assert firewall.refresh() == ["enabled"]
    assert firewall.change().changed == ["enabled"]
    assert panel.writes() == [f"POST {on}/enable?sync=true"]


def test_rules_flushed_by_hand_are_seen_and_put_back(
    firewall: LivingResource, server: LivingResource, panel: Panel, on: str
) -> None:
    panel.mutate("servers", server.id, **{"hidden.firewallRulesets.primary": []})
    assert firewall.refresh() == ["rulesets"]
    assert firewall["rulesets"] == []
    assert firewall.change().changed == ["rulesets"]
    assert panel.body(f"POST {on}/rules?sync=true") == {"rulesets": [1, 2]}
    assert (firewall["rulesets"], firewall["rule_count"]) == ([1, 2], 3)


def test_rulesets_swapped_by_hand_are_not_seen(firewall: LivingResource, server: LivingResource, panel: Panel) -> None:
    panel.mutate("servers", server.id, **{"hidden.firewallRulesets.primary": [3]})
    assert firewall.refresh() == []


def test_a_refused_ruleset_leaves_a_firewall_that_the_next_update_completes(
    wanted: LivingResource, panel: Panel, on: str
) -> None:
    wanted.arguments["rulesets"] = [4]  # disabled
    with pytest.raises(HostError, match=r"rulesets: .*422: Invalid or disabled firewall ruleset"):
        wanted.create()
    assert wanted.id
    assert wanted["enabled"] is True
    panel.forget()
    wanted.change(rulesets=[2])
    assert panel.writes() == [f"POST {on}/rules?sync=true"]
    assert wanted.plan().changed == []


def test_deleting_disables_and_flushes(firewall: LivingResource, server: LivingResource, panel: Panel, on: str) -> None:
    firewall.delete()
    assert panel.requests() == [f"POST {on}/disable?sync=true", f"POST {on}/rules?sync=true"]
    kept = panel.object("servers", server.id)
    assert kept["network"]["interfaces"][0]["firewallEnabled"] is False
    assert kept["hidden"]["firewallRulesets"]["primary"] == []


def test_deleting_only_stores_where_changes_are_only_stored(firewall: LivingResource, panel: Panel, on: str) -> None:
    firewall.change(sync=False)
    panel.forget()
    firewall.delete()
    assert panel.writes() == [f"POST {on}/disable?sync=false", f"POST {on}/rules?sync=false"]


def test_a_firewall_is_gone_with_its_server(firewall: LivingResource, server: LivingResource, panel: Panel) -> None:
    panel.delete("servers", server.id)
    assert firewall.refresh() == []
    assert firewall.id == ""


def test_deleting_what_went_with_its_server_is_no_error(
    firewall: LivingResource, server: LivingResource, panel: Panel
) -> None:
    panel.delete("servers", server.id)
    firewall.delete()


def test_an_interface_that_the_server_lacks_is_an_error(wanted: LivingResource, server: LivingResource) -> None:
    wanted.arguments["interface"] = "secondary"
    with pytest.raises(HostError, match=rf"GET /servers/{server.id}/firewall/secondary answered 404"):
        wanted.create()


def test_an_import_changes_nothing(life: Life, firewall: LivingResource, server: LivingResource, panel: Panel) -> None:
    arguments = {"server_id": server.id, "interface": "primary", "enabled": True, "rulesets": [1]}
    imported = life("ServerFirewall", "b", import_=firewall.id, **arguments).create()
    assert panel.writes() == []
    assert imported.id == firewall.id
    assert imported["rulesets"] == [1]
    assert imported.plan().changed == []


@pytest.mark.parametrize(
    ("id_", "problem"),
    [
        ("{id}/primary", "enabled is True at the panel and False in the program"),
        ("4711/primary", "names firewall 4711/primary, which the panel does not have"),
        ("{id}", "'{id}' is not the id of a firewall, which reads like '69/primary'"),
        ("{id}/third", "is not the id of a firewall"),
        ("{id}/primary/1", "is not the id of a firewall"),
    ],
)
@pytest.mark.usefixtures("firewall")
def test_an_import_of_something_else_is_refused(
    another_run: Life, server: LivingResource, id_: str, problem: str
) -> None:
    other = another_run(
        "ServerFirewall", "b", import_=id_.format(id=server.id), server_id=server.id, interface="primary", enabled=False
    )
    with pytest.raises(Refused) as refused:
        other.check()
    assert problem.format(id=server.id) in refused.value.problems[0]


def test_a_look_up_reads_what_the_panel_tells(firewall: LivingResource, server: LivingResource) -> None:
    found = firewall.look_up(f"{server.id}/primary")
    assert found.outputs == {
        "server_id": int(server.id),
        "interface": "primary",
        "enabled": True,
        "sync": True,
        "rule_count": 3,
    }
    with pytest.raises(HostError, match="404"):
        firewall.look_up("4711/primary")
    with pytest.raises(HostError, match="is not the id of a firewall, which reads like '69/primary'"):
        firewall.look_up("4711")


def test_a_lost_answer_is_asked_again(wanted: LivingResource, panel: Panel, on: str) -> None:
    panel.loses_the_answer("POST", "/rules")
    wanted.create()
    assert panel.writes() == [*[f"POST {on}/rules?sync=true"] * 2, f"POST {on}/enable?sync=true"]
    assert wanted.refresh() == []


def test_two_that_would_switch_one_interface_back_and_forth_are_refused(life: Life, server: LivingResource) -> None:
    life("ServerFirewall", "a", server_id=server.id, interface="primary", enabled=True).create()
    with pytest.raises(Refused, match="enabled: 'a' sets it to another value: declare it once"):
        life("ServerFirewall", "b", server_id=server.id, interface="primary", enabled=False).check()
    life("ServerFirewall", "b", server_id=server.id, interface="primary", rulesets=[1]).check()
