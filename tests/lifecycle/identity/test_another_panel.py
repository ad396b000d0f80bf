"""No resource asks anything of another panel than its state's, until the settings say that the panel has moved."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.lifecycle.identity import PANEL, panel_address
from pulumi_virtfusion.resources import MODULES
from tests.lifecycle.identity.programs import PROGRAMS, made
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError


@pytest.fixture(params=MODULES)
def kind(request: pytest.FixtureRequest) -> str:
    named: str = request.param
    return named


@pytest.fixture
def resource(kind: str, life: Life, panel: Panel) -> LivingResource:
    """The resource of that kind, made."""
    resource = made(life, kind)
    panel.forget()
    return resource


@pytest.fixture
def elsewhere(panel: Panel) -> str:
    """Another address, where a request would still be seen."""
    assert "127.0.0.1" in panel.url
    return panel.url.replace("127.0.0.1", "localhost")


def test_everything_is_refused_before_anything_is_asked(
    kind: str, resource: LivingResource, another_run: Life, panel: Panel, elsewhere: str
) -> None:
    astray = another_run.with_settings(endpoint=elsewhere).next_run(resource)
    refused = f"belongs to the panel {panel_address(panel.url)}, but this run talks to {panel_address(elsewhere)}"
    change = PROGRAMS[kind].change or PROGRAMS[kind].again
    for attempt in (astray.check, astray.change, lambda: astray.change(**change), astray.refresh, astray.delete):
        with pytest.raises(Exception, match="belongs to the panel") as error:
            attempt()
        assert refused in str(error.value)
        assert "Nothing was sent." in str(error.value)
    for unchecked in (astray.hosted.diff, astray.hosted.update):
        with pytest.raises(HostError, match="belongs to the panel"):
            unchecked(astray.id, astray.outputs, {**astray.inputs, **change}, astray.inputs)
    assert panel.requests() == []


def test_a_panel_that_has_moved_is_asked_at_its_new_address(
    resource: LivingResource, new_process: Life, panel: Panel, elsewhere: str
) -> None:
    moved = new_process.with_settings(endpoint=elsewhere, moved_from=panel.url).next_run(resource)
    moved.refresh()
    assert moved.id == resource.id
    assert moved.inputs[PANEL] == panel_address(elsewhere)
    later = new_process.with_settings(endpoint=elsewhere).next_run(moved)
    later.change()
    assert panel.writes() == []
