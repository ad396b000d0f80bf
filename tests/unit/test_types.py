"""Which spellings of an argument's value are one value, and that the program's own is what is sent."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.schema import types
from pulumi_virtfusion.schema.fields import Change, Field

ED = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp"
OTHER_ED = f"{ED[:-1]}q"
NO_BREAK = "\N{NO-BREAK SPACE}"

EQUAL: dict[str, list[list[Any]]] = {
    "AddressCount": [[2, 2.0, "2"]],
    "AddressQuantity": [[2, 2.0, "2"]],
    "BackupAccess": [["full"]],
    "Cores": [[4, 4.0, "4"]],
    "Email": [["ada@example.com", "Ada@Example.COM", "ADA@example.com"]],
    "Flag": [[True], [False]],
    "Gigabytes": [[40, 40.0, "40"]],
    "Hostname": [["web.example.com", "Web.Example.COM", "web.example.com.", "WEB.EXAMPLE.COM."]],
    "Identifier": [[7, "7", 7.0, "007"]],
    "Interface": [["primary"], ["secondary"]],
    "IpAddress": [
        ["2001:db8::1", "2001:DB8::1", "2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8:0:0::1"],
        ["::ffff:192.0.2.1", "::ffff:c000:201", "::FFFF:C000:0201", "0:0:0:0:0:ffff:192.0.2.1"],
        ["192.0.2.1"],
    ],
    "Ipv4Address": [["192.0.2.1"]],
    "Ipv4Addresses": [[["192.0.2.1", "192.0.2.2"], ["192.0.2.2", "192.0.2.1"]]],
    "KilobytesPerSecond": [[0, 0.0, "0"]],
    "LongText": [["an order", "an order\n", "  an order\t"]],
    "Megabytes": [[1024, 1024.0, "1024"]],
    "Minutes": [[5, 5.0, "5"]],
    "PackActionName": [["suspend_servers"]],
    "PackageChange": [[{"memory": True, "cpu": False}, {"cpu": False, "memory": True}]],
    "PackageOverride": [[[1, 2], ["2", 1.0]], [[-1]]],
    "Percent": [[5, 5.0, "5"]],
    "PlanId": [[0, "0", 0.0]],
    "PowerState": [["running"], ["stopped"]],
    "PrefixLength": [[64, 64.0, "64"]],
    "PublicKey": [[ED, f"{ED} ada@laptop", f"{ED} Ada's own", f" {ED}\n"]],
    "Relation": [[42, 42.0], ["42"], ["crm-7"]],
    "RelationText": [["42"], ["crm-7"]],
    "SelfService": [[1, 1.0]],
    "ServerActionName": [["boot"]],
    "Swap": [[2, 2.0], [1.5]],
    "Text": [["laptop", "laptop ", " laptop", f"{NO_BREAK}laptop"], ["my laptop", " my laptop "]],
    "Tokens": [[5, 5.0], [0.5]],
    "TrafficGigabytes": [[0, 0.0]],
    "TrafficMonth": [[1, 1.0]],
    "Triggers": [[{"a": [1], "b": 2}, {"b": 2.0, "a": [1.0]}], [["a"]]],
    "TypeCode": [[-1, -1.0, "-1"]],
    "UnorderedIds": [[[1, 2], [2, 1], ["2", "1"], [2.0, 1]], [[]]],
    "UserActionName": [["sync_access"]],
    "XmlFragment": [
        ["<a>\n<b/>\n</a>", "<a>\r\n<b/>\r\n</a>", "<a>\r<b/>\r</a>", "\n<a>\n<b/>\n</a>\r\n", " <a>\n<b/>\n</a>\t"],
        ["", " ", "\r\n"],
    ],
}
"""Of each type, lists of spellings that are one value."""

NEAR: dict[str, list[tuple[Any, Any]]] = {
    "Email": [
        ("ada@example.com", "ada@example.org"),
        ("ada@example.com", "ada+web@example.com"),
        ("ada@example.com", "a.da@example.com"),
        ("strasse@example.com", "straße@example.com"),
    ],
    "Flag": [(True, False)],
    "Hostname": [("web.example.com", "web1.example.com"), ("web-1.example.com", "web1.example.com")],
    "Identifier": [(7, 8), (7, 70)],
    "IpAddress": [
        ("2001:db8::1", "2001:db8::10"),
        ("2001:db8::1", "2001:db8:1::"),
        (
            "192.0.2.1",
            "::ffff:192.0.2.1",
        ),  # a prefix of 32 means one address of the first, and a half of all of the second
        ("192.0.2.1", "::192.0.2.1"),
    ],
    "Ipv4Addresses": [(["192.0.2.1"], ["192.0.2.1", "192.0.2.2"])],
    "LongText": [("an order", "an  order"), ("an order", "an\norder"), ("an order", "An order")],
    "PackageChange": [({"memory": True}, {"memory": False}), ({"memory": False}, {"cpu": False})],
    "PackageOverride": [([-1], []), ([1], [1, 2])],
    "PlanId": [(0, 1)],
    "PublicKey": [(ED, OTHER_ED), (ED, ED.lower())],
    "Relation": [(42, "42"), (42.0, "42"), ("42", "042"), ("42", "4 2"), ("crm", "CRM")],
    "RelationText": [("42", "042"), ("crm", "CRM")],
    "Swap": [(1, 1.5)],
    "Text": [("laptop", "lap top"), ("my laptop", "my  laptop"), ("laptop", "Laptop"), ("laptop", "laptop.")],
    "Triggers": [([1], ["1"]), ([1, 2], [2, 1]), ([True], [1]), ([None], []), (["a"], ["a "]), ({"a": 1}, {"a": 2})],
    "UnorderedIds": [([1, 2], [1, 2, 3]), ([1], [])],
    "XmlFragment": [
        ("<a/>", "<b/>"),
        ("<a>x y</a>", "<a>x  y</a>"),
        ("<a>\nx</a>", "<a>x</a>"),
        ("<a>x</a>", "<a>X</a>"),
        ("<a/>\n<b/>", "<a/>\n\n<b/>"),
    ],
}
"""Pairs that are two values."""


def a_field(name: str) -> Field:
    field = Field(Change.IN_PLACE)
    field.value_type = getattr(types, name)
    return field


def test_the_table_has_every_type_that_an_argument_has() -> None:
    fields = [f for name in MODULES for f in resource_class(name).fields.values() if f.is_input]
    missing = [f"{f.owner.__name__}.{f.name}" for f in fields if not any(f.value_type == one for one in TABLED)]
    assert missing == []


TABLED = [getattr(types, name) for name in EQUAL]


@pytest.mark.parametrize(("name", "spellings"), [(name, one) for name, values in EQUAL.items() for one in values])
def test_equal_spellings_are_one_value(name: str, spellings: list[Any]) -> None:
    same = a_field(name).same
    assert [(one, other) for one in spellings for other in spellings if not same(one, other)] == []


@pytest.mark.parametrize(("name", "one", "other"), [(name, *pair) for name, pairs in NEAR.items() for pair in pairs])
def test_near_ones_are_two(name: str, one: Any, other: Any) -> None:
    field = a_field(name)
    assert not field.same(one, other)
    assert not field.same(other, one)


@pytest.mark.parametrize(
    ("name", "values"), [(name, [spellings[0] for spellings in values]) for name, values in EQUAL.items()]
)
def test_different_values_of_a_type_are_different(name: str, values: list[Any]) -> None:
    same = a_field(name).same
    assert [(one, other) for one in values for other in values if one is not other and same(one, other)] == []


TEXTS = ("Email", "Hostname", "LongText", "RelationText", "Text", "XmlFragment")


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_sent_as_the_program_wrote_it(name: str) -> None:
    field = a_field(name)
    written = [text for spellings in EQUAL[name] for text in spellings]
    assert [field.parse(text) for text in written] == written


def test_an_order_is_sent_as_the_program_wrote_it() -> None:
    assert a_field("UnorderedIds").parse([2, 1]) == [2, 1]


@pytest.mark.parametrize(
    ("given", "relation"),
    [(42, 42), (42.0, 42), ("42", "42"), ("٤٢", "٤٢"), ("007", "007"), ("crm-7", "crm-7")],
)
def test_a_number_is_an_ext_relation_id_and_a_text_a_rel_str(given: Any, relation: int | str) -> None:
    parsed = a_field("Relation").parse(given)
    assert (parsed, type(parsed)) == (relation, type(relation))
