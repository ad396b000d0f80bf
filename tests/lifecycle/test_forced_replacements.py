"""A replacement for which the engine asks no diff: all that is known of the old object are its outputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.config import Settings
from pulumi_virtfusion.lifecycle.context import SilentContext
from pulumi_virtfusion.lifecycle.contract import Refused
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.schema.plain_values import whole_numbers
from tests.lifecycle.identity.programs import made
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel


@dataclass(frozen=True)
class Listening(SilentContext):
    warnings: list[str] = field(default_factory=list)

    def warn(self, message: str) -> None:
        self.warnings.append(message)


Said = Callable[[str, LivingResource], list[str]]


@pytest.fixture
def said(panel: Panel) -> Said:
    """What the preview of a forced replacement warns of; raises Refused. It may read, and never writes."""

    def foresee(kind: str, resource: LivingResource) -> list[str]:
        panel.forget()
        context = Listening(Settings(endpoint=panel.url, token=panel.token))
        outputs, arguments = whole_numbers(resource.outputs), whole_numbers(resource.arguments)
        try:
            resource_class(kind).lifecycle.foresee_forced(context, outputs, arguments)
        finally:
            assert panel.writes() == []
        return context.warnings

    return foresee


LOST = [
    kind
    for kind in MODULES
    if resource_class(kind).behaviour.removed_by and not resource_class(kind).behaviour.is_a_place
]


@pytest.mark.parametrize("kind", MODULES)
def test_what_goes_is_said_of_every_resource(kind: str, life: Life, said: Said) -> None:
    resource = made(life, kind)
    warnings = said(kind, resource)
    assert len(warnings) == (kind in LOST)
    assert all("an option asks for the replacement, which " in warning for warning in warnings)


def test_a_server_is_named_with_its_address_and_owner(life: Life, owner: LivingResource, said: Said) -> None:
    server = life("Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1, name="web").create()
    (warning,) = said("Server", server)
    assert f"server {server.id} ('web', {server['primary_ipv4']}, of user {int(owner['user_id'])})" in warning


def test_one_that_is_gone_or_cannot_be_read_is_named_as_far_as_the_state_goes(
    server: LivingResource, panel: Panel, said: Said
) -> None:
    panel.refuses("GET", "^/servers", status=403, times=None)
    (warning,) = said("Server", server)
    assert str(server["primary_ipv4"]) in warning


def test_a_user_who_owns_servers_and_keeps_the_address_is_refused(
    owner: LivingResource,
    server: LivingResource,  # noqa: ARG001
    said: Said,
) -> None:
    with pytest.raises(Refused, match="owns 1 servers"):
        said("User", owner)


def test_a_user_without_servers_is_only_warned_of(owner: LivingResource, said: Said) -> None:
    (warning,) = said("User", owner)
    assert "deletes user 42 (Ada Lovelace, ada@example.com) with its password and credit" in warning


def test_a_pack_with_delete_servers_and_a_server_in_it_is_refused(
    life: Life, client: VirtFusion, owner: LivingResource, panel: Panel, said: Said
) -> None:
    client.users.modify(42, self_service=3)
    pack = life("ResourcePack", relation=42, pack_id=1, delete_servers=True).create()
    server = client.servers.create(package_id=1, user_id=int(owner["user_id"]), hypervisor_group_id=1, ipv4=1)
    panel.mutate("servers", server.server_id, resourcePackId=int(pack.id))
    with pytest.raises(Refused, match="cannot be replaced"):
        said("ResourcePack", pack)


def test_what_the_state_does_not_tell_is_no_reason_to_believe_that_no_server_is_in_it(
    life: Life,
    owner: LivingResource,  # noqa: ARG001
    client: VirtFusion,
    said: Said,
) -> None:
    client.users.modify(42, self_service=3)
    pack = life("ResourcePack", relation=42, pack_id=1, delete_servers=True).create()
    pack.outputs.pop("resource_pack_id", None)
    with pytest.raises(Refused, match="servers may be in it"):
        said("ResourcePack", pack)


def test_a_build_that_somebody_made_anew_is_refused(
    life: Life, server: LivingResource, panel: Panel, said: Said
) -> None:
    arguments: dict[str, Any] = {"server_id": int(server.id), "operating_system_id": 1}
    build = life("ServerBuild", **arguments).create()
    panel.mutate("servers", server.id, **{"settings.osTemplateInstallId": 2})
    with pytest.raises(Refused, match="was not replaced"):
        said("ServerBuild", build)
