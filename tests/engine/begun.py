"""A stack that each test finds as it was made: panel and state come back from a backup, so making it costs one `up`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.engine.panel_stack import PanelStack

TOKEN = "marked-token-5f0e1c"


class Begun(PanelStack):
    """A stack whose program was carried out once, when everything was kept."""

    def keep(self) -> None:
        """Keep panel, program and state as they are."""
        self.panel.snapshot("begun")
        self._kept = self.folder / "kept"
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self.folder / "state", self._kept)
        self._program = (self.project / "__main__.py").read_text()
        self._environment = dict(self.environment)

    def begin_again(self) -> None:
        """Put back what was kept."""
        self.panel.restore("begun")
        self.panel.clear_faults()
        shutil.rmtree(self.folder / "state")
        shutil.copytree(self._kept, self.folder / "state")
        self.write(self._program)
        self.environment.clear()
        self.environment.update(self._environment)

    def add(self, program: str) -> None:
        """Add lines to the program."""
        main = self.project / "__main__.py"
        main.write_text(f"{main.read_text()}\n{program}\n")

    def urn(self, kind: str, name: str) -> str:
        """As `--target` takes it."""
        return f"urn:pulumi:dev::program::pulumi-python:dynamic/virtfusion:{kind}::{name}"


@contextmanager
def begun(program: str, folder: Path, pulumi_home: Path) -> Iterator[tuple[Begun, RunningPanel]]:
    """The stack of a program, after its first `up`; `empty` is the panel's backup before it."""
    with running(token=TOKEN, build_seconds=0.1) as panel:
        panel.snapshot("empty")
        stack = Begun(folder, program, panel, pulumi_home=pulumi_home)
        stack.up()
        stack.keep()
        yield stack, panel
        assert stack.files_with(TOKEN) == []
