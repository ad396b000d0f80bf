"""What an index gets: the wheel has what a user needs, the source distribution what a developer needs, nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

from pulumi_virtfusion.version import VERSION

ROOT = Path(__file__).parents[2]
REPOSITORY = "https://git.example.com/some/where"
NAME = f"pulumi_virtfusion-{VERSION}"
FOUND_BY_NAME = {"py.typed", "pulumi-plugin.json"}
"""Files for a type checker and for Pulumi's language host; neither says so when it is missing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both distributions, built without a network; the wheel from the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        env={"PATH": "", "PYTHONPATH": ":".join(sys.path), "REPOSITORY_URL": REPOSITORY},
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def wheel(folder: Path) -> ZipFile:
    return ZipFile(folder / f"{NAME}-py3-none-any.whl")


@pytest.fixture(scope="module")
def metadata(wheel: ZipFile) -> Message:
    return Parser().parsestr(wheel.read(f"{NAME}.dist-info/METADATA").decode())


def files_of_the_package() -> set[str]:
    package = ROOT / "pulumi_virtfusion"
    return {str(path.relative_to(ROOT)) for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def test_the_wheel_holds_the_package_and_what_describes_it(wheel: ZipFile) -> None:
    described = {f"{NAME}.dist-info/{name}" for name in (
        "METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE",
    )}  # fmt: skip
    assert set(wheel.namelist()) == files_of_the_package() | described


def test_what_is_no_module_is_meant_to_be_there(wheel: ZipFile) -> None:
    """A file that Python does not import is named here, or is one that the sandbox or a command hands out."""
    others = [Path(name) for name in wheel.namelist() if not name.endswith(".py") and "dist-info" not in name]
    stray = [path for path in others if path.parts[1] not in ("sandbox", "commands", "templates")]
    assert {path.name for path in stray} == FOUND_BY_NAME


def test_no_module_of_the_wheel_looks_for_a_checkout(wheel: ZipFile) -> None:
    modules = {name: wheel.read(name).decode() for name in wheel.namelist() if name.endswith(".py")}
    beside = re.compile(r"^\s*(from|import) (tests|tools)\b|\.parents\[", re.MULTILINE)
    assert [name for name, text in modules.items() if beside.search(text)] == []


def test_the_source_distribution_holds_the_checkout(folder: Path) -> None:
    with tarfile.open(folder / f"{NAME}.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert files_of_the_package() < names
    for folder_ in ("tests", "docs", "examples", "tools", ".github"):
        kept = {
            str(path.relative_to(ROOT)) for path in (ROOT / folder_).rglob("*")
            if path.is_file() and not any(part.endswith(("__pycache__", "_cache")) for part in path.parts)
        }  # fmt: skip
        assert kept - names == set()
    assert {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "Makefile"} < names
    assert {"pyproject.toml", "constraints.txt", "Pulumi.yaml", ".ci/run"} < names
    assert not [
        name for name in names if name.endswith(".pyc") or name.startswith((".venv", ".tools", "build", "dist"))
    ]


def test_an_index_renders_what_both_say(folder: Path) -> None:
    files = [str(path) for path in folder.iterdir()]
    checked = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *files], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("PASSED") == len(files) == 2


def test_the_metadata_says_where_the_project_lives(metadata: Message) -> None:
    if (ROOT / "PKG-INFO").exists():
        pytest.skip("an unpacked source distribution keeps the addresses that it was built with")
    links = dict(link.split(", ") for link in metadata.get_all("Project-URL", []))
    assert links["Source"] == REPOSITORY
    assert {"Source", "Documentation", "Changelog", "Issues"} < links.keys()
    assert all(url.startswith("https://") for url in links.values())
    assert metadata["Version"] == VERSION
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Keywords"]
