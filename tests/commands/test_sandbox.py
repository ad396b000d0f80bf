"""What `virtfusion sandbox` says at a terminal; what it does is for tests/sandbox/test_command.py."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands.test_doctor import COMMAND
from tests.stack import child_environment

LAST = "    virtfusion doctor\r\n"


@contextmanager
def sandbox(*arguments: str, **environment: str) -> Iterator[str]:
    """What a panel at a terminal says of itself, while it runs."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "sandbox", "--port", "0", *arguments], env=child_environment(**environment), stdout=its, stderr=its
    )
    os.close(its)
    said = ""
    try:
        while LAST not in said:
            said += os.read(ours, 65_536).decode()
        yield said.replace("\r\n", "\n")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        os.close(ours)


def test_a_person_is_told_what_it_is_and_what_to_paste() -> None:
    with sandbox() as said:
        address, token, *text = said.splitlines()
        exports = [line.strip() for line in text if line.strip().startswith("export ")]
        assert exports == [f"export VIRTFUSION_ENDPOINT={address}", f"export VIRTFUSION_TOKEN={token}"]
        assert "what is made here is gone when it ends. Ctrl-C ends it." in said
        assert f"Its page: {address}/" in said
        # What is to be pasted works as it stands.
        pasted = "\n".join([*exports, f"{sys.executable} -m pulumi_virtfusion doctor"])
        done = subprocess.run(
            ["sh", "-c", pasted], env=child_environment(), capture_output=True, text=True, check=False
        )
        assert "ok   self-service" in done.stdout


@pytest.mark.parametrize("by_file", [False, True])
def test_a_token_that_is_kept_off_the_terminal_stays_off_it(tmp_path: Path, by_file: bool) -> None:
    (tmp_path / "token").write_text("marked-token")
    given = ["--token-file", str(tmp_path / "token")] if by_file else []
    with sandbox(*given, **({} if by_file else {"VIRTFUSION_TOKEN": "marked-token"})) as said:
        assert "marked-token" not in said
        assert "export VIRTFUSION_ENDPOINT=" in said


def test_whoever_reads_it_from_a_pipe_gets_two_lines() -> None:
    process = subprocess.Popen(
        [*COMMAND, "sandbox", "--port", "0"], env=child_environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout as out:
        address, token = out.readline(), out.readline()
        process.send_signal(signal.SIGTERM)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", address)
        assert (len(token.split()), out.read()) == (1, "")
    process.wait()
