"""A program and the provider host import what they use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pulumi_virtfusion.resources import MODULES

PROGRAM = """
import asyncio
import pulumi


class Engine(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return "1", args.inputs

    def call(self, args):
        return {}


asyncio.set_event_loop(asyncio.new_event_loop())
pulumi.runtime.set_mocks(Engine())
import pulumi_virtfusion as virtfusion

virtfusion.Server("a", package_id=1, user_id=1, hypervisor_group_id=1)
"""
HOST = """
from pulumi_virtfusion.dynamic_provider import provider_of

provider_of("Server").lifecycle
"""
OTHER_SECTIONS = [
    "pulumi_virtfusion.api.sections.backups",
    "pulumi_virtfusion.api.sections.dns",
    "pulumi_virtfusion.api.sections.general",
    "pulumi_virtfusion.api.sections.hypervisor_groups",
    "pulumi_virtfusion.api.sections.hypervisors",
    "pulumi_virtfusion.api.sections.ip_blocks",
    "pulumi_virtfusion.api.sections.packages",
    "pulumi_virtfusion.api.sections.queue",
    "pulumi_virtfusion.api.sections.resource_packs",
    "pulumi_virtfusion.api.sections.self_service",
    "pulumi_virtfusion.api.sections.users",
]
OTHER_RESOURCES = [f"pulumi_virtfusion.resources.{module}" for name, module in MODULES.items() if name != "Server"]
OTHER_WORK = ["pulumi_virtfusion.sandbox", "pulumi_virtfusion.commands", "pulumi_virtfusion.functions.question"]
OTHER_PACKAGES = ["starlette", "typer", "uvicorn"]


def imported(script: str) -> set[str]:
    """The modules that a Python process has after a script."""
    script += "\nimport sys\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(run.stdout.split())


@pytest.fixture(scope="module", params=[PROGRAM, HOST], ids=["program", "host"])
def modules(request: pytest.FixtureRequest) -> set[str]:
    """What a program with a server imports, and what the provider host does for it."""
    return imported(request.param)


def test_the_server_is_there(modules: set[str]) -> None:
    assert "pulumi_virtfusion.resources.server" in modules


@pytest.mark.parametrize(
    "others",
    [OTHER_SECTIONS, OTHER_RESOURCES, OTHER_WORK, OTHER_PACKAGES],
    ids=["sections", "resources", "work", "packages"],
)
def test_nothing_of_others_is_there(modules: set[str], others: list[str]) -> None:
    assert modules.isdisjoint(others)


def test_the_sections_are_modules_of_the_client() -> None:
    assert imported("".join(f"import {module}\n" for module in OTHER_SECTIONS)).issuperset(OTHER_SECTIONS)


def test_a_program_makes_no_connection_and_reads_no_answer() -> None:
    assert imported(PROGRAM).isdisjoint({"requests", "pydantic", "pulumi_virtfusion.api.records.servers"})
