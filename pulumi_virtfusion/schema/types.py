"""Named types of arguments, each with its rule in the words of an error message."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, Literal
from xml.parsers import expat

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from typing_extensions import TypedDict

from .plain_values import transformed, whole

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

LARGEST_ID = 2**53 - 1
"""The largest id: Pulumi carries numbers as doubles, and a larger number would change on the way."""

INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode's categories of invisible characters: control characters, marks of direction, line separators."""
JOINERS = "\u200c\u200d"
"""Invisible characters that are allowed: Persian spelling and emoji of several signs need them."""
PRIVATE_KEY = "PRIVATE KEY"


@dataclass(frozen=True)
class Before:
    """A conversion of a value before its type is checked; its ValueError gives the rule.

    Pydantic's `BeforeValidator` does the same, but a program, which checks nothing, would wait for its import.
    """

    prepare: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(self.prepare, handler(source))


@dataclass(frozen=True)
class After:
    """A rule for a value of the right type; its ValueError gives the rule."""

    check: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self.check, handler(source))


@dataclass(frozen=True)
class ComparedBy:
    """The comparison of two values of an argument by their `key`; the program's own spelling is sent."""

    key: Callable[[Any], Any]


def _whole_number(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,20}", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise ValueError("must be a whole number")
    return int(value)


def _numeric_text(value: Any) -> int:
    try:
        return _whole_number("" if isinstance(value, str) and value.startswith("-") else value)
    except ValueError:
        raise ValueError("must be a whole number or its decimal string") from None


def _visible(value: str) -> str:
    if any(unicodedata.category(one) in INVISIBLE and one not in JOINERS for one in value):
        raise ValueError("must not contain control characters")
    return value


def _not_blank(value: str) -> str:
    # A panel strips the spaces around a text, and takes an empty rest for no text at all.
    if not value.strip():
        raise ValueError("must not be blank")
    return value


def _lines(value: str) -> str:
    _visible(value.replace("\n", " ").replace("\t", " "))
    return value


def _strict_bool(value: Any) -> Any:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _ip_address(value: str) -> str:
    try:
        if "%" in value:  # the zone of a link-local address means something on one host only
            raise ValueError(value)
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise ValueError("must be an IPv4 or IPv6 address") from None


def _ipv4_address(value: str) -> str:
    try:
        return str(ipaddress.IPv4Address(value))
    except ValueError:
        raise ValueError("must be an IPv4 address such as 192.0.2.10") from None


def _hostname(value: str) -> str:
    label = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    if len(value) > 253 or not re.fullmatch(rf"({label}\.)*(?![0-9]+\.?$){label}\.?", value):
        raise ValueError("must be a host name such as web1.example.com: letters, digits, hyphens and dots")
    return value


def _email(value: str) -> str:
    part, label = r"[^\s@,;<>.]+", r"(?!-)[^\s@,;<>.]+(?<!-)"
    if (
        len(value) > 254
        or not re.fullmatch(rf"{part}(\.{part})*@({label}\.)+{label}", value)
        or not value.isprintable()
    ):
        raise ValueError("must be an e-mail address such as ada@example.com")
    return value


def _host_of_any_case(value: str) -> str:
    return value.lower().removesuffix(".")


