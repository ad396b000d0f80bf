"""`virtfusion doctor --compare`: what it says of answers of another shape, and that it says nothing else of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from pulumi_virtfusion.api import VirtFusion, operation_of
from pulumi_virtfusion.api.http.retry import RetryPolicy
from pulumi_virtfusion.api.records import Server
from pulumi_virtfusion.commands import main
from pulumi_virtfusion.diagnosis.comparison import QUESTIONS
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.commands.test_hostile import raw_characters, seed
from tests.contract.client_methods import METHODS
from tests.fuzz.bends import TOKEN, Bend, Genuine, bends
from tests.fuzz.bent_panel import BentPanel, bent
from tests.fuzz.conftest import tried

READABLE = "; it is read all the same"
MARK = "marked-value"


@pytest.fixture(scope="module")
def seeded() -> Iterator[RunningPanel]:
    with running(token=TOKEN, build_seconds=0.1) as panel:
        seed(panel)
        VirtFusion(panel.origin, TOKEN).self_service.add_resource_pack(1001, pack_id=1)
        VirtFusion(panel.origin, TOKEN).servers.boot(1)
        panel.advance(1)  # it runs, so that its disk waits for a restart
        assert "Resize" in str(_larger(VirtFusion(panel.origin, TOKEN), 1).pending_tasks)
        yield panel


def _larger(panel: VirtFusion, server_id: int) -> Server:
    """The server once its disk waits to grow, which a restart would do."""
    panel.servers.change_package(server_id, 2)
    return panel.servers.get(server_id)


@pytest.fixture(scope="module")
def panel_before(seeded: RunningPanel) -> Iterator[BentPanel]:
    with bent(seeded) as panel:
        yield panel


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RetryPolicy.__init__, "__defaults__", (0.05, 0.05, 0.002, 0.01, 2, 2.0))


def compare(panel: RunningPanel | BentPanel, *arguments: str) -> Result:
    environment = {
        "VIRTFUSION_ENDPOINT": panel.origin,
        "VIRTFUSION_TOKEN": TOKEN,
        "VIRTFUSION_OPERATION_TIMEOUT": "0.5",
    }
    result = CliRunner().invoke(main, ["doctor", "--compare", *arguments], env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert "This is a bug" not in result.output
    assert TOKEN not in result.output
    return result


@dataclass(frozen=True)
class Reshaped:
    """The panel's own JSON, which a function has changed."""

    change: Callable[[Any], Any]

    def of(self, genuine: Genuine) -> bytes:
        body = genuine.json
        if body == {}:  # before the panel is asked
            return genuine.body
        changed = self.change(body)
        return json.dumps(body if changed is None else changed).encode()


def reshape(panel: BentPanel, line: str, change: Callable[[Any], Any]) -> None:
    """From now on the answers to one request are changed."""
    bend = Bend(body=Reshaped(change))  # type: ignore[arg-type]
    panel.bend(lambda _, asked: bend if asked == line else None)


def set_at(*path: str | int, to: Any) -> Callable[[Any], Any]:
    """Puts a value there."""

    def change(body: Any) -> None:
        *before, last = path
        for step in before:
            body = body[step]
        body[last] = to

    return change


def without(*path: str | int) -> Callable[[Any], Any]:
    """Takes a value away."""

    def change(body: Any) -> None:
        *before, last = path
        for step in before:
            body = body[step]
        del body[last]

    return change


def test_every_read_of_the_api_is_asked_for_once() -> None:
    reads = [m.function for m in METHODS if operation_of(m.function).verb == "GET"]
    assert sorted(operation_of(one).path for one in reads) == sorted(operation_of(q.method).path for q in QUESTIONS)


def test_a_panel_as_it_is_known_has_no_difference(seeded: RunningPanel) -> None:
    seeded.clear_requests()
    result = compare(seeded)
    assert (result.exit_code, result.stderr) == (0, "")
    kinds = len(QUESTIONS)
    assert (
        result.stdout
        == f"pulumi_virtfusion 0.1.0 compared {kinds} kinds of answers with what it reads: no difference.\n"
    )
    asked = [request["path"] for request in seeded.requests()]
    assert {request["method"] for request in seeded.requests()} == {"GET"}
    assert len(asked) == kinds + 1  # whether the token is good is asked before


