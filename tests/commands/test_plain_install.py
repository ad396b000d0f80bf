"""What a plain `pip install` can do: everything that the extras alone bring is hidden from these processes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest

from pulumi_virtfusion.commands import main
from pulumi_virtfusion.sandbox import RunningPanel
from tests.stack import child_environment

COMMANDS = sorted(command.name or "" for command in main.registered_commands)
HIDING = """
import sys
class Hider:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hider())
from pulumi_virtfusion.commands import main
main(prog_name="virtfusion")
"""


def plain(text: str) -> str:
    """A distribution's name as all spellings of it have it."""
    return re.sub(r"[-_.]+", "-", text).lower()


@cache
def brought_along() -> frozenset[str]:
    """The distributions that a plain install brings, and theirs."""
    found, left = set[str](), ["pulumi-virtfusion"]
    while left:
        name = left.pop()
        if name in found:
            continue
        found.add(name)
        try:
            needed = requires(name) or ()
        except PackageNotFoundError:  # of another platform or Python
            continue
        left += [plain(re.split(r"[^\w.-]", one)[0]) for one in needed if "extra ==" not in one]
    return frozenset(found)


@cache
def hidden() -> frozenset[str]:
    """The modules that a plain install lacks."""
    modules = packages_distributions().items()
    return frozenset(module for module, names in modules if not brought_along() & {plain(name) for name in names})


def virtfusion(
    *arguments: str, lacking: frozenset[str] | None = None, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    program = HIDING.format(hidden=set(hidden() if lacking is None else lacking))
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=child_environment(**(settings or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_extras_are_hidden_and_nothing_else() -> None:
    assert {"starlette", "trustme", "uvicorn", "pytest", "hypothesis"} <= hidden()
    assert not {"pulumi", "pydantic", "requests", "rich", "typer", "pulumi_virtfusion"} & hidden()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_there(command: str) -> None:
    done = virtfusion(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"virtfusion {command}" in done.stdout


@pytest.mark.parametrize("module", ["uvicorn", "starlette", "trustme"])
def test_the_sandbox_names_the_extra_that_it_needs(module: str) -> None:
    done = virtfusion("sandbox", "--port", "0", "--tls", lacking=frozenset({module}))
    said = f"`virtfusion sandbox` needs {module}, which is in an extra: pip install 'pulumi-virtfusion[sandbox]'\n"
    assert (done.returncode, done.stderr, done.stdout) == (2, said, "")


def test_what_is_no_extra_is_not_called_one() -> None:
    done = virtfusion("sandbox", "--port", "0", lacking=frozenset({"sqlite3"}))
    assert done.returncode == 1
    assert "extra" not in done.stderr.rpartition("\n\n")[2].splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("doctor",), 0), (("import",), 0), (("login-url", "1"), 0), (("new", "{folder}/shop"), 0), (("review",), 2)],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_needs_no_sandbox_works(
    panel: RunningPanel, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    settings = {"VIRTFUSION_ENDPOINT": panel.origin, "VIRTFUSION_TOKEN": panel.token}
    done = virtfusion(*(argument.format(folder=tmp_path) for argument in arguments), settings=settings)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr
