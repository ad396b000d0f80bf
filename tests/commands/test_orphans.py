"""`virtfusion orphans`: what the panel has behind a stack's back, and whether what it prints really works."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import pytest
import requests

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.commands.conftest import KEY, Beside, Command, Program
from tests.doors import both_doors
from tests.engine.panel_stack import PanelStack

PROGRAM = """
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
web = virtfusion.Server(
    "web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="web"
)
more = virtfusion.ServerIpv4Addresses("more", server_id=web.server_id, interface="primary", quantity=1)
entry = virtfusion.NetworkWhitelistEntry(
    "entry", server_id=web.server_id, interface="primary", ip="192.0.2.1", cidr=32
)
block = virtfusion.TrafficBlock("block", server_id=web.server_id, month=1, amount=10)
"""
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
"""As a state seals a value."""
NOTHING = "The panel has nothing that the stack should hold and does not.\n"


@pytest.fixture
def stack(program: Program) -> PanelStack:
    stack = program(PROGRAM)
    stack.up()
    return stack


def behind_its_back(client: VirtFusion) -> None:
    """What an interrupted run, or a person, can leave with a user and a server that a stack holds."""
    server = client.servers.create(package_id=2, user_id=2, hypervisor_group_id=1)
    client.servers.rename(server.server_id, "shop")
    client.ssh_keys.create(user_id=2, name="laptop", public_key=KEY)
    client.servers.add_ipv4_quantity(1, interface="primary", quantity=1)
    client.servers.add_whitelist_entry(1, interface="primary", ip="2001:db8::7", cidr=64)
    client.servers.add_traffic_block(1, month=2, amount=20)


def taking_over(printed: str) -> list[str]:
    return re.findall(r"^  take it over: (.*)$", printed, re.MULTILINE)


def deletions(printed: str) -> list[tuple[str, str, Any]]:
    """Method, path and body of each call that it says deletes an orphan."""
    found = re.findall(r"^  or delete it: (\w+) (\S+)(?: (.*))?$", printed, re.MULTILINE)
    return [(method, path, json.loads(body) if body else None) for method, path, body in found]


@both_doors
def test_a_whole_stack_has_none(stack: PanelStack, beside: Beside, panel: RunningPanel) -> None:
    panel.clear_requests()
    done = beside(stack, "orphans")
    assert (done.returncode, done.stdout, done.stderr) == (0, NOTHING, "")
    assert {request["method"] for request in panel.requests()} == {"GET"}


@both_doors
def test_the_lines_take_over_what_was_made_behind_its_back(
    stack: PanelStack, beside: Beside, client: VirtFusion, panel: RunningPanel
) -> None:
    behind_its_back(client)
    found = beside(stack, "orphans")
    assert found.returncode == 1
    lines = taking_over(found.stdout)
    assert [re.match(r"virtfusion\.(\w+)", line)[1] for line in lines] == [  # type: ignore[index]
        "Server", "SshKey", "ServerIpv4Addresses", "NetworkWhitelistEntry", "TrafficBlock"
    ]  # fmt: skip
    assert "server 2 ('shop', empty, made " in found.stdout

    before = panel.state()
    stack.write("\n".join([PROGRAM, *lines]))
    stack.up()
    assert stack.changed == []
    assert panel.state() == before
    assert stack.preview_steps() == []
    assert beside(stack, "orphans").returncode == 0


def test_the_calls_delete_it(stack: PanelStack, beside: Beside, client: VirtFusion, panel: RunningPanel) -> None:
    behind_its_back(client)
    calls = deletions(beside(stack, "orphans").stdout)
    assert len(calls) == 5
    for method, path, body in calls:
        bearer = {"Authorization": f"Bearer {panel.token}"}
        assert requests.request(method, panel.url + path, json=body, headers=bearer, timeout=10).status_code == 204
    panel.advance(5)
    assert beside(stack, "orphans").returncode == 0
    stack.refresh("--expect-no-changes")


def test_a_package_that_nothing_tells_is_asked_for(stack: PanelStack, beside: Beside, client: VirtFusion) -> None:
    client.servers.create(package_id=1, user_id=2, hypervisor_group_id=1)
    (line,) = taking_over(beside(stack, "orphans").stdout)
    assert "package_id=<package_id of server 2: 1 or 5>" in line
    stack.write(PROGRAM + line)
    assert "SyntaxError" in str(stack.preview(fails=True))


def test_the_servers_of_others_are_looked_at_only_when_asked(
    stack: PanelStack, beside: Beside, client: VirtFusion
) -> None:
    client.servers.create(package_id=2, user_id=1, hypervisor_group_id=1)
    assert beside(stack, "orphans").returncode == 0
    assert "server 2 ('', empty, made " in beside(stack, "orphans", "--every-owner").stdout


def test_a_state_from_elsewhere_is_compared_with_the_panel_of_the_environment(
    stack: PanelStack, virtfusion: Command, beside: Beside, client: VirtFusion, tmp_path: Any
) -> None:
    client.ssh_keys.create(user_id=2, name="laptop", public_key=KEY)
    exported = stack.run("stack", "export").stdout
    (file := tmp_path / "state.json").write_text(exported)
    by_file = virtfusion("orphans", "--state", str(file))
    assert by_file.exit_code == 1
    assert "SSH key 1 ('laptop') of user 2 is in no resource of the stack." in by_file.stdout
    assert beside(stack, "orphans", "--state", "-", input=exported).stdout == by_file.stdout
    assert virtfusion("orphans", "--state", str(file), VIRTFUSION_ENDPOINT="").exit_code == 2


@pytest.mark.parametrize("text", ["", "{}", '{"deployment": 7}', "[]", '{"version": 4, "resources": []}'])
def test_what_is_no_state_is_said(virtfusion: Command, text: str, tmp_path: Any) -> None:
    (file := tmp_path / "state.json").write_text(text)
    result = virtfusion("orphans", "--state", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "That is not what `pulumi stack export` prints.\n"


@pytest.mark.long
def test_without_a_stack_or_a_panel_it_cannot_tell(virtfusion: Command, beside: Beside, stack: PanelStack) -> None:
    assert virtfusion("orphans", "--state", "/nowhere").exit_code == 2
    unknown = beside(stack, "orphans", "--stack", "prod")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "no stack named 'prod' found" in unknown.stderr
    stack.environment["VIRTFUSION_MOVED_FROM"] = stack.environment["VIRTFUSION_ENDPOINT"]
    stack.environment["VIRTFUSION_ENDPOINT"] = "http://127.0.0.1:9"
    nobody = beside(stack, "orphans")
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert "Connection refused" in nobody.stderr


def state(*pending: dict[str, Any], resources: list[dict[str, Any]] | None = None) -> str:
    operations = [{"type": "creating", "resource": one} for one in pending]
    return json.dumps({"version": 3, "deployment": {"resources": resources or [], "pending_operations": operations}})


def made(kind: str, name: str = "a", *, provider: str = "default_0_1", **values: Any) -> dict[str, Any]:
    """A resource as a state writes it, complete with an id or under way without one."""
    type_ = f"pulumi-python:dynamic/virtfusion:{kind}"
    reference = f"urn:pulumi:dev::program::pulumi:providers:pulumi-python::{provider}::some-uuid"
    urn = f"urn:pulumi:dev::program::{type_}::{name}"
    return {"urn": urn, "type": type_, "provider": reference, **values}


class TestUnderWay:
    """Objects whose creation was cut short: the state knows only their arguments."""

    def test_each_is_named_and_its_owner_looked_at(
        self, virtfusion: Command, client: VirtFusion, tmp_path: Any
    ) -> None:
        client.servers.create(package_id=2, user_id=1, hypervisor_group_id=1)
        (file := tmp_path / "s").write_text(
            state(made("Server", inputs={"user_id": 1.0, "package_id": 2, "hypervisor_group_id": 1}))
        )
        result = virtfusion("orphans", "--state", str(file))
        assert result.exit_code == 1
        assert "Under way when the run ended: urn:pulumi:dev::program::pulumi-python:dynamic" in result.stdout
        assert 'virtfusion.Server("taken-over", package_id=2, user_id=1, hypervisor_group_id=1, ' in result.stdout

    @pytest.mark.parametrize(
        ("relation", "import_id"),
        [
            ({"ext_relation_id": 1001}, "1001"),
            ({"rel_str": "crm: ada"}, "crm: ada"),
            ({"rel_str": "pulumi-b5fc85e55755f9e0"}, "pulumi-b5fc85e55755f9e0"),
        ],
    )
    def test_a_user_is_found_by_its_relation_or_by_the_one_it_was_given(
        self, virtfusion: Command, client: VirtFusion, tmp_path: Any, relation: dict[str, Any], import_id: str
    ) -> None:
        client.users.create(name="Ada", email="ada@example.com", **relation)
        generated = str(relation.get("rel_str", "")).startswith("pulumi-")
        inputs = {"name": "Ada", "email": "ada@example.com", **({} if generated else relation)}
        (file := tmp_path / "s").write_text(state(made("User", inputs=inputs)))
        result = virtfusion("orphans", "--state", str(file))
        assert result.exit_code == 1
        assert "(Ada, ada@example.com) is in no resource of the stack." in result.stdout
        assert f'import_="{import_id}"' in result.stdout

    def test_a_build_that_the_panel_began_is_named(
        self, virtfusion: Command, client: VirtFusion, panel: RunningPanel, tmp_path: Any
    ) -> None:
        server = client.servers.create(package_id=2, user_id=1, hypervisor_group_id=1)
        held = made("Server", id="1", outputs={"user_id": 1, "own_ipv4_addresses": [server.primary_ipv4]})
        building = made("ServerBuild", inputs={"server_id": "1", "operating_system_id": 1})
        (file := tmp_path / "s").write_text(state(building, resources=[held]))
        assert virtfusion("orphans", "--state", str(file)).exit_code == 0
        client.servers.build(1, operating_system_id=1, hostname="web.example.com")
        panel.advance(60)
        result = virtfusion("orphans", "--state", str(file))
        assert result.exit_code == 1
        assert "operating system 1 on server 1 (complete) is in no resource" in result.stdout
        assert 'server_id=1, operating_system_id=1, hostname="web.example.com"' in result.stdout

    def test_what_cannot_be_looked_for_is_said_and_counts(self, virtfusion: Command, tmp_path: Any) -> None:
        (file := tmp_path / "s").write_text(state(made("UserCredit", inputs={"relation": 1001, "tokens": 5})))
        result = virtfusion("orphans", "--state", str(file))
        assert result.exit_code == 1
        assert "it may or may not be there: the API cannot list credits" in result.stdout

    def test_what_is_the_same_when_made_again_does_not_count(self, virtfusion: Command, tmp_path: Any) -> None:
        (file := tmp_path / "s").write_text(state(made("ServerFirewall", inputs={"server_id": 1})))
        result = virtfusion("orphans", "--state", str(file))
        assert result.exit_code == 0
        assert "Under way when the run ended" in result.stdout


def test_what_another_provider_holds_is_of_another_panel(
    virtfusion: Command, client: VirtFusion, tmp_path: Any
) -> None:
    """The same ids mean other servers there."""
    first = client.servers.create(package_id=2, user_id=1, hypervisor_group_id=1)
    client.servers.create(package_id=2, user_id=1, hypervisor_group_id=1)
    outputs = {"user_id": 1, "own_ipv4_addresses": [first.primary_ipv4]}
    resources = [made("Server", id="1", outputs=outputs), made("Server", "b", id="2", provider="eu", outputs=outputs)]
    (file := tmp_path / "s").write_text(state(resources=resources))
    own = virtfusion("orphans", "--state", str(file))
    assert "server 2 (" in own.stdout
    assert "server 1 (" not in own.stdout
    assert own.stderr == "Not looked at: 1 objects of other providers (`--provider NAME`).\n"
    theirs = virtfusion("orphans", "--state", str(file), "--provider", "eu")
    assert "server 1 (" in theirs.stdout
    assert "server 2 (" not in theirs.stdout


def test_many_servers_are_looked_at_at_once(virtfusion: Command, panel: RunningPanel, tmp_path: Any) -> None:
    panel.seed("large")
    client = VirtFusion(panel.origin, panel.token)
    made_ones = [client.servers.create(package_id=2, user_id=1, hypervisor_group_id=1) for _ in range(60)]
    outputs = [{"user_id": 1, "own_ipv4_addresses": [one.primary_ipv4]} for one in made_ones]
    resources = [made("Server", str(n), id=str(n), outputs=one) for n, one in enumerate(outputs, 1)]
    (file := tmp_path / "s").write_text(state(resources=resources))
    panel.sandbox.latency = 50
    panel.reset_metrics()
    result = virtfusion("orphans", "--state", str(file))
    assert (result.exit_code, result.stdout) == (0, NOTHING)
    assert panel.metrics()["in_flight_peak"] > 4


def test_a_class_of_a_later_version_is_left_alone(virtfusion: Command, tmp_path: Any) -> None:
    (file := tmp_path / "s").write_text(state(resources=[made("Nonsuch", id="1", outputs={"user_id": 1})]))
    result = virtfusion("orphans", "--state", str(file))
    assert (result.exit_code, result.stdout) == (0, NOTHING)


class TestAnotherPanel:
    """A state that was made at one panel says nothing about another one."""

    @pytest.fixture
    def file(self, tmp_path: Any) -> Any:
        key = made("SshKey", id="1", inputs={"__panel": "https://old.example.com"}, outputs={"user_id": 1})
        (file := tmp_path / "s").write_text(state(resources=[key]))
        return file

    def test_is_never_asked(self, virtfusion: Command, panel: RunningPanel, file: Any) -> None:
        result = virtfusion("orphans", "--state", str(file))
        assert (result.exit_code, result.stdout, panel.requests()) == (2, "", [])
        assert "SshKey 'a' of the state belongs to the panel https://old.example.com" in result.stderr

    def test_that_has_moved_is(self, virtfusion: Command, file: Any) -> None:
        moved = virtfusion("orphans", "--state", str(file), VIRTFUSION_MOVED_FROM="https://OLD.example.com/api/v1")
        assert moved.exit_code == 0

    def test_is_seen_by_what_is_under_way_too(self, virtfusion: Command, tmp_path: Any) -> None:
        making = made("SshKey", inputs={"__panel": "https://old.example.com", "user_id": 1})
        (file := tmp_path / "s").write_text(state(making))
        assert virtfusion("orphans", "--state", str(file)).exit_code == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nonsuch", "There is no provider 'nonsuch' in the state; there are 'eu', 'default-us'.\n"),
        ("default_0_1", "There is no provider 'default_0_1' in the state; there are 'eu', 'default-us'.\n"),
    ],
)
def test_a_provider_that_the_state_does_not_have_is_said(
    virtfusion: Command, tmp_path: Any, name: str, said: str
) -> None:
    resources = [made("SshKey", one, id="1", provider=one) for one in ("default_0_1", "eu", "default-us")]
    (file := tmp_path / "s").write_text(state(resources=resources))
    result = virtfusion("orphans", "--state", str(file), "--provider", name)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)


def test_without_any_explicit_provider_that_is_said(virtfusion: Command, tmp_path: Any) -> None:
    (file := tmp_path / "s").write_text(state())
    result = virtfusion("orphans", "--state", str(file), "--provider", "eu")
    assert (result.exit_code, result.stderr) == (
        2,
        "There is no provider 'eu' in the state; there is none beside the stack's own.\n",
    )


class TestWhatCannotBeLookedAt:
    """Of that nobody may say "nothing"."""

    @pytest.fixture
    def server(self, client: VirtFusion) -> dict[str, Any]:
        made_one = client.servers.create(package_id=2, user_id=1, hypervisor_group_id=1)
        return made("Server", id="1", outputs={"user_id": 1, "own_ipv4_addresses": [made_one.primary_ipv4]})

    @pytest.mark.parametrize("row", [{"ip": "10.0.0.0/24", "cidr": 24}, {"ip": "\x1b[31m", "cidr": 32}])
    def test_a_row_that_cannot_be_read_is_said_and_the_rest_is_looked_at(
        self,
        virtfusion: Command,
        panel: RunningPanel,
        client: VirtFusion,
        server: dict[str, Any],
        row: Any,
        tmp_path: Any,
    ) -> None:
        rows = [row, {"ip": "192.0.2.7", "mask": 32}]
        panel.mutate("servers", 1, {"network.interfaces.0.ipWhitelist": rows})
        client.ssh_keys.create(user_id=1, name="laptop", public_key=KEY)
        (file := tmp_path / "s").write_text(state(resources=[server]))
        result = virtfusion("orphans", "--state", str(file))
        assert result.exit_code == 2
        assert "SSH key 1 ('laptop') of user 1 is in no resource" in result.stdout
        assert f"Could not be looked at: whitelist entry {row['ip']!r} of 1/primary: its record" in result.stdout
        assert "whitelist entry 192.0.2.7/32 of 1/primary is in no resource" in result.stdout
        assert NOTHING not in result.stdout
        assert "Traceback" not in result.output

    @pytest.mark.parametrize(
        "resource",
        [
            made("User", inputs={"name": "Ada", "email": SECRET}),
            made("User", inputs={"name": "Ada", "email": "ada@example.com", "rel_str": SECRET}),
            made("SshKey", inputs={"user_id": 1, "name": SECRET, "public_key": KEY}),
        ],
    )
    def test_a_secret_argument_of_what_was_being_made(
        self, virtfusion: Command, resource: dict[str, Any], tmp_path: Any
    ) -> None:
        (file := tmp_path / "s").write_text(state(resource))
        result = virtfusion("orphans", "--state", str(file))
        assert result.exit_code == 2
        assert "what it was given is secret in this state" in result.stdout
        assert NOTHING not in result.stdout

    def test_a_secret_owner(self, virtfusion: Command, server: dict[str, Any], tmp_path: Any) -> None:
        server["outputs"]["user_id"] = SECRET
        (file := tmp_path / "s").write_text(state(resources=[server]))
        result = virtfusion("orphans", "--state", str(file))
        assert (result.exit_code, NOTHING in result.stdout) == (2, False)
        assert "its user_id is secret in this state" in result.stdout

    def test_an_owner_that_the_state_does_not_tell(
        self, virtfusion: Command, server: dict[str, Any], tmp_path: Any
    ) -> None:
        """A server that was made in part, or a state that was edited by hand."""
        for owner in (None, [1]):
            server["outputs"]["user_id"] = owner
            (file := tmp_path / "s").write_text(state(resources=[server]))
            result = virtfusion("orphans", "--state", str(file))
            assert (result.exit_code, NOTHING in result.stdout) == (2, False)
            assert "the state does not tell its user_id" in result.stdout

    @pytest.mark.parametrize("inputs", [{"relation": 7}, {"relation": 7, "pack_id": 1}, {"name": "a", "user_id": 1}])
    def test_an_argument_that_the_state_does_not_tell(
        self, virtfusion: Command, inputs: dict[str, Any], tmp_path: Any
    ) -> None:
        (file := tmp_path / "s").write_text(state(made("SshKey", inputs=inputs)))
        result = virtfusion("orphans", "--state", str(file))
        assert (result.exit_code, NOTHING in result.stdout) == (2, False)
        assert re.search(r"was about to make: the state does not tell its .*public_key", result.stdout)

    def test_what_another_provider_was_making_is_counted(self, virtfusion: Command, tmp_path: Any) -> None:
        (file := tmp_path / "s").write_text(state(made("SshKey", provider="eu", inputs={"user_id": 1})))
        assert virtfusion("orphans", "--state", str(file)).stderr.startswith("Not looked at: 1 objects of other")

    def test_a_bug_is_a_sentence_and_never_a_no(
        self, virtfusion: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
    ) -> None:
        def broken(_: object) -> None:
            raise RuntimeError("marked-content")

        monkeypatch.setattr("pulumi_virtfusion.recovery.orphans.Search.orphans", broken)
        (file := tmp_path / "s").write_text(state())
        result = virtfusion("orphans", "--state", str(file))
        assert (result.exit_code, result.stdout) == (2, "")
        assert re.fullmatch(
            r"This is a bug of this command: RuntimeError in test_orphans.py, line \d+\. .*\n", result.stderr
        )
        assert "marked-content" not in result.output


@pytest.mark.parametrize("name", ["\x1b[2Jgone", "\u202egnp.exe", "a\u200bb", "bell\x07", "\x9b31m", "two\nlines"])
def test_a_name_that_a_terminal_would_obey_is_written_out(
    virtfusion: Command, panel: RunningPanel, client: VirtFusion, name: str, tmp_path: Any
) -> None:
    first = client.servers.create(package_id=2, user_id=1, hypervisor_group_id=1)
    client.servers.create(package_id=2, user_id=1, hypervisor_group_id=1)
    client.ssh_keys.create(user_id=1, name="laptop", public_key=KEY)
    panel.mutate("servers", 2, {"name": name})
    panel.mutate("ssh_keys", 1, {"name": name})
    held = made("Server", id="1", outputs={"user_id": 1, "own_ipv4_addresses": [first.primary_ipv4]})
    (file := tmp_path / "s").write_text(state(resources=[held]))
    result = virtfusion("orphans", "--state", str(file))
    assert result.exit_code == 1
    assert result.stdout.count("is in no resource") == 2
    assert all(one.isprintable() for line in result.stdout.split("\n") for one in line)
    assert len(result.stdout.splitlines()) == 6
    for line in taking_over(result.stdout):
        declared = ast.parse(line).body[0]
        assert isinstance(declared, ast.Expr)
        assert isinstance(declared.value, ast.Call)
