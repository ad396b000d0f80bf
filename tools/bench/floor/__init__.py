"""The floor: the least that a dynamic provider of servers can be, to see what ours costs beside it.

It makes the requests that ours makes, with plain `requests`; it checks nothing, retries nothing, explains nothing.
"""

from __future__ import annotations

import os
import threading
import time
from functools import cache
from typing import Any

import pulumi
import requests
from pulumi.dynamic import ConfigureRequest, CreateResult, DiffResult, ReadResult, ResourceProvider, UpdateResult
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider

from pulumi_virtfusion.dynamic_host import widen

THREADS = "FLOOR_THREADS"
"""Calls that the host answers at once; left out, it is the four that Pulumi's host has."""

_own = threading.local()


def ask(verb: str, path: str, body: object = None) -> requests.Response:
    """One request on this thread's connection."""
    if not hasattr(_own, "session"):
        _own.session = requests.Session()
        _own.session.headers["Authorization"] = f"Bearer {os.environ['VIRTFUSION_TOKEN']}"
    url = f"{os.environ['VIRTFUSION_ENDPOINT']}/api/v1{path}"
    response: requests.Response = _own.session.request(verb, url, json=body, timeout=30)
    if response.status_code != 404:
        response.raise_for_status()
    return response


def outputs_of(server: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """What programs use of a server."""
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


class FloorProvider(ResourceProvider):
    serialize_as_secret_always = False

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
        return CreateResult(str(server["id"]), outputs_of(server, props))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        server = ask("GET", f"/servers/{id_}").json()["data"]
        return ReadResult(id_, outputs_of(server, props))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        ask("PUT", f"/servers/{_id}/package/{int(_news['package_id'])}", {})
        return UpdateResult(outputs_of(ask("GET", f"/servers/{_id}").json()["data"], _news))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        ask("GET", f"/servers/{_id}")  # is it the server that the state means?
        ask("DELETE", f"/servers/{_id}?delay=0")
        while ask("GET", f"/servers/{_id}").status_code != 404:
            time.sleep(0.2)


@cache
def _reference() -> str:
    reference: str = serialize_provider(FloorProvider())
    return reference


class Server(pulumi.CustomResource):
    """A server without anything around it."""

    primary_ipv4: pulumi.Output[str]

    def __init__(self, name: str, *, package_id: int, user_id: int, hypervisor_group_id: int) -> None:
        arguments = {"package_id": package_id, "user_id": user_id, "hypervisor_group_id": hypervisor_group_id}
        outputs = {"uuid": None, "primary_ipv4": None, "ipv4_addresses": None}
        properties = {**arguments, **outputs, PROVIDER_KEY: _reference()}
        super().__init__("pulumi-python:dynamic/floor:Server", name, properties)
