"""A program for what a Terraform state of the VirtFusion providers holds, described as the panel has it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..api import VirtFusion
from ..api.errors import NotFound
from ..api.records import Server
from ..resources import resource_class
from ..schema.fields import Invalid
from . import description
from .declaration import Declaration, Reference
from .program import Program

KINDS = ("virtfusion_ssh", "virtfusion_server", "virtfusion_build")
BUILD_ARGUMENTS = ("ssh_keys", "vnc", "ipv6", "email")
"""What a panel does not tell of a build: taken from the state, so that adding it later does not build again."""


class NoTerraformState(Exception):
    """The text is no Terraform state; the message says what is expected."""


@dataclass(frozen=True)
class Held:
    """One object of a state."""

    kind: str
    name: str
    """`node1`, `nodes-a` of a `for_each`, with the names of its modules before it."""
    attributes: Mapping[str, Any]


def held_by(text: str) -> list[Held]:
    """The VirtFusion objects of a `terraform.tfstate`, or of what `terraform show -json` printed."""
    try:
        state = json.loads(text)
        if "values" in state:
            found = list(_shown(state["values"].get("root_module", {})))
        else:
            found = [one for resource in state["resources"] for one in _instances(resource)]
        if not all(isinstance(one.attributes, dict) for one in found):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NoTerraformState(
            "That is neither a terraform.tfstate (version 4) nor what `terraform show -json` prints."
        ) from None
    return sorted((one for one in found if one.kind in KINDS), key=lambda one: KINDS.index(one.kind))


def _instances(resource: Mapping[str, Any]) -> Iterator[Held]:
    if resource.get("mode") != "managed":
        return
    for instance in resource["instances"]:
        name = _name(resource.get("module", ""), resource["name"], instance.get("index_key"))
        yield Held(resource["type"], name, instance["attributes"])


def _shown(module: Mapping[str, Any]) -> Iterator[Held]:
    for resource in module.get("resources", ()):
        if resource.get("mode") == "managed":
            name = _name(module.get("address", ""), resource["name"], resource.get("index"))
            yield Held(resource["type"], name, resource["values"])
    for child in module.get("child_modules", ()):
        yield from _shown(child)


def _name(module: str, name: str, index: object) -> str:
    return "-".join(str(part) for part in (module.replace("module.", ""), name, index) if part not in ("", None))


def program_of_terraform(panel: VirtFusion, held: list[Held]) -> Program:
    """Reads each object from the panel, with GETs alone, and declares it under its name in Terraform."""
    program = Program("What a Terraform state held of a VirtFusion panel, written by `virtfusion from-terraform`.")
    taking = _Taking(panel, program)
    for one in held:
        try:
            taking.take(one)
        except (NotFound, NotTaken) as error:
            program.remarks.append(f"{one.kind}.{one.name} is not in here: {error}")
    return program


class NotTaken(Exception):
    """Why an object of the state has no place in the program."""


class _Taking:
    """The way from a state to a program: keys first, then servers, then what was built on them."""

    def __init__(self, panel: VirtFusion, program: Program) -> None:
        self.panel, self.program, self.packages = panel, program, panel.packages.list()
        self.declared: dict[tuple[str, int], Declaration] = {}
        self._uuids: dict[str, int] | None = None

    def take(self, held: Held) -> None:
        steps: dict[str, Callable[[Held], Declaration]] = {
            "virtfusion_ssh": self._key, "virtfusion_server": self._server, "virtfusion_build": self._build
        }  # fmt: skip
        self.program.add(steps[held.kind](held))

    def _key(self, held: Held) -> Declaration:
        id_ = _number(held.attributes.get("id"), "key")
        record = self.panel.ssh_keys.get(id_)
        key = description.ssh_key(record, _number(held.attributes.get("user_id"), "user"))
        named = Declaration(key.kind, held.name, key.arguments, key.import_id, key.remarks)
        return self.declared.setdefault(("SshKey", id_), named)

    def _server(self, held: Held) -> Declaration:
        record = self._server_at_panel(held.attributes.get("id"))
        package_id = held.attributes.get("package_id")
        declaration = description.server(
            record,
            self.packages,
            record.user_id,
            name=held.name,
            package_id=None if package_id is None else _number(package_id, "package"),
        )
        return self.declared.setdefault(("Server", record.server_id), declaration)

    def _build(self, held: Held) -> Declaration:
        record = self._server_at_panel(held.attributes.get("server_id"))
        if not description.is_installed(record):
            raise NotTaken(f"the panel has no system on server {record.server_id}.")
        server = self.declared.get(("Server", record.server_id))
        untold = {name: held.attributes[name] for name in BUILD_ARGUMENTS if held.attributes.get(name) is not None}
        if "ssh_keys" in untold:
            untold["ssh_keys"] = [self._key_id(key) for key in _listed(untold["ssh_keys"], "keys")]
        untold |= {name: _fitting(name, value) for name, value in untold.items() if name != "ssh_keys"}
        return description.server_build(
            record,
            record.server_id if server is None else Reference(server, "server_id", record.server_id),
            name=f"{held.name} system",
            **untold,
        )

    def _key_id(self, id_: Any) -> Any:
        key = self.declared.get(("SshKey", _number(id_, "key")))
        return _number(id_, "key") if key is None else Reference(key, "ssh_key_id", _number(id_, "key"))

    def _server_at_panel(self, id_: Any) -> Server:
        """By its number, or by the UUID that providers of the end users' API keep."""
        if str(id_).isdecimal():
            return self.panel.servers.get(int(id_))
        if self._uuids is None:
            self._uuids = {row.uuid.lower(): row.server_id for row in self.panel.servers.list()}
        if str(id_).lower() not in self._uuids:
            raise NotTaken(f"the panel has no server {id_}.")
        return self.panel.servers.get(self._uuids[str(id_).lower()])


def _fitting(name: str, value: Any) -> Any:
    try:
        return resource_class("ServerBuild").fields[name].parse(value)
    except Invalid as problem:
        raise NotTaken(f"its {name} is {value!r} in the Terraform state, and {problem}.") from None


def _listed(ids: Any, what: str) -> list[Any]:
    if not isinstance(ids, list):
        raise NotTaken(f"{ids!r} is no list of {what}.")
    return ids


def _number(id_: Any, what: str) -> int:
    if not str(id_).isdecimal():
        raise NotTaken(f"{id_!r} is not the id of a {what} in the Global API.")
    return int(id_)
