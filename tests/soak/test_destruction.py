"""What counts as destroyed, as shown by a preview, and as asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.soak.destruction import Ran, undeclared
from tests.soak.engine import Step
from tests.soak.walk import Violation, Walk

BEFORE: dict[str, Any] = {
    "servers": [{"id": 7, "state": "complete"}, {"id": 8, "state": "failed"}],
    "users": [{"id": 3, "extRelationId": 1001, "hidden": {"relStr": None}}],
}
DIFFERING_INPUTS = {"server_id": 7.0, "operating_system_id": 2}


def ran(line: str, step: Step, planned: str = "", *, program: tuple[str, ...] = ("a",)) -> list[str]:
    """A run that asked for one thing and did one step, of which the preview showed an operation."""
    method, path = line.split()
    shown = {"a": replace(step, op=planned)} if planned else {}  # type: ignore[arg-type]
    return [*undeclared(Ran(BEFORE, [{"method": method, "path": path}], [step], shown, program, ()))]


def test_a_deletion_has_to_be_of_what_the_program_dropped_or_the_preview_replaced() -> None:
    gone = Step("delete", "a", "Server", id="7")
    assert ran("DELETE /servers/7", gone, program=()) == []
    assert ran("DELETE /servers/7", gone, "replace") != []  # for no argument at all
    assert ran("DELETE /servers/7", gone, "update") == ["a (7) is deleted, and the preview showed update"]
    assert ran("DELETE /servers/8", gone, program=()) != []
    assert ran("DELETE /users/1001/byExtRelation", Step("delete", "a", "User", id="3"), program=()) == []
    assert ran("DELETE /users/1002/byExtRelation", Step("delete", "a", "User", id="3"), program=()) != []


def test_a_replacement_has_to_be_shown_and_asked_for() -> None:
    asked = frozenset({"operating_system_id"})
    step = Step("replace", "a", "ServerBuild", id="7", replaces=asked, asked=asked, inputs=DIFFERING_INPUTS)
    assert ran("POST /servers/7/build", step, "replace") == []
    assert ran("POST /servers/7/build", step) == ["a is replaced, and the preview showed nothing"]
    assert "the program changed set()" in ran("POST /servers/7/build", replace(step, asked=frozenset()), "replace")[0]
    assert "has already" in ran("POST /servers/7/build", replace(step, had=DIFFERING_INPUTS), "replace")[0]


def test_an_update_builds_only_what_is_not_installed() -> None:
    step = Step("update", "a", "ServerBuild", id="7", inputs=DIFFERING_INPUTS)
    assert ran("POST /servers/7/build", step, "update") != []
    assert ran("POST /servers/8/build", replace(step, inputs={**DIFFERING_INPUTS, "server_id": 8}), "update") == []


def test_addresses_go_only_when_the_program_wants_fewer() -> None:
    step = Step("update", "a", "Server", id="7", asked=frozenset({"memory"}))
    assert ran("DELETE /servers/7/ipv4", step, "update") != []
    assert ran("DELETE /servers/7/ipv4", replace(step, asked=frozenset({"ipv4"})), "update") == []


def test_servers_of_a_pack_go_only_where_the_pack_says_so() -> None:
    step = Step("delete", "a", "ResourcePack", id="4")
    line = "DELETE /selfService/resourcePackServers/4"
    assert ran(line, step, program=()) != []
    assert ran(line, replace(step, inputs={"delete_servers": True}), program=()) == []


def test_a_strangers_object_that_changes_is_noticed(walk: Walk) -> None:
    walk.strangers.take("servers", 20_000)

    def touch() -> None:
        walk.panel.mutate("servers", 20_000, {"name": "ours now"})

    with pytest.raises(Violation, match=r"servers 20000 is a stranger's, and was changed: .*ours now"):
        walk._run(touch, None)


def test_one_that_ends_is_noticed(walk: Walk) -> None:
    walk.strangers.take("ssh_keys", 20_000)
    with pytest.raises(Violation, match="ssh_keys 20000 is a stranger's, and was deleted"):
        walk._run(lambda: walk.panel.mutate("ssh_keys", 20_000, delete=True), None)


def test_a_panel_that_came_back_is_put_right_beside_the_strangers(walk: Walk) -> None:
    walk.back_up()
    walk.add("another", walk.program["server"])
    walk.settle()
    walk.restore({0, 1, 2})
    assert walk.strangers.documents()
    walk.settle()
    walk.finish(faults=None)
    assert walk.strangers.documents()
