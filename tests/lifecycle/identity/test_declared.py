"""Every resource says who its object is, and every argument that names an object is known to."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.lifecycle.behaviour import Behaviour
from pulumi_virtfusion.lifecycle.identity import FACTS, FACTS_OF, SUBJECTS
from pulumi_virtfusion.resources import MODULES, resource_class
from tests.lifecycle.identity.programs import PROGRAMS

NAMES_AN_OBJECT = {
    f.name: kind
    for kind in ("Server", "User", "ResourcePack")
    for f in resource_class(kind).fields.values()
    if f.name in ("server_id", "user_id", "relation", "resource_pack_id")
}


def test_there_is_a_program_of_every_resource() -> None:
    assert PROGRAMS.keys() == MODULES.keys()


@pytest.mark.parametrize("kind", MODULES)
def test_a_resource_says_who_its_object_is(kind: str) -> None:
    assert type(resource_class(kind).behaviour).identity_of is not Behaviour.identity_of


def test_what_names_an_object_is_an_output_of_it() -> None:
    assert NAMES_AN_OBJECT.keys() == SUBJECTS.keys()


@pytest.mark.parametrize("kind", MODULES)
def test_an_argument_that_names_an_object_is_compared(kind: str) -> None:
    """An id of what belongs to the panel itself (a package, a group, a template) is nobody's, and need not be."""
    of_the_panel = {
        "block_id", "backup_plan_id", "hypervisor_group_id", "operating_system_id", "pack_id", "package_id",
        "profile_id", "ext_relation_id",
    }  # fmt: skip
    fields = resource_class(kind).fields.values()
    names = {f.name for f in fields if f.is_input and (f.name.endswith("_id") or f.name == "relation")}
    assert names - of_the_panel <= SUBJECTS.keys()


def test_what_a_dependent_tells_of_its_parent_are_facts() -> None:
    assert {fact for facts in FACTS_OF.values() for fact in facts} <= FACTS.keys()
    assert FACTS_OF.keys() <= set(SUBJECTS.values())
