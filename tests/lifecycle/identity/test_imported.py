"""An import proves who the object is, or nothing is sent to it: whatever part of its name a person gives."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.lifecycle.identity import FACTS, IDENTITY, OWNERS, lacking
from pulumi_virtfusion.resources import MODULES, resource_class
from tests.lifecycle.identity.programs import import_text, made
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

FOUND = [kind for kind in MODULES if resource_class(kind).behaviour.found_by]
BY_NUMBER = [kind for kind in FOUND if resource_class(kind).behaviour.owned_by]
"""Kinds of which the number alone does not tell whose the object is."""


def imported(life: Life, kind: str, text: str) -> LivingResource:
    """The resource as `pulumi import` keeps it: nobody has given an argument."""
    taken = life(kind, "taken")
    read = taken.hosted.read(text, {})
    taken.id, taken.outputs, taken.inputs = read.id, read.outputs, read.inputs or {}
    return taken


@pytest.mark.only_through("native")
@pytest.mark.parametrize("kind", FOUND)
def test_an_import_proves_who_it_is_or_nothing_is_sent(kind: str, life: Life, panel: Panel, another_run: Life) -> None:
    resource = made(life, kind)
    panel.forget()
    taken = another_run.next_run(imported(another_run, kind, import_text(resource, kind)))
    is_whole = taken.outputs[IDENTITY] == resource.outputs[IDENTITY]
    assert is_whole is (kind not in BY_NUMBER)
    if not is_whole:
        with pytest.raises(HostError, match="was not deleted: it was imported by its number alone") as error:
            taken.delete()
        assert f"import it as `{taken.id}/<" in error.value.message
    assert panel.writes() == []


@pytest.mark.only_through("native")
@pytest.mark.parametrize("kind", BY_NUMBER)
def test_an_import_with_the_owner_is_proven(kind: str, life: Life, panel: Panel, new_process: Life) -> None:
    resource = made(life, kind)
    (owner,) = resource_class(kind).behaviour.owned_by
    taken = imported(new_process, kind, f"{resource.id}/{int(resource[owner])}")
    assert taken.outputs[IDENTITY] == resource.outputs[IDENTITY]
    panel.forget()
    taken.delete()
    assert len(panel.writes()) == 1


def test_what_the_owners_facts_are() -> None:
    assert {*OWNERS, *OWNERS.values()} <= FACTS.keys()
    assert lacking({"pack_definition": "1"}) == {"user_id"}
    assert lacking({"pack_definition": "1", "user_id": "7"}) == set()
    assert lacking({"server_uuid": "a"}) == set()


def test_a_pack_in_a_state_of_an_earlier_version_is_changed_and_then_known(life: Life, panel: Panel) -> None:
    pack = made(life, "ResourcePack")
    identity = pack.outputs.pop(IDENTITY)
    panel.forget()
    pack.change(enabled=False)
    assert panel.writes() == [f"PUT /selfService/resourcePack/{pack.id}"]
    assert pack.outputs[IDENTITY] == identity
