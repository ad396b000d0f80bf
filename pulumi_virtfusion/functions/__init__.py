"""The functions of a program: each read operation of the API, and look-ups by name, one module a section.

A plain form returns at once, also in a preview and outside of a Pulumi program; its `..._output` form takes outputs and
returns one, unknown while an argument is unknown. Ids are numbers or their decimal strings. A run asks a panel each
question once; `VirtFusion` itself asks anew. Errors are those of the client, shown without a traceback. Records are
read by attribute, also on outputs (`package.memory`); `pulumi.export` takes their `model_dump()`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from ..misspelling import naming_the_nearest

_SECTIONS = {
    "backups": ("get_server_backups",),
    "dns": ("get_dns_service",),
    "general": ("test_connection",),
    "hypervisor_groups": ("get_hypervisor_groups", "get_hypervisor_group", "get_hypervisor_group_resources"),
    "hypervisors": ("get_hypervisors", "get_hypervisor"),
    "ip_blocks": ("get_ip_blocks", "get_ip_block"),
    "media": ("get_package_templates", "get_template", "get_iso"),
    "packages": ("get_packages", "get_package"),
    "queue": ("get_queue_item",),
    "self_service": (
        "get_resource_pack",
        "get_currencies",
        "get_user_usage",
        "get_user_hourly_stats",
        "get_user_report",
    ),
    "servers": (
        "get_servers",
        "get_server",
        "get_user_servers",
        "get_server_templates",
        "get_server_traffic",
        "get_traffic_blocks",
        "get_server_firewall",
        "get_server_vnc",
    ),
    "ssh_keys": ("get_ssh_key", "get_user_ssh_keys"),
    "users": ("get_user",),
}

MODULES = {form: section for section, names in _SECTIONS.items() for name in names for form in (name, f"{name}_output")}
"""The module of each function, by the name of either form."""


@cache
def function(name: str) -> Any:
    """Return the function of that name."""
    return naming_the_nearest(getattr(import_module(f"{__name__}.{MODULES[name]}"), name))
