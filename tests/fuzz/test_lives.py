"""Whole lives of resources in which a few answers are bent: in the end panel and state agree, and nothing is doubled.

What the panel does is what it was asked for, and it says no untruth in its own form: it is what lies between that is
odd. The soak's laws hold all the while: nothing is made twice or lost without an error that names it, and nothing of
others is touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from pulumi_virtfusion.resources import MODULES
from pulumi_virtfusion.sandbox import running
from tests.fuzz.bends import (
    FOREIGN,
    HONEST,
    HOSTILE,
    OTHERS,
    PAGE,
    TOKEN,
    Bend,
    Body,
    Genuine,
    Written,
    bends,
    disfigured,
)
from tests.fuzz.bent_panel import BentPanel, bent
from tests.fuzz.conftest import tried
from tests.soak import programs, refusals
from tests.soak.calm import EDITS, happen
from tests.soak.engine import Declared, Program, Ref
from tests.soak.machine import BUILD_SECONDS, World
from tests.soak.walk import Walk

SERVER = {"package_id": 1, "user_id": Ref("user", "user_id"), "hypervisor_group_id": 1, "traffic": 300}
WRITES = ("POST", "PUT", "DELETE")
AT = {WRITES: (2, 1, 3, 0, 4, 5, 6), (*WRITES, "GET"): (3, 5, 2, 7, 1, 4, 6, 0, 8, 9, 10, 11)}
"""Which of its requests a run meets a bend at: the first is the one that makes what is looked at."""
LOST = Bend(cut=0)
FAILED = Bend(status=500, body=Written(PAGE))
WHO = (
    "id", "uuid", "created", "added", "ownerId", "owner", "createdAt", "publicKey", "public", "email", "extRelationId",
    "pid", "ip", "address",
)  # fmt: skip
"""Names under which another value would be another object's."""
NO_DATA = ("[]", "{}", '{"": ""}')
"""Where rows are expected, these say in the API's own form that there are none."""
NOBODY = tuple(value for value in OTHERS if value not in NO_DATA)
ODD = tuple(value for value in HOSTILE if value not in NO_DATA)


def odd_bodies() -> st.SearchStrategy[Body]:
    foreign = [Written(text) for text in FOREIGN if b'"data": [' not in text and b'"data": {' not in text]
    return st.one_of(disfigured(NOBODY), disfigured(ODD, spares=WHO), st.sampled_from(foreign))


def without_a_lie(bend: Bend) -> Bend:
    """What is said of a request in the API's own form is so."""
    sent = bend.sent_for(Genuine())
    if bend.carried_out and sent.is_refusal:
        return replace(bend, carried_out=False)
    if not bend.carried_out and sent.may_show_success(needs_body=False):
        return replace(bend, carried_out=True)
    return bend


def odd() -> st.SearchStrategy[Bend]:
    bent_ones = bends(odd_bodies()).map(without_a_lie)
    honest = bent_ones.filter(lambda bend: bend.status != 404 or not bend.sent_for(Genuine()).is_refusal)
    return st.one_of(st.just(LOST), st.just(FAILED), honest, honest)


@pytest.fixture(scope="module")
def panel() -> Iterator[BentPanel]:
    with running(token=TOKEN, build_seconds=BUILD_SECONDS) as started, bent(started) as panel:
        yield panel


@pytest.fixture(scope="module")
def world(panel: BentPanel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    (process := Path(tmp_path_factory.mktemp("process")) / "run").write_text("0")
    world = World(panel.panel, process, panel.origin)
    yield world
    world.close()


@st.composite
def programs_with(draw: st.DrawFn, kind: str) -> dict[str, Declared]:
    """A user, a server, a pack for an action on one, and one of the kind."""
    program: dict[str, Declared] = {
        "user": Declared("User", {"name": "Ada", "email": "ada@example.com"}),
        "server": Declared("Server", SERVER),
    }
    if kind == "ResourcePackAction":
        program["pack"] = Declared("ResourcePack", {"relation": Ref("user", "relation"), "pack_id": 1})
    name, declared = draw(programs.additions(program, 7, [kind]).filter(lambda made: fits(program, made)))
    return {**program, name: declared}


def fits(program: Program, made: tuple[str, Declared]) -> bool:
    return refusals.acceptable({**program, made[0]: made[1]}, [])


class Weather:
    """What bends the answers of a walk's runs: one request of each, or a few in a row."""

    def __init__(self, panel: BentPanel, data: st.DataObject, tally: Counter[str]) -> None:
        self.panel, self.data, self.tally = panel, data, tally

    def bend_one(self) -> None:
        verbs = self.data.draw(st.sampled_from(list(AT)), label="among")
        at = self.data.draw(st.sampled_from(AT[verbs]), label="request")
        bend = self.data.draw(odd(), label="bend")
        times = self.data.draw(st.sampled_from([1, 1, 3]), label="times")
        met = count()
        self.panel.bend(lambda _, line: bend if line.startswith(verbs) and at <= next(met) < at + times else None)

    def clear(self) -> None:
        self.tally["bent answers"] += sum(one.bend != HONEST for one in self.panel.exchanges)
        for number, one in enumerate(self.panel.exchanges):
            note(f"{number} {one.line} {one.genuine.status}{'   <- bent' if one.bend != HONEST else ''}")
        self.panel.straighten()


@pytest.mark.parametrize("kind", MODULES)
@tried(examples=4)
@given(data=st.data())
def test_in_the_end_panel_and_state_agree(world: World, panel: BentPanel, kind: str, data: st.DataObject) -> None:
    panel.straighten()
    walk = Walk(panel.panel, world.host(), world.process, world.tally, Counter())
    settle_a_stranger(walk)
    weather = Weather(panel, data, world.tally)
    for name, declared in data.draw(programs_with(kind)).items():
        walk.add(name, declared)
    weather.bend_one()
    walk.up()
    weather.clear()
    happen(walk, data, EDITS)
    for run in data.draw(st.lists(st.sampled_from([walk.up, walk.refresh]), min_size=1, max_size=2), label="runs"):
        weather.bend_one()
        run()
        weather.clear()
    walk.drifted = True
    walk.settle()
    weather.bend_one()
    walk.destroy()
    weather.clear()
    walk.finish(None)


def settle_a_stranger(walk: Walk) -> None:
    """A customer with a server and all that can hang on one."""
    ids = [one["id"] for one in walk.panel.state()["servers"]]
    walk.strangers.take("servers", max(ids, default=0) + 1)
