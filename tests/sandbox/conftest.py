"""A sandbox panel whose clock stands still until a test puts it forward, and a plain way to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pulumi_virtfusion.sandbox import RunningPanel, running
from pulumi_virtfusion.sandbox.panel.clock import Clock

NOON = 1_769_342_400.0
"""2026-01-25 12:00:00 UTC."""

PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl someone@example.com"


class Api:
    """Requests to a panel's API, and the few steps that most tests begin with."""

    def __init__(self, panel: RunningPanel, token: str | None = None) -> None:
        self.panel = panel
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Accept"] = "application/json"
        self._session.headers["Authorization"] = f"Bearer {token or panel.token}"

    def close(self) -> None:
        self._session.close()

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self._session.request(method, self.panel.url + path, json=body, timeout=20, **options)

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON, None when it has no body; fails the test unless the panel agreed."""
        answer = self.ask(method, path, body)
        assert answer.ok, f"{method} {path} answered {answer.status_code}: {answer.text}"
        return answer.json() if answer.content else None

    def data(self, method: str, path: str, body: Any = None) -> Any:
        return self.done(method, path, body)["data"]

    def server(self, id_: int) -> dict[str, Any]:
        found: dict[str, Any] = self.data("GET", f"/servers/{id_}")
        return found

    def new_server(self, **wanted: Any) -> int:
        body = {"packageId": 1, "userId": 1, "hypervisorId": 1, "ipv4": 1, **wanted}
        return int(self.data("POST", "/servers", body)["id"])

    def built_server(self, **wanted: Any) -> int:
        id_ = self.new_server(**wanted)
        self.data("POST", f"/servers/{id_}/build", {"operatingSystemId": 1})
        self.panel.advance(10)
        return id_

    def new_user(self, name: str = "someone", **wanted: Any) -> dict[str, Any]:
        body = {"name": name, "email": f"{name}@example.com", "relStr": name, **wanted}
        made: dict[str, Any] = self.data("POST", "/users", body)
        return made

    def new_key(self, user_id: int = 1) -> int:
        body = {"userId": user_id, "name": "laptop", "publicKey": PUBLIC_KEY}
        return int(self.data("POST", "/ssh_keys", body)["id"])


@pytest.fixture(scope="session")
def started_panel() -> Iterator[RunningPanel]:
    with running(build_seconds=10, clock=Clock(lambda: NOON)) as started:
        yield started


@pytest.fixture
def panel(started_panel: RunningPanel) -> RunningPanel:
    """A panel as if it were just started: a build takes 10 seconds, which pass when `advance` says so."""
    started_panel.seed("demo")
    return started_panel


@pytest.fixture
def api(panel: RunningPanel) -> Iterator[Api]:
    client = Api(panel)
    yield client
    client.close()
