"""Look-ups in programs on the real engine."""

from __future__ import annotations

import re
from collections import Counter

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.engine.conftest import TOKEN, Program

BY_NAME = """
import pulumi
import pulumi_virtfusion as virtfusion

package = virtfusion.get_package_output(name="Medium")
group = virtfusion.get_hypervisor_group(name="Storage")
debian = virtfusion.get_template_output(package.package_id, name="Debian", version="12", variant="Minimal")
owner = virtfusion.User("owner", name="Ada", email="ada@example.com", ext_relation_id=42)
server = virtfusion.Server(
    "web", package_id=package.package_id, user_id=owner.user_id, hypervisor_group_id=group.hypervisor_group_id
)
virtfusion.ServerBuild("web", server_id=server.server_id, operating_system_id=debian.template_id)
for _ in range(20):
    virtfusion.get_package_output(name="Medium")
    virtfusion.get_hypervisor_group("2")
pulumi.export("template", debian.version)
pulumi.export("owned", virtfusion.get_user_output(owner.relation).user_id)
pulumi.export("cores", virtfusion.get_server_output(server.server_id).cpu_cores)
"""


def test_look_ups_by_name_feed_a_server(program: Program, panel: RunningPanel) -> None:
    stack = program(BY_NAME)

    # A preview knows what it looked up, and does not ask about what is yet to be made.
    web = next(step for step in stack.preview_steps() if "dynamic/virtfusion:Server::" in step.urn)
    assert {name: web.new_state["inputs"][name] for name in ("package_id", "hypervisor_group_id")} == {
        "package_id": 2, "hypervisor_group_id": 2,
    }  # fmt: skip
    lists = ["GET /packages", "GET /compute/hypervisors/groups"]
    templates = "GET /media/templates/fromServerPackageSpec/2"
    by_id = "GET /compute/hypervisors/groups/2"
    assert sorted(stack.asked) == sorted([*lists, templates, by_id])

    stack.up()
    outputs = stack.outputs()
    assert outputs == {"template": "12 (Bookworm)", "owned": panel.state()["users"][1]["id"], "cores": 2}

    # An unchanged update asks every question once, and nothing else.
    stack.up("--expect-no-changes")
    users = "GET /users/42/byExtRelation"
    server = f"GET /servers/{panel.state()['servers'][0]['id']}"
    assert Counter(stack.asked) == Counter([*lists, templates, by_id, users, server])


TWO_PANELS = """
import pulumi
import pulumi_virtfusion as virtfusion

class Site(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("example:Site", name, None, opts)
        self.package = virtfusion.get_package_output(1, opts=pulumi.InvokeOptions(parent=self))

def eu(name, token):
    return virtfusion.Provider(name, endpoint="ENDPOINT", token=token)

there = eu("there", pulumi.Output.secret("TOKEN"))
opts = pulumi.InvokeOptions(provider=there)
owner = virtfusion.User("owner", name="Ada", email="ada@example.com", ext_relation_id=42)
later = eu("later", owner.created.apply(lambda _: "TOKEN"))
after = pulumi.InvokeOutputOptions(depends_on=[owner], provider=there)

pulumi.export("here", virtfusion.get_package(1).name)
pulumi.export("there", virtfusion.get_package_output(1, opts=opts).name)
pulumi.export("inherited", Site("site", pulumi.ResourceOptions(providers=[there])).package.name)
pulumi.export("later", virtfusion.get_package_output(2, opts=pulumi.InvokeOptions(provider=later)).name)
pulumi.export("after", virtfusion.get_package_output(3, opts=after).name)
"""


def test_an_explicit_provider_is_asked_once_its_own_arguments_are_known(program: Program) -> None:
    with running(token="token-of-there") as there:
        for number, name in ((1, "Tiny"), (2, "Two"), (3, "Three")):
            there.mutate("packages", number, {"name": name})
        stack = program(TWO_PANELS.replace("ENDPOINT", there.origin).replace("TOKEN", there.token))

        stack.preview()
        assert stack.asked == ["GET /packages/1"]
        assert [entry["path"] for entry in there.requests()] == ["/packages/1"]

        there.clear_requests()
        stack.up()
        assert stack.outputs() == {
            "here": "Small", "there": "Tiny", "inherited": "Tiny", "later": "Two", "after": "Three",
        }  # fmt: skip
        assert sorted(entry["path"] for entry in there.requests()) == [
            "/packages/1", "/packages/2", "/packages/3",
        ]  # fmt: skip
        assert stack.files_with(there.token) == []
        # What was read with a secret token is no secret.
        root = stack.export()["deployment"]["resources"][0]
        assert (root["type"], root["outputs"]["there"]) == ("pulumi:pulumi:Stack", "Tiny")


SECRETS = """
import pulumi
import pulumi_virtfusion as virtfusion

vnc = virtfusion.get_server_vnc_output(SERVER)
pulumi.export("password", vnc.apply(lambda found: found.password and found.password.get_secret_value()))
pulumi.export("port", vnc.port)
pulumi.export("record", vnc)
pulumi.export("plain record", virtfusion.get_server_vnc(SERVER))
pulumi.log.info(repr(virtfusion.get_server_vnc(SERVER)))
"""


def test_a_vnc_password_is_in_no_file_and_on_no_screen(program: Program, panel: RunningPanel) -> None:
    client = VirtFusion(panel.origin, TOKEN)
    user = client.users.create(name="Ada", email="ada@example.com", ext_relation_id=42)
    server = client.servers.create(package_id=1, user_id=user.user_id, hypervisor_group_id=1)
    client.servers.set_vnc(server.server_id, True)
    secret = client.servers.get_vnc(server.server_id).password
    assert secret is not None
    password = secret.get_secret_value()
    stack = program(SECRETS.replace("SERVER", str(server.server_id)))

    shown = [str(stack.preview("--diff")), str(stack.preview("--json")), str(stack.up()), str(stack.export())]
    assert [text for text in shown if password in text] == []
    assert stack.files_with(password) == []
    assert stack.outputs()["password"] == password


def test_an_error_is_one_paragraph_without_a_traceback(program: Program, panel: RunningPanel) -> None:
    program_of = "import pulumi_virtfusion as virtfusion\n{}\n".format
    stack = program(program_of('virtfusion.get_package_output(name="Smal")'))
    for text, told in (
        ('virtfusion.get_package_output(name="Smal")', "There is no package named 'Smal'. What there is:"),
        ("virtfusion.get_user(7)", "GET /users/7/byExtRelation"),
        ('virtfusion.get_server_output("web")', "server_id: must be a whole number or its decimal string"),
    ):
        stack.write(program_of(text))
        shown = str(stack.preview(fails=True))
        first, *others = re.findall(r"^    error: (.*)", shown, re.MULTILINE)
        assert told in first
        assert others == ["an unhandled error occurred: program exited with non-zero exit code: 1"]  # Pulumi's own
        assert "Traceback" not in shown

    # What the panel does not have may be caught, by the client's name for it.
    stack.write(
        program_of(
            "from pulumi_virtfusion.api import NotFound\n"
            "try:\n    virtfusion.get_user(7)\nexcept NotFound:\n    print('nobody')"
        )
    )
    assert "nobody" in stack.preview().stdout
    assert [entry["status"] for entry in panel.requests()] == [404]
