"""`virtfusion sandbox`: a panel to try things on."""

from __future__ import annotations

import ipaddress
import secrets
from pathlib import Path
from typing import Annotated

import typer


def command(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes any free port.")] = 8765,
    data: Annotated[
        Path | None, typer.Option(help="SQLite file that keeps the panel; in memory when left out.")
    ] = None,
    token: Annotated[str | None, typer.Option(help="API token; a new one when left out.")] = None,
    seed_profile: Annotated[str, typer.Option(help="What a fresh panel holds: demo, empty, large.")] = "demo",
    latency: Annotated[float, typer.Option(min=0, help="Milliseconds added to every answer.")] = 0,
    build_seconds: Annotated[float, typer.Option(min=0, help="Seconds a build takes.")] = 5,
    normalise: Annotated[bool, typer.Option("--normalise", help="Respell texts as Laravel does.")] = False,
    clock_offset: Annotated[
        float, typer.Option(min=-1e9, max=1e9, help="Seconds by which the panel's clock is fast.")
    ] = 0,
    host: Annotated[str | None, typer.Option(help="Address to listen on instead of loopback.")] = None,
) -> None:
    """Runs a stateful panel that answers the Global API, until interrupted. GET / shows a live page of it."""
    from ..sandbox.sandbox import Sandbox
    from ..sandbox.server import listen, uvicorn_server

    token = token or secrets.token_urlsafe(24)
    try:
        sandbox = Sandbox(
            token=token,
            build_seconds=build_seconds,
            latency=latency,
            data=data,
            seed_profile=seed_profile,
            normalise=normalise,
            clock_offset=clock_offset,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--seed-profile") from None
    address = host or "127.0.0.1"
    try:
        listener = listen(address, port)
    except OSError as error:
        raise typer.BadParameter(f"can not listen on {address} port {port}: {error.strerror}") from None
    with listener:
        typer.echo(f"http://{f'[{address}]' if ':' in address else address}:{listener.getsockname()[1]}")
        typer.echo(token)
        uvicorn_server(sandbox, any_host=host is not None and not _is_loopback(host)).run(sockets=[listener])
    sandbox.close()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
