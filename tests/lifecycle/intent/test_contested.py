"""Two resources that would undo each other's work are refused, and two that have nothing in common are not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import Life, Refused


def test_users_without_a_relation_may_have_different_hourly_packs(life: Life) -> None:
    for number, name in enumerate(("ada", "bob"), start=1):
        made = life(
            "User", name, name=name, email=f"{name}@example.com", self_service_hourly_resource_pack=number
        ).create()
        assert made["self_service_hourly_resource_pack"] == number


@pytest.mark.parametrize("relation", [{"ext_relation_id": 42}, {"rel_str": "crm"}, {}])
def test_an_hourly_pack_is_set_in_one_place(life: Life, relation: dict[str, Any]) -> None:
    ada = life("User", "ada", name="Ada", email="ada@example.com", self_service_hourly_resource_pack=1, **relation)
    ada.create()
    with pytest.raises(Refused, match="'ada' sets it to another value: declare it once"):
        life("HourlyResourcePack", "pack", relation=ada["relation"], pack_id=2).create()
