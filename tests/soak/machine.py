"""Random walks as a state machine of Hypothesis: a failing one shrinks, and is printed as a short program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from typing_extensions import override

from pulumi_virtfusion.resources import resource_class
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.provider_host import ProviderHost
from tests.soak import objections, programs
from tests.soak.engine import Declared, Ref
from tests.soak.storm import REQUEST_TIMEOUT, Storm
from tests.soak.walk import FORCEABLE, TOKEN, Violation, Walk
from tests.stack import ROOT

BUILD_SECONDS = 0.05
SEEDS = st.integers(1, 10_000)
SYSTEMS = st.sampled_from([1, 2, 3, 7])
LOSABLE = ("Server", "User", "SshKey", "ResourcePack", "TrafficBlock", "NetworkWhitelistEntry", "ServerIpv4Addresses")
DRIFTS: Mapping[str, Mapping[str, tuple[str, tuple[Any, ...]]]] = {
    "Server": {
        "name": ("name", ("by hand", "")),
        "memory": ("settings.resources.memory", (768, 4096)),
        "cpu_cores": ("cpu.cores", (1, 6)),
        "traffic": ("settings.resources.traffic", (77,)),
        "cpu_throttle": ("cpu.throttle", (3, 99)),
        "backup_plan_id": ("backupPlan.id", (1, 2, None)),
        "suspended": ("suspended", (True, False)),
    },
    "ServerBuild": {"hostname": ("hostname", ("by-hand.example.com",))},
    "ServerFirewall": {"enabled": ("network.interfaces.0.firewallEnabled", (True, False))},
    "ServerCustomXml": {"domain": ("customXML.domain.xml", ("<hand/>", ""))},
    "User": {"name": ("name", ("By Hand",)), "self_service": ("selfService", (0, 3))},
}
"""Declared arguments that a refresh sees, where the panel keeps them, and what a person may make of them."""


class World:
    """A panel and provider hosts that all walks share, and what they have done so far."""

    def __init__(self, panel: RunningPanel) -> None:
        self.panel = panel
        self.hosts: dict[bool, ProviderHost] = {}
        self.tally: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()
        self.storm = Storm()
        panel.sandbox.faults = self.storm

    def host(self, *, validating: bool = False) -> ProviderHost:
        """The host of walks with `validateOnPreview`, or without it."""
        if validating not in self.hosts:
            settings = {
                "endpoint": self.panel.url,
                "token": TOKEN,
                "requestTimeout": str(REQUEST_TIMEOUT),
                "operationTimeout": "10",
                "validateOnPreview": str(validating).lower(),
            }
            hurried = f"{ROOT / 'tests' / 'soak' / 'hurried'}:{ROOT}"
            config = {f"virtfusion:{name}": text for name, text in settings.items()}
            self.hosts[validating] = ProviderHost(config, environment={"PYTHONPATH": hurried})
        return self.hosts[validating]


@contextmanager
def running_world() -> Iterator[World]:
    with running(token=TOKEN, build_seconds=BUILD_SECONDS) as panel:
        world = World(panel)
        try:
            yield world
        finally:
            for host in world.hosts.values():
                host.close()


def here(choice: Callable[[Walk], st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Arguments of a rule that depend on how far the walk has come."""
    return st.runner().flatmap(lambda machine: choice(machine.walk))


def _additions(walk: Walk) -> st.SearchStrategy[Any]:
    new = programs.additions(walk.program, walk.added)
    return new.filter(lambda made: _acceptable(walk, {**walk.program, made[0]: made[1]}))


@st.composite
def beginnings(draw: st.DrawFn) -> dict[str, Declared]:
    """A program to begin with: a user, a server, and more."""
    program: dict[str, Declared] = {
        "user": Declared("User", {"name": "Ada", "email": "ada@example.com"}),
        "server": Declared("Server", {"package_id": 1, "user_id": Ref("user", "user_id"), "hypervisor_group_id": 1}),
    }
    for number in range(101, 101 + draw(st.integers(3, 9))):
        name, declared = draw(programs.additions(program, number))
        if objections.acceptable({**program, name: declared}, []):
            program[name] = declared
    return program


