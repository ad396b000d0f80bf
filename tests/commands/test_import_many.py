"""`virtfusion import` of many equal servers: one question, one table, one loop; and what it cannot see is named."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.commands.conftest import KEY, TOKEN, Beside, Command, Program
from tests.stack import ROOT

CUSTOMERS, SERVERS = 4, 20
PACK = 1


@pytest.fixture
def hoster(client: VirtFusion, panel: RunningPanel) -> None:
    """Twenty installed servers of a package that nothing tells from another one, each with a firewall and traffic, of
    four customers with a key each; five of another package, without names; one with more addresses."""
    owners = [
        client.users.create(name=f"Customer {n}", email=f"c{n}@example.com", ext_relation_id=1000 + n).user_id
        for n in range(CUSTOMERS)
    ]
    for owner in owners:
        client.ssh_keys.create(user_id=owner, name="laptop", public_key=KEY)
    for n in range(1, SERVERS + 1):
        client.servers.create(package_id=1, user_id=owners[n % CUSTOMERS], hypervisor_group_id=1)
        client.servers.rename(n, f"web-{n}")
        client.servers.build(n, operating_system_id=1, hostname=f"web-{n}.example.com")
    panel.advance(60)
    for n in range(1, SERVERS + 1):
        client.servers.enable_firewall(n, "primary")
        client.servers.add_traffic_block(n, month=1, amount=5)
        client.servers.add_whitelist_entry(n, interface="primary", ip="203.0.113.9", cidr=32)
    for _ in range(5):
        client.servers.create(package_id=3, user_id=1, hypervisor_group_id=1)
    client.servers.create(package_id=2, user_id=owners[0], hypervisor_group_id=1)
    client.servers.add_ipv4_quantity(SERVERS + 6, interface="primary", quantity=2)
    client.self_service.add_resource_pack(1001, pack_id=1)
    panel.clear_requests()


@pytest.mark.usefixtures("hoster")
def test_equal_servers_are_one_question_one_table_and_one_loop(virtfusion: Command) -> None:
    result = virtfusion("import")
    assert result.exit_code == 0
    text = result.stdout
    assert re.findall(r"= decide\((.*)\)", text) == ['"package_id of 20 servers (1, 2, 3 and 17 more): 1 or 5"']
    assert text.count("virtfusion.Server(") == 3
    assert text.count("virtfusion.User(") == text.count("virtfusion.SshKey(") == 1
    assert text.count("virtfusion.ServerBuild(") == text.count("virtfusion.TrafficBlock(") == 1
    assert '    "web-7": (7, customer["customer-3"].user_id, 7),' in text
    assert 'hostname=f"{name}.example.com"' in text
    assert "Put in 1 package ids" in result.stderr


@pytest.mark.long
@pytest.mark.usefixtures("hoster")
def test_the_loops_come_up_with_gets_alone(
    virtfusion: Command, program: Program, panel: RunningPanel, tmp_path: Path
) -> None:
    file = tmp_path / "__main__.py"
    result = virtfusion("import", "--package", "1", "--addresses", "--pack", "1001/1", "--output", str(file))
    assert (result.exit_code, "decide" in file.read_text()) == (0, False)
    before = panel.state()
    stack = program(file.read_text())
    stack.up()
    assert stack.changed == []
    assert panel.state() == before
    held = stack.resources()
    assert {held[f"web-{n}"]["id"] for n in range(1, SERVERS + 1)} == {str(n) for n in range(1, SERVERS + 1)}
    assert held["server-6-primary-addresses"]["outputs"]["addresses"] == _addresses_of(before, SERVERS + 6)[1:]
    assert held["server-6"]["outputs"]["ipv4"] == 1
    assert stack.preview_steps() == []
    stack.refresh("--expect-no-changes")
    assert "is protected" in str(stack.destroy("--skip-preview", fails=True))
    assert stack.changed == []


def _addresses_of(state: dict[str, list[dict[str, object]]], server_id: int) -> list[object]:
    return [one["address"] for one in state["addresses"] if one["serverId"] == server_id]


@pytest.mark.usefixtures("hoster")
def test_the_program_stops_with_every_question_before_anything_is_asked(
    virtfusion: Command, program: Program, client: VirtFusion
) -> None:
    client.servers.modify_memory(SERVERS + 6, 4096)
    stack = program(virtfusion("import").stdout)
    said = str(stack.preview(fails=True))
    assert "package_id of 20 servers (1, 2, 3 and 17 more): 1 or 5; package_id of server 26: 2" in said
    assert "Traceback" not in said
    assert stack.asked == []


@pytest.mark.usefixtures("hoster")
@pytest.mark.parametrize(
    ("answers", "questions", "packages"),
    [
        (["1"], 0, {"1", "2", "3"}),
        (["5"], 0, {"5", "2", "3"}),
        (["1", "7=5"], 0, {"1", "2", "3", "5"}),
        (["1", "5"], 1, {"2", "3", "web_1_package"}),
        (["2"], 1, {"2", "3", "web_1_package"}),
    ],
)
def test_a_package_is_answered_beforehand_where_it_may_be_that_one(
    virtfusion: Command, answers: list[str], questions: int, packages: set[str]
) -> None:
    result = virtfusion("import", *(word for one in answers for word in ("--package", one)))
    assert result.stdout.count(" = decide(") == questions
    assert set(re.findall(r" package_id=(\w+),", result.stdout)) == packages
    assert ("--package 2 answered nothing that was open." in result.stderr) == (answers == ["2"])


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--package", "77"], "--package 77: the panel has no package 77; there are 1 (Small), "),
        (["--package", "web"], "--package web: must be the id of a package, or SERVER=PACKAGE, such as 69=2."),
        (["--package", "x=2"], "--package x=2: must be the id of a package, or SERVER=PACKAGE, such as 69=2."),
        (["--pack", "7"], "--pack 7: must be RELATION/ID, such as 1001/7, since a pack does not tell whose it is."),
    ],
)
def test_what_is_no_answer_is_said(virtfusion: Command, option: list[str], said: str) -> None:
    result = virtfusion("import", *option)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.usefixtures("hoster")
def test_an_answer_that_was_given_twice_counts_once(virtfusion: Command) -> None:
    packs, packages = ["--pack", "1001/1"] * 2, ["--package", "1=1"] * 2
    result = virtfusion("import", "--server", "1", *packs, *packages)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("virtfusion.ResourcePack(") == 1


@pytest.mark.usefixtures("hoster")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--pack", "1001/1", "--pack", "1002/1"], "--pack 1002/1: pack 1 was given as 1001/1 too"),
        (["--package", "1=1", "--package", "1=5"], "--package 1=5: 1=1 was given too"),
    ],
)
def test_two_different_answers_are_refused(virtfusion: Command, options: list[str], said: str) -> None:
    result = virtfusion("import", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Give one of the two." in result.stderr


@pytest.mark.usefixtures("hoster")
def test_the_questions_are_counted_by_what_they_ask_for(virtfusion: Command, panel: RunningPanel) -> None:
    panel.fault(method="GET", path="^/selfService/resourcePack/", set={"data.pid": 0})
    result = virtfusion("import", "--server", "1", "--pack", "1001/1")
    assert "Put in 1 pack ids, 1 package ids: the program stops" in result.stderr


@pytest.mark.usefixtures("hoster")
def test_what_it_cannot_see_is_named(virtfusion: Command) -> None:
    text = virtfusion("import").stdout
    assert "# The API does not show, so it is not in here:\n# - users without servers:" in text
    for kind in ("ResourcePack", "UserCredit", "IpBlockRange"):
        assert f"# - {kind}: the API cannot list " in text
    assert "`--addresses`" in text
    assert "firewall_rulesets" in text
    less = virtfusion("import", "--addresses", "--owner", "1001", "--pack", "1001/1").stdout
    assert "# - ResourcePack" in less, "other users' packs stay unseen"
    assert "`--addresses`" not in less
    assert "virtfusion.ResourcePack(" in less


@pytest.mark.usefixtures("hoster")
def test_ids_alone_are_the_file_of_pulumi_import(virtfusion: Command, tmp_path: Path) -> None:
    file = tmp_path / "ids.json"
    result = virtfusion("import", "--ids-only", "--output", str(file))
    listed = json.loads(file.read_text())
    assert list(listed) == ["resources"]
    assert {"type": "virtfusion:index:Server", "name": "web-3", "id": "3"} in listed["resources"]
    assert {"type": "virtfusion:index:ServerFirewall", "name": "web-3-primary-firewall", "id": "3/primary"} in listed[
        "resources"
    ]
    assert len({(one["type"], one["name"]) for one in listed["resources"]}) == len(listed["resources"])
    assert {tuple(one) for one in listed["resources"]} == {("type", "name", "id")}
    assert "users without servers" in result.stderr
    assert virtfusion("import", "--ids-only").stdout == file.read_text()


@pytest.mark.usefixtures("hoster")
def test_the_panel_is_that_of_the_stack(beside: Beside, program: Program, panel: RunningPanel) -> None:
    stack = program("")
    stack.config("virtfusion:endpoint", panel.origin)
    stack.config("virtfusion:token", TOKEN, secret=True)
    for name in ("VIRTFUSION_ENDPOINT", "VIRTFUSION_TOKEN"):
        del stack.environment[name]
    for option in (["--stack", "dev"], []):
        done = beside(stack, "import", "--server", "1", *option)
        assert (done.returncode, "virtfusion.Server(" in done.stdout) == (0, True), done.stderr
    stack.environment["VIRTFUSION_ENDPOINT"] = "http://127.0.0.1:9"
    assert beside(stack, "import", "--server", "1", "--stack", "dev").returncode == 0
    missing = beside(stack, "import", "--stack", "prod")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "prod" in missing.stderr


def test_a_name_that_is_a_variable_of_a_loop_stays_that_of_its_object(
    virtfusion: Command, program: Program, client: VirtFusion, panel: RunningPanel
) -> None:
    """Customers call their servers as they like."""
    names = ["name", "server", "server-id", "questions", "user", *(f"db-{n}" for n in range(3)), "DB", "db"]
    for server_id, name in enumerate(names, 1):
        client.servers.create(package_id=3, user_id=1, hypervisor_group_id=2 if name.startswith("db-") else 1)
        client.servers.rename(server_id, name)
    before = panel.state()
    stack = program(virtfusion("import").stdout)
    stack.up()
    assert (stack.changed, panel.state()) == ([], before)
    assert sorted(int(one["id"]) for one in stack.resources().values()) == list(range(1, len(names) + 1))


@pytest.mark.usefixtures("hoster")
def test_the_loops_are_typed_and_formatted_for_short_and_for_long_lines(virtfusion: Command, tmp_path: Path) -> None:
    (file := tmp_path / "hoster.py").write_text(virtfusion("import", "--addresses").stdout)
    formats = [["ruff", "format", "--check", f"--line-length={length}"] for length in (88, 120)]
    for check in [["mypy"], ["ruff", "check", "--ignore=I001"], *formats]:
        command = [sys.executable, "-m", *check, str(file)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
