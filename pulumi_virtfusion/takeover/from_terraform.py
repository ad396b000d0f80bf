"""A program for the objects of a Terraform state of the VirtFusion providers, with the panel's present values."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..api import VirtFusion
from ..api.errors import NotFound
from ..api.records import Server, SshKey
from ..resources import resource_class
from ..schema.fields import Invalid
from . import description
from . import terraform_comparison as comparison
from .declaration import Declaration, Reference
from .from_panel import at_once
from .kinds import KEY, SERVER, SYSTEM
from .program import Program
from .terraform_comparison import Comparison, refuse_another_panel
from .terraform_state import Held, NoTerraformState, TerraformState

KINDS = {"virtfusion_ssh": "id", "virtfusion_server": "id", "virtfusion_build": "server_id"}
"""The Terraform types that have a resource class, each with the attribute of the panel's id; referenced types first."""
BUILD_ARGUMENTS = ("ssh_keys", "vnc", "ipv6", "email")
"""Arguments of a build that no panel reports: taken from the state, since adding one later would build again."""
TAINTED = "Terraform held it for tainted and would have replaced it: look whether it is whole."
NO_ID = "the state does not tell its id. Look for it at the panel: `virtfusion import` takes over what is there."
LET_GO = "After `pulumi up`, let go of them there: a later `{tool} destroy` would delete what Pulumi has taken over."


class NotTaken(Exception):
    """An object of the state that the program cannot declare; the text gives the reason."""


def program_of_terraform(panel: VirtFusion, state: TerraformState) -> Program:
    """Declare each object of the state from the panel's record, with GETs alone, under its name in Terraform.

    Raise `AnotherPanel` where most of the objects are others at the panel, and `NoTerraformState` where two objects
    have one id and the state does not name their providers.
    """
    program = Program("What a Terraform state held of a VirtFusion panel, written by `virtfusion from-terraform`.")
    held = _declared_here(state, program)
    taking = _Taking(panel, program)
    taken = taking.take(held)
    if taken:
        program.afterwards += [LET_GO.format(tool=state.tool)]
        program.afterwards += [f"{state.tool} state rm {shlex.quote(one.address)}" for one in taken]
    return program


def _declared_here(state: TerraformState, program: Program) -> list[Held]:
    """Return the objects that a program can declare, each once, and add a remark on every other one."""
    found: dict[tuple[str, str], Held] = {}
    for one in state.objects:
        if one.kind not in KINDS:
            program.remarks.append(_left_out(one, "this command does not know its type, and leaves it to Terraform."))
        elif not (id_ := _id_at_panel(one)):
            program.remarks.append(_left_out(one, NO_ID))
        elif one.deposed:
            program.remarks.append(_left_out(one, _of_deposed(one, state.tool)))
        else:
            first = found.setdefault((one.kind, id_), one)
            if first is not one:
                program.remarks.append(_left_out(one, _of_second(first, one, tells_providers=state.tells_providers)))
    return sorted(found.values(), key=lambda one: list(KINDS).index(one.kind))


def _id_at_panel(held: Held) -> str:
    """Return the panel's id of an object, a UUID in lower case; "" where the state has none."""
    id_ = held.attributes.get(KINDS[held.kind])
    return "" if id_ is None else str(id_).lower()


def _left_out(held: Held, why: object) -> str:
    return f"{held.address} is not in here: {why}"


def _of_deposed(held: Held, tool: str) -> str:
    id_ = _id_at_panel(held)
    return (
        f"it is the deposed object {held.deposed}, {held.kind} {id_} at the panel, which Terraform has replaced and "
        f"not deleted yet. The next `{tool} apply` deletes it; after a `{tool} state rm` nobody does."
    )


def _of_second(first: Held, second: Held, *, tells_providers: bool) -> str:
    id_ = _id_at_panel(second)
    if tells_providers:
        return f"{first.address} is {second.kind} {id_} too."
    raise NoTerraformState(
        f"{first.address} and {second.address} are both {second.kind} {id_}: of two panels, or one object twice. "
        "`terraform show -json` does not tell which provider has what; give what `terraform state pull` prints."
    )


@dataclass(frozen=True)
class _Found:
    """An object of a state beside the panel's record of the same id."""

    held: Held
    record: Any
    comparison: Comparison


