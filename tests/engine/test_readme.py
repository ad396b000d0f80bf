"""The programs of the README and of the pages that go on with it run as they stand, and what they name is there."""

from __future__ import annotations

import ast
import re
from dataclasses import fields

import pytest

from pulumi_virtfusion.commands import main
from pulumi_virtfusion.components import MODULES as COMPONENTS
from pulumi_virtfusion.config import Settings, config_key
from pulumi_virtfusion.resources import MODULES as RESOURCES
from pulumi_virtfusion.sandbox import RunningPanel
from tests.doors import both_doors
from tests.engine.conftest import EU_TOKEN, Program
from tools.site.pages import DOCS, ROOT
from tools.site.tested_program import program as whole_program

README = (ROOT / "README.md").read_text()
PAGES = "\n".join([README, *(page.read_text() for page in sorted(DOCS.rglob("*.md")))])
PROGRAM = whole_program()


@both_doors
def test_the_programs_come_up_stay_unchanged_and_go_away(
    program: Program, panel: RunningPanel, eu: RunningPanel
) -> None:
    stack = program(PROGRAM)
    stack.run("config", "set-all", "--plaintext", f"euEndpoint={eu.origin}", "--secret", f"euToken={EU_TOKEN}")
    seed = panel.state()
    stack.up()
    outputs, state = stack.outputs(), panel.state()
    held = {address["address"] for address in state["addresses"]}
    assert {outputs["address"], outputs["blog"]} < held
    assert {server["name"]: server["state"] for server in state["servers"]} == {
        "web-1": "complete", "shop-1": "complete", "blog": "complete",
    }  # fmt: skip
    assert len(outputs["root_password"]) >= 8
    assert len(outputs["new_password"]) >= 8
    assert len(eu.state()["servers"]) == 1
    assert stack.files_with(EU_TOKEN) == []

    assert stack.preview_steps() == []
    assert {request.method for request in stack.requests} == {"GET"}
    refreshed = stack.refresh()
    assert set(stack.counts(refreshed)) == {"unchanged"}

    # The restart waits for the package change that it follows.
    (shop,) = [server["id"] for server in state["servers"] if server["name"] == "shop-1"]
    stack.replace(('get_package(name="Medium")', 'get_package(name="Compute")'))
    stack.up()
    of_shop = [asked for asked in stack.changed if f"/servers/{shop}/" in asked]
    assert of_shop == [
        f"PUT /servers/{shop}/package/4", f"PUT /servers/{shop}/modify/memory", f"PUT /servers/{shop}/backups/plan/1",
        f"POST /servers/{shop}/power/restart",
    ]  # fmt: skip

    stack.destroy()
    left = panel.state()
    assert stack.resources() == {}
    assert {kind: left[kind] for kind in ("users", "servers", "addresses", "ssh_keys", "resource_packs")} == {
        "users": seed["users"], "servers": [], "addresses": [], "ssh_keys": [], "resource_packs": [],
    }  # fmt: skip
    assert eu.state()["servers"] == []


@pytest.mark.parametrize("name", [*RESOURCES, *COMPONENTS])
def test_each_class_has_an_example(name: str) -> None:
    made = [node.func.attr for node in ast.walk(ast.parse(PROGRAM)) if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)]  # fmt: skip
    assert name in made


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)\b(?=[^`\n]*`)", PAGES))))
def test_a_target_of_make_that_they_name_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_readme_has_two_commands() -> None:
    commands = README.partition("## Two commands")[2].partition("```console\n")[2].partition("```")[0]
    assert re.findall(r"^\$ (\w+ \w+)", commands, re.MULTILINE) == ["make demo", "make test"]


def test_the_commands_and_settings_that_they_name_are_there() -> None:
    known = {command.name for command in main.registered_commands}
    assert set(re.findall(r"(?:`|^\$ |\| )virtfusion ([a-z][a-z-]+)", PAGES, re.MULTILINE)) <= known
    assert set(re.findall(r"(?:`|^\$ )virtfusion ([a-z][a-z-]+)", (DOCS / "commands.md").read_text())) == known
    settings = (DOCS / "settings.md").read_text()
    assert set(re.findall(r"virtfusion:([a-z]\w+)", settings)) == {
        config_key(one.name)[11:] for one in fields(Settings)
    }
