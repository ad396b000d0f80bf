"""All knowledge about one resource is in that resource, and no module that asks for it forgets a resource."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import typer.main

import pulumi_virtfusion
from pulumi_virtfusion.commands import main
from pulumi_virtfusion.lifecycle.behaviour import Behaviour
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.review.plan import State, Step

PACKAGE = Path(pulumi_virtfusion.__file__).parent
BEHAVIOURS: dict[str, Behaviour] = {name: resource_class(name).behaviour for name in MODULES}

NAMES_SOME = {
    "api/records/__init__.py": "names records, some of which are called as resources are",
    "recovery/held_addresses.py": "an address has no resource of its own: which one asked for it is a contest",
    "takeover/kinds.py": "a program is written for servers, with owners, keys and systems, each found in its own way",
}
"""The modules beside pulumi_virtfusion/resources that name resources, and why."""


def named_in(source: str) -> list[str]:
    """The resources that a module names in texts of its own."""
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return sorted({text for text in texts if isinstance(text, str) and text in MODULES})


def test_no_other_module_knows_a_resource_by_its_name() -> None:
    """Every other module asks `Behaviour`."""
    others = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent != PACKAGE / "resources"]
    found = {str(path.relative_to(PACKAGE)): named_in(path.read_text()) for path in others}
    assert {module for module, names in found.items() if names} == NAMES_SOME.keys()


def test_a_name_is_noticed() -> None:
    assert named_in('if kind == "Server" or kind in ("User", "Sail"):\n    print(f"a Server")') == ["Server", "User"]


ON_SERVERS = {
    "ServerBuild": "takeover/description.py declares it with its server, whose record tells it",
    "ServerIpv4Addresses": "takeover/description.py declares its addresses, which count as the server's otherwise",
}
"""The resources that are found on a server in another way than by `on_server`."""


@pytest.mark.parametrize("name", MODULES)
def test_an_import_and_a_search_find_all_that_stands_on_a_server(name: str) -> None:
    behaviour = BEHAVIOURS[name]
    stands_there = "server_id" in {f.name for f in behaviour.inputs()} and bool(behaviour.found_by)
    finds = type(behaviour).on_server is not Behaviour.on_server
    assert finds + (name in ON_SERVERS) == stands_there


@pytest.mark.parametrize("name", MODULES)
def test_an_option_that_a_resource_names_is_one_of_the_import_command(name: str) -> None:
    command = typer.main.get_command(main).commands["import"]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    assert BEHAVIOURS[name].declared_with in {"", *known}


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("hidden", [{}, {"used": "[secret]", "addresses": "[secret]", "delete_delay": "[secret]"}])
def test_a_review_has_words_for_its_end_whatever_the_plan_hides(name: str, hidden: dict[str, Any]) -> None:
    behaviour = BEHAVIOURS[name]
    assert behaviour.deletion(hidden, hidden)
    assert behaviour.when_replaced
    assert not behaviour.lost_with(hidden)
    assert isinstance(behaviour.takes_a_machine(hidden, hidden), bool)
    assert isinstance(behaviour.destruction(hidden), str)


@pytest.mark.parametrize("name", ["servers", "total_servers"])
def test_a_review_counts_the_servers_of_a_pack_under_either_name(name: str) -> None:
    """Panels differ in it."""
    pack = BEHAVIOURS["ResourcePack"]
    empty, full, hidden = ({"used": {name: value}} for value in (0, 2.0, "[secret]"))
    assert (pack.deletion({}, empty), pack.takes_a_machine({}, empty), pack.lost_with(empty)) == ("deleted", False, "")
    assert pack.lost_with(full) == "2 servers in it"
    assert pack.takes_a_machine({}, full)
    assert pack.takes_a_machine({}, hidden)
    assert pack.lost_with(hidden) == ""


def test_what_takes_a_machine_is_known() -> None:
    """A pack that hides how many servers are in it may have some."""
    takes = [name for name in MODULES if BEHAVIOURS[name].takes_a_machine({}, {})]
    assert takes == ["Server", "ServerBuild", "ResourcePack"]
    assert [name for name in MODULES if BEHAVIOURS[name].destruction({})] == ["ResourcePackAction"]


def test_a_server_is_what_a_server_id_names() -> None:
    old = State(id="1")
    steps = [Step("same", f"urn:pulumi:dev::p::t::{name}", "", name, old, old) for name in ["", *MODULES]]
    assert [step.kind for step in steps if step.is_server] == ["Server"]
