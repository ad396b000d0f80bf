"""What type checkers say of a user's program: nothing of a right one, and each mistake where it stands."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stack import ROOT, child_environment

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
IGNORED = re.compile(r"  # type: ignore\[.*\]$")
OLDEST_PYTHON = "3.10"


def mypy(folder: Path) -> set[tuple[str, int]]:
    """File and line of each error of `mypy --strict`."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--python-version",
        OLDEST_PYTHON,
        "--config-file=",
        str(folder),
    ]
    text = output_of([*command, "--cache-dir", str(folder / "cache"), "--no-pretty"])
    assert re.search(r"^(Found|Success)", text, re.MULTILINE), text
    return {(Path(path).name, int(line)) for path, line in re.findall(r"^(.*?):(\d+): error:", text, re.MULTILINE)}


def pyright(folder: Path) -> set[tuple[str, int]]:
    """The same of pyright in strict mode."""
    settings = {"pythonVersion": OLDEST_PYTHON, "extraPaths": [str(ROOT)], "typeCheckingMode": "strict"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--project", str(folder), "--pythonpath", sys.executable]
    found = json.loads(output_of([*command, "--outputjson"]))["generalDiagnostics"]
    return {(Path(one["file"]).name, one["range"]["start"]["line"] + 1) for one in found if one["severity"] == "error"}


def output_of(command: list[str]) -> str:
    # pyright brings its own Node along instead of asking a network for one.
    environment = child_environment(
        MYPYPATH=str(ROOT), PYRIGHT_PYTHON_GLOBAL_NODE="0", PYRIGHT_PYTHON_IGNORE_WARNINGS="1"
    )
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """The programs without the comments that silence their mistakes."""
    for program in PROGRAMS:
        lines = program.read_text().splitlines()
        (tmp_path / program.name).write_text("\n".join(IGNORED.sub("", line) for line in lines) + "\n")
    return tmp_path


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_every_mistake_is_seen_and_nothing_else(
    checker: Callable[[Path], set[tuple[str, int]]], programs: Path
) -> None:
    mistakes = {
        (program.name, number)
        for program in PROGRAMS
        for number, line in enumerate(program.read_text().splitlines(), start=1)
        if IGNORED.search(line)
    }
    assert len(mistakes) > 15
    assert checker(programs) == mistakes