class _Taking:
    """The steps from a state to a program: keys first, then servers, then the systems built on them."""

    def __init__(self, panel: VirtFusion, program: Program) -> None:
        self.panel, self.program, self.packages = panel, program, panel.packages.list()
        self.declared: dict[tuple[str, int], Declaration] = {}
        self._uuids: dict[str, int] | None = None

    def take(self, held: Iterable[Held]) -> list[Held]:
        """Declare and return the objects that the panel has, and add a remark on each missing or other one."""
        held = list(held)
        self._look_up_uuids(held)
        seen = at_once(self._found, held)
        self.program.remarks += [one for one in seen if isinstance(one, str)]
        found = [one for one in seen if isinstance(one, _Found)]
        refuse_another_panel(one.comparison for one in found if one.held.kind != "virtfusion_build")
        taken = [one for one in found if self._is_taken(one, found)]
        steps = {"virtfusion_ssh": self._key, "virtfusion_server": self._server, "virtfusion_build": self._build}
        declarations = {one.held.address: self._described(one, steps[one.held.kind]) for one in taken}
        parts = self._parts(taken, declarations)
        for one in taken:
            declaration = declarations[one.held.address]
            if declaration is not None and not any(declaration in hanging for hanging in parts.values()):
                self.program.add(declaration, *parts.get(declaration, ()))
        return [one.held for one in taken if declarations[one.held.address] is not None]

    def _found(self, held: Held) -> _Found | str:
        """Return the object beside the panel's record, or a remark on why there is none."""
        reading: dict[str, Callable[[Held], tuple[Any, Comparison]]] = {
            "virtfusion_ssh": self._read_key,
            "virtfusion_server": self._read_server,
            "virtfusion_build": self._read_build,
        }
        try:
            return _Found(held, *reading[held.kind](held))
        except (NotFound, NotTaken) as error:
            return _left_out(held, error)

    def _is_taken(self, one: _Found, found: Iterable[_Found]) -> bool:
        """Return whether Terraform made the panel's object, and add a remark if not; a build follows its server."""
        others = [other for other in found if other.comparison.is_another]
        if one in others and one.held.kind != "virtfusion_build":
            why = f"it is another one at the panel. {'; '.join(map(str, one.comparison.differences))}."
            self.program.remarks.append(_left_out(one.held, f"{why} `virtfusion import` takes over what is there."))
            return False
        of = one.record.server_id if one.held.kind == "virtfusion_build" else None
        if of is not None and any(o.held.kind == "virtfusion_server" and o.record.server_id == of for o in others):
            self.program.remarks.append(_left_out(one.held, f"server {of} is another one at the panel."))
            return False
        return True

    def _described(self, one: _Found, describe: Callable[[_Found], Declaration]) -> Declaration | None:
        try:
            declaration = describe(one)
        except NotTaken as error:
            self.program.remarks.append(_left_out(one.held, error))
            return None
        remarks = [f"{fact}." for fact in one.comparison.differences]
        remarks += [TAINTED] if one.held.tainted else []
        declaration = replace(declaration, origin=one.held.address, remarks=(*declaration.remarks, *remarks))
        if one.held.kind != "virtfusion_build":
            self.declared[declaration.kind, int(declaration.import_id)] = declaration
        return declaration

    def _parts(
        self, taken: Iterable[_Found], declarations: dict[str, Declaration | None]
    ) -> dict[Declaration, list[Declaration]]:
        """Return the builds that have the name of their server in Terraform, by server."""
        parts: dict[Declaration, list[Declaration]] = {}
        names = {declarations[one.held.address]: one.held.name for one in taken}
        for one in taken:
            declaration = declarations[one.held.address]
            if one.held.kind == "virtfusion_build" and declaration is not None:
                server = self.declared.get((SERVER, one.record.server_id))
                if server is not None and names.get(server) == one.held.name:
                    parts.setdefault(server, []).append(declaration)
        return parts

    # -- reading --------------------------------------------------------------------------------------------------

    def _read_key(self, held: Held) -> tuple[SshKey, Comparison]:
        record = self.panel.ssh_keys.get(_number(held.attributes.get("id"), "key"))
        return record, comparison.of_key(held.address, held.attributes, record)

    def _read_server(self, held: Held) -> tuple[Server, Comparison]:
        record = self._server_at_panel(_id_at_panel(held))
        return record, comparison.of_server(held.address, held.attributes, record, self.packages)

    def _read_build(self, held: Held) -> tuple[Server, Comparison]:
        record = self._server_at_panel(_id_at_panel(held))
        if not description.is_installed(record):
            raise NotTaken(f"the panel has no system on server {record.server_id}.")
        return record, comparison.of_build(held.address, held.attributes, record)

    def _look_up_uuids(self, held: Iterable[Held]) -> None:
        """Read the ids of all servers by UUID where the state has UUIDs, as from providers of the end users' API."""
        ids = [_id_at_panel(one) for one in held if one.kind != "virtfusion_ssh"]
        if not all(id_.isdecimal() for id_ in ids):
            self._uuids = {row.uuid.lower(): row.server_id for row in self.panel.servers.list()}

    def _server_at_panel(self, id_: str) -> Server:
        if id_.isdecimal():
            return self.panel.servers.get(int(id_))
        if self._uuids is None or id_ not in self._uuids:
            raise NotTaken(f"the panel has no server {id_}.")
        return self.panel.servers.get(self._uuids[id_])

    # -- declaring ------------------------------------------------------------------------------------------------

    def _key(self, one: _Found) -> Declaration:
        user_id = _number(one.held.attributes.get("user_id"), "user")
        return replace(description.ssh_key(one.record, user_id), name=one.held.name)

    def _server(self, one: _Found) -> Declaration:
        package_id = one.held.attributes.get("package_id")
        return description.server(
            one.record,
            self.packages,
            one.record.user_id,
            name=one.held.name,
            package_id=None if package_id is None else _number(package_id, "package"),
        )

    def _build(self, one: _Found) -> Declaration:
        attributes, server_id = one.held.attributes, one.record.server_id
        server = self.declared.get((SERVER, server_id))
        unread = {name: attributes[name] for name in BUILD_ARGUMENTS if attributes.get(name) is not None}
        if "ssh_keys" in unread:
            unread["ssh_keys"] = [self._key_id(key) for key in _listed(unread["ssh_keys"], "keys")]
        unread |= {name: _fitting(name, value) for name, value in unread.items() if name != "ssh_keys"}
        on = server_id if server is None else Reference(server, "server_id", server_id)
        return description.server_build(one.record, on, name=f"{one.held.name} system", **unread)

    def _key_id(self, id_: Any) -> Any:
        key = self.declared.get((KEY, _number(id_, "key")))
        return _number(id_, "key") if key is None else Reference(key, "ssh_key_id", _number(id_, "key"))


def _fitting(name: str, value: Any) -> Any:
    try:
        return resource_class(SYSTEM).fields[name].parse(value)
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
