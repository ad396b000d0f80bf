"""Builds what a release uploads, and tries it: both files are checked, and the wheel brings up the quickstart.

The wheel is built from the source distribution, and installed into an empty virtual environment. The program runs in a
folder of its own, with the real Pulumi CLI, against the sandbox that the wheel brings along.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
PROJECT = "name: quickstart\nruntime: python\n"


def main() -> None:
    shutil.rmtree(DIST, ignore_errors=True)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(DIST), str(ROOT))
    files = sorted(map(str, DIST.iterdir()))
    run(sys.executable, "-m", "twine", "check", "--strict", *files)
    (wheel,) = DIST.glob("*.whl")
    with TemporaryDirectory() as folder:
        try_wheel(wheel, Path(folder))
    print("Built, checked and tried:", *files, sep="\n  ")


def try_wheel(wheel: Path, folder: Path) -> None:
    """Bring the quickstart up and down with nothing but the wheel; the checkout only gives the program."""
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / "bin"
    environment = surroundings(folder, scripts)
    run("pip", "install", "--quiet", "--disable-pip-version-check", f"{wheel}[sandbox]", env=environment)
    program = folder / "program"
    program.mkdir()
    (folder / "state").mkdir()
    (program / "Pulumi.yaml").write_text(PROJECT)
    shutil.copy(ROOT / "examples" / "quickstart" / "__main__.py", program)
    run("virtfusion", "--version", cwd=program, env=environment)
    with sandbox(environment) as (endpoint, token):
        environment |= {"VIRTFUSION_ENDPOINT": endpoint, "VIRTFUSION_TOKEN": token}
        for command in (
            ("stack", "init", "dev"),
            ("up", "--yes", "--skip-preview"),
            ("preview", "--expect-no-changes"),
            ("destroy", "--yes", "--skip-preview"),
        ):
            run("pulumi", *command, cwd=program, env=environment)


def surroundings(folder: Path, scripts: Path) -> dict[str, str]:
    """An environment in which the wheel's Python comes first, and nothing of the checkout is importable."""
    foreign = ("PULUMI_", "VIRTFUSION_", "PYTHON", "VIRTUAL_ENV")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
        "PATH": os.pathsep.join([str(scripts), str(ROOT / ".tools" / "bin"), os.environ["PATH"]]),
        "PULUMI_HOME": str(folder / "pulumi"),
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "quickstart",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


@contextmanager
def sandbox(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Address and token of a panel that runs for as long as they are needed."""
    command = ["virtfusion", "sandbox", "--port", "0", "--build-seconds", "0.2"]
    with subprocess.Popen(resolved(command, environment), env=environment, stdout=subprocess.PIPE, text=True) as panel:
        try:
            assert panel.stdout is not None
            yield panel.stdout.readline().strip(), panel.stdout.readline().strip()
        finally:
            panel.terminate()


def run(*command: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    print("+", *command, flush=True)
    done = subprocess.run(resolved(command, env), cwd=cwd, env=env, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}.")


def resolved(command: list[str] | tuple[str, ...], env: Mapping[str, str] | None) -> list[str]:
    """The command with its program's path: a child's PATH is not where Python looks for it."""
    program, *arguments = command
    found = shutil.which(program, path=(env or os.environ)["PATH"])
    if found is None:
        sys.exit(f"`{program}` is not there.")
    return [found, *arguments]


if __name__ == "__main__":
    main()
