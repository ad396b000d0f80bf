"""One walk: a program that changes, its stack, the panel, and what has to hold between the three."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from pulumi_virtfusion.dynamic_provider import provider_of
from pulumi_virtfusion.providers.import_option import IMPORT_ID
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.resources.user import LISTS
from pulumi_virtfusion.sandbox import RunningPanel
from tests.provider_host import ProviderHost
from tests.soak import comparison, drift
from tests.soak.comparison import ADDRESS, NOTHING, Objects, panel_objects, relation_of, state_objects
from tests.soak.destruction import Ran, undeclared
from tests.soak.engine import Declared, Engine, Failed, Kept, Kind, Step
from tests.soak.invariants import offences
from tests.soak.parallel import ParallelUpdate
from tests.soak.random_faults import RandomFaults, begin_ids_anew
from tests.soak.refusals import acceptable
from tests.soak.strangers import Strangers

TOKEN = "marked-token-8gB2vQ"
ATTEMPTS = 4
"""Of an `up` without faults, until it has to succeed."""
LONGER_THAN_ANY_DELAY = 600
"""Seconds, of `delete_delay`: before, its owner cannot be deleted."""
FORCEABLE = ("ServerBuild", "ServerFirewall", "ServerCustomXml", "HourlyGroupProfile", "ResourceGroupProfile")
"""What a forced replacement makes first can be there beside the old one."""


def _kind(name: str) -> Kind:
    fields = resource_class(name).fields.values()
    return Kind(
        provider_of(name),
        f"virtfusion:{name}",
        {f.name: f.from_id for f in fields if f.from_id is not None},
        frozenset(f.name for f in fields if f.stable),
    )


KINDS: Mapping[str, Kind] = {name: _kind(name) for name in MODULES}


@dataclass(frozen=True)
class Adoption:
    """What a lost create made and a person takes over, and the arguments that have to be left out until it is."""

    kind: str
    id: str
    left_out: Mapping[str, Any]


@dataclass(frozen=True)
class Backup:
    """What a walk has to know of the panel as it was, when it comes back from a backup."""

    broken: frozenset[int]
    packed: frozenset[int]


class Violation(AssertionError):
    """Something that must hold does not."""


class Walk:
    """A new stack on a fresh panel; every action counts in `tally`, and the file `process` counts the runs."""

    def __init__(
        self,
        panel: RunningPanel,
        host: ProviderHost,
        process: Path,
        tally: Counter[str],
        classes: Counter[str] | None = None,
    ) -> None:
        self.panel, self.host, self.tally, self.process = panel, host, tally, process
        self.classes: Counter[str] = Counter() if classes is None else classes
        """Steps that did something, by the class of their resource."""
        begin_ids_anew(panel)
        random_faults = panel.sandbox.faults
        assert isinstance(random_faults, RandomFaults)
        self.random_faults = random_faults
        self.engine = Engine(host, KINDS)
        self.engine.before, self.engine.after, self.engine.anew = self._before, self._after, self._another_process
        self.ask(host)
        self.strangers = Strangers(panel)
        self.stays: set[tuple[str, str, str]] = set()
        """By class, id and argument, what drifted and only a replacement could put back."""
        self.unseen: set[tuple[str, str, str]] = set()
        """The same of what a restored panel may have other values of, and never tells."""
        self._made: dict[Kept, Any] = {}
        """Who each object was when the state first had it."""
        self.vanished: set[Kept] = set()
        """Credits that went with a restored panel, which nobody can see."""
        self.elsewhere: set[str] = set()
        """Servers, by name, that were once migrated to hosts of another group."""
        self.backup: Backup | None = None
        self.program: dict[str, Declared] = {}
        self.added = 0
        self.drifted = False
        """Whether the panel was changed behind the stack's back since the last refresh."""
        self.adopting: dict[str, Adoption] = {}
        self.broken: set[int] = set()
        """Operating systems whose image cannot be installed at the moment."""
        self.packed: set[int] = set()
        """Servers that a person has put into a resource pack."""
        self.ruled: set[str] = set()
        """Servers whose own rulesets were once declared: they keep them."""
        self._said: list[str] = []
        self._warned = ""
        """What the last run said."""
        self._secrets: set[str] = {panel.token}
        self._offences: list[str] = []
        self._observing = Lock()
        self._under_way = 0
        self._done: list[tuple[Step, str]] = []
        """Steps that ended while others were under way, each with its error."""
        self._mark = 0
        self._steps: list[Step] = []
        """Done in this run."""

    def ask(self, host: ProviderHost, at_once: int = 1) -> None:
        """Go on with another provider host, and with so many steps under way at once."""
        self.host = self.engine.host = host
        self.at_once = at_once
        host.forget_logs()
        host.printed.clear()

    @property
    def steps(self) -> list[Step]:
        """What the last run did."""
        return list(self._steps)

    # -- what a person does to the program ----------------------------------------------------------------------

    def add(self, name: str, declared: Declared) -> None:
        self.added += 1
        self.program[name] = declared

    def change(self, name: str, /, **arguments: Any) -> None:
        """None takes an argument out."""
        before = self.program[name]
        told = {**before.arguments, **arguments}
        self.program[name] = Declared(before.kind, {key: value for key, value in told.items() if value is not None})

    def remove(self, name: str) -> None:
        """What its lost create made, and nobody has taken over yet, is deleted by hand."""
        del self.program[name]
        if adoption := self.adopting.pop(name, None):
            self._delete_unless_taken_over(name, adoption)

    # -- what a person runs -------------------------------------------------------------------------------------

    def up(self, faults: int | None = None, forced: Collection[str] = ()) -> bool:
        """`pulumi up` under faults; whether it succeeded. What it lost must have been named."""
        self.drifted = self.drifted or bool(self.packed)  # an action on a pack changes its servers
        parallel = partial(ParallelUpdate, at_once=self.at_once) if self.at_once > 1 else None
        return self._run(lambda: self.engine.up(self.program, forced, parallel), faults, forced)

    def refresh(self, faults: int | None = None) -> bool:
        succeeded = self._run(self.engine.refresh, faults)
        self.drifted = self.drifted and not succeeded
        return succeeded

    def destroy(self, faults: int | None = None) -> bool:
        self.program.clear()
        self.adopting.clear()
        return self._run(self.engine.destroy, faults)

    def _run(self, what: Callable[[], object], faults: int | None, forced: Collection[str] = ()) -> bool:
        failed: Failed | None = None
        self._offences.clear()
        self._steps.clear()
        self.engine.planned = {}
        before, others = self.panel.state(), self.strangers.documents()
        doomed = {kept.id for kept in self.engine.state if kept.doomed}
        with self.random_faults.raging(faults):
            try:
                what()
            except Failed as error:
                failed = error
        self.tally["failed runs"] += failed is not None
        if failed is not None:
            self._said.append(str(failed))
        self._wait_for_the_panel()
        self._must_be_as_they_were(others)
        ran = Ran(
            before, self.panel.requests(), list(self._steps), self.engine.planned, list(self.program), doomed, forced
        )
        wrong = [*undeclared(ran)]
        self._must(not wrong, "; ".join(wrong))
        self._remember_who()
        self._remember_rulesets()
        self._remember_secrets()
        self._warned = "\n".join(log.message for log in self.host.logs)
        self._nothing_leaked()
        self._must(not self._offences, "\n".join(self._offences))
        self._deal_with_orphans(failed)
        self.failure = str(failed) if failed else ""
        return failed is None

    def _must_be_as_they_were(self, others: Mapping[tuple[str, int], Any]) -> None:
        now = self.strangers.documents()
        for (kind, id_), document in others.items():
            self._must((kind, id_) in now, f"{kind} {id_} is a stranger's, and was deleted")
            found = now[kind, id_]
            changed = {name: found.get(name) for name in document if found.get(name) != document[name]}
            self._must(not changed, f"{kind} {id_} is a stranger's, and was changed: {changed}")

    def _another_process(self) -> None:
        self.process.write_text(str(int(self.process.read_text() or 0) + 1))

    def _wait_for_the_panel(self) -> None:
        """Until it has carried out what the client gave up waiting for."""
        while self.panel.metrics()["in_flight"]:
            time.sleep(0.01)

    # -- what happens at the panel ------------------------------------------------------------------------------

    def drift(self, name: str, values: Mapping[str, Any]) -> None:
        """Somebody changes an object by hand."""
        kept = self.engine.live(name)
        assert kept is not None
        kind = drift.TABLES.get(kept.kind, "servers")
        id_ = kept.id.split("/")[-1 if kept.kind == "TrafficBlock" else 0]
        if kept.inputs.get("interface") == "secondary":
            values = {path.replace(".interfaces.", ".secondaryInterfaces."): value for path, value in values.items()}
        self.panel.mutate(kind, int(id_), dict(values))
        self.drifted = True

    def drift_for_good(self, name: str, argument: str, values: Mapping[str, Any]) -> None:
        """Somebody changes by hand what only a replacement could put back."""
        self.drift(name, values)
        kept = self.engine.live(name)
        assert kept is not None
        self.stays.add((kept.kind, kept.id, argument))
        if argument == "hypervisor_group_id":
            self.elsewhere.add(name)

    def normalise(self) -> None:
        """The panel respells the texts of requests from now on, as Laravel does."""
        self.panel.set(normalise=True)

    def back_up(self) -> None:
        self.panel.snapshot("backup")
        self.strangers.remember()
        self.backup = Backup(frozenset(self.broken), frozenset(self.packed))

    def restore(self, taken: Collection[int]) -> None:
        """The panel comes back from its backup, and strangers get ids that this stack had since, those `taken`."""
        assert self.backup is not None
        self._give_up_adoption()
        before, known = self.panel.state(), {(kind, id_) for kind, id_ in state_objects(self.engine.state)}
        self.panel.restore("backup")
        self.strangers.recall()
        self._let_ids_go_on(before)
        self.broken, self.packed = set(self.backup.broken), set(self.backup.packed)
        self._clear_away_what_came_back(before, known)
        there = panel_objects(self.panel.state())
        lost = [id_ for kind, id_ in known - there if kind == "UserCredit"]
        self.vanished |= {kept for kept in self.engine.state if kept.kind == "UserCredit" and kept.id in lost}
        gone = sorted((kind, id_) for kind, id_ in known - there if kind in GIVEN_AGAIN)
        for place, (kind, id_) in enumerate(gone):
            if place in taken:
                self._give_to_a_stranger(kind, id_)
        self.unseen |= {
            (kept.kind, kept.id, f.name)
            for kept in self.engine.state
            for f in resource_class(kept.kind).fields.values()
            if f.is_input and (not f.drifts or f.name in LISTS)  # what a list never named stays
        }
        self.stays |= {
            (one.kind, one.id, "operating_system_id") for one in self.engine.state if one.kind == "ServerBuild"
        }
        self.drifted = True
        self.panel.clear_requests()

    def give_away(self, name: str) -> None:
        """An object ends, and its id goes to a stranger's."""
        kept = self.engine.live(name)
        assert kept is not None
        self.lose(name)
        self._give_to_a_stranger(kept.kind, kept.id)

    def give_relation_away(self, name: str) -> None:
        """A user ends, and a stranger is known by its relation from now on."""
        kept = self.engine.live(name)
        assert kept is not None
        relation = kept.outputs["relation"]
        self.lose(name)
        self.strangers.take_relation(int(relation) if isinstance(relation, float) else relation)

    def _give_to_a_stranger(self, kind: str, id_: str) -> None:
        # Nothing that the panel tells distinguishes two packs of one definition.
        packs = [kept.inputs.get("pack_id") for kept in self.engine.state if (kept.kind, kept.id) == (kind, id_)]
        definition = next((one for one in (1, 2, 3) if one not in packs), 1)
        self.strangers.take(drift.TABLES[kind], int(id_.rpartition("/")[2]), definition=definition)

    def _let_ids_go_on(self, before: Mapping[str, Any]) -> None:
        """Of what nothing tells from another of its kind: that it was made twice cannot be seen."""
        store = self.panel.sandbox.panel.store.connection
        for kind in ("credits", "resource_packs", "ssh_keys"):
            last = max([0, *(one["id"] for one in before[kind])])
            store.execute("UPDATE sequences SET last = max(last, ?) WHERE kind = ?", (last, kind))

    def _clear_away_what_came_back(self, before: Mapping[str, Any], known: Objects) -> None:
        """An operator deletes what the stack has deleted since the backup, or made anew under another id."""
        now = self.panel.state()
        identities = {(kind, one["id"]): _identity(kind, one) for kind in drift.TABLES.values() for one in before[kind]}
        for kind in ("UserCredit", "TrafficBlock", "SshKey", "ResourcePack", "Server", "User"):
            table = drift.TABLES[kind]
            for one in now[table]:
                id_ = f"{one['serverId']}/{one['id']}" if kind == "TrafficBlock" else str(one["id"])
                is_ours = (kind, id_) in known and identities.get((table, one["id"])) == _identity(table, one)
                if not is_ours and not self.strangers.has(table, one["id"]) and not one.get("admin"):
                    self.panel.mutate(table, one["id"], delete=True)
        for kind, id_ in sorted(panel_objects(self.panel.state()) - known):
            if kind == ADDRESS and not self.strangers.has("servers", drift.server_of(self.panel, id_)):
                drift.delete(self.panel, kind, id_)
            if kind == "NetworkWhitelistEntry" and not self.strangers.has("servers", id_.partition("/")[0]):
                drift.delete(self.panel, kind, id_)
        attached = {kept.id for kept in self.engine.state if kept.kind == "ServerCustomXml"}
        for server in self.panel.state()["servers"]:
            if not self.strangers.has("servers", server["id"]):
                self.ruled.add(str(server["id"]))
                if str(server["id"]) not in attached and comparison.has_custom_xml(server):
                    self.panel.mutate("servers", server["id"], {"customXML": NOTHING})

    def rebuild(self, name: str, operating_system_id: int) -> None:
        """Somebody installs a server anew in the panel."""
        kept = self.engine.live(name)
        assert kept is not None
        drift.install(self.panel, int(kept.id), operating_system_id)
        self.drifted = True
        self.stays.add((kept.kind, kept.id, "operating_system_id"))

    def break_image(self, operating_system_id: int) -> None:
        """Builds of it fail from now on."""
        self.panel.mutate("templates", operating_system_id, {"failing": True})
        self.broken.add(operating_system_id)

    def put_into_pack(self, server: str, pack: str) -> None:
        """A server counts as one of the pack's from now on, so that what is done to the pack is done to it."""
        kept, holder = self.engine.live(server), self.engine.live(pack)
        assert kept is not None
        assert holder is not None
        self.panel.mutate("servers", int(kept.id), {"resourcePackId": int(holder.id)})
        self.packed.add(int(kept.id))

    def put_right(self) -> None:
        """What no program can repair: broken images, and servers in a pack that has to go."""
        for operating_system_id in self.broken:
            self.panel.mutate("templates", operating_system_id, {"failing": False})
        there = {server["id"] for server in self.panel.state()["servers"]}
        for server_id in {one for one in self.packed & there if not self.strangers.has("servers", one)}:
            self.panel.mutate("servers", server_id, {"resourcePackId": None})
        self.drifted = self.drifted or bool(self.packed)
        self.broken.clear()
        self.packed.clear()

    def lose(self, name: str) -> None:
        """Somebody deletes an object by hand."""
        kept = self.engine.live(name)
        assert kept is not None
        if kept.kind == "ServerIpv4Addresses":
            for address in kept.outputs["addresses"]:
                drift.delete(self.panel, ADDRESS, address)
        else:
            drift.delete(self.panel, kept.kind, kept.id)
        self.drifted = True

    def pass_time(self, seconds: int) -> None:
        self.panel.advance(seconds)

    def has(self, name: str) -> bool:
        """Whether the resource is in the state and at the panel."""
        kept = self.engine.live(name)
        if kept is None or kept.awaiting:
            return False
        if kept.kind == "ServerIpv4Addresses":
            return bool(kept.outputs["addresses"])
        at_panel = self._ours(self.panel.state())
        return (kept.kind, kept.id) in at_panel or (
            kept.kind.startswith("Server") and ("Server", kept.id.split("/")[0]) in at_panel
        )

    # -- what must hold -----------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Without faults: refresh where there was drift, `up`, and then program, state and panel are one."""
        self.put_right()
        for attempt in range(ATTEMPTS):
            self.pass_time(LONGER_THAN_ANY_DELAY if attempt else 1)
            if (not self.drifted or self.refresh()) and self.up():
                break
            self._give_up_adoption()
        else:
            raise Violation(f"It does not settle: {self.failure}")
        if self.adopting:
            self._adopted()
            return self.settle()
        self._settled("after an up")
        self._nothing_planned("after an up")
        before = {kept.name: kept.inputs for kept in self.engine.state}
        drifted = {name: _difference(before[name], self.engine.live(name)) for name in self.engine.refresh()}
        self._must(not drifted, f"A refresh after an up finds that {drifted} drifted")
        self._nothing_planned("after a refresh")
        return None

    def finish(self, faults: int | None) -> None:
        """`pulumi destroy` leaves nothing."""
        self.settle()
        for seed in [faults, None, None]:
            if self.destroy(seed):
                break
            self.pass_time(LONGER_THAN_ANY_DELAY)
        self.pass_time(LONGER_THAN_ANY_DELAY)
        left = self._ours(self.panel.state())
        servers = [one["id"] for one in self.panel.state()["servers"]]
        self._must(all(self.strangers.has("servers", one) for one in servers), "a server is there after its delay")
        self._must(not left and not self.engine.state, f"destroy left {left} and {self.engine.state} ({self.failure})")

    def _settled(self, when: str) -> None:
        panel = self.panel.state()
        there, kept = self._ours(panel), self._kept()
        self._must(there == kept, f"{when}: only the panel has {there - kept}, only the state has {kept - there}")
        wrong = [*comparison.differences(panel, self.engine.state, self.stays, self.unseen)]
        ours = [one for one in panel["servers"] if not self.strangers.has("servers", one["id"])]
        wrong += comparison.left_behind({**panel, "servers": ours}, self.engine.state, self.ruled)
        self._must(not wrong, f"{when}: " + "; ".join(wrong))
        unfinished = [(one.name, one.reasons, one.doomed) for one in self.engine.state if one.reasons or one.doomed]
        self._must(not unfinished, f"{when}: {unfinished}")

    def _nothing_planned(self, when: str) -> None:
        try:
            steps = self.engine.preview(self.program)
        except Failed as failed:
            raise Violation(f"A preview {when} fails: {failed}") from None
        self._must(not steps, f"A preview {when} is not empty: {steps}")

    def _ours(self, panel: Mapping[str, Any]) -> Objects:
        """What is at the panel and no stranger's."""
        strangers = {str(one["id"]) for one in panel["servers"] if self.strangers.has("servers", one["id"])}
        held = {row["address"] for row in panel["addresses"] if str(row["serverId"]) in strangers}
        return {
            (kind, id_)
            for kind, id_ in panel_objects(dict(panel))
            if not (id_ in held if kind == ADDRESS else kind in ON_A_SERVER and id_.partition("/")[0] in strangers)
            if kind not in GIVEN_AGAIN or not self.strangers.has(drift.TABLES[kind], id_.rpartition("/")[2])
        }

    def _kept(self) -> Objects:
        """What the state has, but for what has another's number now, and for credits that nobody can see to be gone."""
        now = self.panel.state()
        right = [kept for kept in self.engine.state if _identity_at(now, kept) in ("", self._made.get(kept))]
        return state_objects([kept for kept in right if kept not in self.vanished])

    def _remember_who(self) -> None:
        now = self.panel.state()
        for kept in self.engine.state:
            if identity := _identity_at(now, kept):
                self._made.setdefault(kept, identity)

    def _must(self, holds: object, text: str) -> None:
        if not holds:
            raise Violation(text)

    # -- under observation --------------------------------------------------------------------------------------

    def _before(self) -> None:
        with self._observing:
            if not self._under_way:
                latest = self.panel.sandbox.recorder.latest(1)
                self._mark = latest[0].id if latest else 0
            self._under_way += 1

    def _after(self, step: Step, error: str) -> None:
        with self._observing:
            if step.op != "same":
                self.tally[step.op] += 1
                self.classes[step.kind] += 1
                self._steps.append(step)
            if step.op == "replace" and step.kind == "ServerBuild" and not error:
                self.stays.discard((step.kind, step.id, "operating_system_id"))
            self._under_way -= 1
            self._done.append((step, error))
            if not self._under_way:
                self._offences += offences(self._done, self.panel.requests(self._mark))
                self._done.clear()

    def _remember_rulesets(self) -> None:
        for kept in self.engine.state:
            told = self.program[kept.name].arguments if kept.name in self.program else {}
            if kept.kind == "Server" and ("firewall_rulesets" in told or "firewall_rulesets" in kept.inputs):
                self.ruled.add(kept.id)

    def _remember_secrets(self) -> None:
        for kept in self.engine.state:
            named = {f.name for f in resource_class(kept.kind).fields.values() if f.secret}
            found = {kept.outputs[name] for name in named if kept.outputs.get(name)}
            self._must(
                not found or named <= kept.secrets, f"{kept.name} keeps a secret in plain: {named} {kept.secrets}"
            )
            self._secrets |= found

    def _nothing_leaked(self) -> None:
        public = [
            {name: value for name, value in kept.outputs.items() if name not in kept.secrets} | kept.inputs
            for kept in self.engine.state
        ]
        logs = [log.message for log in self.host.logs]
        text = json.dumps([public, logs, self.host.printed, self._said, self.panel.requests()], default=str)
        leaked = [secret for secret in self._secrets if secret in text]
        self._must(not leaked, f"{leaked} can be read in plain")
        self._must(not self.host.printed, f"The host printed {self.host.printed}")
        self.host.forget_logs()
        self.panel.clear_requests()
        self._said.clear()

    # -- the operator -------------------------------------------------------------------------------------------

    def _deal_with_orphans(self, failed: Failed | None) -> None:
        """What only the panel has, the error must have named; it is taken over where there is a line to paste."""
        orphans = self._ours(self.panel.state()) - self._kept()
        servers = {id_ for kind, id_ in orphans if kind == "Server"}
        orphans -= {(one.kind, one.id) for one in self.adopting.values()}
        for kind, id_ in sorted(orphans):
            if f"resource pack {id_} is in use: it was disabled" in self._warned:
                drift.delete(self.panel, kind, id_)
                continue
            if kind == ADDRESS and drift.server_of(self.panel, id_) in servers:
                continue
            found = [(one.name, one.id) for one in self.engine.state]
            self._must(failed is not None, f"{kind} {id_} is at the panel, in no state, and nothing failed ({found})")
            assert failed is not None
            text = self._import_text(kind, id_)
            naming = [one for one in failed.all if _is_named(kind, text, one)]
            self._must(naming, f"{kind} {id_} was lost without a word: {failed}")
            self.tally["orphans named"] += 1
            line = f'import_="{text}"'
            takers = [one for one in naming if line in one.message and one.step.kind == kind]
            takers = [one for one in takers if one.step.name not in self.adopting]
            if takers:
                self._adopt(kind, id_, text, takers[0])
            else:
                drift.delete(self.panel, kind, id_)

    def _import_text(self, kind: str, id_: str) -> str:
        """A user is named by its relation."""
        users = [one for one in self.panel.state()["users"] if kind == "User" and str(one["id"]) == id_]
        return relation_of(users[0]) if users else id_

    def _adopt(self, kind: str, id_: str, text: str, failed: Failed) -> None:
        """Do what the error says."""
        self.tally["adoptions"] += 1
        name = failed.step.name
        found = re.search(r"Leave ([\w, ]+) out of the program for that run", failed.message)
        given = self.program[name].arguments
        left_out = {key: given[key] for key in (found[1].split(", ") if found else ())}
        self.adopting[name] = Adoption(kind, id_, left_out)
        self.change(name, **dict.fromkeys(left_out), **{IMPORT_ID: text})

    def _give_up_adoption(self) -> None:
        """The program describes another object by now than the one that its lost create made."""
        for name, adoption in list(self.adopting.items()):
            self._delete_unless_taken_over(name, adoption)
        self._adopted()

    def _delete_unless_taken_over(self, name: str, adoption: Adoption) -> None:
        kept = self.engine.live(name)
        if kept is None or kept.id != adoption.id:
            self.tally["adoptions given up"] += 1
            drift.delete(self.panel, adoption.kind, adoption.id)

    def _adopted(self) -> None:
        """Take `import_` out again, and put back what had to be left out unless that is no longer wanted."""
        for name, adoption in self.adopting.items():
            self.change(name, **{IMPORT_ID: None})
            whole = Declared(adoption.kind, {**adoption.left_out, **self.program[name].arguments})
            if acceptable({**self.program, name: whole}, self.engine.state):
                self.program[name] = whole
        self.adopting.clear()


