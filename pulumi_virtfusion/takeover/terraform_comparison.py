"""The comparison of the panel's objects with those of a Terraform state, since every panel has the same ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..api.records import Package, Server, SshKey

MOST_NAMED = 5
"""The number of objects that a message names."""
GIVEN_BY_PACKAGE = {"memory": "memory", "cores": "cpu_cores", "storage": "storage", "traffic": "traffic"}
"""Attributes that a state leaves null where the package sets them, with the panel's names for them."""
OF_SERVER = {
    "hypervisor_id": "hypervisor_group_id",
    **GIVEN_BY_PACKAGE,
    "inbound_network_speed": "network_speed_inbound",
    "outbound_network_speed": "network_speed_outbound",
}


class AnotherPanel(Exception):
    """A panel at which most objects of the state are other ones."""


@dataclass(frozen=True)
class Fact:
    """A property of an object in the state and at the panel."""

    what: str
    in_state: Any
    at_panel: Any
    decides: bool = False
    """Whether a difference in this property proves another object."""

    @property
    def differs(self) -> bool:
        return bool(self.in_state != self.at_panel)

    def __str__(self) -> str:
        return f"{self.what} is {self.at_panel!r} at the panel, and {self.in_state!r} in the Terraform state"


@dataclass(frozen=True)
class Comparison:
    """An object of a state beside the panel's object of the same id."""

    address: str
    facts: tuple[Fact, ...]

    @property
    def differences(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.differs]

    @property
    def is_another(self) -> bool:
        """Whether the panel's object is not the one that Terraform made."""
        decided = any(fact.decides for fact in self.differences)
        return decided or len(self.differences) * 2 > len(self.facts)

    def __str__(self) -> str:
        return f"{self.address}: {'; '.join(map(str, self.differences))}"


def of_server(address: str, attributes: Mapping[str, Any], record: Server, packages: Iterable[Package]) -> Comparison:
    return Comparison(address, tuple(_facts_of_server(attributes, record, packages)))


def _facts_of_server(attributes: Mapping[str, Any], record: Server, packages: Iterable[Package]) -> Iterator[Fact]:
    if _is_number(owner := attributes.get("user_id")):
        yield Fact("user_id", owner, record.user_id, decides=True)
    if isinstance(name := attributes.get("name"), str) and name:
        yield Fact("name", name, record.name)
    package = next((one for one in packages if one.package_id == attributes.get("package_id")), None)
    for argument, fact in OF_SERVER.items():
        value = attributes.get(argument)
        if value is None and package is not None and argument in GIVEN_BY_PACKAGE:
            value = getattr(package, fact)
        if _is_number(value):
            yield Fact(fact, value, getattr(record, fact))


def of_key(address: str, attributes: Mapping[str, Any], record: SshKey) -> Comparison:
    facts = []
    if isinstance(text := attributes.get("public_key"), str) and record.public_key:
        facts.append(Fact("public_key", _bare(text), _bare(record.public_key), decides=True))
    if isinstance(name := attributes.get("name"), str):
        facts.append(Fact("name", name, record.name))
    return Comparison(address, tuple(facts))


def of_build(address: str, attributes: Mapping[str, Any], record: Server) -> Comparison:
    facts = []
    if _is_number(system := attributes.get("osid")):
        facts.append(Fact("operating_system_id", system, record.operating_system_id))
    if isinstance(host := attributes.get("hostname"), str) and host:
        facts.append(Fact("hostname", host, record.hostname))
    return Comparison(address, tuple(facts))


def refuse_another_panel(comparisons: Iterable[Comparison]) -> None:
    """Raise `AnotherPanel` where more than half of the compared objects are other ones at the panel."""
    compared = [one for one in comparisons if one.facts]
    others = [one for one in compared if one.is_another]
    if len(others) * 2 <= len(compared):
        return
    named = "\n".join(f"  {one}" for one in others[:MOST_NAMED])
    more = f"\n  and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
    raise AnotherPanel(
        f"Of {len(compared)} objects of the state that this panel has by their ids, {len(others)} are others here:\n"
        f"{named}{more}\nIs it the panel that Terraform made them at? Set the address of that one. Nothing was written."
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _bare(key: str) -> str:
    """Return a public key without its comment."""
    return " ".join(key.split()[:2])
