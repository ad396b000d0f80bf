"""Commands before a hostile panel and hostile files: a sentence and the documented exit code, and nothing raw.

2 is for whatever could not be told; 1 is the answer of a check, and so stands with what it found.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import currently_in_test_context, given, note
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.api.http.retry import RetryPolicy
from pulumi_virtfusion.commands import main
from pulumi_virtfusion.recovery.interrupted_stack import InterruptedStack
from pulumi_virtfusion.recovery.pulumi_cli import last_run
from pulumi_virtfusion.recovery.stack_state import sealed
from pulumi_virtfusion.sandbox import RunningPanel, running
from pulumi_virtfusion.schema.timestamps import instant
from pulumi_virtfusion.schema.type_tokens import PROVIDERS
from tests.commands.conftest import KEY
from tests.commands.test_from_terraform import STATE as TERRAFORM
from tests.commands.test_orphans import made, state
from tests.fuzz.bends import HOSTILE, TOKEN, Bend, Genuine, Written, bends, disfigured
from tests.fuzz.bent_panel import BentPanel, bent
from tests.fuzz.conftest import tried

PREVIEWS = Path(__file__).parents[1] / "review" / "data"
PREVIEW = (PREVIEWS / "everything.json").read_bytes()
EXPORT = state(
    made("SshKey", "key", inputs={"user_id": 2, "name": "laptop", "public_key": KEY}),
    made("ServerBuild", "sys", inputs={"server_id": 1, "operating_system_id": 1}),
    resources=[
        made("User", "ada", id="2", outputs={"user_id": 2, "relation": 1001}),
        made("Server", "web", id="1", outputs={"user_id": 2, "server_id": 1, "own_ipv4_addresses": ["198.51.100.1"]}),
        made("ServerIpv4Addresses", "more", id="1/primary/198.51.100.2", outputs={"addresses": ["198.51.100.2"]}),
    ],
)
NAMES = (
    "\x1b]0;owned\x07\x1b[2J\x1b[31m", "\u202eevil\u202c \u2066x\u2069", "a\u2028b\u2029c\x85d", "\x00\x08\x7f\x9b0m",
    "\U0001f600 \u0301\U000e0041\ufeff\u200b", "'''\"\"\"\\", "{{7*7}} $(id) `id` %s%n", "x" * 70_000,
    "\n\n# import os", "",
)  # fmt: skip
STATE_OF_THE_COMMANDS: dict[str, bytes] = {
    "orphans --state": EXPORT.encode(),
    "from-terraform": json.dumps(TERRAFORM).encode(),
    "review": PREVIEW,
}
"""The commands that read a file, and a good one for each."""
BUGS = ("Traceback", "This is a bug")


@pytest.fixture(scope="module")
def seeded() -> Iterator[RunningPanel]:
    with running(token=TOKEN, build_seconds=0.1) as panel:
        seed(panel)
        yield panel


@pytest.fixture(scope="module")
def panel_before(seeded: RunningPanel) -> Iterator[BentPanel]:
    with bent(seeded) as panel:
        yield panel


def seed(panel: RunningPanel) -> None:
    """A user with a server on which everything hangs, another server, and a key."""
    client = VirtFusion(panel.origin, panel.token)
    client.users.create(name="Ada", email="ada@example.com", ext_relation_id=1001)
    for _ in range(2):
        client.servers.create(package_id=1, user_id=2, hypervisor_group_id=1, ipv4=2, traffic=100)
    client.ssh_keys.create(user_id=2, name="laptop", public_key=KEY)
    client.servers.add_whitelist_entry(1, interface="primary", ip="192.0.2.1", cidr=32)
    client.servers.add_traffic_block(1, month=1, amount=10)
    client.servers.set_custom_xml(1, os="<bios/>", os_enabled=True)
    client.servers.enable_firewall(1, "primary")
    client.servers.build(1, operating_system_id=1, name="web", hostname="web.example.com")
    panel.advance(60)


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RetryPolicy.__init__, "__defaults__", (0.05, 0.05, 0.002, 0.01, 2, 2.0))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files as they should be, by the command that reads them, and a `folder` for others."""
    folder = tmp_path_factory.mktemp("files")
    found = {"folder": folder}
    for number, (command, text) in enumerate(STATE_OF_THE_COMMANDS.items()):
        found[command] = folder / f"good{number}"
        found[command].write_bytes(text)
    return found


