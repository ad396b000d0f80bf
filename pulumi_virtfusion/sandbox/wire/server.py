"""The sandbox on a port: in this thread for a person, in another thread for a test."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn

from ..access import Token
from ..drift import Mutation
from ..faults import Fault
from ..introduction import Introduction
from ..panel.clock import Clock
from ..prepared_drift import WantedDrift
from ..sandbox import Sandbox
from .app import API, App
from .connections import Connections
from .origin import LOOPBACK_NAMES, Names

_IDLE_SECONDS = 75


def uvicorn_server(
    sandbox: Sandbox, *, listens_on: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> uvicorn.Server:
    connections = Connections()
    config = uvicorn.Config(
        App(sandbox, connections.of, Names(listens_on)),
        http=connections.protocol(),
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=1,
    )
    config.load()
    # uvicorn itself would read certificate and key from files.
    config.ssl = tls
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes any free port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


class RunningPanel:
    """A sandbox that answers on a port of its own, with its controls as methods."""

    def __init__(self, sandbox: Sandbox, port: int, ca_bundle: Path | None = None) -> None:
        self.sandbox = sandbox
        self.token = sandbox.token
        self.ca_bundle = ca_bundle
        """The file with the panel's CA for clients, when the panel speaks TLS."""
        self.origin = f"{'https' if ca_bundle else 'http'}://127.0.0.1:{port}"
        sandbox.introduction = Introduction(self.origin, self.token, ca_file=ca_bundle)
        self.url = self.origin + API

    def reset(self) -> None:
        """Restore the seed: objects, faults, added tokens and the request log."""
        self.sandbox.reset()

    def seed(self, profile: str) -> None:
        self.sandbox.seed(profile)

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the log after request `since`: id, time, method, path, query, agent, body, status, ms, done."""
        return self.sandbox.recorder.since(since)

    def clear_requests(self) -> None:
        self.sandbox.recorder.clear()

    def mutate(self, kind: str, id: int, set: dict[str, Any] | None = None, *, delete: bool = False) -> dict[str, Any]:  # noqa: A002
        """Make drift: set values by dotted paths as in the panel's answers, or delete the object."""
        return self.sandbox.mutate(Mutation(kind=kind, id=id, set=set or {}, delete=delete))

    def drift(self, name: str, server_id: int) -> Mutation:
        """Make a prepared drift, by its name in `DRIFTS`: `rename`, `give-away`, ..."""
        return self.sandbox.drift(WantedDrift(name=name, id=server_id))

    def overview(self) -> dict[str, Any]:
        """Return the panel at a glance, as its page shows it."""
        return self.sandbox.overview()

    def snapshot(self, name: str = "backup") -> None:
        """Keep the whole panel under a name, until the next seed or reset."""
        self.sandbox.snapshot(name)

    def restore(self, name: str = "backup") -> None:
        """Restore a snapshot, as from a backup: later objects are gone, and other objects get their ids."""
        self.sandbox.restore(name)

    def set(self, **changes: Any) -> None:
        """Change settings by the fields of `Settings`, until the next seed or reset."""
        self.sandbox.set(changes)

    def state(self) -> dict[str, Any]:
        """Return all objects by kind; `hidden` has the facts that no answer shows."""
        return self.sandbox.state()

    def fault(self, **facts: Any) -> Fault:
        """Declare a fault by the fields of `Fault`; its `hits` counts on."""
        fault = Fault(**facts)
        self.sandbox.faults.add(fault)
        return fault

    def clear_faults(self) -> None:
        self.sandbox.faults.all.clear()

    def add_token(self, token: str, **facts: Any) -> None:
        """Add a token, with `scope`, `rate` and `retry_after` as fields of `Token`."""
        self.sandbox.tokens.add(Token.model_validate({"token": token, **facts}))

    def metrics(self) -> dict[str, Any]:
        return self.sandbox.recorder.metrics()

    def reset_metrics(self) -> None:
        self.sandbox.recorder.reset_metrics()

    def advance(self, seconds: float) -> None:
        """Put the panel's clock forward by seconds: delays pass, builds end."""
        self.sandbox.advance(seconds)


@contextmanager
def running(
    *,
    token: str = "sandbox-token",
    build_seconds: float = 0.2,
    latency: float = 0.0,
    data: Path | None = None,
    seed_profile: str = "demo",
    clock: Clock | None = None,
    normalise: bool = False,
    clock_offset: float = 0.0,
    tls: bool = False,
) -> Iterator[RunningPanel]:
    """Run a panel on a free loopback port for the length of a `with`; latency is in milliseconds."""
    sandbox = Sandbox(
        token=token,
        build_seconds=build_seconds,
        latency=latency,
        data=data,
        seed_profile=seed_profile,
        clock=clock,
        normalise=normalise,
        clock_offset=clock_offset,
    )
    with listen("127.0.0.1", 0) as listener, TemporaryDirectory() as directory:
        ca_bundle = Path(directory) / "ca.pem" if tls else None
        server = uvicorn_server(sandbox, tls=_tls(sandbox, ca_bundle) if ca_bundle else None)
        # The socket listens already: requests wait in its queue until the thread is ready for them.
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox")
        thread.start()
        try:
            yield RunningPanel(sandbox, listener.getsockname()[1], ca_bundle)
        finally:
            server.should_exit = True
            thread.join()
            sandbox.close()


def _tls(sandbox: Sandbox, ca_bundle: Path) -> ssl.SSLContext:
    """Return a TLS context for loopback, and write the CA for clients to the file."""
    from .certificates import authority, server_context

    ca = authority(sandbox.panel.store)
    ca.cert_pem.write_to_path(str(ca_bundle))
    return server_context(ca, LOOPBACK_NAMES)
