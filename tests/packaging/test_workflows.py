"""The workflows run what is pinned, with the rights that they need, on every Python that the package promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
JOBS = {
    f"{path.stem} {name}": job for path in WORKFLOWS for name, job in yaml.safe_load(path.read_text())["jobs"].items()
}


def steps(job: dict[str, Any], key: str) -> Iterator[str]:
    return (step[key] for step in job["steps"] if key in step)


def test_there_are_one_for_changes_and_one_for_releases() -> None:
    assert [path.name for path in WORKFLOWS] == ["checks.yml", "release.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_an_action_is_pinned_to_a_commit_whose_version_stands_beside_it(path: Path) -> None:
    uses = re.findall(r"uses: .*", path.read_text())
    assert uses
    assert [line for line in uses if not re.fullmatch(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_one_action_has_one_version() -> None:
    uses = {line for path in WORKFLOWS for line in re.findall(r"uses: (.*)", path.read_text())}
    assert len({line.partition("@")[0] for line in uses}) == len(uses)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read(path: Path) -> None:
    assert yaml.safe_load(path.read_text())["permissions"] == {"contents": "read"}


def test_only_the_job_that_uploads_may_ask_for_an_identity_and_it_runs_nothing_of_ours() -> None:
    """A trusted publisher's identity is what uploads: no build step and no dependency of one can reach it."""
    raised = {name: job["permissions"] for name, job in JOBS.items() if "permissions" in job}
    assert raised == {"release publish": {"id-token": "write"}}
    publish = JOBS["release publish"]
    assert publish["environment"] == "pypi"
    assert list(steps(publish, "run")) == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_secret_is_used_and_no_token_stays_in_the_checkout(path: Path) -> None:
    text = path.read_text()
    assert "secrets." not in text
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_a_job_ends_and_runs_targets_that_there_are(job: dict[str, Any]) -> None:
    assert job["timeout-minutes"] <= 60
    targets = re.findall(r"\bmake (\w+)", "\n".join(steps(job, "run")))
    makefile = (ROOT / "Makefile").read_text()
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_every_python_that_the_package_names_is_checked() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text()
    promised = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', pyproject)
    assert JOBS["checks check"]["strategy"]["matrix"]["python"] == promised
    assert f'requires-python = ">={promised[0]}"' in pyproject