def _changes(walk: Walk) -> st.SearchStrategy[Any]:
    def fits(change: tuple[str, dict[str, Any]]) -> bool:
        name, values = change
        before = walk.program[name]
        packages = [before.arguments.get("package_id"), values.get("package_id", before.arguments.get("package_id"))]
        moved = packages[0] != packages[1] and objections.WITH_A_SECOND_INTERFACE in packages
        after = Declared(before.kind, {**before.arguments, **values})
        # What the panel never tells, an import believes of the program: it has to wait for the run after.
        believed = name in walk.adopting and any(not _is_told(before.kind, argument) for argument in values)
        return not moved and not believed and _acceptable(walk, {**walk.program, name: after})

    return programs.changes(walk.program).filter(fits)


def _is_told(kind: str, argument: str) -> bool:
    told: str = resource_class(kind).fields[argument].told
    return told == "always"


def _acceptable(walk: Walk, program: dict[str, Declared]) -> bool:
    return objections.acceptable(program, walk.engine.state)


def _taken_out(walk: Walk) -> list[tuple[str, str]]:
    found = []
    for name, argument in programs.optional_arguments(walk.program):
        before = walk.program[name]
        left = {key: value for key, value in before.arguments.items() if key != argument}
        if _acceptable(walk, {**walk.program, name: Declared(before.kind, left)}):
            found.append((name, argument))
    return found


def _drifting(walk: Walk) -> list[tuple[str, str, Any]]:
    return [
        (name, path, value)
        for name, declared in walk.program.items()
        if walk.has(name)
        for argument, (path, values) in DRIFTS.get(declared.kind, {}).items()
        if argument in declared.arguments
        if not (argument == "self_service" and objections.on(walk.program, "UserAction", name))
        for value in values
    ]


def _losable(walk: Walk) -> list[str]:
    """No user of whom something is left that the panel keeps or that nobody can read."""
    return [
        name
        for name, declared in walk.program.items()
        if declared.kind in LOSABLE and walk.has(name)
        if declared.kind != "User" or not _leaves_something(walk, name)
    ]


def _leaves_something(walk: Walk, user: str) -> bool:
    kinds = ("Server", "UserCredit")
    kept = walk.engine.live(user)
    assert kept is not None
    owners = {server["ownerId"] for server in walk.panel.state()["servers"]}
    in_state = any(one.kind == "UserCredit" for one in walk.engine.state)
    return in_state or kept.outputs["user_id"] in owners or any(objections.on(walk.program, k, user) for k in kinds)


def _built(walk: Walk) -> list[str]:
    return [name for name, declared in walk.program.items() if declared.kind == "ServerBuild" and walk.has(name)]


def _packable(walk: Walk) -> list[tuple[str, str]]:
    """Servers whose program says whether they are suspended, and packs."""
    servers = [name for name, one in walk.program.items() if one.kind == "Server" and "suspended" in one.arguments]
    packs = [name for name, one in walk.program.items() if one.kind == "ResourcePack"]
    return [(server, pack) for server in servers for pack in packs if walk.has(server) and walk.has(pack)]


def _forceable(walk: Walk) -> list[str]:
    return [name for name, declared in walk.program.items() if declared.kind in FORCEABLE and walk.has(name)]


