"""The floor: the smallest possible dynamic provider of servers, to compare the cost of ours with.

The floor makes the requests that ours makes, with plain `requests`; it checks, retries and explains nothing.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

import pulumi
import requests
from pulumi.dynamic import ConfigureRequest, CreateResult, DiffResult, ReadResult, ResourceProvider, UpdateResult
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider

from pulumi_virtfusion.providers.dynamic.host import widen

THREADS = "FLOOR_THREADS"
"""The environment variable for the calls that the host runs at once; without it, the four of Pulumi's host."""

_own = threading.local()


def ask(verb: str, path: str, body: object = None) -> requests.Response:
    """Send one request on this thread's connection; raise HTTPError for an error status other than 404."""
    if not hasattr(_own, "session"):
        _own.session = requests.Session()
        _own.session.headers["Authorization"] = f"Bearer {os.environ['VIRTFUSION_TOKEN']}"
    url = f"{os.environ['VIRTFUSION_ENDPOINT']}/api/v1{path}"
    response: requests.Response = _own.session.request(verb, url, json=body, timeout=30)
    if response.status_code != 404:
        response.raise_for_status()
    return response


def some_outputs(server: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the outputs of a server that every program uses."""
    interface = server["network"]["interfaces"][0]
    addresses = [address["address"] for address in interface["ipv4"]]
    return {
        "package_id": inputs["package_id"],
        "user_id": server["ownerId"],
        "hypervisor_group_id": inputs["hypervisor_group_id"],
        "uuid": server["uuid"],
        "primary_ipv4": addresses[0],
        "ipv4_addresses": addresses,
    }


FURTHER_OUTPUTS = {
    **{f"additional_storage{n}_{of}": 0 for n in (1, 2) for of in ("capacity", "enable", "profile")},
    **dict.fromkeys(("backup_plan_id", "cpu_throttle", "delete_delay", "network_profile", "suspended"), 0),
    **dict.fromkeys(("cpu_cores", "hypervisor_id", "ipv4", "memory", "storage", "storage_profile", "traffic"), 1),
    **dict.fromkeys(("network_speed_inbound", "network_speed_outbound"), 0),
    **dict.fromkeys(("hostname", "name"), ""),
    **{name: [] for name in ("ipv6_subnets", "package_change", "package_change_info")},
    "__identity": {"server_uuid": "00000000-0000-0000-0000-000000000001"},
    "created": "2026-01-01T00:00:00Z",
    "mac_address": "00:00:00:00:00:01",
    "own_ipv4_addresses": ["192.0.2.1"],
    "state": "allocated",
}
"""The other outputs of our server, with fixed values: only their number matters for the cost."""


def as_many_outputs(server: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """Return as many outputs of a server as our provider has."""
    return {**FURTHER_OUTPUTS, **some_outputs(server, inputs)}


class FloorProvider(ResourceProvider):
    serialize_as_secret_always = False
    outputs_of = staticmethod(some_outputs)

    def configure(self, req: ConfigureRequest) -> None:  # noqa: ARG002
        if THREADS in os.environ:
            widen(int(os.environ[THREADS]))

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        return DiffResult(changes=_olds["package_id"] != _news["package_id"])

    def create(self, props: dict[str, Any]) -> CreateResult:
        body = {
            "packageId": int(props["package_id"]),
            "userId": int(props["user_id"]),
            "hypervisorId": int(props["hypervisor_group_id"]),
            "ipv4": 1,
        }
        server = ask("POST", "/servers", body).json()["data"]
        return CreateResult(str(server["id"]), self.outputs_of(server, props))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        server = ask("GET", f"/servers/{id_}").json()["data"]
        return ReadResult(id_, self.outputs_of(server, props))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        ask("PUT", f"/servers/{_id}/package/{int(_news['package_id'])}", {})
        return UpdateResult(self.outputs_of(ask("GET", f"/servers/{_id}").json()["data"], _news))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        ask("GET", f"/servers/{_id}")  # is it the server that the state means?
        ask("DELETE", f"/servers/{_id}?delay=0")
        while ask("GET", f"/servers/{_id}").status_code != 404:
            time.sleep(0.2)


class WholeProvider(FloorProvider):
    outputs_of = staticmethod(as_many_outputs)


PROVIDERS: dict[str, type[FloorProvider]] = {"Server": FloorProvider, "WholeServer": WholeProvider}


@cache
def _reference(kind: str) -> str:
    reference: str = serialize_provider(PROVIDERS[kind]())
    return reference


class Server(pulumi.CustomResource):
    """A server without anything around it."""

    primary_ipv4: pulumi.Output[str]
    further_outputs: ClassVar[Mapping[str, None]] = {}

    def __init__(self, name: str, *, package_id: int, user_id: int, hypervisor_group_id: int) -> None:
        arguments = {"package_id": package_id, "user_id": user_id, "hypervisor_group_id": hypervisor_group_id}
        outputs = {"uuid": None, "primary_ipv4": None, "ipv4_addresses": None, **self.further_outputs}
        kind = type(self).__name__
        properties = {**arguments, **outputs, PROVIDER_KEY: _reference(kind)}
        super().__init__(f"pulumi-python:dynamic/floor:{kind}", name, properties)


class WholeServer(Server):
    """A server with as many outputs as ours."""

    further_outputs = dict.fromkeys(FURTHER_OUTPUTS)
