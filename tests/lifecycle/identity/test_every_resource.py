"""No resource touches a stranger's object: a panel comes back from a backup, and everything at it is another one.

Each test runs over all resources, and a later run knows nothing but the state.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.lifecycle.behaviour import Behaviour
from pulumi_virtfusion.lifecycle.identity import FACTS, IDENTITY, PANEL, of_pack, panel_address
from pulumi_virtfusion.resources import MODULES, resource_class
from tests.lifecycle.identity.programs import KEY, PROGRAMS, import_text, made
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

BEHAVIOURS: dict[str, Behaviour] = {kind: resource_class(kind).behaviour for kind in MODULES}
CHANGED = [kind for kind in MODULES if PROGRAMS[kind].change]
COMPARED = [kind for kind in MODULES if BEHAVIOURS[kind].removed_by or BEHAVIOURS[kind].proves_before_deletion]
STRANGER = KEY.replace("IP3u", "IQ4v")


def strangers_move_in(panel: Panel) -> None:
    """Everything gets the number and the relation that this stack's had, and is somebody else's."""
    panel.restore()
    api = VirtFusion(panel.url, panel.token)
    for relation, name in ((1001, "eve"), (1002, "mallory")):
        api.users.create(name=name, email=f"{name}@example.org", ext_relation_id=relation, self_service=3)
    users = [one["id"] for one in panel.all("users") if not one["admin"]]
    for user in users:
        server = api.servers.create(package_id=5, user_id=user, hypervisor_group_id=1, ipv4=3).server_id
        api.servers.add_traffic_block(server, month=1, amount=100)
        api.servers.add_whitelist_entry(server, interface="primary", ip="192.0.2.77", cidr=32)
        api.ssh_keys.create(user_id=user, name="laptop", public_key=STRANGER)
    for definition in (3, 3):
        api.self_service.add_resource_pack(1001, pack_id=definition)
    for profile in (1, 2):
        api.self_service.add_hourly_group_profile(1001, profile)
        api.self_service.add_resource_group_profile(1001, profile)
    api.self_service.set_hourly_resource_pack(1001, 1)
    api.self_service.add_credit(1001, tokens=5)
    panel.mutate("ip_blocks", 1, created="2020-01-01T00:00:00Z")
    panel.forget()


def everything(panel: Panel) -> dict[tuple[str, int], Any]:
    """All objects, which are strangers'."""
    kinds = ("servers", "users", "ssh_keys", "resource_packs", "credits", "traffic_blocks")
    return {(kind, one["id"]): one for kind in kinds for one in panel.all(kind)}


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    named: str = request.param
    return named


@pytest.fixture
def resource(kind: str, life: Life, panel: Panel) -> LivingResource:
    """The resource of that kind, made."""
    panel.snapshot()
    resource = made(life, kind)
    panel.forget()
    return resource


@pytest.fixture
def stale(resource: LivingResource, panel: Panel, another_run: Life) -> LivingResource:
    """The same in a later run, at a panel where all that it stands on, and itself, are a stranger's."""
    strangers_move_in(panel)
    return another_run.next_run(resource)


def over(kinds: list[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("kind", kinds, indirect=True)


@over(list(MODULES))
def test_a_later_run_of_an_unchanged_program_checks_to_the_very_same_inputs(
    resource: LivingResource, another_run: Life
) -> None:
    """The engine writes the whole state for each resource whose inputs differ, if only by a hidden one."""
    assert another_run.next_run(resource).check() == resource.inputs


@over(list(MODULES))
def test_a_state_remembers_who_and_where_after_a_creation(resource: LivingResource, panel: Panel) -> None:
    identity = resource.outputs[IDENTITY]
    assert identity
    assert identity.keys() <= FACTS.keys()
    assert all(identity.values())
    assert resource.inputs[PANEL] == panel_address(panel.url)


@over([kind for kind in MODULES if BEHAVIOURS[kind].found_by])
def test_a_state_remembers_who_and_where_after_an_import(
    kind: str, resource: LivingResource, panel: Panel, another_run: Life
) -> None:
    taken = another_run(kind, "taken", import_=import_text(resource, kind), **resource.arguments).create()
    assert taken.outputs[IDENTITY] == resource.outputs[IDENTITY]
    assert taken.inputs[PANEL] == panel_address(panel.url)
    assert panel.writes() == []


@over(list(MODULES))
def test_nothing_is_sent_to_a_strangers_object(kind: str, stale: LivingResource, panel: Panel) -> None:
    stale.change()
    assert panel.requests() == []  # an unchanged program asks nothing of it
    if PROGRAMS[kind].change:
        refuses_a_change(kind, stale, panel)
    if PROGRAMS[kind].again:
        refuses_a_replacement(kind, stale, panel)
    if kind in COMPARED:
        refuses_a_deletion(stale, panel)
    takes_it_for_gone(stale, panel)


def refuses_a_change(kind: str, stale: LivingResource, panel: Panel) -> None:
    """Before anything is sent, with the reason, and the state remembers who it was."""
    outputs, arguments = dict(stale.outputs), dict(stale.arguments)
    with pytest.raises(HostError) as error:
        stale.change(**PROGRAMS[kind].change)
    assert "the panel has another object there than this stack knows" in error.value.message
    assert "Nothing was sent" in error.value.message
    assert any(known in error.value.message for known in outputs[IDENTITY].values())
    assert (panel.writes(), stale.outputs) == ([], outputs)
    stale.arguments = arguments


def refuses_a_replacement(kind: str, stale: LivingResource, panel: Panel) -> None:
    """A new object may have been made before the old one is to be deleted."""
    before, arguments = everything(panel), dict(stale.arguments)
    old = stale.id, stale.inputs, stale.outputs
    with pytest.raises(
        HostError,
        match=r"another (object there|one) than this stack knows|is not touched|was not carried out",
    ):
        stale.change(**PROGRAMS[kind].again)
    now = everything(panel)
    assert {name: now.get(name) for name in before} == before
    (stale.id, stale.inputs, stale.outputs), stale.arguments = old, arguments
    panel.forget()


def refuses_a_deletion(stale: LivingResource, panel: Panel) -> None:
    with pytest.raises(HostError, match="the panel has another object there than this stack knows"):
        stale.delete()
    assert panel.writes() == []


def takes_it_for_gone(stale: LivingResource, panel: Panel) -> None:
    stale.refresh()
    assert stale.id == ""
    assert [said for said in stale.warnings if "is taken for gone: the panel has another" in said]
    assert panel.writes() == []


@over([kind for kind in MODULES if kind not in COMPARED])
def test_what_is_only_forgotten_asks_for_nothing(stale: LivingResource, panel: Panel) -> None:
    stale.delete()
    assert panel.writes() == []


@over(CHANGED)
def test_it_costs_at_most_a_read_more_where_it_is_the_stacks_own(
    kind: str, resource: LivingResource, panel: Panel, new_process: Life
) -> None:
    resource = new_process.next_run(resource)
    before = resource.outputs[IDENTITY]
    panel.forget()
    resource.change(**PROGRAMS[kind].change)
    assert panel.writes()
    assert resource.outputs[IDENTITY] == before


def test_every_fact_is_somebodys(life: Life, panel: Panel) -> None:
    # A panel that tells when a pack was made is newer than this one.
    found = set(of_pack(SimpleNamespace(pack_id=1, created="2026-01-02T03:04:05Z")))
    for kind in MODULES:
        panel.start_over()
        found |= made(life, kind).outputs[IDENTITY].keys()
    assert found == FACTS.keys()
