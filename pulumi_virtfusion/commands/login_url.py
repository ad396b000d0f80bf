"""`virtfusion login-url`: a login for one use."""

from __future__ import annotations

from typing import Annotated

import typer

from ._panel import StackOption, settings_here
from ._terminal import printable


def command(
    relation: Annotated[str, typer.Argument(help="The user: digits are an ext_relation_id, anything else a rel_str.")],
    server: Annotated[int | None, typer.Option(help="Server to land on.")] = None,
    rel_str: Annotated[bool, typer.Option("--rel-str", help="Digits are a rel_str too.")] = False,
    stack: StackOption = None,
) -> None:
    """Print an address that logs the user in, once, within a minute: handle it like a password.

    Exit with 2 where there is none.
    """
    from ..api.http.endpoint import API_ROOT, api_root
    from ..recovery.pulumi_cli import NoState
    from ..resources.user_relation import relation_of
    from ._failure import failing_clearly

    user = relation if rel_str else relation_of(relation)
    with failing_clearly(NoState):
        settings = settings_here(stack)
        users = settings.panel().users
        login = users.create_login_tokens(user) if server is None else users.create_server_login_tokens(user, server)
    root = api_root(settings.endpoint).removesuffix(API_ROOT)
    path = login.endpoint_complete.get_secret_value().lstrip("/")
    # The secret itself is the requested output.
    typer.echo(printable(f"{root}/{path}".replace("\n", "%0A")))
