"""A server's screen."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import SecretStr

from pulumi_virtfusion.api.record import At, Count, Flag, Record, Text


class Vnc(Record):
    """The address and password of a server's screen."""

    at_times: ClassVar[frozenset[str]] = frozenset({"queue_id"})

    ip: Annotated[Text, At("vnc", "ip")] = ""
    hostname: Annotated[Text, At("vnc", "hostname")] = ""
    port: Annotated[Count, At("vnc", "port")] = 0
    password: Annotated[SecretStr | None, At("vnc", "password")] = None
    token: Annotated[SecretStr | None, At("vnc", "wss", "token")] = None
    url: Annotated[SecretStr | None, At("vnc", "wss", "url")] = None
    """A path on the panel's root, token included."""
    enabled: Annotated[Flag, At("vnc", "enabled")] = False
    """Does not follow the request: unreliable."""
    queue_id: int | None = None