GIVEN_AGAIN = ("Server", "User", "SshKey", "ResourcePack", "TrafficBlock", "UserCredit")
"""What the panel knows by numbers of its own."""
ON_A_SERVER = ("NetworkWhitelistEntry", "TrafficBlock")


def _difference(before: Mapping[str, Any], kept: Kept | None) -> str:
    if kept is None:
        return "gone"
    names = [name for name in before.keys() | kept.inputs.keys() if before.get(name) != kept.inputs.get(name)]
    return ", ".join(f"{name}: {before.get(name)!r} -> {kept.inputs.get(name)!r}" for name in names)


def _identity(kind: str, document: Mapping[str, Any]) -> Any:
    """What tells an object from a later one of its number."""
    names = {"servers": "uuid", "users": "created", "ssh_keys": "created", "traffic_blocks": "added"}
    return document[names[kind]] if kind in names else document.get("userId") or document["hidden"]["userId"]


def _identity_at(panel: Mapping[str, Any], kept: Kept) -> Any:
    """Who has the number that the state has; "" when nobody has."""
    table, number = drift.TABLES.get(kept.kind), kept.id.rpartition("/")[2]
    found = [_identity(table, one) for one in panel[table] if str(one["id"]) == number] if table else []
    return found[0] if found else ""


def _is_named(kind: str, id_: str, failed: Failed) -> bool:
    """Whether the error tells a person what to do about the object, or where to look for it."""
    text = failed.message
    if f'import_="{id_}"' in text or (kind == ADDRESS and id_ in text):
        return True
    if kind == "UserCredit":
        return "Compare the balance" in text
    if kind == "ResourcePack":
        return "look at user" in text
    if "It may still be at it" in text or "two cannot have it" in text:
        return failed.step.kind in (kind, "ServerIpv4Addresses", "Server")
    return "failed too" in text and failed.step.kind in (kind, "ServerIpv4Addresses", "Server")
