"""The rules of the house: who may know whom, what is public, and what stacks already hold."""

from __future__ import annotations

import ast
import base64
import inspect
import json
import operator
import pickle
import subprocess
import sys
from dataclasses import fields
from importlib.metadata import distribution
from pathlib import Path

import pytest

import pulumi_virtfusion
from pulumi_virtfusion.components import MODULES as COMPONENTS
from pulumi_virtfusion.config import Settings
from pulumi_virtfusion.dynamic_provider import provider_of
from pulumi_virtfusion.functions import MODULES as FUNCTIONS
from pulumi_virtfusion.program.provider import Provider
from pulumi_virtfusion.program.resource import provider_reference
from pulumi_virtfusion.resources import MODULES as RESOURCES

PACKAGE = Path(pulumi_virtfusion.__file__).parent
LIVING_IN = {
    "Provider": "program.provider",
    **{name: f"resources.{module}" for name, module in RESOURCES.items()},
    **{name: f"components.{module}" for name, module in COMPONENTS.items()},
    **{name: f"functions.{module}" for name, module in FUNCTIONS.items()},
}


CLIENT = "import pulumi_virtfusion.api"
PROGRAM = "import pulumi_virtfusion; pulumi_virtfusion.Server"


@pytest.mark.parametrize(
    ("first", "absent"),
    [
        (CLIENT, ("pulumi", "pulumi_virtfusion.lifecycle.lifecycle", "pulumi_virtfusion.resources.server")),
        (PROGRAM, ("pulumi_virtfusion.sandbox", "pulumi_virtfusion.commands", "uvicorn", "starlette", "typer")),
        ("import pulumi_virtfusion", ("pulumi_virtfusion.api", "requests", "pydantic")),
    ],
)
def test_a_program_pays_only_for_what_it_names(first: str, absent: tuple[str, ...]) -> None:
    script = f"{first}\nimport sys\nprint(*[name for name in {absent!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout.split() == []


def test_what_is_public_is_what_type_checkers_see() -> None:
    (block,) = [
        node
        for node in ast.parse(Path(pulumi_virtfusion.__file__).read_text()).body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name)
    ]
    seen = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    }
    assert seen == LIVING_IN
    assert sorted(seen) == dir(pulumi_virtfusion)


@pytest.mark.parametrize("name", LIVING_IN)
def test_a_public_name_is_where_it_is_said_to_live(name: str) -> None:
    found = getattr(pulumi_virtfusion, name)
    assert (found.__module__, found.__name__) == (f"pulumi_virtfusion.{LIVING_IN[name]}", name)
    assert found.__doc__


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Serverr'"):
        operator.attrgetter("Serverr")(pulumi_virtfusion)


def test_an_explicit_provider_takes_every_setting() -> None:
    keywords = inspect.signature(Provider).parameters.keys() - {"resource_name", "opts"}
    assert keywords == {setting.name for setting in fields(Settings)} - {"door"}  # it is of a program, not of a panel


SERVER_IN_A_STATE = (
    "gASVQwAAAAAAAACMInB1bHVtaV92aXJ0ZnVzaW9uLmR5bmFtaWNfcHJvdmlkZXKUjAtwcm92aWRlcl9vZpSTlIwGU2VydmVylIWUUpQu"
)
"""What version 0.1.0 writes: what it names must stay where it is for as long as stacks live."""


def test_a_state_names_the_provider_and_holds_nothing_else_of_it() -> None:
    assert provider_reference("Server") == SERVER_IN_A_STATE
    assert pickle.loads(base64.b64decode(SERVER_IN_A_STATE)) is provider_of("Server")


@pytest.mark.parametrize("name", RESOURCES)
def test_a_state_finds_the_provider_of_each_class(name: str) -> None:
    provider = pickle.loads(base64.b64decode(provider_reference(name)))
    assert provider is provider_of(name)
    assert provider.lifecycle.resource == name


LONGEST = {"lifecycle/behaviour.py": 420, "lifecycle/lifecycle.py": 450, "resources/server.py": 410}
"""Lines of the core, of its questions to a resource, and of the resource with the most arguments; else it is 350."""


@pytest.mark.parametrize("name", sorted(str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py")))
def test_a_module_is_short_and_named_after_what_it_knows(name: str) -> None:
    assert len((PACKAGE / name).read_text().splitlines()) <= LONGEST.get(name, 350)
    assert Path(name).stem not in ("utils", "helpers", "manager", "common", "base", "misc")


def test_pulumi_is_told_that_there_is_no_plugin_to_download() -> None:
    """Without this file a language host asks the network, at every run, for a plug-in of our name and executes it."""
    assert json.loads((PACKAGE / "pulumi-plugin.json").read_text()) == {"resource": False}


def test_pulumi_finds_that_file_where_the_package_is_installed() -> None:
    """The language host looks beside the metadata, which an editable install has elsewhere than the package."""
    assert Path(str(distribution("pulumi-virtfusion").locate_file("pulumi_virtfusion/pulumi-plugin.json"))).is_file()
