"""The quickstart in YAML."""

from __future__ import annotations

from pathlib import Path

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program
from tests.examples.languages import lives_and_dies, needs, project


def test_the_quickstart_lives_and_dies_in_yaml(program: Program, panel: RunningPanel, tmp_path: Path) -> None:
    needs("pulumi-language-yaml")
    lives_and_dies(program(project("yaml", tmp_path)), panel)
