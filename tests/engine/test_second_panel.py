"""Two panels in one program, and the move of a resource from the stack's own provider to an explicit one."""

from __future__ import annotations

from pulumi_virtfusion.sandbox import RunningPanel
from tests.doors import both_doors
from tests.engine.conftest import EU_TOKEN, Program

PROGRAM = """
import os

import pulumi
import pulumi_virtfusion as virtfusion

eu = virtfusion.Provider(
    "eu", endpoint=os.environ["EU_ENDPOINT"], token=os.environ["EU_TOKEN"], request_timeout=20, max_concurrency=4
)
home = virtfusion.User("home", name="Home", email="home@example.com", ext_relation_id=1)
there = virtfusion.User("there", name="There", email="there@example.com", opts=pulumi.ResourceOptions(provider=eu))
web = virtfusion.Server(
    "web", package_id=1, user_id=there.user_id, hypervisor_group_id=1, opts=pulumi.ResourceOptions(provider=eu)
)
pulumi.export("address", web.primary_ipv4)
"""


@both_doors
def test_each_resource_lives_on_the_panel_of_its_provider(
    program: Program, panel: RunningPanel, eu: RunningPanel
) -> None:
    stack = program(
        PROGRAM.replace("ext_relation_id=1)", "ext_relation_id=1001)"),
        environment={
            "VIRTFUSION_ENDPOINT": panel.origin, "VIRTFUSION_TOKEN": panel.token,
            "EU_ENDPOINT": eu.url, "EU_TOKEN": eu.token,
        },
    )  # fmt: skip
    stack.preview()
    assert eu.requests() == []
    stack.up()
    assert [user["email"] for user in panel.state()["users"]] == ["admin@example.com", "home@example.com"]
    assert [user["email"] for user in eu.state()["users"]] == ["admin@example.com", "there@example.com"]
    assert (len(panel.state()["servers"]), len(eu.state()["servers"])) == (0, 1)
    assert stack.files_with(EU_TOKEN) == []

    # A package change there is foreseen there too.
    eu.clear_requests()
    stack.replace(("package_id=1", "package_id=2"))
    shown = stack.preview("--diff")
    assert "Outputs" not in shown.stdout
    assert [entry["method"] for entry in eu.requests()] == ["GET"] * len(eu.requests())
    assert stack.asked == []

    # A new token of the provider is a change of the provider alone.
    stack.replace(("package_id=2", "package_id=1"))
    eu.add_token("another-token-of-eu")
    stack.environment["EU_TOKEN"] = "another-token-of-eu"
    eu.clear_requests()
    assert stack.counts(stack.up()) == {"updated": 1, "unchanged": 4}
    assert eu.requests() == []
    assert stack.files_with("another-token-of-eu") == []

    stack.destroy()
    assert (eu.state()["servers"], len(eu.state()["users"]), len(panel.state()["users"])) == ([], 1, 1)


def test_moving_to_an_explicit_provider_changes_nothing_at_the_panel(program: Program, panel: RunningPanel) -> None:
    stack = program("""
import os

import pulumi
import pulumi_virtfusion as virtfusion

home = virtfusion.User("home", name="Home", email="home@example.com", ext_relation_id=1001)
""")
    stack.up()
    stack.replace(
        ("home = ", 'named = virtfusion.Provider("named", endpoint=os.environ["VIRTFUSION_ENDPOINT"], '
                    'token=os.environ["VIRTFUSION_TOKEN"])\nhome = '),
        ("ext_relation_id=1001)", "ext_relation_id=1001, opts=pulumi.ResourceOptions(provider=named))"),
    )  # fmt: skip
    result = stack.up()
    assert stack.counts(result) == {"created": 1, "unchanged": 2}
    assert stack.asked == []
    stack.replace(('name="Home"', 'name="House"'))
    stack.up()
    assert stack.changed == ["PUT /users/1001/byExtRelation"]
    assert panel.state()["users"][1]["name"] == "House"
