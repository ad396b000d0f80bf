"""`virtfusion new`: what it writes and where it writes nothing. tests/engine/test_new.py brings a project up."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from pulumi_virtfusion.commands import main
from pulumi_virtfusion.commands.new import project_name
from pulumi_virtfusion.commands.sandbox import command as sandbox_command
from tests.stack import child_environment

FILES = {
    ".gitignore", "Pulumi.dev.yaml", "Pulumi.production.yaml", "Pulumi.yaml", "README.md", "__main__.py",
    "requirements.txt",
}  # fmt: skip


def new(folder: Path) -> Result:
    return CliRunner().invoke(main, ["new", str(folder)])


def said(result: Result) -> str:
    """The message without the frame and the line breaks that it has at a terminal."""
    return " ".join(result.output.replace("│", " ").split())


def settings(folder: Path, stack: str) -> dict[str, str]:
    config: dict[str, str] = yaml.safe_load((folder / f"Pulumi.{stack}.yaml").read_text())["config"]
    return config


def test_a_project_is_written_with_two_stacks_and_no_token(tmp_path: Path) -> None:
    result = new(tmp_path / "customers" / "shop")
    folder = tmp_path / "customers" / "shop"
    assert result.exit_code == 0
    assert {file.name for file in folder.iterdir()} == FILES
    assert yaml.safe_load((folder / "Pulumi.yaml").read_text())["name"] == "shop"
    dev, production = settings(folder, "dev"), settings(folder, "production")
    assert dev.keys() == production.keys()
    assert not [key for key in dev if "token" in key]
    asked = set(re.findall(r'config\.require\(["\'](\w+)', (folder / "__main__.py").read_text()))
    assert {key for key in dev if key.startswith("shop:")} == {f"shop:{name}" for name in asked}
    assert not [file.name for file in folder.iterdir() if "$" in file.read_text()]


def test_dev_names_the_address_on_which_the_sandbox_listens(tmp_path: Path) -> None:
    new(tmp_path / "shop")
    port = inspect.signature(sandbox_command).parameters["port"].default
    assert settings(tmp_path / "shop", "dev")["virtfusion:endpoint"] == f"http://127.0.0.1:{port}"


def test_it_prints_the_commands_of_the_readme(tmp_path: Path) -> None:
    result = new(tmp_path / "my shop")
    typed = [line for line in (tmp_path / "my shop" / "README.md").read_text().splitlines() if line[:4] == "    "]
    assert len(typed) == 5
    assert result.stdout.splitlines()[-6:] == [f"    cd '{tmp_path / 'my shop'}'", *typed]


@pytest.mark.parametrize("name", ["Pulumi.yaml", ".env", "src/a.py", "venv/a.py"])
def test_a_folder_that_is_in_use_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    result = new(tmp_path)
    assert result.exit_code == 2
    assert "is not empty" in said(result)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / name).read_text() == "mine"


def test_a_repository_and_a_virtual_environment_are_no_work_of_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "pyvenv.cfg").touch()
    monkeypatch.chdir(tmp_path)
    result = new(Path())
    assert result.exit_code == 0
    assert "    cd " not in result.stdout
    assert {file.name for file in tmp_path.iterdir()} == {*FILES, ".git", "env"}


def test_a_file_and_a_place_that_cannot_be_written_are_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert "is a file" in said(new(tmp_path / "file"))
    for below in (tmp_path / "file", tmp_path / "file" / "shop"):
        result = new(below)
        assert result.exit_code == 2
        assert "bug" not in result.output


@pytest.mark.parametrize(
    ("folder", "name"),
    [("shop", "shop"), ("My shop!", "My-shop"), ("über", "ber"), ("...x", "x"), ("日本", "virtfusion-project"),
     ("a" * 300, "a" * 100)],
)  # fmt: skip
def test_the_name_is_one_that_pulumi_takes(tmp_path: Path, folder: str, name: str) -> None:
    assert project_name(tmp_path / folder) == name


def test_the_module_is_the_command() -> None:
    module, script = [sys.executable, "-m", "pulumi_virtfusion"], [Path(sys.executable).with_name("virtfusion")]
    told = [
        subprocess.run(
            [*command, "new", "--help"], env=child_environment(), capture_output=True, text=True, check=True
        ).stdout
        for command in (module, script)
    ]
    assert told[0] == told[1]
    assert "virtfusion new" in told[0]
