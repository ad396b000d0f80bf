"""The CI examples: what their files run, on a stack, with a forge that has comments."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import yaml

from examples.ci.comment import FAILED, MARKER
from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import TOKEN, Program
from tests.engine.panel_stack import PanelStack
from tests.stack import ROOT, STACK

FOLDER = ROOT / "examples" / "ci"
GITHUB: dict[str, Any] = yaml.load((FOLDER / "github-actions.yml").read_text(), yaml.BaseLoader)
GITLAB: dict[str, Any] = yaml.load((FOLDER / "gitlab-ci.yml").read_text(), yaml.BaseLoader)
JOBS = ("preview", "up", "drift", "recover")
INSTALLS = "python -m pip install --requirement requirements.txt"
READS, WRITES = "marked-token-reads-77aa", TOKEN
OTHERS = 120
PROGRAM = """
import pulumi_virtfusion as virtfusion

web = virtfusion.Server("web", package_id=1, user_id=1, hypervisor_group_id=1, name="web-1", memory=2048)
virtfusion.ServerBuild("web", server_id=web.id, operating_system_id=1)
"""


def of_github(job: str) -> str:
    """The shell lines of a job, without the installation."""
    lines = [step["run"] for step in GITHUB["jobs"][job]["steps"] if "run" in step]
    assert lines.pop(0) == INSTALLS
    assert {step["shell"] for step in GITHUB["jobs"][job]["steps"] if "run" in step and step["run"] != INSTALLS} == {
        "bash"
    }
    return "\n".join(lines)


def of_gitlab(job: str) -> str:
    assert GITLAB["default"]["before_script"] == [INSTALLS]
    return "\n".join(GITLAB[job]["script"])


def commands(script: str) -> list[str]:
    """A script's lines without what only one of the forges needs."""
    lines = [re.sub(r"^exec | +#.*$|^#.*$", "", line) for line in script.splitlines()]
    return [line for line in lines if line and "CI_MERGE_REQUEST_LABELS" not in line]


@pytest.mark.parametrize("job", JOBS)
def test_both_files_run_the_same(job: str) -> None:
    assert commands(of_github(job)) == commands(of_gitlab(job))


def test_the_tested_jobs_are_all_there_are() -> None:
    assert tuple(GITHUB["jobs"]) == JOBS
    assert tuple(name for name in GITLAB if name not in ("default", "variables")) == JOBS


@pytest.mark.parametrize("jobs", [GITHUB["jobs"], GITLAB], ids=["github", "gitlab"])
def test_only_a_job_that_changes_machines_has_the_token_that_can(jobs: Mapping[str, Any]) -> None:
    text = {job: str(jobs[job]) for job in JOBS}
    assert {job for job in JOBS if "VIRTFUSION_WRITE_TOKEN" in text[job]} == {"up", "recover"}
    assert {job for job in JOBS if "VIRTFUSION_READ_TOKEN" in text[job]} == {"preview", "drift"}
    assert {job for job in JOBS if jobs[job].get("environment") == "production"} == {"up", "recover"}


def test_a_fork_gets_nothing() -> None:
    assert "head.repo.full_name == github.repository" in GITHUB["jobs"]["preview"]["if"]
    (rule,) = GITLAB["preview"]["rules"]
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule["if"]
    assert "pull_request_target" not in GITHUB["on"]


class Forge(ThreadingHTTPServer):
    """Comments of one pull request or merge request, as GitHub's and GitLab's APIs serve them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Calls)
        stranger = {"user": {"type": "User"}, "author": {"id": 1}}
        self.comments: dict[int, dict[str, Any]] = {
            number: {"id": number, "body": f"{MARKER}\nnot ours" if number == 1 else "looks good", **stranger}
            for number in range(1, OTHERS + 1)
        }

    def add(self, body: str) -> dict[str, Any]:
        """A comment of the job's own."""
        number = len(self.comments) + 1
        made = {"id": number, "user": {"type": "Bot"}, "author": {"id": 7}, "body": body}
        self.comments[number] = made
        return made

    @property
    def own(self) -> list[str]:
        return [one["body"] for number, one in self.comments.items() if number > OTHERS]


