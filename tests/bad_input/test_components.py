"""Bad arguments of the components: refused by the part that they are for, or at the line of the program."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bad_input.declared import declare, refusals
from tests.bad_input.programs import (
    AN_ID,
    EMAIL,
    EMPTY,
    HOST,
    INVISIBLE,
    KEY,
    LARGEST,
    PUBLIC_KEY,
    WHOLE,
    Bad,
    at_least,
    at_most,
    bad,
)
from tests.lifecycle.life import Life
from tests.lifecycle.panel_fixture import Panel

GOOD: dict[str, dict[str, Any]] = {
    "Vps": {"package_id": 1, "user_id": 1, "hypervisor_group_id": 1, "operating_system_id": 1},
    "Customer": {"name": "Ada", "email": "ada@example.com", "ext_relation_id": 5},
}
REFUSED: list[tuple[str, dict[str, Any], Bad]] = [
    ("Vps", {"memory": 1}, bad("memory", 1, at_least(256))),
    ("Vps", {"name": ""}, bad("name", "", EMPTY)),
    ("Vps", {"hostname": "web_1"}, bad("hostname", "web_1", HOST)),
    ("Vps", {"operating_system_id": "Debian"}, bad("operating_system_id", "Debian", AN_ID)),
    ("Vps", {"extra_ipv4": -1}, bad("quantity", -1, at_least(1))),
    ("Vps", {"extra_ipv4": 300}, bad("quantity", 300, at_most(256))),
    ("Vps", {"extra_ipv4": 1.5}, bad("quantity", 1.5, WHOLE)),
    ("Vps", {"extra_ipv4": True}, bad("quantity", True, WHOLE)),
    ("Vps", {"ssh_keys": ["laptop"]}, bad("ssh_keys", ["laptop"], f"0: {AN_ID}", got="'laptop'")),
    ("Vps", {"public_keys": {"laptop": "x"}}, bad("public_key", "x", PUBLIC_KEY)),
    ("Vps", {"public_keys": {"": KEY}}, bad("name", "", EMPTY)),
    ("Vps", {"public_keys": {"a\nb": KEY}}, bad("name", "a\nb", INVISIBLE)),
    (
        "Vps",
        {"build_triggers": [2**53]},
        bad("triggers", [2**53], f"must hold no number beyond {LARGEST}", got=f"[{2**53}]"),
    ),
    ("Vps", {"firewall_rulesets": [-1]}, bad("rulesets", [-1], f"0: {at_least(1)}", got="-1")),
    ("Customer", {"email": "x"}, bad("email", "x", EMAIL)),
    ("Customer", {"self_service": 9}, bad("self_service", 9, "must be 0, 1, 2 or 3")),
    (
        "Customer",
        {"rel_str": "crm"},
        bad("rel_str", "crm", "excludes ext_relation_id: a user is addressed by one of them"),
    ),
    ("Customer", {"hourly_group_profiles": ["gold"]}, bad("profile_id", "gold", AN_ID)),
    ("Customer", {"resource_group_profiles": [0]}, bad("profile_id", 0, at_least(1))),
    ("Customer", {"pack_id": "gold"}, bad("pack_id", "gold", AN_ID)),
    ("Customer", {"credit_tokens": 0}, bad("tokens", 0, "must be greater than 0")),
    ("Customer", {"public_keys": {"a": KEY, "b": "x"}}, bad("public_key", "x", PUBLIC_KEY)),
]
RAISED: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    ("Vps", {"ssh_keys": "12"}, TypeError, "ssh_keys must be a list, not a str"),
    ("Vps", {"public_keys": [KEY]}, TypeError, "public_keys must be a dict with labels as its keys, not a list"),
    ("Vps", {"formerly": {"disk": "x"}}, ValueError, "formerly: a has no part disk"),
    ("Vps", {"nmae": "x"}, TypeError, "Vps.__init__() got an unexpected keyword argument 'nmae'. Did you mean 'name'?"),
    ("Customer", {"hourly_group_profiles": 3}, TypeError, "hourly_group_profiles must be a list, not a int"),
    ("Customer", {"resource_group_profiles": "3"}, TypeError, "resource_group_profiles must be a list, not a str"),
    ("Customer", {"public_keys": KEY}, TypeError, "public_keys must be a dict with labels as its keys, not a str"),
    ("Customer", {"formerly": {"usr": "x"}}, ValueError, "formerly: a has no part usr"),
]


@pytest.mark.parametrize(("kind", "arguments", "row"), REFUSED)
def test_a_part_refuses_what_is_for_it(
    life: Life, panel: Panel, door: str, kind: str, arguments: dict[str, Any], row: Bad
) -> None:
    assert refusals(life.host, declare(kind, {**GOOD[kind], **arguments})) == [row.said(door)]
    assert panel.writes() == []


@pytest.mark.parametrize(("kind", "arguments", "error", "said"), RAISED)
def test_what_makes_no_parts_is_an_error_at_once(
    kind: str, arguments: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as raised:
        declare(kind, {**GOOD[kind], **arguments})
    assert str(raised.value) == said


@pytest.mark.parametrize("kind", GOOD)
def test_without_it_the_component_is_accepted(life: Life, kind: str) -> None:
    assert refusals(life.host, declare(kind, GOOD[kind])) == []
