"""A server's life: made, changed, read, deleted."""

from __future__ import annotations

from tests.lifecycle.life import LivingResource
from tests.lifecycle.panel_fixture import Panel


class TestPackageChange:
    def test_a_new_package_is_one_put(self, server: LivingResource, panel: Panel) -> None:
        plan = server.change(package_id=2)
        assert (plan.changed, plan.replaces) == (["package_id"], [])
        assert panel.writes() == [f"PUT /servers/{server.id}/package/2"]
