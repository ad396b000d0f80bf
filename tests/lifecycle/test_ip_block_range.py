"""A range of addresses in a block: added once, never read, and left in the block at the end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from tests.lifecycle.life import Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

BLOCK = "GET /connectivity/ipblocks/1"
ADDING = "POST /connectivity/ipblocks/1/ipv4"
FOR_GOOD = "a range cannot be taken out of a block; add another `IpBlockRange` for more addresses"
SEEDED = 253
"""Addresses of block 1 in a fresh panel."""


@pytest.fixture
def wanted(life: Life) -> LivingResource:
    """Eleven addresses for block 1, not added yet."""
    return life("IpBlockRange", block_id=1, start="192.0.2.10", end="192.0.2.20")


@pytest.fixture
def added(wanted: LivingResource, panel: Panel) -> LivingResource:
    """Eleven addresses in block 1; not in the log."""
    wanted.create()
    panel.forget()
    return wanted


@pytest.fixture
def client(panel: Panel) -> VirtFusion:
    return VirtFusion(panel.url, panel.token)


def test_creating_looks_at_the_block_and_is_one_request(
    wanted: LivingResource, panel: Panel, client: VirtFusion
) -> None:
    wanted.create()
    assert wanted.id == "1/192.0.2.10-192.0.2.20"
    assert panel.requests() == [BLOCK, ADDING]
    assert panel.body(ADDING) == {"type": "range", "start": "192.0.2.10", "end": "192.0.2.20"}
    assert client.ip_blocks.get(1).ipv4_total == SEEDED + 11
    assert wanted.plan().changed == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"end": "192.0.2.9"}, "end: must not be lower than start"),
        ({"start": "2001:db8::1"}, "start: must be an IPv4 address such as 192.0.2.10"),
        ({"end": "192.0.2.0/24"}, "end: must be an IPv4 address such as 192.0.2.10"),
        ({"end": None}, "end: is required"),
        ({"block_id": 0}, "block_id: must be greater than or equal to 1"),
    ],
)
def test_a_refusal_needs_no_request(wanted: LivingResource, panel: Panel, arguments: Any, said: str) -> None:
    with pytest.raises(Refused) as refused:
        wanted.check(**arguments)
    assert (refused.value.problems, panel.requests()) == ([said], [])


def test_a_block_of_the_other_family_is_refused_before_anything_is_sent(wanted: LivingResource, panel: Panel) -> None:
    wanted.arguments["block_id"] = 3
    with pytest.raises(HostError, match=r"IP block 3 \(IPv6\) is not an IPv4 block"):
        wanted.create()
    assert panel.writes() == []


@pytest.mark.parametrize(("argument", "value"), [("block_id", 2), ("start", "192.0.2.11"), ("end", "192.0.2.30")])
def test_no_argument_can_be_changed(added: LivingResource, panel: Panel, argument: str, value: object) -> None:
    with pytest.raises(Refused) as refused:
        added.plan(**{argument: value})
    assert refused.value.problems == [f"{argument}: cannot be changed: {FOR_GOOD}"]
    assert panel.requests() == []


def test_a_refresh_asks_nothing_and_keeps_it_all(added: LivingResource, panel: Panel) -> None:
    kept = dict(added.outputs)
    panel.delete("ip_blocks", 1)
    assert added.refresh() == []
    assert (added.outputs, panel.requests()) == (kept, [])


def test_it_can_be_neither_imported_nor_looked_up(life: Life, added: LivingResource, panel: Panel) -> None:
    with pytest.raises(Refused, match="no IP block range can be read from the panel"):
        life("IpBlockRange", "b", import_=added.id, block_id=1, start="192.0.2.10", end="192.0.2.20").check()
    with pytest.raises(HostError, match="No IP block range can be looked up"):
        added.look_up(added.id)
    assert panel.requests() == []


def test_deleting_asks_nothing_and_says_what_stays(added: LivingResource, panel: Panel) -> None:
    added.delete()
    assert panel.requests() == []
    assert added.warnings == [
        "IP block 1 keeps 192.0.2.10 to 192.0.2.20: no operation of the panel takes addresses out of a block. "
        "The range is no longer in this stack."
    ]


def test_a_lost_answer_is_settled_by_the_size_of_the_block(wanted: LivingResource, panel: Panel) -> None:
    panel.loses_the_answer("POST", "/ipv4")
    wanted.create()
    assert panel.requests() == [BLOCK, ADDING, BLOCK]
    assert wanted.warnings == ["IP block 1 grew by the 11 addresses, although the answer that said so was lost."]


def test_a_lost_request_is_not_repeated(wanted: LivingResource, panel: Panel) -> None:
    panel.never_gets("POST", "/ipv4")
    with pytest.raises(HostError, match="Block 1 has 253 addresses as before: it is safe to run it again"):
        wanted.create()
    assert panel.requests() == [BLOCK, ADDING, BLOCK]


def test_a_block_that_grew_by_something_else_is_for_a_person(
    wanted: LivingResource, panel: Panel, client: VirtFusion
) -> None:
    client.ip_blocks.add_ipv4_range(1, start="192.0.2.10", end="192.0.2.12")
    panel.forget()
    panel.loses_the_answer("POST", "/ipv4")
    with pytest.raises(HostError, match="Block 1 grew from 256 by 8 addresses, and the range has 11"):
        wanted.create()
    assert panel.writes() == [ADDING]


def test_a_look_that_fails_too_leaves_the_lost_answer(wanted: LivingResource, panel: Panel) -> None:
    panel.loses_the_answer("POST", "/ipv4")
    panel.fault("GET", "/ipblocks/1$")  # the first look goes well, the second does not
    panel.fault("GET", "/ipblocks/1$", status=401, body={"message": "Expired."})
    with pytest.raises(HostError) as caught:
        wanted.create()
    assert "it was not repeated" in caught.value.message
    assert "Looking for what it made failed too: GET /connectivity/ipblocks/1 answered 401" in caught.value.message


def test_ranges_of_one_block_are_added_one_after_the_other(life: Life, panel: Panel) -> None:
    """Two at once could not be told apart by the block's size."""
    ranges = [
        life("IpBlockRange", name, block_id=1, start=f"192.0.2.{first}", end=f"192.0.2.{last}")
        for name, first, last in (("a", 1, 5), ("b", 6, 20))
    ]
    panel.fault("POST", "/ipv4", when="after", close=True, delay=0.3, times=2)
    with ThreadPoolExecutor(2) as together:
        list(together.map(LivingResource.create, ranges))
    assert panel.requests() == [BLOCK, ADDING, BLOCK] * 2
