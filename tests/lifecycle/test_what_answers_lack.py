"""A value that a panel's answer lacks is not told: it is no drift, and nobody is advised to write 0 into a program."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from pulumi_virtfusion.resources import MODULES, resource_class
from tests.lifecycle.identity.programs import import_text, made
from tests.lifecycle.life import Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

READ = [kind for kind in MODULES if resource_class(kind).behaviour.found_by]
PROOFS = ("id", "uuid", "ownerId", "extRelationId", "assigned")
"""The names without which an answer would not be about the object."""


def bare(value: Any) -> Any:
    """An answer that has nothing but proofs."""
    if isinstance(value, list):
        return [bare(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: bare(one) for name, one in value.items() if name in PROOFS}


def hollow(value: Any, level: int = 0) -> Any:
    """An answer whose inner objects are PHP's empty one."""
    if isinstance(value, list):
        return [hollow(one, level) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: [] if isinstance(one, dict) else hollow(one, level + 1) for name, one in value.items()}


def said(kind: str, resource: LivingResource) -> dict[str, Any]:
    """The outputs of arguments."""
    return {f.name: resource.public.get(f.name) for f in resource_class(kind).fields.values() if f.is_input}


def answers_are(panel: Panel, cut: Callable[[Any], Any], *resources: LivingResource) -> None:
    """Every answer to a read of a refresh is cut from now on."""
    panel.forget()
    for resource in resources:
        resource.refresh()
    for path in {line.removeprefix("GET ") for line in panel.requests()}:
        request = urllib.request.Request(
            f"{panel.url.removesuffix('/api/v1')}/api/v1{path}", headers={"Authorization": f"Bearer {panel.token}"}
        )
        with urllib.request.urlopen(request) as answer:
            body = json.load(answer)
        plain = path.partition("?")[0]
        panel.fault("GET", f"^{plain}$", status=200, body={**body, "data": cut(body["data"])}, times=None)
    panel.forget()


@pytest.mark.parametrize("cut", [bare, hollow])
@pytest.mark.parametrize("kind", READ)
class TestEveryResource:
    def test_it_does_not_drift_where_nothing_is_told(
        self, kind: str, cut: Callable[[Any], Any], life: Life, panel: Panel, new_process: Life
    ) -> None:
        resource = made(life, kind)
        answers_are(panel, cut, resource)
        later = new_process.next_run(resource)
        before = said(kind, later)
        assert later.refresh() == []
        assert (later.id, said(kind, later), later.warnings) == (resource.id, before, [])
        plan = later.plan()
        assert (plan.changed, plan.replaces, later.warnings) == ([], [], [])
        assert panel.writes() == []

    def test_an_import_believes_the_program(
        self, kind: str, cut: Callable[[Any], Any], life: Life, panel: Panel, another_run: Life
    ) -> None:
        resource = made(life, kind)
        answers_are(panel, cut, resource)
        later = another_run(kind, "taken over", import_=import_text(resource, kind), **resource.arguments)
        later.create()
        assert (later.id, later.change().changed, panel.writes()) == (resource.id, [], [])


class TestServer:
    """A server that has every argument which the panel reads back."""

    @pytest.fixture
    def whole(self, life: Life, owner: LivingResource) -> LivingResource:
        return life(
            "Server",
            package_id=1,
            user_id=owner["user_id"],
            hypervisor_group_id=1,
            name="web",
            memory=2048,
            cpu_cores=2,
            traffic=300,
            cpu_throttle=5,
            backup_plan_id=1,
            suspended=True,
            ipv4=2,
            storage=20,
            network_speed_inbound=1000,
            network_speed_outbound=1000,
            storage_profile=1,
            additional_storage1_enable=True,
            additional_storage1_capacity=10,
        ).create()

    @pytest.mark.parametrize("cut", [bare, hollow])
    def test_none_of_it_drifts(
        self, whole: LivingResource, cut: Callable[[Any], Any], panel: Panel, another_run: Life
    ) -> None:
        answers_are(panel, cut, whole)
        later = another_run.next_run(whole)
        before = later.public
        assert later.refresh() == []
        assert (later.public, later.warnings, later.change().changed) == (before, [], [])

    def test_an_update_that_is_not_told_what_became_of_it_believes_that_it_was_done(
        self, whole: LivingResource, panel: Panel
    ) -> None:
        answers_are(panel, bare, whole)
        whole.change(memory=4096, name="web-2")
        assert (whole["memory"], whole["name"], whole.warnings) == (4096, "web-2", [])
        assert whole.change().changed == []

    def test_an_id_of_0_is_none(self, whole: LivingResource, panel: Panel) -> None:
        panel.fault("GET", f"/servers/{whole.id}$", set={"data.hypervisor.groupId": 0}, times=None)
        assert whole.refresh() == []
        assert (whole["hypervisor_group_id"], whole.warnings) == (1, [])

    def test_another_value_is_drift_whatever_a_program_may_give(self, whole: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", whole.id, **{"settings.resources.memory": 128, "name": "theirs"})
        assert whole.refresh() == ["memory", "name"]


class TestBuild:
    @pytest.fixture
    def build(self, life: Life, server: LivingResource) -> LivingResource:
        return life("ServerBuild", "build", server_id=int(server.id), operating_system_id=1).create()

    def test_an_import_of_a_system_that_the_panel_says_is_not_there_is_refused(
        self, life: Life, server: LivingResource
    ) -> None:
        with pytest.raises((HostError, Refused), match="operating_system_id is 0 at the panel"):
            life("ServerBuild", "build", import_=server.id, server_id=int(server.id), operating_system_id=1).create()

    @pytest.mark.parametrize("cut", [bare, hollow])
    def test_it_can_be_given_up(self, build: LivingResource, cut: Callable[[Any], Any], panel: Panel) -> None:
        answers_are(panel, cut, build)
        build.delete()
        assert panel.writes() == []
