"""Firewall of a server's interface: on or off, and the rules copied from rulesets."""

from __future__ import annotations

from collections.abc import Sequence

from ..bodies import Body, Flag, Id, Interface
from ..panel.panel import Panel
from ..panel.refusals import Invalid, NotFound
from ..panel.store import Document

_LISTS = {"primary": "interfaces", "secondary": "secondaryInterfaces"}


class Rulesets(Body):
    """The body of `POST .../firewall/{interface}/rules`, which replaces all rules; an empty list removes them."""

    rulesets: list[Id]


def expand(panel: Panel, rulesets: Sequence[int]) -> list[Document]:
    """Return the rules of these rulesets; refuse with 422 when one is unknown or disabled."""
    rules: list[Document] = []
    for id_ in rulesets:
        ruleset = panel.store.get("firewall_rulesets", id_)
        if ruleset is None or not ruleset["enabled"]:
            raise Invalid("Invalid or disabled firewall ruleset")
        rules += ruleset["rules"]
    return rules


def interface_of(server: Document, interface: Interface) -> Document:
    """Return the server's NIC of that name; refuse with 404 without one."""
    nics = server["network"][_LISTS[interface]]
    if not nics:
        raise NotFound(f"{interface} interface")
    nic: Document = nics[0]
    return nic


def retrieve(panel: Panel, server_id: int, interface: Interface) -> Document:
    """Answer `GET .../firewall/{interface}` with expanded rules, never with the rulesets' ids."""
    server = panel.require("servers", server_id)
    nic = interface_of(server, interface)
    rules = expand_known(panel, server["hidden"]["firewallRulesets"][interface])
    return {"enabled": nic["firewallEnabled"], "rules": rules}


def expand_known(panel: Panel, rulesets: Sequence[int]) -> list[Document]:
    found = (panel.store.get("firewall_rulesets", id_) for id_ in rulesets)
    return [rule for ruleset in found if ruleset for rule in ruleset["rules"]]


def enable(panel: Panel, server_id: int, interface: Interface, sync: Flag = False) -> None:
    _switch(panel, server_id, interface, on=True, sync=sync)


def disable(panel: Panel, server_id: int, interface: Interface, sync: Flag = False) -> None:
    _switch(panel, server_id, interface, on=False, sync=sync)


def _switch(panel: Panel, server_id: int, interface: Interface, *, on: bool, sync: bool) -> None:
    server = panel.require("servers", server_id)
    interface_of(server, interface)["firewallEnabled"] = on
    server["hidden"]["firewallSynced"][interface] = sync
    panel.save("servers", server)


def apply_rulesets(panel: Panel, server_id: int, interface: Interface, body: Rulesets, sync: Flag = False) -> None:
    server = panel.require("servers", server_id)
    interface_of(server, interface)
    expand(panel, body.rulesets)
    server["hidden"]["firewallRulesets"][interface] = body.rulesets
    server["hidden"]["firewallSynced"][interface] = sync
    panel.save("servers", server)
