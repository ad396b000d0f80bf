"""Random walks as a state machine of Hypothesis: a failing one shrinks, and is printed as a short program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from typing_extensions import override

from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.doors import DOORS
from tests.provider_host import ProviderHost
from tests.soak import programs, strategies
from tests.soak.engine import Declared
from tests.soak.random_faults import REQUEST_TIMEOUT, RandomFaults
from tests.soak.walk import TOKEN, Violation, Walk
from tests.stack import ROOT

BUILD_SECONDS = 0.05
SEEDS = st.integers(1, 10_000)
SYSTEMS = st.sampled_from([1, 2, 3, 7])


class World:
    """A panel and provider hosts that all walks share, and what they have done so far."""

    def __init__(self, panel: RunningPanel, process: Path, endpoint: str = "", door: str = "dynamic") -> None:
        self.panel = panel
        self.door = door
        self.endpoint = endpoint or panel.url
        self.process = process
        """The file that says which run the provider hosts serve."""
        self.hosts: dict[bool, ProviderHost] = {}
        self.tally: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()
        self.random_faults = RandomFaults()
        panel.sandbox.faults = self.random_faults

    def host(self, *, validating: bool = False) -> ProviderHost:
        """The host of walks with `validateOnPreview`, or without it."""
        if validating not in self.hosts:
            settings = {
                "endpoint": self.endpoint,
                "token": self.panel.token,
                "requestTimeout": str(REQUEST_TIMEOUT),
                "operationTimeout": "10",
                "validateOnPreview": str(validating).lower(),
            }
            short_pauses = f"{ROOT / 'tests' / 'soak' / 'short_pauses'}:{ROOT}"
            config = {f"virtfusion:{name}": text for name, text in settings.items()}
            self.hosts[validating] = DOORS[self.door](
                config, environment={"PYTHONPATH": short_pauses, "SOAK_RUN": str(self.process)}
            )
        return self.hosts[validating]

    def close(self) -> None:
        for host in self.hosts.values():
            host.close()


@contextmanager
def running_world(door: str = "dynamic") -> Iterator[World]:
    with running(token=TOKEN, build_seconds=BUILD_SECONDS) as panel, TemporaryDirectory() as folder:
        process = Path(folder) / "run"
        process.write_text("0")
        world = World(panel, process, door=door)
        try:
            yield world
        finally:
            world.close()


class Soak(RuleBasedStateMachine):
    """A person, a panel and bad weather."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.walk = Walk(world.panel, world.host(), world.process, world.tally, world.classes)
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

    @initialize(program=strategies.beginnings(), validating=st.booleans(), at_once=st.sampled_from([1, 1, 4]))
    def begin(self, program: dict[str, Declared], validating: bool, at_once: int) -> None:
        self.world.tally["walks with steps in parallel"] += at_once > 1
        self.walk.ask(self.world.host(validating=validating), at_once)
        for name, declared in program.items():
            self.walk.add(name, declared)

    def _been(self, what: str, steps: int) -> bool:
        """Whether that was so many steps ago, or never."""
        return self.since.get(what, steps) >= steps

    @rule(made=strategies.here(strategies.additions))
    def add(self, made: tuple[str, Declared]) -> None:
        with self._step("resources added"):
            self.walk.add(*made)

    @precondition(lambda self: any(d.kind not in programs.FOR_GOOD for d in self.walk.program.values()))
    @rule(changed=strategies.here(strategies.changes))
    def change(self, changed: tuple[str, dict[str, Any]]) -> None:
        with self._step("resources changed"):
            self.walk.change(changed[0], **changed[1])

    @precondition(lambda self: bool(strategies.taken_out(self.walk)))
    @rule(argument=strategies.here(lambda walk: st.sampled_from(strategies.taken_out(walk))))
    def take_out(self, argument: tuple[str, str]) -> None:
        with self._step("arguments taken out"):
            self.walk.change(argument[0], **{argument[1]: None})

    @precondition(lambda self: bool(self.walk.program))
    @rule(name=strategies.here(lambda walk: st.sampled_from(programs.removable(walk.program))))
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

    @precondition(lambda self: bool(strategies.drifting(self.walk)))
    @rule(drift=strategies.here(lambda walk: st.sampled_from(strategies.drifting(walk))))
    def drift(self, drift: tuple[str, str, Any]) -> None:
        with self._step("drifts at the panel"):
            self.walk.drift(drift[0], {drift[1]: drift[2]})

    @precondition(lambda self: bool(strategies.losable(self.walk)))
    @rule(name=strategies.here(lambda walk: st.sampled_from(strategies.losable(walk))))
    def lose(self, name: str) -> None:
        with self._step("objects deleted at the panel"):
            self.walk.lose(name)

    @precondition(lambda self: bool(strategies.built(self.walk)))
    @rule(name=strategies.here(lambda walk: st.sampled_from(strategies.built(walk))), system=SYSTEMS)
    def rebuild(self, name: str, system: int) -> None:
        with self._step("systems installed at the panel"):
            self.walk.rebuild(name, system)

    @precondition(lambda self: bool(strategies.drifting_for_good(self.walk)))
    @rule(drift=strategies.here(lambda walk: st.sampled_from(strategies.drifting_for_good(walk))))
    def drift_for_good(self, drift: tuple[str, str, str, Any]) -> None:
        with self._step("drifts that only a replacement repairs"):
            self.walk.drift_for_good(drift[0], drift[1], {drift[2]: drift[3]})

    @precondition(lambda self: self._been("backups", 6))
    @rule()
    def back_up(self) -> None:
        with self._step("backups"):
            self.walk.back_up()

    @precondition(lambda self: self.walk.backup is not None and self._been("panels restored", 6))
    @rule(taken=st.sets(st.integers(0, 7), max_size=5))
    def restore(self, taken: set[int]) -> None:
        with self._step("panels restored"):
            self.walk.restore(taken)

    @precondition(lambda self: bool(strategies.given_away(self.walk)))
    @rule(name=strategies.here(lambda walk: st.sampled_from(strategies.given_away(walk))))
    def give_away(self, name: str) -> None:
        with self._step("ids given to strangers"):
            self.walk.give_away(name)

    @precondition(lambda self: self._been("panels that respell", 50))
    @rule()
    def normalise(self) -> None:
        with self._step("panels that respell"):
            self.walk.normalise()

    @precondition(lambda self: not self.walk.broken)
    @rule(system=SYSTEMS)
    def break_image(self, system: int) -> None:
        with self._step("images broken"):
            self.walk.break_image(system)

    @precondition(lambda self: bool(strategies.packable(self.walk)))
    @rule(pair=strategies.here(lambda walk: st.sampled_from(strategies.packable(walk))))
    def put_into_pack(self, pair: tuple[str, str]) -> None:
        with self._step("servers put into packs"):
            self.walk.put_into_pack(*pair)

    @precondition(lambda self: bool(strategies.forceable(self.walk)))
    @rule(
        forced=strategies.here(lambda walk: st.sets(st.sampled_from(strategies.forceable(walk)), min_size=1)),
        faults=SEEDS,
    )
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
