"""What `virtfusion doctor` says of the native plug-in, where a project uses it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pulumi_virtfusion.diagnosis.plug_in import EXECUTABLE, Project, plug_in, project_here
from pulumi_virtfusion.version import VERSION
from tests.commands.conftest import Beside, Program
from tests.doors import project_of
from tests.examples.languages import needs


def executable(folder: Path, version: str = VERSION) -> Path:
    """A plug-in that tells this version."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / EXECUTABLE).write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo {version}\n')
    (folder / EXECUTABLE).chmod(0o755)
    return folder / EXECUTABLE


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither PATH nor Pulumi's own folder has one."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'on-path'}:/usr/bin:/bin")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PULUMI_DEBUG_PROVIDERS", raising=False)


IN_THE_FILE: list[dict[str, Any]] = [
    {"plugins": {"providers": [{"name": "random", "path": "x"}, {"name": "virtfusion", "path": "bin"}]}},
    {"packages": {"virtfusion": "bin"}},
    {"packages": {"virtfusion": {"source": f"bin/{EXECUTABLE}"}}},
]


@pytest.mark.parametrize("says", IN_THE_FILE)
def test_the_project_says_where_it_is(tmp_path: Path, says: dict[str, Any]) -> None:
    executable(tmp_path / "on-path", "0.0.1")  # which is not looked at then
    project = Project(tmp_path, says)
    missing = plug_in(project)
    assert missing.verdict == "BAD"
    assert f"no {EXECUTABLE} is there: `pip install pulumi-virtfusion` there, or name the folder" in missing.says
    there = executable(tmp_path / "bin")
    assert (plug_in(project).verdict, plug_in(project).says) == ("ok", f"{VERSION}, {there}")
    executable(tmp_path / "bin", "0.0.1")
    assert plug_in(project).says == (
        f"{there} is of version 0.0.1, and this command is of {VERSION}: run `pip install --upgrade pulumi-virtfusion` "
        "there"
    )


def test_else_it_is_on_path_or_beside_the_cli_or_in_pulumis_own_folder(tmp_path: Path) -> None:
    project = Project(tmp_path, {})
    nowhere = plug_in(project)
    assert nowhere.verdict == "BAD"
    assert f"{EXECUTABLE} is nowhere where Pulumi looks: name the folder that has it in Pulumi.yaml" in nowhere.says
    kept = [executable(tmp_path / "home" / "plugins" / f"resource-virtfusion-v{v}", v) for v in ("0.9.0", "0.10.0")]
    stale = plug_in(project)
    assert stale.verdict == "BAD"
    assert stale.says.startswith(
        f"{kept[1]} is of version 0.10.0, and this command is of {VERSION}: run `pulumi plugin"
    )
    (tmp_path / "on-path").mkdir()
    (tmp_path / "on-path" / "pulumi").touch(0o755)
    beside = executable(tmp_path / "on-path", "")
    assert plug_in(project).says.startswith(f"{beside} does not tell its version, and this command is of {VERSION}: ")
    executable(tmp_path / "on-path")
    assert plug_in(project).verdict == "ok"


def test_one_that_is_attached_is_not_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", "virtfusion:4711")
    assert plug_in(Project(tmp_path, {})).verdict == "note"


@pytest.mark.parametrize(
    ("text", "language"),
    [("runtime: python\n", "python"), ("runtime:\n  name: nodejs\n", "nodejs"), ("runtime: [\n", ""), ("", "")],
)
def test_a_project_says_its_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, language: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(text)
    (tmp_path / "program").mkdir()
    monkeypatch.chdir(tmp_path / "program")
    found = project_here()
    assert found is not None
    assert (found.folder, found.language, found.place) == (tmp_path, language, None)


def findings(beside: Beside, stack: Any) -> list[str]:
    return [line for line in beside(stack, "doctor").stdout.splitlines() if "virtfusion:" in line[:30]]


def test_a_python_program_is_told_of_it_where_it_chose_this_door(
    beside: Beside, program: Program, plugin_folder: Path
) -> None:
    stack = program("")
    assert findings(beside, stack) == []
    (stack.project / "Pulumi.yaml").write_text(project_of(plugin_folder))
    assert findings(beside, stack) == []
    stack.config("virtfusion:door", "native")
    assert findings(beside, stack) == [f"ok   plug-in virtfusion: {VERSION}, {plugin_folder / EXECUTABLE}"]


def test_a_program_in_another_language_always_is(beside: Beside, program: Program, plugin_folder: Path) -> None:
    needs("pulumi-language-yaml")
    stack = program("")
    (stack.project / "Pulumi.yaml").write_text(project_of(plugin_folder / "elsewhere", "yaml"))
    (said,) = findings(beside, stack)
    assert said.startswith(
        f"BAD  plug-in virtfusion: Pulumi.yaml says that it is in {plugin_folder / 'elsewhere'}, and"
    )
    (stack.project / "Pulumi.yaml").write_text(project_of(plugin_folder, "yaml"))
    assert findings(beside, stack) == [f"ok   plug-in virtfusion: {VERSION}, {plugin_folder / EXECUTABLE}"]
