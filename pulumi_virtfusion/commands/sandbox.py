"""`virtfusion sandbox`: a panel for experiments."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import ssl

    from uvicorn import Server

    from ..sandbox.introduction import Introduction
    from ..sandbox.sandbox import Sandbox

_TOKEN_VARIABLE = "VIRTFUSION_TOKEN"
_EXTRA = ("starlette", "trustme", "uvicorn")
"""Packages that a plain install leaves out."""


def command(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes any free port.")] = 8765,
    data: Annotated[
        Path | None, typer.Option(help="SQLite file that keeps the panel and its token; in memory when left out.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(help=f"API token; else {_TOKEN_VARIABLE}, else the one that --data keeps, else a new one."),
    ] = None,
    token_file: Annotated[Path | None, typer.Option(help="File that holds the API token.")] = None,
    seed_profile: Annotated[str, typer.Option(help="What a fresh panel holds: demo, empty, large.")] = "demo",
    latency: Annotated[float, typer.Option(min=0, help="Milliseconds added to every answer.")] = 0,
    build_seconds: Annotated[float, typer.Option(min=0, help="Seconds a build takes.")] = 5,
    normalise: Annotated[bool, typer.Option("--normalise", help="Respell texts as Laravel does.")] = False,
    clock_offset: Annotated[
        float, typer.Option(min=-1e9, max=1e9, help="Seconds by which the panel's clock is fast.")
    ] = 0,
    tls: Annotated[
        bool, typer.Option("--tls", help="Speak HTTPS, with a certificate of the panel's own; prints its CA file.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on instead of loopback.")] = None,
) -> None:
    """Run a stateful panel that answers the Global API, until interrupted. GET / shows a live page of the panel."""
    given = _given_token(token, token_file)
    with _missing_extra_named():
        from ..sandbox.introduction import Introduction
        from ..sandbox.panel.data_file import Unusable
        from ..sandbox.sandbox import Sandbox
        from ..sandbox.seeds import PROFILES
        from ..sandbox.wire.origin import is_loopback
        from ..sandbox.wire.server import listen, uvicorn_server

    if seed_profile not in PROFILES:
        raise typer.BadParameter(f"there are {', '.join(PROFILES)}.", param_hint="--seed-profile")
    try:
        sandbox = Sandbox(
            token=given,
            build_seconds=build_seconds,
            latency=latency,
            data=data,
            seed_profile=seed_profile,
            normalise=normalise,
            clock_offset=clock_offset,
        )
    except Unusable as error:
        raise typer.BadParameter(str(error), param_hint="--data") from None
    address = host or "127.0.0.1"
    try:
        listener = listen(address, port)
    except OSError as error:
        sandbox.close()
        raise typer.BadParameter(f"can not listen on {address} port {port}: {error.strerror}") from None
    if token or not given:
        sandbox.keep_token()
    with closing(sandbox), listener, _tls(sandbox, data, address, wanted=tls) as (context, ca_file):
        named = f"[{address}]" if ":" in address else address
        introduction = Introduction(
            address=f"{'https' if tls else 'http'}://{named}:{listener.getsockname()[1]}",
            # Whoever keeps the token out of the list of processes does not want it on the terminal either.
            token=sandbox.token if token or not given else None,
            token_from=_in_a_shell(token_file),
            ca_file=ca_file,
        )
        sandbox.introduction = introduction if is_loopback(address) else introduction.without_token()
        server = uvicorn_server(sandbox, listens_on=address, tls=context)
        ended_by = _signals_that_end(server)
        tell = _welcome if sys.stdout.isatty() else _tell
        tell(introduction, str(token_file or _TOKEN_VARIABLE), data)
        server.run(sockets=[listener])
    if ended_by:
        raise typer.Exit(128 + ended_by[0])


def _in_a_shell(token_file: Path | None) -> str:
    return f"< {shlex.quote(str(token_file.absolute()))}" if token_file else f'"${_TOKEN_VARIABLE}"'


def _tell(introduction: Introduction, source: str, _data: Path | None) -> None:
    """Print address and token line by line, for a script."""
    typer.echo(introduction.address)
    typer.echo(introduction.token or f"(the token of {source})")
    if introduction.ca_file:
        typer.echo(introduction.ca_file)


def _welcome(introduction: Introduction, source: str, data: Path | None) -> None:
    """Print an introduction for a person: the address, the page, and the lines to paste."""
    kept = f"kept in {data}" if data else "kept in memory until you end it"
    facts = {
        "Page": f"{introduction.address}/",
        "Address": introduction.address,
        "Token": introduction.token or f"that of {source}",
        "CA file": introduction.ca_file,
    }
    typer.echo(f"{typer.style('A VirtFusion panel to try things on', bold=True)}: nothing in it is real, {kept}.\n")
    for name, fact in facts.items():
        if fact:
            typer.echo(f"  {name:<8} {fact}")
    typer.echo("\nLet a stack use it, in its project's folder:\n")
    for line in introduction.commands():
        typer.echo(f"  {line}")
    typer.echo("\nCtrl+C ends it.")


def _signals_that_end(server: Server) -> list[int]:
    """Let SIGTERM end the server; return a list to which each such signal is added.

    The handler raises nothing: an exception may come out anywhere, in the middle of the start of an event loop too.
    uvicorn's own handler replaces this one while the server runs, and sends the signal again afterwards.
    """
    received: list[int] = []

    def end(number: int, _frame: object) -> None:
        received.append(number)
        server.should_exit = True

    signal.signal(signal.SIGTERM, end)
    return received


def _given_token(token: str | None, token_file: Path | None) -> str | None:
    if token is not None and token_file is not None:
        raise typer.BadParameter("give the token or its file, not both.", param_hint="--token-file")
    if token is not None:
        return _usable(token, "--token")
    if token_file is None:
        return _usable(os.environ[_TOKEN_VARIABLE], _TOKEN_VARIABLE) if os.environ.get(_TOKEN_VARIABLE) else None
    try:
        return _usable(token_file.read_text().strip(), "--token-file")
    except OSError as error:
        raise typer.BadParameter(f"{token_file}: {error.strerror}.", param_hint="--token-file") from None
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{token_file}: this is not a text.", param_hint="--token-file") from None


def _usable(token: str, source: str) -> str:
    if not token or not all("!" <= character <= "~" for character in token):
        text = "a token is a text of visible ASCII characters without spaces; there is none here."
        raise typer.BadParameter(text, param_hint=source)
    return token


@contextmanager
def _missing_extra_named() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        if module not in _EXTRA:
            raise
        text = f"`virtfusion sandbox` needs {module}, which is in an extra: pip install 'pulumi-virtfusion[sandbox]'"
        typer.echo(text, err=True)
        raise typer.Exit(2) from None


@contextmanager
def _tls(
    sandbox: Sandbox, data: Path | None, address: str, *, wanted: bool
) -> Iterator[tuple[ssl.SSLContext | None, Path | None]]:
    """Give the TLS context, and the file with the panel's CA: beside its data, or a temporary one."""
    if not wanted:
        yield None, None
        return
    with _missing_extra_named():
        from ..sandbox.wire.certificates import authority, server_context
        from ..sandbox.wire.origin import certified_names
    ca = authority(sandbox.panel.store)
    context = server_context(ca, certified_names(address))
    with tempfile.TemporaryDirectory(prefix="virtfusion-sandbox-") as directory:
        file = Path(f"{data}.ca.pem").absolute() if data else Path(directory) / "ca.pem"
        try:
            file.write_bytes(ca.cert_pem.bytes())
        except OSError as error:
            raise typer.BadParameter(f"{file}: {error.strerror}.", param_hint="--tls") from None
        yield context, file
