"""The quickstart in TypeScript."""

from __future__ import annotations

from pathlib import Path

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program
from tests.examples.languages import install, lives_and_dies, may_fetch, needs, project


def test_the_quickstart_lives_and_dies_in_typescript(program: Program, panel: RunningPanel, tmp_path: Path) -> None:
    needs("pulumi-language-nodejs", "node", "npm")
    may_fetch()
    stack = program(project("typescript", tmp_path))
    install(stack, "nodejs", "npm install --no-audit --no-fund")
    lives_and_dies(stack, panel)
