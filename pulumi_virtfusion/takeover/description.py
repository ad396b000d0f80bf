"""Declarations of panel objects, from the records that the panel returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..api import VirtFusion
from ..api.records import Package, ResourcePack, Server, SshKey, User
from ..lifecycle.contract import Part
from ..resources import MODULES, resource_class
from ..resources.user_relation import spelled
from ..schema.fields import Field, Invalid
from .declaration import Declaration, Reference, Undecided
from .kinds import ADDRESSES, KEY, PACK, SERVER, SYSTEM, USER
from .package_guess import SPECS, chosen, nearest

INSTALLED = "complete"
"""The `state` of a server whose last build succeeded."""
UNREADABLE = "its record at the panel makes no sense"


def described_arguments(kind: str, record: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the arguments that a record gives for a class, and a remark on each value that no program may give.

    Unreliable values are left out unless the argument is required, and empty ones unless it is required or a package
    sets it.
    """
    behaviour, arguments, remarks = resource_class(kind).behaviour, {}, []
    for field in _read_back(behaviour.fields.values()):
        value = behaviour.value_of(record, field.name)
        if value is None or (value == field.empty and not field.required and field.package_component is None):
            continue
        try:
            arguments[field.name] = field.parse(value)
        except Invalid as problem:
            remarks.append(f"{field.name} is left out: it is {value!r} at the panel, and {problem}.")
    return arguments, remarks


def user(record: User, relation: int | str) -> Declaration:
    """Declare a user by the relation that found the record; a `rel_str` replaces the `ext_relation_id`."""
    arguments, remarks = described_arguments(USER, record)
    if isinstance(relation, str):
        arguments.pop("ext_relation_id", None)
        arguments["rel_str"] = relation
    return Declaration(USER, record.name, arguments, spelled(relation), tuple(remarks))


def ssh_key(record: SshKey, user_id: int | Reference) -> Declaration:
    """Declare an SSH key of the user with this id, since the key's record does not name the user."""
    owned = record.model_copy(update={"user_id": user_id.value if isinstance(user_id, Reference) else user_id})
    arguments, remarks = described_arguments(KEY, owned)
    return Declaration(KEY, record.name, {**arguments, "user_id": user_id}, str(record.ssh_key_id), tuple(remarks))


def server(
    record: Server,
    packages: Sequence[Package],
    user_id: int | Reference,
    *,
    name: str = "",
    package_id: int | None = None,
) -> Declaration:
    """Declare a server with the package `package_id`, else with the only package that equals it, else `Undecided`.

    Arguments that the package sets to the same value are left out, so that the next package change may change them.
    """
    arguments, remarks = described_arguments(SERVER, record)
    likely = nearest(record, packages) if package_id is None else [p for p in packages if p.package_id == package_id]
    for argument in (*SPECS, "storage_profile"):
        if likely and all(getattr(package, argument) == arguments.get(argument) for package in likely):
            del arguments[argument]
    package = chosen(record, likely) if package_id is None else package_id
    arguments = {"package_id": package, **arguments, "user_id": user_id}
    return Declaration(SERVER, name or record.name, arguments, str(record.server_id), tuple(remarks))


def addresses(record: Server, on: Declaration) -> Iterable[Declaration]:
    """Declare the addresses of a server beside its primary one, as one resource for each interface."""
    beside = [address for address in record.ipv4_addresses if address != record.primary_ipv4]
    for interface, own in (("primary", beside), ("secondary", record.secondary_ipv4_addresses)):
        if own:
            part, import_id = f"{interface} addresses", f"{record.server_id}/{interface}/{','.join(own)}"
            arguments = {"server_id": Reference(on, "server_id", record.server_id), "interface": interface}
            arguments["addresses"] = list(own)
            yield Declaration(ADDRESSES, f"{on.name} {part}", arguments, import_id, part=part)


def resource_pack(record: ResourcePack, relation: int | str | Reference) -> Declaration:
    """Declare a user's resource pack, whose record does not name the user."""
    definition = record.pack_id or Undecided("pack_id", ("resource pack", str(record.resource_pack_id)), "not told")
    arguments = {"relation": relation, "pack_id": definition}
    return Declaration(PACK, record.name, arguments, str(record.resource_pack_id))


def is_installed(record: Server) -> bool:
    return record.state == INSTALLED and bool(record.operating_system_id)


def server_build(record: Server, server_id: Any, *, name: str = "", **unread: Any) -> Declaration:
    """Declare the system on a server; `unread` has the arguments that the panel does not report."""
    arguments, remarks = described_arguments(SYSTEM, record)
    arguments = {**arguments, "server_id": server_id, **unread}
    name = name or f"{record.name} system"
    return Declaration(SYSTEM, name, arguments, str(record.server_id), tuple(remarks), part="system")


def attached(panel: VirtFusion, record: Server, on: Declaration | None) -> list[Declaration]:
    """Declare each object that a resource class finds on a server: those of one interface together, then the others."""
    parts = [
        _part(record, on, kind, part)
        for kind in MODULES
        for part in resource_class(kind).behaviour.on_server(panel, record)
    ]
    return sorted(parts, key=lambda part: (part.arguments.get("interface", "server"), part.import_id.count("/")))


def unreadable(record: Server) -> list[str]:
    """Name each object on a server of which the record makes no sense, so that `attached` lacks it."""
    return [one for kind in MODULES for one in resource_class(kind).behaviour.unreadable_on_server(record)]


def _part(record: Server, on: Declaration | None, kind: str, part: Part) -> Declaration:
    arguments, remarks = described_arguments(kind, part.record)
    if on is not None:
        arguments["server_id"] = Reference(on, "server_id", record.server_id)
    name = f"{record.name or f'server {record.server_id}'} {part.name}"
    return Declaration(kind, name, arguments, part.id, (*remarks, *filter(None, [part.remark])), part=part.name)


def _read_back(fields: Iterable[Field]) -> Iterable[Field]:
    """Select the inputs that the panel reports always, and the required ones that it reports unreliably."""
    allowed = {True: ("always", "unreliably"), False: ("always",)}
    return (field for field in fields if field.is_input and field.read_back in allowed[field.required])
