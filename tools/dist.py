"""Builds the files that a release uploads, and tries them: both are checked, and the wheel brings up the quickstart.

The wheel is built from the source distribution, and installed into an empty virtual environment. The program runs in a
folder of its own, with the real Pulumi CLI, against the sandbox that the wheel brings along.
"""

from __future__ import annotations

import shutil
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.trial import ROOT, STACK, Trial, run

DIST = ROOT / "dist"


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
    trial = Trial(folder, folder / "venv" / "bin")
    trial.run("pip", "install", "--quiet", "--disable-pip-version-check", f"{wheel}[sandbox]")
    trial.run("virtfusion", "--version")
    with trial.panel():
        trial.run("pulumi", "stack", "init", STACK)
        trial.run("pulumi", "up", "--yes", "--skip-preview")
        trial.run("pulumi", "preview", "--expect-no-changes")
        trial.run("pulumi", "destroy", "--yes", "--skip-preview")


if __name__ == "__main__":
    main()
