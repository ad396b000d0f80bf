"""How many outputs Pulumi makes of a resource, and goes through again and again while a program waits for others."""

from __future__ import annotations

import subprocess
import sys

from tests.performance.test_imports import PROGRAM

TRACKED = """
from pulumi.runtime.settings import SETTINGS

before = len(SETTINGS.outputs)
server = virtfusion.Server("b", package_id=1, user_id=1, hypervisor_group_id=1, name="b", memory=1024)
print(len(SETTINGS.outputs) - before)
server.memory.apply(str)
print(len(SETTINGS.outputs) - before)
"""


def test_pulumi_makes_three_outputs_of_a_server_and_those_that_a_program_asks_for() -> None:
    run = subprocess.run([sys.executable, "-c", PROGRAM + TRACKED], check=True, capture_output=True, text=True)
    of_a_server, with_an_apply = map(int, run.stdout.split())
    assert of_a_server == 3  # the URN, the id, and the alias by which a state of the plug-in is met
    assert with_an_apply == 4  # what was made of its memory, which takes that output's place