class Soak(RuleBasedStateMachine):
    """A person, a panel and bad weather."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.walk = Walk(world.panel, world.host(), world.tally, world.classes)
        self.sound = True
        self.since: Counter[str] = Counter()
        """Steps since a clean up, a refresh and the last passing of time: each makes sense only after a few."""
        world.tally["walks"] += 1

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        self.world.tally["steps"] += 1
        self.world.tally[what] += 1
        self.since = Counter({name: steps + 1 for name, steps in self.since.items()})
        self.since[what] = 0
        try:
            yield
        except Violation:
            self.sound = False
            raise

    @initialize(program=beginnings(), validating=st.booleans(), at_once=st.sampled_from([1, 1, 4]))
    def begin(self, program: dict[str, Declared], validating: bool, at_once: int) -> None:
        self.world.tally["walks with steps in parallel"] += at_once > 1
        self.walk.ask(self.world.host(validating=validating), at_once)
        for name, declared in program.items():
            self.walk.add(name, declared)

    def _been(self, what: str, steps: int) -> bool:
        """Whether that was so many steps ago, or never."""
        return self.since.get(what, steps) >= steps

    @rule(made=here(_additions))
    def add(self, made: tuple[str, Declared]) -> None:
        with self._step("resources added"):
            self.walk.add(*made)

    @precondition(lambda self: any(d.kind not in programs.FOR_GOOD for d in self.walk.program.values()))
    @rule(changed=here(_changes))
    def change(self, changed: tuple[str, dict[str, Any]]) -> None:
        with self._step("resources changed"):
            self.walk.change(changed[0], **changed[1])

    @precondition(lambda self: bool(_taken_out(self.walk)))
    @rule(argument=here(lambda walk: st.sampled_from(_taken_out(walk))))
    def take_out(self, argument: tuple[str, str]) -> None:
        with self._step("arguments taken out"):
            self.walk.change(argument[0], **{argument[1]: None})

    @precondition(lambda self: bool(self.walk.program))
    @rule(name=here(lambda walk: st.sampled_from(programs.removable(walk.program))))
    def remove(self, name: str) -> None:
        with self._step("resources removed"):
            self.walk.remove(name)

    @rule(faults=SEEDS)
    def up(self, faults: int) -> None:
        with self._step("ups under faults"):
            self.walk.up(faults)

    @precondition(lambda self: self._been("refreshes under faults", 2))
    @rule(faults=SEEDS)
    def refresh(self, faults: int) -> None:
        with self._step("refreshes under faults"):
            self.walk.refresh(faults)

    @precondition(lambda self: bool(_drifting(self.walk)))
    @rule(drift=here(lambda walk: st.sampled_from(_drifting(walk))))
    def drift(self, drift: tuple[str, str, Any]) -> None:
        with self._step("drifts at the panel"):
            self.walk.drift(drift[0], {drift[1]: drift[2]})

    @precondition(lambda self: bool(_losable(self.walk)))
    @rule(name=here(lambda walk: st.sampled_from(_losable(walk))))
    def lose(self, name: str) -> None:
        with self._step("objects deleted at the panel"):
            self.walk.lose(name)

    @precondition(lambda self: bool(_built(self.walk)))
    @rule(name=here(lambda walk: st.sampled_from(_built(walk))), system=SYSTEMS)
    def rebuild(self, name: str, system: int) -> None:
        with self._step("systems installed at the panel"):
            self.walk.rebuild(name, system)

    @precondition(lambda self: not self.walk.broken)
    @rule(system=SYSTEMS)
    def break_image(self, system: int) -> None:
        with self._step("images broken"):
            self.walk.break_image(system)

    @precondition(lambda self: bool(_packable(self.walk)))
    @rule(pair=here(lambda walk: st.sampled_from(_packable(walk))))
    def put_into_pack(self, pair: tuple[str, str]) -> None:
        with self._step("servers put into packs"):
            self.walk.put_into_pack(*pair)

    @precondition(lambda self: bool(_forceable(self.walk)))
    @rule(forced=here(lambda walk: st.sets(st.sampled_from(_forceable(walk)), min_size=1)), faults=SEEDS)
    def force(self, forced: set[str], faults: int) -> None:
        with self._step("forced replacements under faults"):
            self.walk.up(faults, forced)

    @precondition(lambda self: self._been("times passed", 5))
    @rule(seconds=st.sampled_from([1, 60, 3600, 86_400]))
    def pass_time(self, seconds: int) -> None:
        with self._step("times passed"):
            self.walk.pass_time(seconds)

    @precondition(lambda self: self._been("clean ups", 3))
    @rule(faults=SEEDS)
    def settle(self, faults: int) -> None:
        with self._step("clean ups"):
            self.walk.up(faults)
            self.walk.settle()

    @override
    def teardown(self) -> None:
        if self.sound:
            self.walk.finish(faults=self.walk.added or None)
