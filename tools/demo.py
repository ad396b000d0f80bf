"""Brings up `examples/quickstart` against a sandbox panel, all of it under `.demo`; `--stop` ends the panel.

The program uses only the standard library, since `make clean` runs it without the virtual environment.
"""

from __future__ import annotations

import os
import secrets
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPException
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEMO = ROOT / ".demo"
PANEL_FILE = DEMO / "panel.sqlite"
PANEL_LOG = DEMO / "sandbox.log"
PANEL_PID = DEMO / "sandbox.pid"
TOKEN = DEMO / "token"
PORT = 8765
STACK = "dev"
EXPORTS = {
    "PULUMI_HOME": str(DEMO / "pulumi"),
    "PULUMI_BACKEND_URL": f"file://{DEMO / 'state'}",
    "PULUMI_CONFIG_PASSPHRASE": "quickstart",
    "PULUMI_SKIP_UPDATE_CHECK": "true",
}
PATH = [str(ROOT / ".venv" / "bin"), str(ROOT / ".tools" / "bin")]

NEXT = """
The panel is at {endpoint} (its live page) until `make clean`. Now change something:

  . .demo/env                               # this stack's settings; PATH with the virtual environment first
  $EDITOR examples/quickstart/__main__.py   # package_id=1 becomes package_id=2
  pulumi preview --diff                     # one property of one server
  pulumi up                                 # one request that writes: see the live page
"""


def main() -> None:
    if "--stop" in sys.argv:
        stop_panel()
        return
    DEMO.mkdir(mode=0o700, exist_ok=True)
    (DEMO / "state").mkdir(exist_ok=True)
    write_environment()
    token = the_token()
    endpoint = running_panel(token) or start_panel(token)
    pulumi("stack", "select", "--create", STACK)
    pulumi(
        *("config", "set-all", "--stack", STACK),
        *("--plaintext", f"virtfusion:endpoint={endpoint}", "--secret", f"virtfusion:token={token}"),
    )
    pulumi("up", "--yes", "--stack", STACK)
    print(NEXT.format(endpoint=endpoint))


def write_environment() -> None:
    """Write a file for the reader's shell, with the settings that this program gives its own commands."""
    lines = [f"export PATH={shlex.quote(os.pathsep.join(PATH))}:$PATH"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in EXPORTS.items()]
    (DEMO / "env").write_text("\n".join(lines) + "\n")


def the_token() -> str:
    if not TOKEN.exists():
        TOKEN.touch(mode=0o600)
        TOKEN.write_text(secrets.token_urlsafe(24))
    return TOKEN.read_text()


def running_panel(token: str) -> str | None:
    """Return the address of the panel in the log, or None if no panel there accepts the token."""
    endpoint = logged_endpoint()
    if not endpoint.startswith("http"):
        return None
    request = urllib.request.Request(f"{endpoint}/api/v1/connect", headers={"Authorization": f"Bearer {token}"})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=5):
            return endpoint
    except (OSError, HTTPException):  # nothing listens there, or another program
        return None


def start_panel(token: str) -> str:
    """Start a panel that outlives this program, on the usual port, else on any free one, and return its address."""
    for port in (PORT, 0):
        with PANEL_LOG.open("w") as log:
            panel = subprocess.Popen(
                ["virtfusion", "sandbox", "--data", str(PANEL_FILE), "--token", token, "--port", str(port)],
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        PANEL_PID.write_text(str(panel.pid))
        while panel.poll() is None:
            if endpoint := running_panel(token):
                return endpoint
            time.sleep(0.1)
    sys.exit(f"The sandbox panel did not start:\n{PANEL_LOG.read_text()}")


def logged_endpoint() -> str:
    """Return the first line of the panel's log, which is its address, or "" without a log."""
    return PANEL_LOG.read_text().partition("\n")[0] if PANEL_LOG.exists() else ""


def stop_panel() -> None:
    if not PANEL_PID.exists():
        return
    pid = int(PANEL_PID.read_text())
    command = Path(f"/proc/{pid}/cmdline")  # another process may have this number by now
    if command.exists() and str(PANEL_FILE) in command.read_text():
        os.kill(pid, signal.SIGTERM)
    PANEL_PID.unlink()


def pulumi(*command: str) -> None:
    done = subprocess.run(["pulumi", *command], cwd=ROOT, env=environment(), check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)


def environment() -> dict[str, str]:
    """Return the caller's environment without settings that would lead away from the demo's panel and state."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "VIRTFUSION_"))}
    return {**ours, **EXPORTS, "PATH": os.pathsep.join([*PATH, os.environ["PATH"]])}


if __name__ == "__main__":
    main()