def run(panel: RunningPanel | BentPanel, *arguments: str, given: bytes | None = None) -> Result:
    """The command at that panel, with what is true of all of them checked."""
    environment = {
        "VIRTFUSION_ENDPOINT": panel.origin,
        "VIRTFUSION_TOKEN": TOKEN,
        "VIRTFUSION_OPERATION_TIMEOUT": "0.5",
    }
    result = CliRunner().invoke(main, arguments, env=environment, input=given)
    if currently_in_test_context():
        note(f"{arguments} -> {result.exit_code}\n{result.output[:2000]}")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert not [result.output[at : at + 5000] for bug in BUGS if (at := result.output.find(bug)) >= 0]
    assert raw_characters(result.output) == set()
    assert TOKEN not in result.output
    assert result.exit_code in (0, 1, 2, 3)
    if result.exit_code == 2:
        assert result.output.strip()
    return result


def raw_characters(text: str) -> set[str]:
    """What a terminal may obey, or a reader does not see."""
    return {
        one for one in text if one != "\n" and unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    }


ASKING = {
    "doctor": ["doctor"],
    "orphans": ["orphans", "--state"],
    "orphans of all": ["orphans", "--every-owner", "--state"],
    "import": ["import"],
    "import of a user": ["import", "--owner", "1001"],
    "from-terraform": ["from-terraform"],
    "login-url": ["login-url", "1001"],
    "login-url to a server": ["login-url", "1001", "--server", "1"],
}


def asking(name: str, files: dict[str, Path]) -> list[str]:
    file = {"orphans": "orphans --state", "from-terraform": "from-terraform"}.get(ASKING[name][0])
    return [*ASKING[name], *([str(files[file])] if file else [])]


class TestPanel:
    @pytest.mark.parametrize("name", ASKING)
    @tried(examples=12)
    @given(bend=bends(), at=st.integers(0, 12), times=st.sampled_from([1, 1, 100]))
    def test_a_bent_answer_is_a_sentence(
        self, panel_before: BentPanel, files: dict[str, Path], name: str, bend: Bend, at: int, times: int
    ) -> None:
        panel_before.bend(lambda number, _: bend if at <= number < at + times else None)
        check_ending(name, run(panel_before, *asking(name, files)))

    @pytest.mark.parametrize("name", ASKING)
    @pytest.mark.parametrize("status", [200, 401, 403, 404, 409, 422, 500])
    def test_what_it_says_is_not_obeyed(
        self, panel_before: BentPanel, files: dict[str, Path], name: str, status: int
    ) -> None:
        said = Written(json.dumps({"errors": NAMES, "msg": NAMES[0]}, ensure_ascii=False).encode())
        panel_before.bend(lambda *_: Bend(status=status, body=said))
        result = run(panel_before, *asking(name, files))
        if status == 404 and name == "orphans":
            assert result.exit_code == 0  # the API's own words for owners and servers that are gone
        else:
            assert result.exit_code == (1 if name == "doctor" else 2)

    @pytest.mark.parametrize("text", NAMES, ids=ascii)
    def test_an_address_is_not_obeyed(self, panel_before: BentPanel, text: str) -> None:
        login = {"tokens": {"1": "a"}, "endpoint_complete": f"/token_authenticate/?1={text}"}
        panel_before.bend(lambda *_: Bend(body=Written(json.dumps({"data": {"authentication": login}}).encode())))
        result = run(panel_before, "login-url", "1001")
        assert result.stdout.startswith(f"{panel_before.origin}/")
        assert result.stdout.count("\n") == 1

    @pytest.mark.parametrize("name", ASKING)
    @pytest.mark.parametrize("text", NAMES, ids=ascii)
    def test_names_are_not_obeyed(
        self, seeded: RunningPanel, files: dict[str, Path], name: str, text: str, request: pytest.FixtureRequest
    ) -> None:
        seeded.snapshot()
        request.addfinalizer(seeded.restore)
        rename(seeded, text)
        result = run(seeded, *asking(name, files))
        assert result.exit_code == (1 if name.startswith("orphans") else 0)
        if name.startswith(("import", "from-terraform")):
            check_program(result.stdout)


def rename(panel: RunningPanel, text: str) -> None:
    """All that a customer may call something."""
    for server in panel.state()["servers"]:
        xml = {"customXML.os.xml": f"<bios/>{text}", "customXML.os.enabled": True}
        panel.mutate("servers", server["id"], {"name": text, "hostname": text, **xml})
    panel.mutate("users", 2, {"name": text})
    panel.mutate("ssh_keys", 1, {"name": text})


def check_ending(name: str, result: Result) -> None:
    if name == "doctor":
        assert (result.exit_code == 1) == ("BAD" in result.stdout)
    elif name.startswith("orphans"):
        assert result.exit_code != 1 or "is in no resource of the stack." in result.stdout
    else:
        assert result.exit_code in (0, 2)
        assert (result.exit_code == 2) == (result.stdout == "")
        if result.exit_code == 0 and not name.startswith("login-url"):
            check_program(result.stdout)


def check_program(text: str) -> None:
    """It is Python, and does nothing but declare."""
    allowed = (ast.Import, ast.Assign, ast.AnnAssign, ast.Expr, ast.For, ast.FunctionDef)
    assert all(isinstance(line, allowed) for line in ast.parse(text).body)
    imported = [name.name for line in ast.parse(text).body if isinstance(line, ast.Import) for name in line.names]
    assert imported == ["pulumi", "pulumi_virtfusion"]


READING = {
    **{name: name.split() for name in STATE_OF_THE_COMMANDS},
    "review as text": ["review", "--format", "text"],
    "review as JSON": ["review", "--format", "json"],
    "sandbox --data": ["sandbox", "--port", "0", "--data"],
    "sandbox --token-file": ["sandbox", "--port", "0", "--token-file"],
}
SHAPES: dict[str, object] = {
    "null": None, "a text": "x", "a number": 7, "a list": [[]], "texts": ["a"], "an object": {"a": 1},
    "rows of texts": {"resources": ["a"], "root_module": 7, "pending_operations": [7]},
    "empty rows": {"resources": [{}], "root_module": {"resources": [{}]}, "pending_operations": [{}]},
    "no rows": {"resources": 7, "root_module": [], "pending_operations": "x"},
}  # fmt: skip
WRONG: dict[str, bytes] = {
    "empty": b"",
    "binary": bytes(range(256)) * 20,
    "UTF-16": '{"version": 3}'.encode("utf-16"),
    "no UTF-8": b'{"version": "\xff\xfe"}',
    "a byte order mark": b"\xef\xbb\xbf",
    "nested lists": b"[" * 200_000,
    "nested objects": b'{"a":' * 200_000,
    "nested and whole": b"[" * 50_000 + b"]" * 50_000,
    "a huge number": b'{"version": 1' + b"0" * 5000 + b"}",
    "no number": b'{"version": NaN, "deployment": Infinity}',
    "a text": b'"text"',
    "a list": b"[1, 2]",
    "null": b"null",
    "half": EXPORT.encode()[:200],
    "half of a database": b"SQLite format 3\x00" + b"\x10\x00\x01\x01\x00",
    "nothing but NULs": b"\x00" * 4096,
    **{
        f"{shape} for {key}": json.dumps({"version": 3, key: value, "resources": value}).encode()
        for key in ("deployment", "values", "steps", "resources")
        for shape, value in SHAPES.items()
    },
}  # fmt: skip
"""What is in a file that should be another one."""


