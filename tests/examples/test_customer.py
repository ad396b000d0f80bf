"""The example of both components: a customer with everything, and a server with everything."""

from __future__ import annotations

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program
from tests.stack import ROOT


def test_a_customer_and_a_server_with_all_that_belongs_to_them(program: Program, panel: RunningPanel) -> None:
    stack = program(ROOT / "examples" / "customer")
    assert {step.op for step in stack.preview_steps()} == {"create"}
    assert stack.counts(stack.up()) == {"created": 13}

    outputs, state = stack.outputs(), panel.state()
    (grace,) = [user for user in state["users"] if user["extRelationId"] == 2001]
    assert outputs["customer"] == grace["id"]
    assert len(outputs["password"]) >= 8
    assert (grace["selfServiceHourlyGroupProfiles"], grace["selfServiceResourceGroupProfiles"]) == ([1], [2])
    (server,) = state["servers"]
    assert (server["state"], server["hostname"], server["name"]) == ("complete", "shop.example.com", "shop")
    assert server["ownerId"] == grace["id"]
    held = [address["address"] for address in state["addresses"]]
    assert len(held) == 2
    assert outputs["address"] in held

    assert stack.preview_steps() == []
    assert stack.changed == []
    unchanged = stack.up("--expect-no-changes")
    assert (stack.counts(unchanged), stack.changed) == ({"unchanged": 13}, [])

    stack.destroy()
    assert stack.resources() == {}
    assert panel.state()["users"] == state["users"][:1]
    for kind in ("servers", "addresses", "ssh_keys", "resource_packs"):
        assert panel.state()[kind] == []
