"""`virtfusion import`: the program it writes comes up with GETs alone."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.lifecycle.behaviour import Behaviour
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.sandbox import RunningPanel
from pulumi_virtfusion.takeover import description, kinds
from tests.commands.conftest import KEY, Command, Program

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shop(client: VirtFusion, panel: RunningPanel) -> None:
    """Ada (user 2, with a key) owns an installed server 1 with everything on it and an empty one without a name; Bob
    (user 3) has no number, and the administrator owns a server of a package that was changed by hand."""
    ada = client.users.create(name="Ada Lovelace", email="ada@example.com", ext_relation_id=1001, self_service=1)
    bob = client.users.create(name='Bob "\n', email="bob@example.com", rel_str="crm: bob")
    client.ssh_keys.create(user_id=ada.user_id, name="laptop", public_key=KEY)
    web = client.servers.create(package_id=2, user_id=ada.user_id, hypervisor_group_id=1)
    client.servers.rename(1, "web")
    client.servers.build(web.server_id, operating_system_id=1, hostname="web.example.com", ssh_keys=[1])
    panel.advance(60)
    client.servers.add_whitelist_entry(1, interface="primary", ip="2001:db8::1", cidr=64)
    client.servers.add_traffic_block(1, month=1, amount=5)
    client.servers.enable_firewall(1, "primary")
    client.servers.set_custom_xml(1, domain="<memoryBacking/>", domain_enabled=True)
    client.servers.suspend(1)
    client.servers.create(package_id=2, user_id=ada.user_id, hypervisor_group_id=1, memory=4096)
    client.servers.create(package_id=3, user_id=bob.user_id, hypervisor_group_id=1)
    client.servers.create(package_id=2, user_id=1, hypervisor_group_id=2)
    client.servers.rename(4, 'class\t # """')
    panel.clear_requests()


def declared(text: str) -> dict[str, list[str]]:
    """Kinds by variable, with the arguments of each."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            (target,) = node.targets
            kind = ast.unparse(node.value.func).removeprefix("virtfusion.")
            found[ast.unparse(target)] = [kind, *(ast.unparse(keyword) for keyword in node.value.keywords[:-1])]
    return found


@pytest.mark.usefixtures("shop")
def test_every_server_is_declared_with_its_owner_and_what_hangs_on_it(virtfusion: Command, panel: RunningPanel) -> None:
    result = virtfusion("import")
    assert result.exit_code == 0
    program = declared(result.stdout)
    assert program["ada_lovelace"] == [
        "User", "name='Ada Lovelace'", "email='ada@example.com'", "self_service=1", "ext_relation_id=1001"
    ]  # fmt: skip
    assert program["laptop"] == ["SshKey", "user_id=ada_lovelace.user_id", "name='laptop'", f"public_key={KEY!r}"]
    assert program["web"] == [
        "Server", "package_id=2", "user_id=ada_lovelace.user_id", "hypervisor_group_id=1", "name='web'",
        "suspended=True",
    ]  # fmt: skip
    assert program["web_system"] == [
        "ServerBuild", "server_id=web.server_id", "operating_system_id=1", "hostname='web.example.com'"
    ]  # fmt: skip
    assert [arguments[0] for name, arguments in program.items() if name.startswith("web_")] == [
        "ServerBuild", "ServerFirewall", "NetworkWhitelistEntry", "ServerCustomXml", "TrafficBlock"
    ]  # fmt: skip
    assert program["server"][1:] == [
        "package_id=server_package", "user_id=ada_lovelace.user_id", "hypervisor_group_id=1",
        "memory=4096",
    ]  # fmt: skip
    assert 'server_package = decide("package_id of server 2: 2")' in result.stdout
    assert program["class_"][1:4] == ["package_id=2", "user_id=1", "hypervisor_group_id=2"]
    assert "# 2 (Medium) has memory 2048, the server 4096\n" in result.stdout
    assert "# User 1 (Administrator) is an administrator: not in here.\n" in result.stdout
    assert (
        "# User 3 is not in here: the panel tells no ext_relation_id of it; by its rel_str, `--owner" in result.stdout
    )
    assert '# name is left out: it is \'class\\t # """\' at the panel, and must not contain control' in result.stdout
    assert "Declared: 1 User, 1 SshKey, 4 Server, " in result.stderr
    assert "Put in 1 package ids" in result.stderr
    assert {request["method"] for request in panel.requests()} == {"GET"}