class TestFiles:
    @pytest.mark.parametrize("name", READING)
    @pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
    def test_what_is_in_it_is_not_what_it_should_be(
        self, seeded: RunningPanel, tmp_path: Path, name: str, text: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        started = nothing_is_served(monkeypatch)
        (file := tmp_path / "file").write_bytes(text)
        result = run(seeded, *READING[name], str(file))
        if name.startswith("sandbox"):
            assert (result.exit_code == 0) == bool(started)
            assert result.exit_code in (0, 2)
        elif name == "from-terraform":
            assert result.exit_code in (0, 2)
        else:
            assert result.exit_code in (0, 2), result.output

    @pytest.mark.parametrize("name", READING)
    @pytest.mark.parametrize(
        "kind", ["missing", "a folder", "in no folder", "below a file", "not ours", "a name too long"]
    )
    def test_it_cannot_be_read(
        self, seeded: RunningPanel, tmp_path: Path, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if name == "sandbox --data" and kind == "missing":
            pytest.skip("It is made.")
        started = nothing_is_served(monkeypatch)
        result = run(seeded, *READING[name], str(unreadable(tmp_path, kind)))
        assert result.exit_code == 2
        assert result.stdout == ""
        assert not started

    @pytest.mark.parametrize("command", [["import"], ["from-terraform", "{state}"]], ids=lambda command: command[0])
    @pytest.mark.parametrize(
        "kind", ["a folder", "in no folder", "below a file", "not ours", "a name too long", "full"]
    )
    def test_it_cannot_be_written(
        self, seeded: RunningPanel, tmp_path: Path, files: dict[str, Path], command: list[str], kind: str
    ) -> None:
        arguments = [one.format(state=files["from-terraform"]) for one in command]
        result = run(seeded, *arguments, "--output", str(unreadable(tmp_path, kind)))
        assert (result.exit_code, result.stdout) == (2, "")

    @pytest.mark.parametrize("name", STATE_OF_THE_COMMANDS)
    @tried(examples=40)
    @given(body=disfigured(tuple(value for value in HOSTILE if TOKEN not in value)))
    def test_some_of_it_is_of_another_kind(
        self, seeded: RunningPanel, files: dict[str, Path], name: str, body: Any
    ) -> None:
        file = files["folder"] / f"disfigured-{os.getpid()}"
        file.write_bytes(body.of(Genuine(body=STATE_OF_THE_COMMANDS[name])))
        result = run(seeded, *READING[name], str(file))
        if name == "review":
            assert result.exit_code in (0, 2)
        else:
            check_ending(name.split()[0], result)


NO_OBJECTS = {"no JSON": "error: no", "nested": "[" * 100_000, "a list": "[1]", "null": "null", "nothing": ""}


class ScriptedCli:
    """The Pulumi CLI, beside a stack that a run left with a key and a system under way."""

    def __init__(self, panel: BentPanel) -> None:
        root = made("pulumi:pulumi:Stack", "program-dev", created="2020-01-01T00:00:00Z")
        export = json.loads(EXPORT)
        provider = made("", "default_0_1", id="some-uuid", inputs={})
        provider |= {"type": PROVIDERS[0], "urn": f"urn:pulumi:dev::program::{PROVIDERS[0]}::default_0_1"}
        stack = {**root, "type": "pulumi:pulumi:Stack", "provider": ""}
        export["deployment"]["resources"][:0] = [stack, {**provider, "provider": ""}]
        settings = {"endpoint": panel.origin, "token": TOKEN, "requestTimeout": "1", "operationTimeout": "1"}
        config = {f"virtfusion:{name}": {"value": value} for name, value in settings.items()}
        self.says: dict[str, str] = {
            "stack export": json.dumps(export),
            "config": json.dumps(config),
            "preview": json.dumps({"steps": []}),
            "stack history": "[]",
            "whoami": json.dumps({"url": "file:///nowhere"}),
            "refresh": "",
            "cancel": "",
            "stack import": "",
        }
        self.imported: list[str] = []

    def run(self, *arguments: str, stack: str | None, given: str | None = None) -> subprocess.CompletedProcess[str]:
        assert stack is None
        command = next(name for name in self.says if " ".join(arguments).startswith(name))
        if command == "stack import":
            self.imported.append(given or "")
        return subprocess.CompletedProcess([], 0, self.says[command], "")


@pytest.fixture
def cli(panel_before: BentPanel, monkeypatch: pytest.MonkeyPatch) -> ScriptedCli:
    scripted = ScriptedCli(panel_before)
    monkeypatch.setattr("pulumi_virtfusion.recovery.pulumi_cli._run", scripted.run)
    monkeypatch.setattr("pulumi_virtfusion.commands.recover.PAUSE", 0.01)
    return scripted


class TestRecover:
    def test_what_was_under_way_is_found(self, panel_before: BentPanel, cli: ScriptedCli) -> None:
        panel_before.straighten()
        result = run(panel_before, "recover", "--yes")
        assert "Not taken over as SshKey 'key'" in result.stdout
        assert "'sys'" in result.stdout
        assert len(cli.imported) == 1

    @tried(examples=15)
    @given(bend=bends(), at=st.integers(0, 8), times=st.sampled_from([1, 2, 100]))
    def test_nothing_is_forgotten_after_a_bent_answer(
        self, panel_before: BentPanel, cli: ScriptedCli, bend: Bend, at: int, times: int
    ) -> None:
        cli.imported.clear()
        panel_before.bend(lambda number, _: bend if at <= number < at + times else None)
        result = run(panel_before, "recover", "--yes")
        if not any(one.sent.is_refusal for one in panel_before.exchanges):
            assert "Forgot SshKey" not in result.stdout
        assert len(cli.imported) <= 1
        for export in cli.imported:
            for name in ("key", "sys"):
                assert f"::{name}" in export or f"{name!r}" in result.stdout

    @pytest.mark.parametrize("command", ["stack export", "config"])
    @pytest.mark.parametrize("said", NO_OBJECTS.values(), ids=NO_OBJECTS)
    def test_a_stack_that_cannot_be_read_is_said(
        self, panel_before: BentPanel, cli: ScriptedCli, command: str, said: str
    ) -> None:
        panel_before.straighten()
        cli.says[command] = said
        result = run(panel_before, "recover", "--yes")
        assert (result.exit_code, result.stdout, cli.imported) == (2, "", [])

    @pytest.mark.parametrize("command", ["preview", "stack history"])
    @pytest.mark.parametrize("said", NO_OBJECTS.values(), ids=NO_OBJECTS)
    def test_what_else_cannot_be_read_is_done_without(
        self, panel_before: BentPanel, cli: ScriptedCli, command: str, said: str
    ) -> None:
        panel_before.straighten()
        cli.says[command] = said
        assert "Not taken over as SshKey 'key'" in run(panel_before, "recover", "--yes").stdout

    def test_a_run_without_an_end_hides_none_before_it(self, panel_before: BentPanel, cli: ScriptedCli) -> None:
        """Pulumi Cloud lists a run that goes on, or was killed, without an end."""
        panel_before.straighten()
        began, ended = "2026-11-24T10:17:38.000Z", "2026-11-24T10:19:00.000Z"
        runs = [
            {"kind": "update", "startTime": "2026-11-25T09:00:00.000Z", "result": "in-progress"},
            {"kind": "refresh", "startTime": "2026-11-25T08:00:00.000Z", "endTime": "2026-11-25T08:00:09.000Z"},
            {"kind": "update", "startTime": began, "endTime": ended, "result": "succeeded"},
        ]
        cli.says["stack history"] = json.dumps(runs)
        assert last_run(None) == (instant(began), instant(ended))
        cli.says["stack history"] = json.dumps(runs[:2])
        assert last_run(None) is None

    def test_a_secret_that_the_refresh_brings_is_not_printed(
        self, panel_before: BentPanel, cli: ScriptedCli, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        panel_before.straighten()
        for name, value in {"ENDPOINT": panel_before.origin, "TOKEN": TOKEN}.items():
            monkeypatch.setenv(f"VIRTFUSION_{name}", value)
        interrupted = InterruptedStack(None)
        export = json.loads(cli.says["stack export"])
        export["deployment"]["resources"][-1]["outputs"]["password"] = sealed("marked-new-secret")
        cli.says["stack export"] = json.dumps(export)
        interrupted.settle()
        assert "marked-new-secret" not in interrupted.safe("server 7 (marked-new-secret)")


def nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A sandbox that would run ends at once; the answer tells whether it would have."""
    started: list[object] = []

    class Ended:
        def run(self, sockets: object) -> None:
            started.append(sockets)

    monkeypatch.setattr("pulumi_virtfusion.sandbox.wire.server.uvicorn_server", lambda *_, **__: Ended())
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return started


def unreadable(folder: Path, kind: str) -> Path:
    if kind == "not ours":
        return forbidden(folder)
    (folder / "file").write_text("")
    return {
        "missing": folder / "missing",
        "a folder": folder,
        "in no folder": folder / "no" / "folder",
        "below a file": folder / "file" / "below",
        "a name too long": folder / ("x" * 5000),
        "full": Path("/dev/full"),
    }[kind]


def forbidden(folder: Path) -> Path:
    if not os.geteuid():
        pytest.skip("An administrator may read and write all.")
    (file := folder / "forbidden").write_text("{}")
    file.chmod(0)
    return file


def test_text_is_looked_through_for_what_is_raw() -> None:
    assert raw_characters("a\n\x1b[0m\u202e\u2028") == {"\x1b", "\u202e", "\u2028"}
    assert re.fullmatch(r"\w+", "größe")
    assert raw_characters("größe 日本 😀") == set()
