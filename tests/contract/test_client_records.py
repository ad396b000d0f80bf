"""What the client makes of the vendor's examples."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from pulumi_virtfusion.api import VirtFusion, operation_of
from pulumi_virtfusion.api.record import NEVER_KEPT, Record
from pulumi_virtfusion.api.records import Server
from tests.contract import openapi
from tests.contract.client_methods import METHODS, ClientMethod

# What no example shows, and where we know it from instead.
NOT_IN_ANY_EXAMPLE = {
    "ResourcePack": {"servers"},  # ?withServers=true, whose answer the file does not show
    "Server": {"running"},  # ?remoteState=true, likewise
}


@pytest.fixture
def server(client: VirtFusion) -> Server:
    return client.servers.get(69)


def records_in(value: Any) -> Iterator[Record]:
    if isinstance(value, Record):
        yield value
        value = dict(value)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from records_in(inner)


def texts_in(value: Any) -> Iterator[str]:
    """All texts of three or more characters, secrets included, numbers written as texts not."""
    if isinstance(value, BaseModel):
        value = dict(value)
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, str) and len(value) > 2 and not re.fullmatch(r"\d+\.\d+", value):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_in(inner)


def without_what_is_never_kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_what_is_never_kept(inner) for key, inner in value.items() if key not in NEVER_KEPT}
    return [without_what_is_never_kept(inner) for inner in value] if isinstance(value, list) else value


def example_of(method: ClientMethod) -> Any:
    operation = operation_of(method.function)
    described = next(one for one in openapi.described() if one.key == (operation.verb, operation.path))
    body = json.loads(described.answer) if described.answer else None
    return body.get("data", body.get("info")) if isinstance(body, dict) else body


def test_every_field_of_every_record_is_where_the_examples_have_it(client: VirtFusion) -> None:
    declared: dict[str, set[str]] = defaultdict(set)
    found: dict[str, set[str]] = defaultdict(set)
    for method in METHODS:
        for record in records_in(method.call(client, method.required)):
            declared[type(record).__name__] |= type(record).model_fields.keys()
            found[type(record).__name__] |= record.model_fields_set
    missing = {name: fields - found[name] for name, fields in declared.items() if fields - found[name]}
    assert len(declared) > 30
    assert missing == NOT_IN_ANY_EXAMPLE


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_no_text_of_an_example_is_lost_unless_it_must_not_be_kept(method: ClientMethod, client: VirtFusion) -> None:
    answer = method.call(client, method.required)
    if answer is None or str(method) == "Servers.validate":  # of a dry run, a number is all that is of use
        return
    example = without_what_is_never_kept(example_of(method))
    for forgotten in type(answer).forgotten - type(answer).model_fields.keys() if isinstance(answer, Record) else ():
        del example[forgotten]
    assert set(texts_in(example)) <= set(texts_in(answer))


def test_a_server_is_read_with_what_people_look_for(server: Server) -> None:
    assert (server.server_id, server.user_id, server.hypervisor_id, server.hypervisor_group_id) == (69, 1, 6, 2)
    assert (server.memory, server.cpu_cores, server.storage, server.traffic) == (1024, 2, 11, 20000)
    assert (server.name, server.hostname, server.state) == ("Elliptical Way", "", "complete")
    assert (server.operating_system_id, server.backup_plan_id, server.storage_profile) == (49, 0, 1)
    assert server.mac_address == "00:E7:FB:01:87:14"
    assert server.primary_ipv4 == "192.168.4.32"
    assert server.ipv4_addresses == ["192.168.4.32", "192.168.4.35"]
    assert server.secondary_ipv4_addresses == ["192.168.4.33", "192.168.4.34"]
    assert server.ipv6_subnets[0] == "2001:db8:abcd:12:2::/80"
    assert [key.name for key in server.ssh_keys] == ["Test Key"]
    assert server.running is None
    assert server.additional_disks == []


def test_a_new_server_has_an_additional_disk_and_the_task_that_will_make_it(client: VirtFusion) -> None:
    server = client.servers.create(package_id=1, user_id=1, hypervisor_group_id=1)
    assert (server.state, server.built, server.name) == ("allocated", "", "")
    assert [(disk.drive, disk.capacity, disk.status) for disk in server.additional_disks] == [("b", 10, 1)]
    assert [task.action for task in server.pending_tasks] == ["Create HDD (sdb)"]
    assert (server.network_speed_inbound, server.network_speed_outbound) == (200, 400)


def test_a_build_answers_its_password_as_a_secret(client: VirtFusion) -> None:
    server = client.servers.build(7, operating_system_id=1)
    assert server.password
    assert server.password.get_secret_value() == "uv1dmfUUaENhNpbrGUwD"
    assert "uv1dmfUUaENhNpbrGUwD" not in repr(server)


def test_what_must_not_be_kept_is_not_kept(client: VirtFusion) -> None:
    kept = [
        client.servers.get(69),
        *client.servers.list_of_user(3),
        *client.hypervisors.list(),
        client.hypervisors.get(1),
        client.dns.get_service(4),
        client.queue.get(158),
    ]
    text = " ".join(repr(record.model_dump()) for record in kept)
    for name in ("screen", "encrypted_password", "encrypted_token", "primary_actions", "'password': 'ey", "iVBORw0"):
        assert name not in text


def test_records_do_not_change(server: Server) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        server.memory = 2048


def test_a_queue_item_tells_how_far_it_is(client: VirtFusion) -> None:
    item = client.queue.get(158)
    assert (item.queue_id, item.server_id, item.action) == (158, 69, "build_server")
    assert (item.finished, item.failed, item.progress, item.message) == ("2025-01-15T15:00:49+00:00", False, 100, "")


def test_figures_are_numbers_whatever_php_made_of_them(client: VirtFusion) -> None:
    stats = client.self_service.get_hourly_stats(1)
    report = client.self_service.get_report(1)
    assert (stats.monthly_total.value, stats.monthly_total.tokens) == (0.0, 0)
    assert (report.monthly_total.hours, report.term) == (0, "January 2025")
    assert client.self_service.get_currencies()[0].value == 0.01


def test_a_resource_pack_has_two_ids(client: VirtFusion) -> None:
    pack = client.self_service.get_resource_pack(18)
    assert (pack.resource_pack_id, pack.pack_id, pack.label) == (18, 9, "")
    assert pack.limits["total_memory"] == 4096
    assert pack.usage["memory"].total == 4096


def test_logins_are_secret(client: VirtFusion) -> None:
    login = client.users.create_login_tokens(1)
    assert login.endpoint_complete.get_secret_value().startswith("/token_authenticate/?1=zYpEXpWEeXR4")
    assert login.tokens["1"].get_secret_value().startswith("zYpEXpWEeXR4")
    assert "zYpEXp" not in repr(login)
    vnc = client.servers.get_vnc(7)
    assert vnc.password
    assert vnc.password.get_secret_value() == "ZNYonJeU"
    assert "ZNYonJeU" not in repr(vnc)
    assert "69316231" not in repr(vnc.model_dump())
