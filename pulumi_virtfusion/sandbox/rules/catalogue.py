"""The panel's catalogue: hypervisors, packages, templates, media, IP blocks, DNS, backups."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address
from typing import Literal

from ..bodies import Body, Id, PageNumber, Results
from ..panel.clock import zulu_form
from ..panel.panel import Panel
from ..panel.refusals import Invalid
from ..panel.store import Document
from .capacity import accepts_servers, free_addresses, hypervisor_resources
from .pages import Page, page_of

_LARGEST_RANGE = 65_536


def connect(_panel: Panel) -> list[Document]:
    """Answer `GET /connect` with an empty list."""
    return []


def _shown(document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "hidden"}


def hypervisor_groups(panel: Panel, results: Results = 20, page: PageNumber = 1) -> Page:
    here = page_of(panel, "hypervisor_groups", results, page)
    here.rows = [_shown(group) for group in here.rows]
    return here


def hypervisor_group(panel: Panel, hypervisor_group_id: int) -> Document:
    return _shown(panel.require("hypervisor_groups", hypervisor_group_id))


def group_resources(panel: Panel, hypervisor_group_id: int, results: Results = 20, page: PageNumber = 1) -> Page:
    """List each hypervisor's resources and usage; each row has the free IPv4 addresses of the whole group."""
    panel.require("hypervisor_groups", hypervisor_group_id)
    here = page_of(panel, "hypervisors", results, page, group_id=[hypervisor_group_id])
    free = max((free_addresses(panel, row["id"]) for row in here.rows), default=0)
    here.rows = [_resources(panel, row, free) for row in here.rows]
    return here


def _resources(panel: Panel, hypervisor: Document, free: int) -> Document:
    return {
        "hypervisor": {
            "id": hypervisor["id"],
            "name": hypervisor["name"],
            "enabled": hypervisor["enabled"],
            "prohibit": hypervisor["hidden"]["prohibit"],
            "accept": accepts_servers(hypervisor),
            "commissioned": hypervisor["commissioned"] == 3,
        },
        "resources": {**hypervisor_resources(panel, hypervisor), "network": {"total": {"ipv4": {"free": free}}}},
    }


def hypervisors(panel: Panel, results: Results = 20, page: PageNumber = 1) -> Page:
    here = page_of(panel, "hypervisors", results, page)
    here.rows = [_hypervisor(panel, row) | {"storage": []} for row in here.rows]
    return here


def hypervisor(panel: Panel, hypervisor_id: int) -> Document:
    return _hypervisor(panel, panel.require("hypervisors", hypervisor_id))


def _hypervisor(panel: Panel, hypervisor: Document) -> Document:
    group = _shown(panel.require("hypervisor_groups", hypervisor["groupId"]))
    del group["label"]
    shown = _shown(hypervisor)
    del shown["groupId"]
    return shown | {"group": group}


def packages(panel: Panel) -> list[Document]:
    return [_package(package) for package in panel.store.find("packages")]


def package(panel: Panel, package_id: int) -> Document:
    return _package(panel.require("packages", package_id))


def _package(package: Document) -> Document:
    return _shown(package) | {"created": zulu_form(package["created"])}


def package_templates(panel: Panel, server_package_id: int) -> list[Document]:
    """List the templates of every architecture."""
    panel.require("packages", server_package_id)
    return _categories(panel, panel.store.find("templates"))


def server_templates(panel: Panel, server_id: int) -> list[Document]:
    """List the templates of the server's architecture."""
    server = panel.require("servers", server_id)
    return _categories(panel, [t for t in panel.store.find("templates") if t["arch"] == server["arch"]])


def _categories(panel: Panel, templates: list[Document]) -> list[Document]:
    categories: list[Document] = []
    # The category "Other" has id 0 and comes last.
    for category in sorted(panel.store.find("template_categories"), key=lambda row: (row["id"] == 0, row["id"])):
        members = [_shown(t) for t in templates if t["hidden"]["category"] == category["id"]]
        if members:
            shown = {name: category[name] for name in ("name", "description", "icon")}
            categories.append({**shown, "templates": members, "id": category["id"]})
    return categories


def iso(panel: Panel, iso_id: int) -> Document:
    return panel.require("isos", iso_id)


def dns_service(panel: Panel, service_id: int) -> Document:
    return panel.require("dns_services", service_id)


def backups(panel: Panel, server_id: int) -> list[Document]:
    panel.require("servers", server_id)
    return panel.store.find("backups", server=server_id)


def currencies(panel: Panel) -> list[Document]:
    return panel.store.find("currencies")


def ip_blocks(panel: Panel, results: Results = 20, page: PageNumber = 1) -> Page:
    here = page_of(panel, "ip_blocks", results, page)
    here.rows = [_ip_block(panel, row) for row in here.rows]
    return here


def ip_block(panel: Panel, block_id: int) -> Document:
    return _ip_block(panel, panel.require("ip_blocks", block_id))


def _ip_block(panel: Panel, block: Document) -> Document:
    shown = _shown(block)
    if block["type"] == 4:
        total, used = panel.addresses.totals(block["id"])
        shown["ipv4"] = block["ipv4"] | {"total": total, "usedTotal": used, "freeTotal": total - used}
    return shown


class AddressRange(Body):
    type: Literal["range"]
    start: str
    end: str

    def addresses(self) -> tuple[IPv4Address, IPv4Address]:
        try:
            start, end = IPv4Address(self.start), IPv4Address(self.end)
        except AddressValueError:
            raise Invalid("The start and end fields must be IPv4 addresses.") from None
        if start > end:
            raise Invalid("The end field must not be lower than start.")
        if int(end) - int(start) >= _LARGEST_RANGE:
            raise Invalid(f"A range has at most {_LARGEST_RANGE} addresses.")
        return start, end


def add_range(panel: Panel, block_id: Id, body: AddressRange) -> None:
    """Add the range's addresses that no block has yet; no call removes them again."""
    block = panel.require("ip_blocks", block_id)
    if block["type"] != 4:
        raise Invalid("The IP block is not an IPv4 block")
    panel.addresses.add_range(block_id, *body.addresses())
    panel.save("ip_blocks", block.copy())
