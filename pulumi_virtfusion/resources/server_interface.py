"""An interface of a server, as the id of what is attached to it begins: `69/primary`."""

from __future__ import annotations

from typing import NamedTuple, get_args

from ..lifecycle import Refused, Values
from ..types import Interface


class ServerInterface(NamedTuple):
    server_id: int
    interface: Interface

    def __str__(self) -> str:
        return f"{self.server_id}/{self.interface}"

    @classmethod
    def of(cls, values: Values) -> ServerInterface:
        """The interface that arguments or outputs name."""
        return cls(values["server_id"], values["interface"])


def attached(id_: str, noun: str, example: str) -> tuple[ServerInterface, str]:
    """The interface that an id begins with, and the rest; `Refused` for an id of another form than the example."""
    server_id, interface, rest = [*id_.split("/", 2), "", ""][:3]
    named = next((one for one in get_args(Interface) if one == interface), None)
    if not server_id.isdecimal() or named is None or bool(rest) != (example.count("/") > 1):
        raise Refused(f"{id_!r} is not the id of a {noun}, which reads like {example!r}.")
    return ServerInterface(int(server_id), named), rest
