"""`virtfusion login-url`: a login for one use."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    relation: Annotated[str, typer.Argument(help="The user: digits are an ext_relation_id, anything else a rel_str.")],
    server: Annotated[int | None, typer.Option(help="Server to land on.")] = None,
    rel_str: Annotated[bool, typer.Option("--rel-str", help="Digits are a rel_str too.")] = False,
) -> None:
    """Prints an address that logs the user in, once, within a minute: handle it like a password.

    Which panel: VIRTFUSION_ENDPOINT and VIRTFUSION_TOKEN.
    """
    from ..api.errors import VirtFusionError
    from ..config import NotConfigured, Settings
    from ..resources.user import relation_of

    user = relation if rel_str else relation_of(relation)
    try:
        settings = Settings.of_environment()
        users = settings.panel().users
        login = users.create_login_tokens(user) if server is None else users.create_server_login_tokens(user, server)
    except (NotConfigured, VirtFusionError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    root = settings.endpoint.rstrip("/").removesuffix("/api/v1")
    typer.echo(f"{root}/{login.endpoint_complete.get_secret_value().lstrip('/')}")
