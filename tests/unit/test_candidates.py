"""Each resource says how what a lost create made is found, or why it cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_virtfusion.lifecycle.behaviour import Behaviour
from pulumi_virtfusion.resources import MODULES, resource_class


def rules(behaviour: Any) -> list[str]:
    """Which of the two it has."""
    finds = type(behaviour).candidates is not Behaviour.candidates
    return [name for name, has in [("candidates", finds), ("unlistable", bool(behaviour.unlistable))] if has]


@pytest.mark.parametrize("name", MODULES)
def test_every_resource_has_one_rule(name: str) -> None:
    assert len(rules(resource_class(name).behaviour)) == 1


def test_a_resource_that_forgot_it_has_none() -> None:
    assert rules(Behaviour("Box", {})) == []


@pytest.mark.parametrize("name", MODULES)
def test_what_is_new_can_be_told_from_what_was_there(name: str) -> None:
    """Either a check notes what is there before, or there is one of it only, or a relation and all else prove it."""
    behaviour = resource_class(name).behaviour
    notes = type(behaviour).noted_before is not Behaviour.noted_before
    assert notes or behaviour.repeatable or behaviour.unlistable or name == "User"