def _lines_of_any_end(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def key_material(public_key: str) -> str:
    """Return the type and base64 part of an OpenSSH key: a panel may rewrite the comment."""
    return " ".join(public_key.split()[:2])


def _public_key(value: str) -> str:
    value = value.strip()
    key_type, _, rest = value.partition(" ")
    try:
        blob = base64.b64decode(rest.split(" ")[0], validate=True)
        length = int.from_bytes(blob[:4], "big")
        matches = 0 < length < len(blob) - 8 and blob[4 : 4 + length] == key_type.encode()
    except (ValueError, binascii.Error):
        matches = False
    if PRIVATE_KEY in value:
        raise ValueError("must be the public key: this is the private one, which nobody else should ever see")
    if not matches or not value.isprintable():
        raise ValueError("must be one line of an OpenSSH public key: type, base64 text and an optional comment")
    return value


def _relation(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("must be an ext_relation_id (a whole number) or a rel_str (a string)")
    if isinstance(value, str):
        return _relation_text(value)
    if not 1 <= value <= LARGEST_ID:
        raise ValueError(f"must be from 1 to {LARGEST_ID}")
    return value


def _relation_text(value: str) -> str:
    if not 1 <= len(value) <= 255 or not value.isprintable() or value in (".", ".."):
        raise ValueError("must be 1 to 255 printable characters")
    if value != value.strip():
        raise ValueError("must not begin or end with a space: a panel strips it")
    if "/" in value:
        # A web server takes an escaped slash for a plain one: the path would be another.
        raise ValueError("must not contain a slash: the panel could not address the user")
    return value


def _no_repetition(value: list[Any]) -> list[Any]:
    if len(set(value)) != len(value):
        raise ValueError("must not name anything twice")
    return value


def _xml_fragment(value: str) -> str:
    # No namespaces: `qemu:commandline` gets its own from the domain around it.
    parser = expat.ParserCreate()
    try:
        # A section may have several roots, or none.
        parser.Parse(f"<section>{value}</section>", True)
    except expat.ExpatError as error:
        raise ValueError(f"must be well-formed XML, but has: {expat.ErrorString(error.code)}") from None
    return value


def _swap(value: float) -> float:
    if value not in (256, 512, 768, 1, 1.5, 2, 3, 4, 5, 6, 8):
        raise ValueError("must be 256, 512 or 768 (MB), or 1, 1.5, 2, 3, 4, 5, 6 or 8 (GB)")
    return whole(value)  # type: ignore[no-any-return]


def _amount(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError("must be a number")
    return whole(value)


def _no_flag(value: Any) -> Any:
    if isinstance(value, bool):  # which Python takes for 0 or 1
        raise ValueError("must be 0, 1, 2 or 3")
    return value


def _as_json(value: Any) -> str:
    return json.dumps(transformed(value, whole), sort_keys=True)


def _carried(value: Any) -> Any:
    # JSON has no infinity, and no double a larger number: a state could not be written, and no change be seen.
    if isinstance(value, int | float) and not abs(value) <= LARGEST_ID:
        raise ValueError(f"must hold no number beyond {LARGEST_ID}")
    return whole(value)


def _plain_values(value: Any) -> Any:
    try:
        _as_json(transformed(value, _carried))
    except TypeError:
        raise ValueError("must be plain values: text, numbers, booleans, and lists and dicts of them") from None
    return transformed(value, whole)


Integer = Annotated[int, Before(_whole_number)]
Identifier = Annotated[int, Before(_numeric_text), Ge(1), Le(LARGEST_ID)]
PlanId = Annotated[int, Before(_numeric_text), Ge(0), Le(LARGEST_ID)]
Flag = Annotated[bool, Before(_strict_bool)]
Megabytes = Annotated[Integer, Ge(256), Le(2**31)]
Gigabytes = Annotated[Integer, Ge(1), Le(999_999_999)]
TrafficGigabytes = Annotated[Integer, Ge(0), Le(999_999_998)]
KilobytesPerSecond = Annotated[Integer, Ge(0), Le(2**31)]
Cores = Annotated[Integer, Ge(1), Le(600)]
Percent = Annotated[Integer, Ge(0), Le(99)]
Minutes = Annotated[Integer, Ge(0), Le(43_799)]
"""A delay that every description of the API allows: one ends at 43799, the other at 43800."""
AddressCount = Annotated[Integer, Ge(0), Le(256)]
AddressQuantity = Annotated[Integer, Ge(1), Le(256)]
PrefixLength = Annotated[Integer, Ge(0), Le(128)]
TrafficMonth = Annotated[Integer, Ge(1), Le(99_999)]
TypeCode = Annotated[Integer, Ge(-1), Le(2**31)]
Text = Annotated[str, MinLen(1), MaxLen(255), After(_visible), After(_not_blank), ComparedBy(str.strip)]
Name = Text
Hostname = Annotated[str, MinLen(1), After(_hostname), ComparedBy(_host_of_any_case)]
Email = Annotated[str, After(_email), ComparedBy(str.lower)]
IpAddress = Annotated[str, After(_ip_address), ComparedBy(ipaddress.ip_address)]
Ipv4Address = Annotated[str, After(_ipv4_address)]
Ipv4Addresses = Annotated[list[Ipv4Address], MinLen(1), After(_no_repetition), ComparedBy(sorted)]
"""Addresses whose order means nothing."""
XmlFragment = Annotated[str, After(_xml_fragment), ComparedBy(_lines_of_any_end)]
"""XML without the element around it, compared as text: neither line ends nor white space at the ends count."""
RelationText = Annotated[str, After(_relation_text)]
Relation = Annotated[int | str, Before(_relation)]
"""A user as the panel addresses it: a number is an `ext_relation_id`, a string (also `"42"`) a `rel_str`."""
Tokens = Annotated[int | float, Before(_amount), Gt(0), Le(10**15)]
LongText = Annotated[str, MinLen(1), MaxLen(1000), After(_lines), After(_not_blank), ComparedBy(str.strip)]
Triggers = Annotated[Any, After(_plain_values), ComparedBy(_as_json)]
"""Plain values, however deep, that are compared as a whole."""
PublicKey = Annotated[str, After(_public_key), ComparedBy(key_material)]
UnorderedIds = Annotated[list[Identifier], After(_no_repetition), ComparedBy(sorted)]
"""Ids whose order means nothing."""


def _ids_or_none_at_all(value: list[int]) -> list[int]:
    if any(item < 1 for item in value) and value != [-1]:
        raise ValueError("must be ids, or [-1] for none whatever the package says")
    return value


PackageOverride = Annotated[
    list[Annotated[Integer, Le(LARGEST_ID)]],
    After(_no_repetition),
    After(_ids_or_none_at_all),
    ComparedBy(sorted),
]
"""Ids that replace the package's; [-1] forces none."""

Interface = Literal["primary", "secondary"]
BackupAccess = Literal["inherit", "disabled", "scheduled", "view_restore", "full", "manual"]
PowerState = Literal["running", "stopped"]
SelfService = Annotated[Literal[0, 1, 2, 3], Before(_no_flag)]
ServerActionName = Literal["restart", "boot", "shutdown", "poweroff", "reset_password"]
UserActionName = Literal["reset_password", "sync_access"]
PackActionName = Literal["suspend_servers", "unsuspend_servers", "delete_servers"]
Swap = Annotated[float, Before(_amount), After(_swap)]


class PackageChange(TypedDict, total=False):
    """The parts of a new package that a package change applies; a part that is left out counts as true."""

    __pydantic_config__ = {"extra": "forbid"}  # type: ignore[misc]  # noqa: RUF012

    backup_plan: Flag
    cpu: Flag
    memory: Flag
    primary_disk_read_iops: Flag
    primary_disk_read_throughput: Flag
    primary_disk_size: Flag
    primary_disk_write_iops: Flag
    primary_disk_write_throughput: Flag
    primary_network_inbound_speed: Flag
    primary_network_outbound_speed: Flag
    primary_network_traffic: Flag
