"""The bent panel itself, of which every other test here believes what it counts."""

from __future__ import annotations

from threading import Thread

from pulumi_virtfusion.api import VirtFusion
from tests.faults.world import World
from tests.fuzz.bends import TOKEN
from tests.fuzz.bent_panel import BentPanel, bent


def test_an_answer_that_comes_late_is_counted_where_its_request_was(world: World) -> None:
    with bent(world.panel) as panel:
        world.start_over()
        world.panel.fault(path="^/packages/2$", delay=0.5)
        late = Thread(target=client_of(panel).packages.get, args=[2])
        late.start()
        while not panel.exchanges:
            pass
        earlier = panel.exchanges
        panel.straighten()
        late.join()
        assert [(one.line, one.genuine.status, one.done) for one in earlier] == [("GET /packages/2", 200, True)]
        assert panel.exchanges == []


def client_of(panel: BentPanel) -> VirtFusion:
    return VirtFusion(panel.origin, TOKEN)
