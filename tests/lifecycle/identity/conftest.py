"""The soak's world: strangers, a panel that is restored, and a run that begins anew each time."""

from tests.soak.conftest import shared_world, world

__all__ = ["shared_world", "world"]
