"""Every bad argument is refused by the check, in words that name it, its value and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from pulumi_virtfusion.resources import MODULES
from tests.bad_input.declared import declare, refusals
from tests.bad_input.programs import BAD, FINE, GOOD, MISSPELT, SECRETIVE, Bad
from tests.lifecycle.life import Life
from tests.lifecycle.panel_fixture import Panel


def rows(table: Mapping[str, Iterable[Bad]]) -> list[Any]:
    return [
        pytest.param(kind, row, id=f"{kind}-{row.argument}-{number}")
        for kind, of_kind in table.items()
        for number, row in enumerate(of_kind)
    ]


def test_the_table_is_about_every_class() -> None:
    assert BAD.keys() == GOOD.keys() == MODULES.keys()
    assert len(rows(BAD)) + len(rows(SECRETIVE)) > 300


@pytest.mark.parametrize(("kind", "row"), [*rows(BAD), *rows(SECRETIVE)])
def test_a_bad_argument_is_refused_before_anything_is_asked(
    life: Life, panel: Panel, door: str, kind: str, row: Bad
) -> None:
    declared = declare(kind, {**GOOD[kind], **row.arguments})
    assert refusals(life.host, declared) == [row.said(door)]
    assert panel.requests() == []


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [pytest.param(kind, {}, id=kind) for kind in GOOD]
    + [pytest.param(kind, given, id=f"{kind}-{number}") for kind in FINE for number, given in enumerate(FINE[kind])],
)
def test_what_is_only_unusual_is_accepted(life: Life, kind: str, arguments: dict[str, Any]) -> None:
    assert refusals(life.host, declare(kind, {**GOOD[kind], **arguments})) == []


def test_all_that_is_wrong_is_said_at_once(life: Life) -> None:
    wrong = {"package_id": "x", "memory": 1, "name": "", "package_change": {"cpu": 1, "gpu": 2}}
    said = refusals(life.host, declare("Server", {**GOOD["Server"], **wrong}))
    named = {text.partition(":")[0] for text in said}
    assert (len(said), named) == (4, {"package_id", "name", "memory", "package_change"})


@pytest.mark.parametrize(("kind", "arguments", "said"), MISSPELT)
def test_a_misspelt_or_missing_argument_is_a_type_error(kind: str, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError) as error:
        declare(kind, {**GOOD[kind], **arguments})
    assert str(error.value) == said