@pytest.mark.usefixtures("shop")
def test_the_program_comes_up_with_gets_alone_and_stays_as_it_is(
    virtfusion: Command, program: Program, panel: RunningPanel, tmp_path: Path
) -> None:
    file = tmp_path / "__main__.py"
    assert virtfusion("import", "--output", str(file)).exit_code == 0
    text = file.read_text()
    stack = program(text)
    asked = str(stack.preview(fails=True))
    assert "package_id of server 2: 2" in asked
    assert "Traceback" not in asked

    before = panel.state()
    stack.replace(("decide('package_id of server 2: 2')".replace("'", '"'), "2"))
    stack.up()
    assert stack.changed == []
    assert panel.state() == before
    stack.refresh("--expect-no-changes")
    assert "is protected" in str(stack.destroy("--skip-preview", fails=True))
    assert stack.changed == []


@pytest.mark.usefixtures("shop")
def test_the_program_is_typed_and_formatted(virtfusion: Command, tmp_path: Path) -> None:
    (file := tmp_path / "shop.py").write_text(virtfusion("import").stdout)
    checks = [["mypy"], ["ruff", "check", "--ignore=I001"], ["ruff", "format", "--check"]]
    for check in checks:
        done = subprocess.run(
            [sys.executable, "-m", *check, file], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        (["--owner", "1001"], {"User": 1, "SshKey": 1, "Server": 2}),
        (["--owner", "crm: bob"], {"User": 1, "Server": 1}),
        (["--user-id", "3"], {"Server": 1}),
        (["--server", "4"], {"Server": 1}),
        (["--server", "4", "--server", "3", "--owner", "crm: bob"], {"User": 1, "Server": 2}),
    ],
)
def test_what_is_wanted_can_be_said(virtfusion: Command, options: list[str], kinds: dict[str, int]) -> None:
    result = virtfusion("import", *options)
    assert result.exit_code == 0
    found = [arguments[0] for arguments in declared(result.stdout).values()]
    assert {kind: found.count(kind) for kind in ("User", "SshKey", "Server") if kind in found} == kinds


@pytest.mark.usefixtures("shop")
def test_a_user_without_a_number_is_taken_over_by_its_text(virtfusion: Command) -> None:
    text = virtfusion("import", "--owner", "crm: bob").stdout
    assert declared(text)["bob"][1:] == ["email='bob@example.com'", "rel_str='crm: bob'"]
    assert 'import_="crm: bob"' in text
    assert "# name is left out: it is 'Bob \"\\n' at the panel" in text


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("odd", ["", "everywhere", "999.1.1.1", "192.0.2.0/24"])
def test_a_whitelist_row_without_an_address_is_left_out_with_a_remark(
    virtfusion: Command, panel: RunningPanel, odd: str
) -> None:
    rows = [{"id": n, "type": 4, "ip": ip, "mask": 32} for n, ip in enumerate((odd, "192.0.2.9"), 1)]
    panel.mutate("servers", 1, {"network.interfaces.0.ipWhitelist": rows})
    result = virtfusion("import", "--server", "1")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("virtfusion.NetworkWhitelistEntry(") == 1
    assert 'import_="1/primary/192.0.2.9"' in result.stdout
    assert f"# The whitelist entry {odd!r} of 1/primary is not in here: its record at the panel" in result.stdout


def test_an_empty_panel_is_an_empty_program(virtfusion: Command) -> None:
    result = virtfusion("import")
    assert (result.exit_code, declared(result.stdout)) == (0, {})
    assert result.stderr == "Declared: nothing.\n"


@pytest.mark.usefixtures("shop")
def test_a_program_that_is_there_is_not_overwritten(virtfusion: Command, tmp_path: Path) -> None:
    (file := tmp_path / "__main__.py").write_text("mine")
    result = virtfusion("import", "--output", str(file))
    assert (result.exit_code, file.read_text()) == (2, "mine")
    assert "exists" in result.stderr


@pytest.mark.parametrize("options", [["--server", "77"], ["--owner", "nobody"], ["--user-id", "77"]])
def test_what_the_panel_does_not_have_is_an_error(virtfusion: Command, options: list[str]) -> None:
    result = virtfusion("import", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "answered 404" in result.stderr


LEFT_OUT = {
    "HourlyGroupProfile": "the profiles that its `User` lists",
    "ResourceGroupProfile": "the profiles that its `User` lists",
    "HourlyResourcePack": "an argument of its `User`",
}
"""What can be found and is in no program that `import` writes, and what says the same in its place."""


@pytest.mark.parametrize("kind", MODULES)
def test_every_kind_is_described_or_said_to_be_left_out(kind: str) -> None:
    behaviour: Behaviour = resource_class(kind).behaviour
    described = {vars(kinds)[one] for one in re.findall(r"Declaration\(\s*([A-Z]+)\b", inspect.getsource(description))}
    described |= {kind} if type(behaviour).on_server is not Behaviour.on_server else set()
    is_said = bool(behaviour.unlistable and not behaviour.found_by) or behaviour.is_a_deed
    assert (kind in described) + (kind in LEFT_OUT) + is_said == 1
