"""What a customer gets: a user of the panel and an installed server. One stack a customer runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

import pulumi_virtfusion as virtfusion

GROUP = "Default"


@dataclass(frozen=True)
class Order:
    """What a shop sells."""

    customer: str
    email: str
    package: str
    """A package of the panel, by its name."""

    @classmethod
    def of(cls, customer: str, body: Any) -> Order:
        """The order of a request's JSON; `ValueError` says what is wrong with it."""
        if not isinstance(body, Mapping) or body.keys() != {"email", "package"}:
            raise ValueError("send an email and a package, and nothing else")
        if not all(isinstance(value, str) and value for value in body.values()):
            raise ValueError("email and package must be texts")
        return cls(customer, **body)


def program_of(order: Order) -> Callable[[], None]:
    """The Pulumi program behind an order."""

    def program() -> None:
        package = virtfusion.get_package(name=order.package)
        system = virtfusion.get_template(package.package_id, name="Debian", version="12", variant="Minimal")
        customer = virtfusion.Customer(
            order.customer, name=order.customer, email=order.email, rel_str=f"shop-{order.customer}"
        )
        vps = virtfusion.Vps(
            order.customer,
            package_id=package.package_id,
            user_id=customer.user_id,
            hypervisor_group_id=virtfusion.get_hypervisor_group(name=GROUP).hypervisor_group_id,
            operating_system_id=system.template_id,
            hostname=f"{order.customer}.example.com",
        )
        pulumi.export("package", order.package)
        pulumi.export("server", vps.server_id)
        pulumi.export("address", vps.address)

    return program
