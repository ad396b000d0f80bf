"""A stack as an earlier version left it: its program, its state, and the panel that it was made at.

`python -m tests.upgrades.recorded FOLDER PACKAGE` records one, by the package in the folder PACKAGE (a checkout of that
version): it runs FOLDER/program.py, does FOLDER/drift.py's work at the panel, refreshes, and writes state.json and
panel.json. Places of the machine and what this version cannot need are left out.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.engine.panel_stack import PanelStack

HERE = Path(__file__).parent
TOKEN = "marked-token-5f0e1c"
PLACES = ("sourcePosition", "stackTrace", "created", "modified")
"""What a state tells of a machine and a day."""
NOT_KEPT = ("queue", "sqlite_sequence")
Rows = dict[str, list[list[Any]]]


@contextmanager
def panel_of(folder: Path) -> Iterator[RunningPanel]:
    """The panel of a recorded stack."""
    with TemporaryDirectory() as directory:
        data = Path(directory) / "panel.db"
        _new_panel(data)
        database = sqlite3.connect(data)
        rows: Rows = json.loads((folder / "panel.json").read_text())
        for table, recorded in rows.items():
            for row in recorded:
                # The other columns of a kind follow from its documents.
                columns = "(id, document)" if isinstance(row[1], str) and row[1].startswith("{") else ""
                row = row[:2] if columns else row
                values = ", ".join("?" * len(row))
                database.execute(f'INSERT OR REPLACE INTO "{table}" {columns} VALUES ({values})', row)
        database.commit()
        database.close()
        with running(token=TOKEN, build_seconds=0.1, data=data) as panel:
            yield panel


def import_state(stack: PanelStack, folder: Path) -> None:
    """The stack's state becomes the recorded one."""
    stack.run("stack", "import", "--file", str(folder / "state.json"))


def _new_panel(data: Path) -> None:
    with running(token=TOKEN, data=data):
        pass


def _rows(data: Path) -> Rows:
    with sqlite3.connect(data) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: [list(row) for row in database.execute(f'SELECT * FROM "{table}"')] for table in tables}


def record(folder: Path, package: Path) -> None:
    """Make the stack by another version of the package, and keep it."""
    with TemporaryDirectory() as directory:
        data, work = Path(directory) / "panel.db", Path(directory) / "stack"
        work.mkdir()
        with running(token=TOKEN, build_seconds=0.1, data=data) as panel:
            environment = {
                "VIRTFUSION_ENDPOINT": panel.origin,
                "VIRTFUSION_TOKEN": TOKEN,
                "PYTHONPATH": str(package.resolve()),
            }
            program = (folder / "program.py").read_text()
            stack = PanelStack(work, program, panel, pulumi_home=Path(directory), environment=environment)
            stack.up()
            drift(panel)
            stack.refresh()
            state = stack.export()
        for resource in state["deployment"]["resources"]:
            for place in PLACES:
                resource.pop(place, None)
        (folder / "state.json").write_text(json.dumps(state, indent=1) + "\n")
        _new_panel(Path(directory) / "new.db")
        before = _rows(Path(directory) / "new.db")
        changed = {table: [r for r in rows if r not in before[table]] for table, rows in _rows(data).items()}
        kept = {table: rows for table, rows in changed.items() if rows and table not in NOT_KEPT}
        (folder / "panel.json").write_text(json.dumps(kept, indent=1) + "\n")


def drift(panel: RunningPanel) -> None:
    """An administrator moves server 2 to another group, and its owner installs another system on it."""
    panel.mutate("servers", 2, {"hypervisor.groupId": 2})
    panel.advance(60)
    VirtFusion(panel.url, panel.token).servers.build(2, operating_system_id=2)
    panel.advance(60)


if __name__ == "__main__":
    record(Path(sys.argv[1]), Path(sys.argv[2]))
