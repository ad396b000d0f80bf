"""Whatever fails once an object is there, the state has it: a state without it would make a second one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pulumi_virtfusion.config import Settings
from pulumi_virtfusion.lifecycle.contract import Incomplete
from pulumi_virtfusion.lifecycle.lifecycle import Lifecycle
from pulumi_virtfusion.lifecycle.run import Run
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.schema.plain_values import carriable

STEPS = ("_steps_after_making", "_run", "outputs", "_identified")


class Nobody:
    """A context of a panel that is never asked."""

    def __init__(self) -> None:
        self.panel, self.settings, self.run, self.urn = SimpleNamespace(), Settings(), Run(), ""

    def __getattr__(self, _name: str) -> Any:
        return lambda _message: None


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", MODULES)
def test_a_step_that_fails_in_no_way_that_anybody_foresaw_keeps_the_object(
    kind: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lifecycle = Lifecycle(type(resource_class(kind).behaviour)(kind, resource_class(kind).fields))
    monkeypatch.setattr(lifecycle.behaviour, "make", lambda *_: ("7", SimpleNamespace()))
    monkeypatch.setattr(lifecycle.behaviour, "outputs", lambda *_: {})
    monkeypatch.setattr(lifecycle if hasattr(lifecycle, step) else lifecycle.behaviour, step, _broken)
    with pytest.raises(Incomplete, match=r"7 was made; then ZeroDivisionError: broken") as error:
        lifecycle.create(Nobody(), {})  # type: ignore[arg-type]
    assert error.value.made.id == "7"


def _broken(*_: Any) -> Any:
    raise ZeroDivisionError("broken")


@pytest.mark.parametrize(
    ("value", "carried"),
    [
        ("\ud800", "?"),
        (10**400, str(10**400)),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        ({"a": ["\udfff", 1, True, None]}, {"a": ["?", 1, True, None]}),
        ("ü 🙂", "ü 🙂"),
    ],
)
def test_what_reaches_the_engine_can_be_encoded_and_is_finite(value: Any, carried: Any) -> None:
    assert carriable(value) == carried
