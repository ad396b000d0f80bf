"""What `virtfusion` tells of itself, and what a plain install brings for it."""

from __future__ import annotations

from importlib.metadata import requires

from typer.testing import CliRunner

from pulumi_virtfusion.commands import main
from pulumi_virtfusion.version import VERSION


def test_it_tells_its_version() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert (result.exit_code, result.output) == (0, f"{VERSION}\n")


def test_the_commands_need_no_extra() -> None:
    plain = [one for one in requires("pulumi-virtfusion") or () if "extra ==" not in one]
    assert {"rich", "typer"} <= {one.partition(">")[0] for one in plain}
