"""Many threads, one client, a panel that fails at random: nothing twice, and never more at once than allowed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_virtfusion.api import OutcomeUnknown, VirtFusion, VirtFusionError
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.faults.table import IMPATIENT, PAGE
from tests.faults.world import PUBLIC_KEY

MOST = 5
CREATES = 120


@pytest.fixture
def panel() -> Iterator[RunningPanel]:
    with running(latency=3, seed_profile="large") as panel:
        chances: list[dict[str, Any]] = [
            {"status": 429, "probability": 0.1},
            {"status": 423, "body": {"msg": "locked"}, "probability": 0.05},
            {"close": True, "probability": 0.05},
            {"close": True, "probability": 0.05, "when": "after"},
            {"status": 502, "body": PAGE, "probability": 0.05},
            {"status": 500, "body": PAGE, "probability": 0.05, "when": "after"},
            {"truncate": True, "probability": 0.05, "when": "after"},
        ]
        for seed, chance in enumerate(chances):
            panel.fault(times=None, seed=seed, **chance)
        yield panel


def test_creates_are_carried_out_at_most_once_and_those_that_returned_exactly_once(panel: RunningPanel) -> None:
    client = VirtFusion(panel.origin, panel.token, max_concurrency=MOST, retry_policy=IMPATIENT)

    def create(number: int) -> tuple[str, VirtFusionError | None]:
        name = f"key {number}"
        try:
            client.ssh_keys.create(user_id=1, name=name, public_key=PUBLIC_KEY)
        except VirtFusionError as error:
            return name, error
        return name, None

    with ThreadPoolExecutor(20) as threads:
        outcomes = dict(threads.map(create, range(CREATES)))
    made = [row["name"] for row in panel.state()["ssh_keys"]]
    assert len(made) == len(set(made))
    assert {name for name, error in outcomes.items() if error is None} <= set(made)
    assert {type(error) for error in outcomes.values()} == {type(None), OutcomeUnknown}
    assert panel.metrics()["in_flight_peak"] == MOST
    assert panel.metrics()["by_status"]["429"] > 3
