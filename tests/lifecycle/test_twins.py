"""Two resources of one object: whatever takes one of them away leaves the object to the other.

A resource gets a new name and an `import_` at once: the engine takes the object over, then deletes the old resource.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"
TWINS: dict[str, dict[str, Any]] = {
    "Server": {"package_id": 1, "hypervisor_group_id": 1},
    "SshKey": {"name": "laptop", "public_key": KEY},
    "ResourcePack": {"relation": 42, "pack_id": 1, "delete_servers": True},
    "User": {"name": "Bob", "email": "bob@example.com", "ext_relation_id": 43},
}


@pytest.fixture(params=TWINS)
def twins(
    request: pytest.FixtureRequest, life: Life, another_run: Life, panel: Panel, owner: LivingResource
) -> tuple[LivingResource, LivingResource]:
    """An object that an earlier run made, and the one that takes it over now."""
    kind, given = request.param, dict(TWINS[request.param])
    if kind in ("Server", "SshKey"):
        given["user_id"] = owner["user_id"]
    old = life(kind, "old", **given).create()
    new = another_run(kind, "new", import_=given.get("ext_relation_id", old.id), **given)
    new.hosted = replace(new.hosted, urn=f"{old.hosted.urn.removesuffix('old')}new")
    panel.forget()
    return another_run.next_run(old), new.create()


def test_the_old_name_of_what_was_taken_over_deletes_nothing(
    twins: tuple[LivingResource, LivingResource], panel: Panel
) -> None:
    old, new = twins
    assert old.id == new.id
    old.delete()
    assert panel.writes() == []
    assert "is left alone, since 'new' of the program is the same" in old.warnings[0]


def test_the_last_one_deletes(twins: tuple[LivingResource, LivingResource], panel: Panel) -> None:
    for one in twins:
        one.delete()
    assert len(panel.writes()) >= 1


def test_one_of_both_that_the_program_has_no_more(twins: tuple[LivingResource, LivingResource], panel: Panel) -> None:
    old, new = twins
    old.change()
    new.delete()
    assert panel.writes() == []
