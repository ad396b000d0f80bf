"""Candidates for the objects of interrupted creates: panel objects that match a create, and that no resource has."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from ..api.errors import NotFound
from ..api.records import Server
from ..lifecycle.context import SilentContext
from ..lifecycle.contract import Refused
from ..lifecycle.lost_answers import Before, Candidate
from ..lifecycle.run import Run
from ..providers.import_option import IMPORT_ID
from ..resources import resource_class
from .held_addresses import ADDRESSES, held_addresses
from .pending_operations import PendingOperation
from .stack_state import StackState

T = TypeVar("T")


@dataclass(frozen=True)
class Look(SilentContext):
    """The context of one search of a panel, with a run of its own: no answer from before is shared."""

    own_run: Run = field(default_factory=Run, repr=False, compare=False)

    @property
    def run(self) -> Run:
        return self.own_run


@dataclass(frozen=True)
class PanelObject:
    """An object of the panel that a create may have made."""

    kind: str
    id: str
    record: Any = field(compare=False)
    name: str = field(default="", compare=False)
    """The object's name at the panel; the likeliest maker is the create with the same name."""
    addresses: tuple[str, ...] = ()
    """The addresses that the record counts as its own, where the search found addresses."""
    doubt: str = field(default="", compare=False)
    """The reason why no proof links the object to the create; "" for a proven object."""
    import_id: str = field(default="", compare=False)
    """The value for `import_`."""

    @classmethod
    def of(cls, kind: str, one: Candidate) -> PanelObject:
        return cls(kind, one.id, one.record, one.name, doubt=one.doubt, import_id=one.import_id or one.id)

    @property
    def ids(self) -> set[str]:
        """The ids of the candidates that the object consists of: its own, or one for each address."""
        return {f"{self.record.on}/{address}" for address in self.addresses} or {self.id}

    def __str__(self) -> str:
        return f"{resource_class(self.kind).behaviour.noun} {self.id}"


class Unreadable(Exception):
    """The objects that a create may have made could not be searched for; the text gives the reason."""


@dataclass(frozen=True)
class PanelSearch:
    """A search of the panel for the objects of one state; each answer is read once."""

    context: SilentContext
    state: StackState
    since: datetime
    """The earliest time at which the interrupted run can have begun, for a create without a time of its own."""
    until: datetime
    """The latest time at which the run's last request can have ended."""
    _read: dict[Hashable, Any] = field(default_factory=dict)

    def of(self, wanted: PendingOperation, urns: Set[str]) -> list[PanelObject]:
        """Return the objects that a create may have made, the likeliest first; raise `Unreadable` without a search.

        `urns` has the resources of the state.
        """
        behaviour = wanted.behaviour
        if behaviour.unlistable or IMPORT_ID in wanted.values or (behaviour.repeatable and not wanted.under_way):
            return []  # what comes to the same when it is made again is held on to only if it had begun
        if wanted.hidden:
            raise Unreadable(f"{', '.join(wanted.hidden)}: secret, and not shown here")
        lacking = sorted(wanted.needs - urns)
        if not wanted.under_way and (lacking or not wanted.is_described):
            return []  # what it belongs to is not there, so its turn never came
        if lacking:
            raise Unreadable(f"the state does not hold what it needs, {', '.join(lacking)}")
        if not wanted.is_described:
            raise Unreadable(f"the state does not tell its {', '.join(wanted.missing)}")
        try:
            found = list(behaviour.candidates(self.context, wanted.values, self.before(wanted)))
        except NotFound:  # what it hangs on is not there
            return []
        except Refused as refusal:
            raise Unreadable(str(refusal)) from None
        except (ValueError, TypeError, LookupError, AttributeError) as strange:
            raise Unreadable(f"the panel's answer cannot be read ({type(strange).__name__})") from None
        named = wanted.values.get("name")
        traces = [PanelObject.of(wanted.kind, one) for one in found]
        return sorted(traces, key=lambda one: (one.name != named, one.name != "", one.id))

    def before(self, wanted: PendingOperation) -> Before:
        """Return the knowledge of the time before the operation began."""
        return Before(
            wanted.began or self.since,
            wanted.seen,
            self.until,
            is_free=partial(self.is_free, wanted.kind, but=wanted.urn),
            once=self.once,
        )

    def once(self, what: Hashable, ask: Callable[[], T]) -> T:
        if what not in self._read:
            self._read[what] = ask()
        answer: T = self._read[what]
        return answer

    def server(self, server_id: Any) -> Server:
        id_ = int(server_id)
        record: Server = self.once(("server", id_), lambda: self.context.panel.servers.get(id_))
        return record

    def is_free(self, kind: str, id_: str, but: str = "") -> bool:
        """Whether no resource has the object; a system counts as free for `but`, the resource that replaces it."""
        if kind == ADDRESSES:
            on, _, address = id_.rpartition("/")
            return address not in held_addresses(self.state) and address != self._primary(on)
        own = but if resource_class(kind).behaviour.is_a_system else ""
        return all(held.id != id_ or held.urn == own for held in self.state.of(kind))

    def _primary(self, on: str) -> str:
        return self.server(on.partition("/")[0]).primary_ipv4 or ""
