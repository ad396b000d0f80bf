"""The quickstart in Go."""

from __future__ import annotations

from pathlib import Path

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program
from tests.examples.languages import install, lives_and_dies, may_fetch, needs, project


def test_the_quickstart_lives_and_dies_in_go(program: Program, panel: RunningPanel, tmp_path: Path) -> None:
    needs("pulumi-language-go", "go")
    may_fetch()
    stack = program(project("go", tmp_path))
    install(stack, "go", "go mod tidy", "go build -trimpath -o program .")
    lives_and_dies(stack, panel)
