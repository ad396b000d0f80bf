"""A stack on a sandbox panel that is watched: what each command asked of the panel, and whether a secret came out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi_virtfusion.sandbox import RunningPanel
from tests.doors import project_of
from tests.stack import Result, Stack

_COUNT = re.compile(r"^ +[^\d\n]*(\d+) (created|updated|replaced|deleted|unchanged|to \w+)$", re.MULTILINE)


@dataclass(frozen=True)
class Request:
    """One request of the panel's log."""

    method: str
    path: str
    query: Mapping[str, Any]
    body: Any
    status: int | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class PanelStack(Stack):
    """A stack whose provider and program find the panel in their environment.

    Every command checks that the token is in nothing that it printed, and every preview that it only read.
    """

    def __init__(
        self,
        folder: Path,
        program: str | Path,
        panel: RunningPanel,
        *,
        pulumi_home: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.panel, self.folder = panel, folder
        self.requests: list[Request] = []
        """What the last command asked of the panel."""
        if environment is None:
            environment = {"VIRTFUSION_ENDPOINT": panel.origin, "VIRTFUSION_TOKEN": panel.token}
        super().__init__(folder, program, pulumi_home=pulumi_home, environment=environment)

    @classmethod
    def through(
        cls,
        door: str,
        plugin_folder: Path,
        folder: Path,
        program: str | Path,
        panel: RunningPanel,
        *,
        pulumi_home: Path,
        environment: Mapping[str, str] | None = None,
    ) -> PanelStack:
        """A stack whose resources go through that door; its project says where the plug-in is."""
        if door == "native":
            (folder / "project").mkdir()
            (folder / "project" / "Pulumi.yaml").write_text(project_of(plugin_folder))
        stack = cls(folder, program, panel, pulumi_home=pulumi_home, environment=environment)
        if door == "native":
            stack.environment["VIRTFUSION_DOOR"] = door
        return stack

    def configure(self, *, token: str | None = None, **secrets: str) -> None:
        """Name the panel in the stack's configuration, with its token or another one, and secrets of the program."""
        own = {
            "virtfusion:token": token or self.panel.token,
            **{f"program:{key}": text for key, text in secrets.items()},
        }
        hidden = [part for key, text in own.items() for part in ("--secret", f"{key}={text}")]
        self.run("config", "set-all", "--plaintext", f"virtfusion:endpoint={self.panel.origin}", *hidden)

    @property
    def asked(self) -> list[str]:
        """The last command's requests as `PUT /servers/1/package/2`."""
        return [str(request) for request in self.requests]

    @property
    def changed(self) -> list[str]:
        """Those of them that were no GET."""
        return [str(request) for request in self.requests if request.method != "GET"]

    def run(self, *args: str, fails: bool = False, timeout: float = 300) -> Result:
        self.panel.clear_requests()
        result = super().run(*args, fails=fails, timeout=timeout)
        self.requests = [
            Request(entry["method"], entry["path"], entry["query"], entry["body"], entry["status"])
            for entry in self.panel.requests()
        ]
        assert self.panel.token not in result.stdout + result.stderr
        if args[0] == "preview" or "--preview-only" in args:
            assert self.changed == []
        return result

    def up(self, *args: str, fails: bool = False) -> Result:
        """`pulumi up` without its preview, which takes as long again."""
        return super().up("--skip-preview", *args, fails=fails)

    def replace(self, *changes: tuple[str, str]) -> None:
        """Change the program's text; each piece must be there once."""
        main = self.project / "__main__.py"
        text = main.read_text()
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in the program"
            text = text.replace(old, new)
        main.write_text(text)

    def said_of(self, name: str, result: Result) -> list[str]:
        """The lines that a command ends with about one resource: its warnings and errors.

        What stands under the stack is not ours: this CLI interrupts a program with a traceback when a step fails.
        """
        found = re.search(rf"^  \S+ \({name}\):\n((?:    .*\n)+)", result.stdout, re.MULTILINE)
        return [line.strip() for line in found[1].splitlines()] if found else []

    def counts(self, result: Result) -> dict[str, int]:
        """How many resources a command counted: `{"updated": 1, "unchanged": 5}`."""
        return {what: int(number) for number, what in _COUNT.findall(result.stdout)}

    def files_with(self, text: str) -> list[Path]:
        """State, backups, history, settings and logs in which a text stands in plain; the program may say it."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and not path.name.startswith("__main__.")]
        return [path for path in files if text.encode() in path.read_bytes()]
