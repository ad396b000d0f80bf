"""Every path that a secret can take on the real CLI, with marked secrets, and a search of all that was written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pulumi_virtfusion.sandbox import RunningPanel
from tests.doors import both_doors
from tests.engine.conftest import TOKEN, Program
from tests.engine.panel_stack import PanelStack
from tests.stack import Result

PROGRAM = """
import pulumi
import pulumi_virtfusion as virtfusion

config = pulumi.Config()
label = config.require_secret("label")
ada = virtfusion.User("ada", name=label, email="ada@example.com", ext_relation_id=1001)
key = virtfusion.SshKey("key", user_id=ada.user_id, name=label, public_key=(
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp"
))
web = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name=label, vnc=True)
system = virtfusion.ServerBuild("system", server_id=web.id, operating_system_id=1, ssh_keys=[key.ssh_key_id])
reset = virtfusion.ServerAction(
    "reset", server_id=web.id, action="reset_password", triggers={"by": [label]},
    opts=pulumi.ResourceOptions(depends_on=[system]),
)
xml = virtfusion.ServerCustomXml(
    "xml", server_id=web.id, domain=label.apply(lambda text: f"<note>{text}</note>"), domain_enabled=True,
    opts=pulumi.ResourceOptions(depends_on=[reset]),
)
reference = config.require_secret("reference")
credit = virtfusion.UserCredit("credit", relation=ada.relation, tokens=5, reference_2=reference)
screen = virtfusion.get_server_vnc_output(web.id, opts=pulumi.InvokeOutputOptions(depends_on=[xml]))
pulumi.export("user_password", ada.password)
pulumi.export("root_password", system.password)
pulumi.export("reset_password", reset.password)
pulumi.export("vnc_password", screen.apply(lambda vnc: vnc.password and vnc.password.get_secret_value()))
pulumi.export("vnc_token", screen.apply(lambda vnc: vnc.token and vnc.token.get_secret_value()))
"""
LABEL = "marked-label-9f27c1"
REFERENCE = "marked-reference-44ab"
GENERATED = ("user_password", "root_password", "reset_password", "vnc_password")


def found(secrets: Iterable[str], stack: PanelStack, shown: list[Result]) -> list[str]:
    """Where one of them stands in plain: in what was printed, or in a file of the project, the state or the CLI."""
    home = Path(stack.environment["PULUMI_HOME"])
    files = [path for path in home.rglob("*") if path.is_file()]
    places = []
    for secret in secrets:
        places += [f"{secret} in {path}" for path in stack.files_with(secret)]
        places += [f"{secret} in {path}" for path in files if secret.encode() in path.read_bytes()]
        places += [f"{secret} in {result}" for result in shown if secret in result.stdout + result.stderr]
    return places


def configured(program: Program) -> PanelStack:
    stack = program(PROGRAM, environment={"PULUMI_DEBUG_COMMANDS": "true"})  # which makes the CLI take --event-log
    stack.configure(label=LABEL, reference=REFERENCE)
    return stack


@both_doors
def test_no_secret_of_any_kind_is_anywhere_in_plain(program: Program, panel: RunningPanel) -> None:
    stack = configured(program)
    shown = [stack.preview("--json"), stack.up("--event-log", str(stack.folder / "up.json"))]
    outputs = stack.outputs()
    secrets = {TOKEN, LABEL, REFERENCE, *(outputs[name] for name in GENERATED), *filter(None, [outputs["vnc_token"]])}
    assert all(len(secret) >= 8 for secret in secrets)
    assert len(secrets) >= len(GENERATED) + 3

    # Drift, a change of the secret itself, and the previews of both.
    panel.mutate("servers", 1, {"name": "drifted-by-hand"})
    stack.config("label", f"new-{LABEL}", secret=True)
    shown += [
        stack.preview("--json", "--refresh"),
        stack.preview("--diff", "--refresh"),
        stack.refresh("--diff", "--event-log", str(stack.folder / "refresh.json")),
    ]
    # The update fails half-way, at a panel that repeats what it was sent, and then goes on.
    refusal = {"errors": [f"The name new-{LABEL} is reserved."]}
    panel.fault(method="PUT", path="/modify/name", status=422, body=refusal)
    failed = stack.up("--diff", "--event-log", str(stack.folder / "failed.json"), fails=True)
    assert "The name [secret] is reserved." in str(failed)
    shown += [failed, stack.up("--diff", "--event-log", str(stack.folder / "again.json"))]
    outputs = stack.outputs()
    secrets |= {outputs[name] for name in GENERATED}
    shown += [stack.run("stack", "export"), stack.run("stack", "output", "--json"), stack.run("stack", "history")]
    shown += [stack.destroy("--event-log", str(stack.folder / "destroy.json"))]
    places = found(secrets, stack, shown)
    assert places == []
    assert panel.state()["servers"] == []
    assert all((stack.folder / f"{name}.json").stat().st_size for name in ("up", "refresh", "failed", "destroy"))


@both_doors
def test_after_a_rotation_a_plain_destroy_says_how_to_go_on_and_one_update_is_enough(
    program: Program, panel: RunningPanel
) -> None:
    panel.add_token("marked-old-token-77ce")
    stack = program("import pulumi_virtfusion as v\nv.User('ada', name='Ada', email='ada@example.com')", environment={})
    stack.configure(token="marked-old-token-77ce")
    stack.up()
    panel.sandbox.tokens.forget_added()
    stack.config("virtfusion:token", TOKEN, secret=True)
    refused = stack.destroy(fails=True)
    assert "401" in str(refused)
    assert "add `--run-program`, or run `pulumi up` once" in str(refused)
    stack.up()
    shown = [refused, stack.destroy()]
    assert found([TOKEN, "marked-old-token-77ce"], stack, shown) == []
    assert [user["admin"] for user in panel.state()["users"]] == [True]
