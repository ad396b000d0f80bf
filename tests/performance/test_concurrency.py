"""How many things the provider host does at once, and what a wait leaves to others."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.api.records import Server
from pulumi_virtfusion.lifecycle.server_poller import FEW, LONGEST_TRUST, ROUND, ServerWatch
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import ProviderHost, ProviderHosts
from tests.stack import ROOT

OTHER_HOST = Path(__file__).parent / "other_host"
SERVER: dict[str, Any] = {"package_id": 1, "user_id": 1, "hypervisor_group_id": 1, "ipv4": 1}
MANY = 12


@pytest.fixture
def slow_panel() -> Iterator[RunningPanel]:
    """A panel that takes 0.3 s for each answer."""
    with running(latency=300) as panel:
        yield panel


class OtherHosts(ProviderHosts):
    """Provider hosts whose insides are not those that we know."""

    def configured(self, config: Mapping[str, str]) -> ProviderHost:
        self.one = ProviderHost(config, {"PYTHONPATH": os.pathsep.join([str(OTHER_HOST), str(ROOT)])})
        return self.one


@pytest.fixture
def other_hosts() -> Iterator[OtherHosts]:
    hosts = OtherHosts()
    yield hosts
    hosts.one.close()


@pytest.fixture
def many() -> Iterator[ThreadPoolExecutor]:
    """What makes that many calls at once."""
    with ThreadPoolExecutor(MANY) as callers:
        yield callers


def make_many(life: Life, many: ThreadPoolExecutor) -> list[LivingResource]:
    resources = [life("Server", f"web-{n}", **SERVER) for n in range(MANY)]
    return list(many.map(LivingResource.create, resources))


def test_more_than_four_servers_are_made_at_once(
    provider_hosts: ProviderHosts, slow_panel: RunningPanel, many: ThreadPoolExecutor
) -> None:
    assert len(make_many(Life(provider_hosts, Panel(slow_panel)), many)) == MANY
    assert slow_panel.metrics()["in_flight_peak"] > 4


def test_the_panel_is_asked_no_more_at_once_than_the_setting_says(
    provider_hosts: ProviderHosts, slow_panel: RunningPanel, many: ThreadPoolExecutor
) -> None:
    life = Life(provider_hosts, Panel(slow_panel), {"virtfusion:maxConcurrency": "6"})
    make_many(life, many)
    assert 4 < slow_panel.metrics()["in_flight_peak"] <= 6


def test_a_host_that_cannot_be_widened_goes_on_with_four_and_says_so_once(
    other_hosts: OtherHosts, slow_panel: RunningPanel, many: ThreadPoolExecutor
) -> None:
    life = Life(other_hosts, Panel(slow_panel))
    assert len({server.id for server in make_many(life, many)}) == MANY
    assert slow_panel.metrics()["in_flight_peak"] <= 4
    assert [(log.severity, log.message) for log in other_hosts.one.logs] == [
        ("DEBUG", "the dynamic host's thread pool was not found: it answers four calls at once")
    ]


def test_a_check_does_not_queue_behind_builds(
    life: Life, panel: Panel, servers: list[LivingResource], many: ThreadPoolExecutor
) -> None:
    panel.build_takes(60)
    servers += [life("Server", f"more-{n}", **SERVER).create() for n in range(MANY - len(servers))]
    builds = [life("ServerBuild", f"os-{s.id}", server_id=int(s.id), operating_system_id=1) for s in servers]
    waiting: list[Future[LivingResource]] = [many.submit(build.create) for build in builds]
    while not all(build.hosted.logs for build in builds):  # each says what it waits for
        time.sleep(0.05)
    assert servers[0].plan(memory=2048).changed == ["memory"]
    assert not any(build.done() for build in waiting)
    panel.advance(60)
    assert {build.result()["state"] for build in waiting} == {"complete"}


def is_built(server: Server | None) -> bool:
    return server is not None and server.state == "complete"


class TestTheWatch:
    """The formula of `server_watch`."""

    @pytest.fixture
    def watched_panel(self) -> Iterator[RunningPanel]:
        with running(build_seconds=2.5) as panel:
            yield panel

    @pytest.mark.parametrize("waits", [FEW, 20])
    def test_waits_ask_no_more_than_the_formula_says(self, watched_panel: RunningPanel, waits: int) -> None:
        client = VirtFusion(watched_panel.url, watched_panel.token)
        watch = ServerWatch(client)
        ids = [client.servers.create(**SERVER).server_id for _ in range(waits)]
        for server_id in ids:
            client.servers.build(server_id, operating_system_id=1)
        watched_panel.clear_requests()
        started = time.monotonic()
        with ThreadPoolExecutor(waits) as threads:
            ended = list(threads.map(lambda id_: watch.wait(id_, is_built, lambda _: None), ids))
        seconds = time.monotonic() - started
        assert all(in_time for _, in_time in ended)
        asked = [f"{request['method']} {request['path']}" for request in watched_panel.requests()]
        if waits <= FEW:
            assert len(asked) <= waits * (5 + seconds)
        else:
            lists = [line for line in asked if line == "GET /servers"]
            assert 1 <= len(lists) <= seconds / ROUND + 1
            changes = 3  # queued, building, complete
            assert len(asked) - len(lists) <= waits * (2 + changes + seconds / LONGEST_TRUST)