SERVER = "GET /servers/1"
SERVERS = "GET /servers"
PACKAGES = "GET /packages"
CHANGES = [
    (SERVER, without("data", "settings", "resources", "memory"), "missing  settings.resources.memory"),
    (SERVER, without("data", "settings"), "missing  settings"),
    (SERVER, without("data", "network", "interfaces", 0, "mac"), "missing  network.interfaces[].mac"),
    (PACKAGES, without("data", 2, "cpuCores"), "missing  cpuCores"),
    (SERVER, without("data", "ownerId"), None),  # the owner is an object beside it, too
    (SERVER, set_at("data", "flavour", to={"name": MARK}), "new      flavour: an object"),
    (SERVER, set_at("data", "cpu", "sockets", to=2), "new      cpu.sockets: a number"),
    (PACKAGES, set_at("data", 0, "gpu", to=None), "new      gpu: null"),
    (SERVER, set_at("data", "network", "interfaces", 0, "mtu", to=1500), "new      network.interfaces[].mtu: a number"),
    (SERVER, set_at("data", f"{MARK}@example.com", to=1), "new      (a name that may be data): a number"),
    (SERVER, set_at("data", "web", to=1), "new      (a name that may be data): a number"),  # so the server is called
    (SERVER, set_at("data", "memory", to=1), "new      memory: a number"),
    (SERVER, set_at("data", "id", to=MARK), "type     id: a text where a number is read, which cannot be read"),
    (SERVER, set_at("data", "id", to=1.5), "type     id: a number of another kind, which cannot be read"),
    (SERVER, set_at("data", "name", to=17), f"type     name: a number where a text is usual{READABLE}"),
    (SERVER, set_at("data", "name", to=[MARK]), "type     name: a list where a text is read, which cannot be read"),
    (SERVER, set_at("data", "settings", "resources", "memory", to="1024"),
     f"type     settings.resources.memory: a text where a number is usual{READABLE}"),
    (SERVER, set_at("data", "settings", to=MARK), "type     settings: a text where an object is read"),
    (SERVER, set_at("data", "customXML", to=MARK), "type     customXML: a text where an object is read"),
    (SERVER, set_at("data", "network", "interfaces", to=MARK),
     "type     network.interfaces: a text where a list is read"),
    (SERVER, set_at("data", "state", to=MARK), "value    state: a value that is not among the known ones"),
    (SERVER, set_at("data", "commissionStatus", to=9), "value    commissionStatus: a value that is not among"),
    (SERVER, lambda body: {"server": body["data"]}, "missing  data"),
    (SERVER, lambda body: [body["data"]], "type     the answer is a list where an object with `data` is read"),
    (SERVER, set_at("meta", to={}), "new      meta: an object"),
    (SERVERS, without("last_page"), "paging   last_page: is missing"),
    (SERVERS, set_at("last_page", to=MARK), "paging   last_page: a text where a whole number is read"),
    (SERVERS, set_at("current_page", to=2), "paging   current_page: another page than the first one"),
    (SERVERS, set_at("per_page", to=20), "paging   per_page: another number of rows than was asked for"),
    (SERVERS, lambda body: {"data": body["data"], "meta": {}}, "paging   current_page: is missing"),
    (SERVERS, set_at("cursor", to=MARK), "new      cursor: a text"),
    (PACKAGES, set_at("last_page", to=3), "paging   last_page: the answer has pages, and is read as a whole"),
    (PACKAGES, set_at("data", to=MARK), "type     data: a text where a list is read"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "change", "said"), CHANGES)
def test_a_change_of_shape_is_said_without_a_value(
    panel_before: BentPanel, line: str, change: Callable[[Any], Any], said: str | None
) -> None:
    reshape(panel_before, line, change)
    result = compare(panel_before)
    assert result.exit_code == (0 if said is None else 1)
    lines = result.stdout.splitlines()
    if said is not None:
        assert [one for one in lines if one.strip().startswith(said)], result.stdout
        assert line.replace("/1", "/{serverId}") in lines
    assert MARK not in result.stdout


@pytest.mark.parametrize("status", [201, 206, 301, 404, 410, 422, 500, 503])
def test_another_status_is_said(panel_before: BentPanel, status: int) -> None:
    panel_before.bend(lambda _, asked: Bend(status=status) if asked == PACKAGES else None)
    result = compare(panel_before)
    assert result.exit_code == 1
    assert f"\n{PACKAGES}\n  status   {status} where 200 is usual\n" in result.stdout


def test_what_the_token_does_not_reach_is_not_compared(panel_before: BentPanel) -> None:
    panel_before.bend(lambda _, asked: Bend(status=403) if asked.startswith("GET /servers") else None)
    result = compare(panel_before)
    assert result.exit_code == 0
    assert "Not compared:\n  GET /servers: the token does not reach it\n" in result.stdout
    assert "GET /servers/{serverId}: the panel has told no server to ask for" in result.stdout


def test_nothing_of_the_panel_is_in_it(panel_before: BentPanel) -> None:
    """Every answer with another type at each of its values: the longest report that there can be."""

    def retyped(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: value[name] if name == "id" else retyped(value[name]) for name in value}
        if isinstance(value, list):
            return [retyped(one) for one in value]
        return [MARK, value] if isinstance(value, str) else f"{MARK} {value}"

    panel_before.bend(lambda *_: Bend(body=Reshaped(lambda body: retyped(body))))  # type: ignore[arg-type]
    result = compare(panel_before)
    assert result.exit_code == 1
    assert result.stdout.count("which cannot be read") > 50
    for theirs in (MARK, "Ada", "example.com", "ada", "198.51.100", "127.0.0.1", "Hypervisor 1", "Medium", "laptop"):
        assert theirs not in result.stdout


def test_json_says_the_same(panel_before: BentPanel) -> None:
    reshape(panel_before, SERVER, set_at("data", "flavour", to=MARK))
    told = json.loads(compare(panel_before, "--json").stdout)
    assert told["differences"] == [
        {"operation": "GET /servers/{serverId}", "kind": "new", "where": "flavour", "says": "a text"}
    ]
    assert (len(told["compared"]), told["not_compared"]) == (len(QUESTIONS), {})


def test_a_panel_that_does_not_answer_is_no_comparison(panel_before: BentPanel) -> None:
    panel_before.bend(lambda *_: Bend(status=401))
    result = compare(panel_before)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "answered 401" in result.stderr


@tried(examples=40)
@given(bend=bends(), at=st.integers(0, 31), times=st.sampled_from([1, 1, 100]))
def test_whatever_comes_ends_in_a_report(panel_before: BentPanel, bend: Bend, at: int, times: int) -> None:
    panel_before.bend(lambda number, _: bend if at <= number < at + times else None)
    result = compare(panel_before)
    assert result.exit_code in (0, 1, 2)
    assert (result.stdout == "") == (result.exit_code == 2)
    assert raw_characters(result.output) == set()
