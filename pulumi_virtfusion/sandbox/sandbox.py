"""The sandbox: a panel, its tokens, its faults, and the controls over all three."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from .access import Tokens
from .drift import Mutation, delete_object, set_values
from .faults import Faults
from .introduction import Introduction
from .overview import overview
from .panel.address_pool import AddressPool
from .panel.clock import Clock
from .panel.normalisation import normalised_body, normalised_query
from .panel.panel import Panel
from .panel.refusals import Invalid, NotFound
from .panel.store import KINDS, Store
from .prepared_drift import WantedDrift, mutation_of
from .recorder import Recorder
from .routes import find_operation
from .rules.jobs import is_due, shift
from .rules.steps import advance
from .seeds import PROFILES, seed
from .wire.request import ApiRequest


class PanelSettings(BaseModel):
    """The settings of the panel's behaviour."""

    model_config = ConfigDict(extra="forbid", strict=True)

    normalise: bool = False
    """Whether texts are trimmed, emptied and respelt as Laravel does it."""
    clock_offset: Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)] = 0.0
    """Seconds by which the panel's clock is fast; negative when it is slow."""


class Sandbox:
    """Everything behind the port. Each method holds the panel's lock, so it is thread-safe."""

    def __init__(
        self,
        *,
        token: str | None = None,
        build_seconds: float = 5.0,
        latency: float = 0.0,
        data: Path | None = None,
        seed_profile: str = "demo",
        clock: Clock | None = None,
        normalise: bool = False,
        clock_offset: float = 0.0,
    ) -> None:
        if seed_profile not in PROFILES:
            raise ValueError(_unknown(seed_profile))
        store = Store(data)
        self.panel = Panel(store, AddressPool(store.connection), clock or Clock(), build_seconds)
        self.latency = latency
        """Milliseconds added to every answer of the API."""
        self._settings_at_first = PanelSettings(normalise=normalise, clock_offset=clock_offset)
        self.settings = self._settings_at_first
        self.token = token or store.fact("token") or secrets.token_urlsafe(24)
        """The given token, else the one kept with the panel, else a new one."""
        self.tokens = Tokens(self.token, self.panel.clock)
        self.faults = Faults()
        self.recorder = Recorder()
        self.introduction = Introduction("")
        """The server that opens the port fills in the address."""
        self._process = secrets.token_hex(8)
        self._profile = store.fact("profile") or seed_profile
        if store.fact("profile") is None:
            self.seed(seed_profile)
        else:
            self._set_clock(clock_offset)

    def keep_token(self) -> None:
        """Keep the token in the panel's file, for the next start without one."""
        self.panel.store.set_fact("token", self.token)

    def close(self) -> None:
        with self.panel.lock:
            self.panel.store.close()

    def answer(self, asked: ApiRequest) -> tuple[int, Any]:
        """Return status and JSON of the API's answer, None for no body; all changes are committed."""
        self.tokens.admit(asked.authorization, asked.path)
        operation, placeholders = find_operation(asked.method, asked.path)
        if asked.unreadable:
            raise asked.unreadable
        if self.settings.normalise:
            asked.query, asked.body = normalised_query(asked.query), normalised_body(asked.body)
        with self.panel.lock:
            self._catch_up()
            with self.panel.store.transaction():
                answer = operation.answer(self.panel, asked.path, placeholders, asked.query, asked.body)
        return operation.status, answer

    def _catch_up(self) -> None:
        if is_due(self.panel):
            with self.panel.store.transaction():
                advance(self.panel)

    def seed(self, profile: str) -> None:
        """Start over with another profile, the real time and the first settings; faults, added tokens, snapshots
        and the log are cleared too."""
        if profile not in PROFILES:
            raise Invalid(_unknown(profile))
        with self.panel.lock, self.panel.store.transaction():
            self.panel.clock.reset()
            self.panel.clock.offset = self._settings_at_first.clock_offset
            seed(self.panel, profile)
            self.panel.store.set_fact("clock_offset", str(self.panel.clock.offset))
            self._profile = profile
        self.settings = self._settings_at_first
        self.faults.all.clear()
        self.tokens.forget_added()
        self.recorder.clear()
        self.recorder.reset_metrics()

    def reset(self) -> None:
        self.seed(self._profile)

    def mutate(self, wanted: Mutation) -> dict[str, Any]:
        """Change or delete an object behind the API's back; return the object afterwards, `{}` when deleted."""
        with self.panel.lock:
            self._catch_up()
            with self.panel.store.transaction():
                if wanted.delete:
                    delete_object(self.panel, wanted.kind, wanted.id)
                    return {}
                return set_values(self.panel, wanted.kind, wanted.id, wanted.set)

    def set(self, changes: dict[str, Any]) -> None:
        """Change settings, until the next seed; raise ValidationError for an unknown one."""
        settings = PanelSettings.model_validate(self.settings.model_dump() | changes)
        with self.panel.lock:
            self._catch_up()
            self._set_clock(settings.clock_offset)
            self.settings = settings

    def _set_clock(self, offset: float) -> None:
        """Set the error of the clock in seconds; work under way takes as long as before."""
        store = self.panel.store
        with store.transaction():
            shift(self.panel, offset - float(store.fact("clock_offset") or 0))
            store.set_fact("clock_offset", str(offset))
        self.panel.clock.offset = offset

    def snapshot(self, name: str) -> None:
        """Keep the whole panel under a name, until the next seed."""
        with self.panel.lock:
            self._catch_up()
            with self.panel.store.transaction():
                self.panel.store.keep_snapshot(name)

    def restore(self, name: str) -> None:
        """Restore the panel, as from a backup: later objects are gone, and their ids are given out again.

        The clock does not go back. It goes on by a second, because the panel keeps whole seconds, and an object
        that gets an id anew must not have the time of the earlier object.
        """
        with self.panel.lock:
            with self.panel.store.transaction():
                if not self.panel.store.restore_snapshot(name):
                    raise NotFound("snapshot")
            self.advance(1)

    def drift(self, wanted: WantedDrift) -> Mutation:
        """Let a server drift in a prepared way, and return the change."""
        with self.panel.lock:
            self._catch_up()
            with self.panel.store.transaction():
                mutation = mutation_of(self.panel, wanted)
            self.mutate(mutation)
        return mutation

    def overview(self) -> dict[str, Any]:
        """Return the panel at a glance, for the page: names instead of ids, work under way, faults and counters."""
        with self.panel.lock:
            self._catch_up()
            shown = overview(self.panel)
        return shown | {
            "process": self._process,
            "profile": self._profile,
            "log": self.recorder.ids(),
            "metrics": self.recorder.metrics(),
            "faults": [
                fault.model_dump(include={"name", "method", "path", "hits", "times"}) for fault in self.faults.all
            ],
        }

    def state(self) -> dict[str, Any]:
        """Return all objects by kind; `hidden` has the facts that no answer of the API shows."""
        with self.panel.lock:
            self._catch_up()
            state: dict[str, Any] = {kind: self.panel.store.find(kind) for kind in KINDS}
            state["addresses"] = self.panel.addresses.all_held()
        return state

    def advance(self, seconds: float) -> None:
        """Put the panel's clock forward by seconds, and carry out the work that becomes due."""
        with self.panel.lock:
            self.panel.clock.advance(seconds)
            self._catch_up()


def _unknown(profile: str) -> str:
    return f"Unknown seed profile {profile!r}; there are {', '.join(PROFILES)}."
