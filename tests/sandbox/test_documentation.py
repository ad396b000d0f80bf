"""docs/sandbox.md says all that the sandbox can be told, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import requests
import typer.main

from pulumi_virtfusion.commands import main
from pulumi_virtfusion.sandbox import running
from pulumi_virtfusion.sandbox.faults import Fault, Framing
from pulumi_virtfusion.sandbox.sandbox import PanelSettings
from pulumi_virtfusion.sandbox.wire.controls import CONTROLS

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()


def first_cells(heading: str) -> list[str]:
    """What stands in code in the first column of the table with this heading."""
    table = PAGE.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    return [name for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_every_control_is_documented() -> None:
    assert sorted(first_cells("Control")) == sorted(f"{control.method} {control.path}" for control in CONTROLS)


def test_every_setting_is_documented() -> None:
    assert first_cells("Setting") == list(PanelSettings.model_fields)


def test_every_field_of_a_fault_is_documented() -> None:
    assert sorted(first_cells("Field")) == sorted(Fault.model_fields)
    assert all(f"`{framing}`" in PAGE for framing in get_args(Framing))


def test_every_option_is_documented() -> None:
    command = typer.main.get_command(main).commands["sandbox"]  # type: ignore[attr-defined]
    options = {option for parameter in command.params for option in parameter.opts}
    assert set(first_cells("Option")) == options - {"--help"}


def test_every_fault_of_the_examples_is_one() -> None:
    faults = re.findall(r"\| `(\{.*\})` \|", PAGE)
    assert len(faults) > 5
    for fault in faults:
        Fault.model_validate(json.loads(fault))


def test_the_lines_for_a_test_of_any_language_do_what_they_say() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("    $ curl") and "$panel" in line]
    assert len(lines) > 4
    with running() as panel:
        for line in lines:
            path = re.search(r"\$panel(/[^\s\"]*)", line)
            body = re.search(r"-d '(.*)'", line)
            assert path
            method = "POST" if body or "-X POST" in line else "GET"
            url, content = f"{panel.origin}/_sandbox{path[1]}", json.loads(body[1]) if body else None
            assert requests.request(method, url, json=content, timeout=10).ok, line
        assert panel.metrics()["requests"] == 0


def test_the_pictures_are_there() -> None:
    pictures = re.findall(r"!\[[^]]+]\((images/[^)]+)\)", PAGE)
    assert len(pictures) == 3
    assert all((Path(__file__).parents[2] / "docs" / picture).is_file() for picture in pictures)
