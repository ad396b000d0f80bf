"""The firewall of a server's interface."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..api.sections.servers import Servers
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Found, Part, Values
from ..lifecycle.identity import Identity, who_is_server
from ..lifecycle.lost_answers import Before, Candidate, in_its_place
from ..program.resource import Resource
from ..schema.fields import Arg, Computed, Id, OptionalArg, OptionalIds, calls, computed, in_place, note, replaces
from ..schema.plain_values import reported
from ..schema.types import Flag, Interface, UnorderedIds
from .server_interface import ServerInterface, attached, interfaces_of, nothing_more

if TYPE_CHECKING:
    from ..api import VirtFusion
    from ..api.records import Server

RULESETS_LEFT_OUT = "The panel does not tell the rulesets: `rulesets` would replace its rules, and is left out."


@dataclass(frozen=True)
class Firewall:
    server_id: int
    interface: Interface
    enabled: bool | None
    """None, like the number of rules, where the panel does not report the value."""
    rule_count: int | None


@calls(Servers.enable_firewall, Servers.disable_firewall)
def set_enabled(servers: Servers, on: ServerInterface, enabled: bool, sync: bool) -> None:
    (servers.enable_firewall if enabled else servers.disable_firewall)(*on, sync=sync)


@calls(Servers.apply_firewall_rulesets)
def apply_rulesets(servers: Servers, on: ServerInterface, rulesets: Sequence[int], sync: bool) -> None:
    servers.apply_firewall_rulesets(*on, rulesets, sync=sync)


class ServerFirewallBehaviour(Behaviour):
    section = "servers"
    is_a_place = True
    noun = "firewall"
    when_deleted = "switched off and emptied"
    repeatable = True
    # An interface always has a firewall: making one is to read it and to set the arguments that differ.
    made_by = Servers.get_firewall
    found_by = (Servers.get_firewall,)
    removed_by = (Servers.disable_firewall, Servers.apply_firewall_rulesets)
    named_with = ("interface",)
    unique_by = ("server_id", "interface")

    def key(self, id_: str, known: Values) -> ServerInterface:  # noqa: ARG002
        return _interface(id_)

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_server(context, _interface(id_).server_id)

    def shared_settings(self, inputs: Values) -> Iterable[tuple[Hashable, Any, str]]:
        if "enabled" in inputs:
            yield ("firewall", inputs["server_id"], inputs["interface"]), inputs["enabled"], "enabled"

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        return in_its_place(self.find, context, str(ServerInterface.of(arguments)), arguments, before)

    def make(self, context: Context, arguments: Values) -> tuple[str, Firewall]:
        id_ = str(ServerInterface.of(arguments))
        return id_, self.find(context, id_, arguments)

    def made_at_last(self, context: Context, id_: str, record: Any, arguments: Values) -> Any:
        """Read the firewall again if rulesets were applied: only the panel knows the number of their rules."""
        return self.find(context, id_, arguments) if arguments.get("rulesets") else record

    def find(self, context: Context, id_: str, known: Values) -> Firewall:  # noqa: ARG002
        on = _interface(id_)
        record = context.panel.servers.get_firewall(*on)
        rules = reported(record, "rules")
        return Firewall(*on, enabled=reported(record, "enabled"), rule_count=None if rules is None else len(rules))

    def on_server(self, panel: VirtFusion, server: Server) -> Iterable[Part]:  # noqa: ARG002
        """Yield the firewalls that are on: every interface has one, and a program declares no others."""
        for on in interfaces_of(server.server_id):
            if server.firewall_enabled if on.interface == "primary" else server.secondary_firewall_enabled:
                yield Part(
                    str(on), Firewall(*on, enabled=True, rule_count=0), f"{on.interface} firewall", RULESETS_LEFT_OUT
                )

    def found(self, context: Context, id_: str, found: Found, inputs: Values, outputs: Values) -> Found:  # noqa: ARG002
        """Empty the rulesets in the state when all their rules are gone, the only drift of rulesets to be seen."""
        if found.inputs.get("rulesets") and outputs.get("rule_count") and not found.outputs["rule_count"]:
            return replace(found, outputs={**found.outputs, "rulesets": []}, inputs={**found.inputs, "rulesets": []})
        return found

    def is_gone(self, context: Context, id_: str, outputs: Values) -> bool:
        """Whether the firewall is off and without a rule, since every interface keeps one."""
        left = self.find(context, id_, outputs)
        return left.enabled is False and left.rule_count == 0

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        on, sync = _interface(id_), bool(outputs.get("sync", True))
        context.panel.servers.disable_firewall(*on, sync=sync)
        context.panel.servers.apply_firewall_rulesets(*on, [], sync=sync)


def _interface(id_: str) -> ServerInterface:
    return attached(id_, "a firewall", "69/primary", nothing_more)[0]


class ServerFirewall(Resource, behaviour=ServerFirewallBehaviour):
    """The firewall of an interface (`GET /servers/{id}/firewall/{interface}`), id `69/primary`.

    Every interface has one, so making it takes over what is there, and deleting it disables and flushes it. Leave
    `firewall_rulesets` out of a `Server` whose primary interface has a `ServerFirewall`.
    """

    server_id: Id = replaces()
    """Server that the interface belongs to."""

    interface: Arg[Interface] = replaces()
    """`primary` or `secondary`."""

    # Before `enabled`: an interface is never switched to a firewall without its rules.
    rulesets: OptionalIds[UnorderedIds] = in_place(apply_rulesets, default=None, read_back="never")
    """Rulesets whose rules replace all others, [] for no rules; of drift, only that all rules are gone is seen."""

    enabled: OptionalArg[Flag] = in_place(set_enabled, default=None)
    """Whether the rules are in force."""

    sync: OptionalArg[Flag] = note(default=True)
    """Whether a change reaches the hypervisor at once; without, it is only stored."""

    rule_count: Computed[int] = computed(fed_by=("rulesets",))
    """The number of rules that the rulesets came to."""
