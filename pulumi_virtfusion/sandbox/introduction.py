"""The introduction of a panel to a stack: the lines that a person pastes."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

_PLACEHOLDER = "TOKEN"


@dataclass(frozen=True)
class Introduction:
    """The panel's address and, unless it is somebody's secret, its token."""

    address: str
    token: str | None = field(default=None, repr=False)
    """None for a token from a file or the environment, which may be a real panel's, or where others may ask."""
    token_from: str = ""
    """The shell's text in the token's place: `"$VIRTFUSION_TOKEN"`, `< FILE`."""
    ca_file: Path | None = None

    def without_token(self) -> Introduction:
        """Return the introduction without the token, for a page that others can open too."""
        return replace(self, token=None, token_from=_PLACEHOLDER if self.token else self.token_from)

    def commands(self) -> list[str]:
        """Return the commands to run in a project's folder, after its stack is selected."""
        lines = [f"pulumi config set virtfusion:endpoint {shlex.quote(self.address)}"]
        lines.append(f"pulumi config set --secret virtfusion:token {self._token()}")
        if self.ca_file:
            lines.append(f"pulumi config set virtfusion:caBundle {shlex.quote(str(self.ca_file))}")
        return lines

    def _token(self) -> str:
        if self.token is None:
            return self.token_from or _PLACEHOLDER
        quoted = shlex.quote(self.token)
        return f"-- {quoted}" if quoted.startswith("-") else quoted

    def as_json(self) -> dict[str, Any]:
        return {"address": self.address, "token_is_shown": self.token is not None, "commands": self.commands()}