class Calls(BaseHTTPRequestHandler):
    @property
    def forge(self) -> Forge:
        assert isinstance(self.server, Forge)
        return self.server

    def do_GET(self) -> None:
        if self.path.endswith("/user"):
            return self._answer({"id": 7})
        page = int(self.path.rpartition("=")[2])
        return self._answer(list(self.forge.comments.values())[(page - 1) * 100 : page * 100])

    def do_POST(self) -> None:
        assert self.path in ("/repos/acme/machines/issues/5/comments", "/projects/9/merge_requests/5/notes")
        self._answer(self.forge.add(self._body()["body"]))

    def do_PATCH(self) -> None:
        comment = self.forge.comments[int(self.path.rpartition("/")[2])]
        comment.update(self._body())
        self._answer(comment)

    def do_PUT(self) -> None:
        self.do_PATCH()

    def _body(self) -> dict[str, Any]:
        assert "marked-forge" in f"{self.headers['Authorization']}{self.headers['PRIVATE-TOKEN']}"
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return body

    def _answer(self, value: object) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nobody reads it."""


@contextmanager
def forge() -> Iterator[Forge]:
    with Forge() as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


def url(server: Forge) -> str:
    return f"http://127.0.0.1:{server.server_port}"


class Runner:
    """Runs the jobs of both files in a stack's project, as the forges would."""

    def __init__(self, stack: PanelStack) -> None:
        self.stack, self.panel = stack, stack.panel
        shutil.copytree(FOLDER, stack.project / "ci")

    def github(self, job: str, forge: Forge | None = None) -> tuple[int, str]:
        tokens = {"secrets.VIRTFUSION_READ_TOKEN": READS, "secrets.VIRTFUSION_WRITE_TOKEN": WRITES}
        values = {
            **tokens,
            "vars.VIRTFUSION_ENDPOINT": self.panel.origin,
            "vars.PULUMI_BACKEND_URL": self.stack.environment["PULUMI_BACKEND_URL"],
            "secrets.PULUMI_CONFIG_PASSPHRASE": self.stack.environment["PULUMI_CONFIG_PASSPHRASE"],
            "secrets.AWS_ACCESS_KEY_ID": "",
            "secrets.AWS_SECRET_ACCESS_KEY": "",
            "github.token": "marked-forge-token",
            "github.event.number": "5",
            "contains(github.event.pull_request.labels.*.name, 'may-destroy') && 'never' || 'destroy'": "destroy",
        }
        given = {**GITHUB["env"], **GITHUB["jobs"][job]["env"]}
        environment = {
            name: re.sub(r"\$\{\{ (.*?) \}\}", lambda found: values[found[1]], text) for name, text in given.items()
        }
        api = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "acme/machines",
            "GITHUB_API_URL": url(forge) if forge else "",
        }
        return self._run(of_github(job), {**environment, **api})

    def gitlab(self, job: str, forge: Forge, *, labels: str = "") -> tuple[int, str]:
        project = {"VIRTFUSION_READ_TOKEN": READS, "VIRTFUSION_WRITE_TOKEN": WRITES}
        given = {**GITLAB["variables"], **GITLAB[job]["variables"]}
        variables = {name: project[text[1:]] if text.startswith("$") else text for name, text in given.items()}
        predefined = {
            "CI_API_V4_URL": url(forge), "CI_PROJECT_ID": "9", "CI_MERGE_REQUEST_IID": "5",
            "GITLAB_TOKEN": "marked-forge-token", "CI_MERGE_REQUEST_LABELS": labels,
            "VIRTFUSION_ENDPOINT": self.panel.origin,
        }  # fmt: skip
        return self._run(of_gitlab(job), {**predefined, **variables})

    def _run(self, script: str, environment: Mapping[str, str]) -> tuple[int, str]:
        self.panel.clear_requests()
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.stack.project,
            env={**self.stack.environment, **environment, "PULUMI_STACK": STACK, "CI": "true"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    @property
    def changed(self) -> list[str]:
        return [f"{one['method']} {one['path']}" for one in self.panel.requests() if one["method"] != "GET"]


@pytest.fixture
def runner(program: Program, panel: RunningPanel) -> Runner:
    panel.add_token(READS)
    return Runner(program(PROGRAM, environment={}))


def test_a_stack_lives_by_the_jobs_of_the_files(runner: Runner, panel: RunningPanel) -> None:
    stack = runner.stack
    code, said = runner.github("up")
    assert code == 0, said
    assert "3 created" in said

    # A pull request that destroys a server fails until somebody says that it may; it has one comment.
    stack.replace(("hypervisor_group_id=1", "hypervisor_group_id=2"))
    with forge() as github:
        code, said = runner.github("preview", github)
        assert (code, runner.changed) == (3, []), said
        (comment,) = github.own
        assert comment.startswith(MARKER)
        assert "hypervisor_group_id" in comment

        stack.replace(("memory=2048", "memory=1"))
        code, said = runner.github("preview", github)
        assert code == 2, said
        assert "memory" in said
        assert github.own == [FAILED]
        assert github.comments[1]["body"] == f"{MARKER}\nnot ours"
    stack.replace(("memory=1", "memory=2048"))
    with forge() as gitlab:
        gitlab.add(f"{MARKER}\nof the commit before")
        code, said = runner.gitlab("preview", gitlab, labels="urgent,may-destroy")
        assert (code, gitlab.own, runner.changed) == (0, [comment], []), said
    stack.replace(("hypervisor_group_id=2", "hypervisor_group_id=1"))

    # At night: what nobody puts back, what an update would put back, and what no stack has.
    code, said = runner.github("drift")
    assert (code, runner.changed) == (0, []), said
    panel.mutate("servers", 1, {"hypervisor.groupId": 2})
    code, said = runner.github("drift")
    assert code != 0
    assert "hypervisor_group_id is 2 at the panel" in said
    panel.mutate("servers", 1, {"name": "renamed", "hypervisor.groupId": 1})
    left = VirtFusion(panel.origin, TOKEN).servers.create(package_id=1, user_id=1, hypervisor_group_id=1)
    code, said = runner.github("drift")
    assert code != 0
    assert "name renamed => web-1" in said
    assert f"server {left.server_id} (" in said

    # The machine of an `up` is gone, and has left its lock.
    VirtFusion(panel.origin, TOKEN).servers.delete(left.server_id)
    panel.advance(60)
    _lock(stack)
    assert "locked" in str(stack.up(fails=True))
    code, said = runner.github("recover")
    assert code == 0, said
    assert runner.changed == ["PUT /servers/1/modify/name"]


def _lock(stack: PanelStack) -> None:
    """The lock of a run that ended without taking it away."""
    locks = stack.folder / "state" / ".pulumi" / "locks" / "organization" / "program" / STACK
    locks.mkdir(parents=True, exist_ok=True)
    owner = {"pid": 1, "username": "ci", "hostname": "gone", "timestamp": "2026-01-02T03:04:05Z"}
    (locks / "5f0e1c.json").write_text(json.dumps(owner))
