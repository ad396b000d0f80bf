"""Values of an answer that a state could not keep, and objects that nobody asked for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest
from pydantic import BaseModel

from pulumi_virtfusion.api import OutcomeUnknown, PanelError, VirtFusionError, operation_of
from pulumi_virtfusion.api.http.plain_json import parse
from pulumi_virtfusion.api.record import Record
from pulumi_virtfusion.api.records import Server, User
from tests.contract import openapi
from tests.contract.client_methods import METHODS, ClientMethod
from tests.unit.api.conftest import ClientOf, Play
from tests.unit.api.scripted_panel import answers

DIGITS = "9" * 400
HOSTILE = {
    "half a pair": r'"\ud800"',
    "the other half": r'"web\uDFFF"',
    "the pair the wrong way round": r'"\udc00\ud800"',
    "a half in a name": r'{"a\ud83d": true}',
    "400 digits": DIGITS,
    "as many below zero": f"-{DIGITS}",
    "5000 digits": "9" * 5000,
    "beyond every double": "1e999",
    "not a number": "NaN",
    "infinite": "-Infinity",
    "the largest double": "1.7976931348623157e308",
    "more than 64 bits": "1e19",
    "not exact": "9007199254740993",
    "400 digits as a text": f'"{DIGITS}"',
    "beyond every double, as a text": '"1e999"',
    "infinite, as a text": '"inf"',
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud800"', "\ufffd"),
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'"\\ud800"', r"\ud800"),
        (r'{"\udfff": ["\ud800x"]}', {"\ufffd": ["\ufffdx"]}),
        ("9007199254740992", 2**53),
        ("9007199254740993", 2**53),
        ("-9007199254740993", -(2**53)),
        ("123456789012345", 123456789012345),
        (DIGITS, None),
        ("1e999", None),
        ("1e19", 10**19),
        ("0.5", 0.5),
        ("[NaN, Infinity]", [None, None]),
    ],
)
def test_json_is_read_as_values_that_a_state_can_keep(text: str, value: object) -> None:
    assert parse(text.encode()) == value
    assert parse(b"\xef\xbb\xbf" + text.encode()) == value


def test_bytes_that_are_no_utf_8_lose_nothing_but_themselves() -> None:
    assert parse(b'{"name": "caf\xe9", "raw": "\xed\xa0\x80"}') == {"name": "caf\ufffd", "raw": "\ufffd" * 3}


def leaves_of(value: Any) -> Iterator[object]:
    if isinstance(value, BaseModel):
        value = dict(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from leaves_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves_of(inner)
    else:
        yield value.get_secret_value() if hasattr(value, "get_secret_value") else value


def assert_kept_by_a_state(answer: Any) -> None:
    for leaf in leaves_of(answer):
        if isinstance(leaf, str):
            leaf.encode()
        elif isinstance(leaf, (int, float)):
            assert math.isfinite(float(leaf))
            assert float(leaf) == leaf


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield path
    for key, one in inner or ():
        yield from paths_in(one, (*path, key))


def with_leaf(value: Any, path: tuple[Any, ...], leaf: object) -> Any:
    if not path:
        return leaf
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_leaf(value[path[0]], path[1:], leaf)
    return copy


def example_of(method: ClientMethod, asked: object) -> Any:
    operation = operation_of(method.function)
    (described,) = (one for one in openapi.described() if one.key == (operation.verb, operation.path))
    return openapi.answer_to(described, asked)


READING = [method for method in METHODS if operation_of(method.function).needs_body]


@pytest.mark.parametrize("method", READING, ids=str)
def test_what_becomes_of_an_answer_can_be_kept_or_is_an_error(
    method: ClientMethod, play: Play, client_of: ClientOf
) -> None:
    """Every leaf of every answer that the vendor shows is hostile once, each in its own way."""
    example, values = example_of(method, next(iter(method.all_arguments.values()), None)), list(HOSTILE.values())
    first = READING.index(method)
    chosen = [(path, values[(first + number) % len(values)]) for number, path in enumerate(paths_in(example))]
    texts = [json.dumps(with_leaf(example, path, "LEAF")).replace('"LEAF"', hostile) for path, hostile in chosen]
    client = client_of(play(*(answers(200, text.encode()) for text in texts)))
    for _ in texts:
        try:
            assert_kept_by_a_state(method.call(client, method.all_arguments))
        except VirtFusionError as error:
            str(error).encode()


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_value_does_not_lose_the_object(hostile: str, play: Play, client_of: ClientOf) -> None:
    told = [f'"someNewField": {hostile}']
    if hostile.startswith('"'):
        told.append(f'"hostname": {hostile}')
    if any(digit in hostile for digit in "19"):
        told.append(f'"settings": {{"resources": {{"memory": {hostile}}}}}')
    for field in told:
        panel = play(answers(201, f'{{"data": {{"id": 7, "ownerId": 3, {field}}}}}'.encode()))
        server = client_of(panel).servers.create(package_id=1, user_id=3, hypervisor_group_id=2)
        assert server.server_id == 7
        assert_kept_by_a_state(server)


def test_an_id_that_no_state_can_keep_is_none() -> None:
    hostile_ids: list[Any] = [None, True, False, 0, -7, 7.5, 2**53 + 2, "", "x", "-7", "7.5", DIGITS, [], {}]
    for hostile in hostile_ids:
        with pytest.raises(ValueError, match="id"):
            Server.model_validate({"id": hostile, "ownerId": 3})
    for fine in (7, 7.0, "7"):
        assert Server.model_validate({"id": fine, "ownerId": 3}).own_id == 7


@pytest.mark.parametrize("id_", ["1e999", "true", "0", "7.5", DIGITS, "null", '"x"'])
def test_a_create_that_answers_no_id_is_an_unknown_outcome(id_: str, play: Play, client_of: ClientOf) -> None:
    panel = play(answers(201, f'{{"data": {{"id": {id_}, "ownerId": 3}}}}'.encode()))
    client = client_of(panel)
    with pytest.raises(OutcomeUnknown):
        client.servers.create(package_id=1, user_id=3, hypervisor_group_id=2)
    with pytest.raises(OutcomeUnknown):
        client.self_service.add_credit(7, tokens=1)


def is_of_one_object(method: ClientMethod) -> bool:
    returned = get_type_hints(method.function)["return"]
    of_record = isinstance(returned, type) and issubclass(returned, Record)
    return (
        of_record
        and "id" in example_of(method, 1).get("data", {})
        and operation_of(method.function).path.count("{") == 1
    )


ONE_OBJECT = [method for method in METHODS if is_of_one_object(method)]


@pytest.mark.parametrize("method", ONE_OBJECT, ids=str)
def test_the_id_that_is_asked_for_is_the_id_that_answers(method: ClientMethod, play: Play, client_of: ClientOf) -> None:
    name, asked = next(iter(method.required.items()))
    panel = play(answers(200, example_of(method, asked)), answers(200, example_of(method, asked + 1)))
    client = client_of(panel)
    assert method.call(client, method.required).is_what_was_asked_for(asked)
    with pytest.raises((PanelError, OutcomeUnknown), match="another object than the one that was asked for"):
        method.call(client, {**method.required, name: asked})


def test_these_answer_one_object() -> None:
    assert {str(method) for method in ONE_OBJECT} == {
        "Dns.get_service", "HypervisorGroups.get", "Hypervisors.get", "IpBlocks.get", "Media.get_iso", "Packages.get",
        "Queue.get", "SelfService.get_resource_pack", "Servers.build", "Servers.get", "SshKeys.get", "Users.get",
    }  # fmt: skip


def test_a_user_is_known_by_its_relation(play: Play, client_of: ClientOf) -> None:
    client = client_of(play(answers(200, {"data": {"id": 2, "extRelationId": 1002}})))
    with pytest.raises(PanelError, match="another object"):
        client.users.get(1001)
    assert client.users.get(1002).user_id == 2
    assert client.users.get("1001").user_id == 2
    assert User.model_validate({"id": 2}).is_what_was_asked_for(1001)


def test_a_list_of_what_belongs_to_somebody_has_nobody_elses(play: Play, client_of: ClientOf) -> None:
    rows = [{"id": 7, "ownerId": 3}, {"id": 8}]
    strangers = [*rows, {"id": 9, "ownerId": 4}]
    client = client_of(play(answers(200, {"data": rows}), answers(200, {"data": strangers})))
    assert [row.server_id for row in client.servers.list_of_user(3)] == [7, 8]
    with pytest.raises(PanelError, match="rows that belong to another"):
        client.servers.list_of_user(3)
