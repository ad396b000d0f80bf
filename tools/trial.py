"""A Pulumi project in a folder of its own, on the real CLI, against a sandbox panel that ends with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).parents[1]
PROJECT = "name: shop\nruntime: python\n"
STACK = "dev"


class Trial:
    """The quickstart in `folder`, run by the Python whose scripts are in `scripts`."""

    def __init__(self, folder: Path, scripts: Path, **settings: str) -> None:
        foreign = ("PULUMI_", "VIRTFUSION_", "PYTHON", "VIRTUAL_ENV")
        self.folder = folder / "program"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
            "PATH": os.pathsep.join([str(scripts), str(ROOT / ".tools" / "bin"), os.environ["PATH"]]),
            "PULUMI_HOME": str(folder / "pulumi"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "quickstart",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **settings,
        }
        self.folder.mkdir()
        (folder / "state").mkdir()
        (self.folder / "Pulumi.yaml").write_text(PROJECT)
        shutil.copy(ROOT / "examples" / "quickstart" / "__main__.py", self.folder)

    @contextmanager
    def panel(self) -> Iterator[None]:
        """Run a sandbox, and set its address and token for this project, until the context ends."""
        command = resolved(["virtfusion", "sandbox", "--port", "0", "--build-seconds", "0.2"], self.environment)
        with printing(command, 2, self.environment) as (endpoint, token):
            self.environment |= {"VIRTFUSION_ENDPOINT": endpoint, "VIRTFUSION_TOKEN": token}
            yield

    def run(self, *command: str) -> None:
        run(*command, cwd=self.folder, env=self.environment)

    def printed(self, *command: str) -> str:
        """Return the standard output of a command; one that fails ends this program."""
        done = subprocess.run(
            resolved(command, self.environment),
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout


@contextmanager
def printing(command: list[str], lines: int, env: Mapping[str, str] | None = None) -> Iterator[list[str]]:
    """Run a process until the context ends, and yield the first lines that it prints.

    A thread reads what comes after them: a process whose pipe is full waits for a reader.
    """
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        rest = Thread(target=deque, args=(process.stdout, 0), daemon=True)
        try:
            first = [process.stdout.readline().strip() for _ in range(lines)]
            rest.start()
            if not all(first):
                sys.exit(f"{' '.join(command)} printed only {len(list(filter(None, first)))} of {lines} lines.")
            yield first
        finally:
            process.terminate()
            if rest.is_alive():
                rest.join()


def run(*command: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    """Run a command; one that fails ends this program."""
    print("+", *command, flush=True)
    done = subprocess.run(resolved(command, env), cwd=cwd, env=env, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}.")


def resolved(command: list[str] | tuple[str, ...], env: Mapping[str, str] | None) -> list[str]:
    """Return the command with its program's full path, since Python does not search the child's PATH for it."""
    program, *arguments = command
    found = shutil.which(program, path=(env or os.environ)["PATH"])
    if found is None:
        sys.exit(f"`{program}` is not there.")
    return [found, *arguments]
