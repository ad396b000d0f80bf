"""A Pulumi stack on the real CLI: a project folder and a file backend of its own, no network."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BUILT_CLI = ROOT / ".tools" / "bin"
STACK = "dev"
PASSPHRASE = "correct horse battery staple"


class CliMissing(Exception):
    """There is no Pulumi CLI to test with."""

    def __init__(self) -> None:
        super().__init__(f"No Pulumi CLI on PATH or in {BUILT_CLI}: `make test` builds it (tools/install-pulumi).")


class UnexpectedOutcome(AssertionError):
    """A command failed, or succeeded where it had to fail; the text is all that it printed."""


@dataclass(frozen=True)
class Result:
    """What one run of the CLI printed and how it ended."""

    command: Sequence[str]
    returncode: int
    stdout: str
    stderr: str

    def __str__(self) -> str:
        command = " ".join(self.command)
        return f"`{command}` ended with {self.returncode}\n{self.stdout}\n{self.stderr}"


@dataclass(frozen=True)
class Step:
    """One step of `pulumi preview --json`."""

    op: str
    urn: str
    diff_reasons: list[str]
    replace_reasons: list[str]
    detailed_diff: dict[str, dict[str, Any]]
    old_state: dict[str, Any]
    new_state: dict[str, Any]

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return self.urn.rpartition("::")[2]


def search_path() -> str:
    """PATH with this virtual environment first (the language host takes the first Python), then a CLI built here."""
    return os.pathsep.join([str(Path(sys.executable).parent), str(BUILT_CLI), os.environ["PATH"]])


def child_environment(**more: str) -> dict[str, str]:
    """This process's environment without anybody's Pulumi or VirtFusion settings, with `tests` importable.

    Byte code is kept, as a user's Python keeps it: each command starts three Pythons, which import the same modules.
    """
    left_out = ("PULUMI_", "VIRTFUSION_", "PYTHONDONTWRITEBYTECODE")
    own = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**own, "PATH": search_path(), "VIRTUAL_ENV": sys.prefix, "PYTHONPATH": str(ROOT), **more}


def pulumi_cli() -> str:
    """The CLI's path; raises CliMissing, for a test without its engine must not pass."""
    found = shutil.which("pulumi", path=search_path())
    if found is None:
        raise CliMissing
    return found


def heed_interrupts() -> None:
    """A test run in the background ignores SIGINT; inherited by the CLI, that makes every `up` five seconds longer.

    A handler of ours becomes the default in a child. Setting it there would need a fork that gRPC does not survive.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class Stack:
    """Stack `dev` of a project whose program is Python text, or a copy of a folder.

    A folder may bring its own `Pulumi.yaml` and stack settings. `folder` must be empty; `pulumi_home` may be shared.
    `environment` reaches the program and the provider (`VIRTFUSION_TOKEN`, say), and may name another backend.
    """

    def __init__(
        self, folder: Path, program: str | Path, *, pulumi_home: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.project = folder / "project"
        own = {
            "PULUMI_HOME": str(pulumi_home),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        self.environment = child_environment(**{**own, **(environment or {})})
        (folder / "state").mkdir()
        self.write(program)
        self.run("stack", "init", STACK)

    def write(self, program: str | Path) -> None:
        """Make this the project's program, in place of an earlier one."""
        if isinstance(program, Path):
            shutil.copytree(program, self.project, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            self.project.mkdir(exist_ok=True)
            (self.project / "__main__.py").write_text(program)
        settings = self.project / "Pulumi.yaml"
        if not settings.exists():
            settings.write_text("name: program\nruntime: python\n")

    def config(self, key: str, value: str, *, secret: bool = False) -> None:
        """Set one key of the stack's settings."""
        self.run("config", "set", "--secret" if secret else "--plaintext", key, value)

    def up(self, *args: str, fails: bool = False) -> Result:
        """`pulumi up`, its own preview included."""
        return self.run("up", "--yes", *args, fails=fails)

    def preview(self, *args: str, fails: bool = False) -> Result:
        return self.run("preview", *args, fails=fails)

    def refresh(self, *args: str, fails: bool = False) -> Result:
        return self.run("refresh", "--yes", *args, fails=fails)

    def destroy(self, *args: str, fails: bool = False) -> Result:
        return self.run("destroy", "--yes", *args, fails=fails)

    def preview_steps(self, *args: str) -> list[Step]:
        """The steps that a preview plans; what stays the same is not among them."""
        steps = json.loads(self.preview("--json", *args).stdout)["steps"]
        return [_step(step) for step in steps if step["op"] != "same"]

    def export(self) -> dict[str, Any]:
        """The state, as `pulumi stack export` writes it, secrets encrypted; read without the CLI where it is a file."""
        kept = self._checkpoint()
        if kept is None:
            state: dict[str, Any] = json.loads(self.run("stack", "export").stdout)
            return state
        checkpoint = json.loads(kept.read_text())
        return {"version": checkpoint["version"], "deployment": checkpoint["checkpoint"]["latest"] or {}}

    def _checkpoint(self) -> Path | None:
        backend = self.environment["PULUMI_BACKEND_URL"]
        stacks = Path(backend.removeprefix("file://")) / ".pulumi" / "stacks"
        found = list(stacks.glob(f"*/{STACK}.json")) if backend.startswith("file://") else []
        return found[0] if len(found) == 1 else None

    def resources(self) -> dict[str, dict[str, Any]]:
        """The state's resources by their name in the program, without the stack and the providers."""
        found = self.export()["deployment"].get("resources", [])
        return {r["urn"].rpartition("::")[2]: r for r in found if not r["type"].startswith("pulumi:")}

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets in plain text."""
        outputs: dict[str, Any] = json.loads(self.run("stack", "output", "--json", "--show-secrets").stdout)
        return outputs

    def run(self, *args: str, fails: bool = False, timeout: float = 300) -> Result:
        """Any command on this stack; raises UnexpectedOutcome unless it ends as expected within `timeout` seconds."""
        process = self.start(*args)
        try:
            stdout, stderr = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            stdout, stderr = process.communicate()
            raise UnexpectedOutcome(f"not done after {timeout} s: {' '.join(args)}\n{stdout}\n{stderr}") from None
        result = Result(args, process.returncode, stdout, stderr)
        if (result.returncode != 0) != fails:
            raise UnexpectedOutcome(str(result))
        return result

    def start(self, *args: str) -> subprocess.Popen[str]:
        """The same without waiting, for tests that interrupt it; the CLI leads a process group of its own."""
        heed_interrupts()
        return subprocess.Popen(
            [pulumi_cli(), *args, "--non-interactive", "--color=never"],
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


def _step(step: Mapping[str, Any]) -> Step:
    return Step(
        op=step["op"],
        urn=step["urn"],
        diff_reasons=step.get("diffReasons") or [],
        replace_reasons=step.get("replaceReasons") or [],
        detailed_diff=step.get("detailedDiff") or {},
        old_state=step.get("oldState") or {},
        new_state=step.get("newState") or {},
    )
