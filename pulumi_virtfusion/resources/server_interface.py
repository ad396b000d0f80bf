"""An interface of a server; the ids of its addresses, entries and firewall begin with it: `69/primary`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar, get_args

from ..lifecycle.contract import Refused, Values
from ..schema.fields import Invalid
from ..schema.plain_values import id_number
from ..schema.types import Interface

T = TypeVar("T")


class ServerInterface(NamedTuple):
    server_id: int
    interface: Interface

    def __str__(self) -> str:
        return f"{self.server_id}/{self.interface}"

    @classmethod
    def of(cls, values: Values) -> ServerInterface:
        """Return the interface that arguments or outputs name."""
        return cls(values["server_id"], values["interface"])


def interfaces_of(server_id: int) -> Iterable[ServerInterface]:
    """Return both interfaces of a server."""
    return (ServerInterface(server_id, interface) for interface in get_args(Interface))


def attached(id_: str, noun: str, example: str, read_rest: Callable[[str], T]) -> tuple[ServerInterface, T]:
    """Split an id into its interface and the result of `read_rest` for the rest; raise `Refused` for another form."""
    server_id, interface, rest = [*id_.split("/", 2), "", ""][:3]
    try:
        return ServerInterface(id_number(server_id), _interface(interface)), read_rest(rest)
    except ValueError:
        raise Refused(f"{id_!r} is not the id of {noun}, which reads like {example!r}.") from None


def nothing_more(rest: str) -> None:
    """Raise `Invalid` for a rest: the id ends with the interface."""
    if rest:
        raise Invalid("must end here")


def _interface(text: str) -> Interface:
    for interface in get_args(Interface):
        if interface == text:
            return interface  # type: ignore[no-any-return]
    raise Invalid("must be an interface")
