"""One panel: its objects, addresses and time, and nothing of HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from threading import RLock

from .address_pool import AddressPool
from .clock import Clock, offset_form
from .refusals import NotFound
from .store import Document, Store

_NAMES = {
    "ip_blocks": "ip block",
    "isos": "iso",
    "queue": "queue item",
    "ssh_keys": "ssh key",
    "dns_services": "dns service",
}


@dataclass
class Panel:
    """The panel that the rules work on; the caller of a rule holds the lock."""

    store: Store
    addresses: AddressPool
    clock: Clock
    build_seconds: float
    """Seconds that a build takes; power and deletion take a fifth of them."""

    def __post_init__(self) -> None:
        self.lock = RLock()

    @property
    def task_seconds(self) -> float:
        return self.build_seconds / 5

    def stamp(self) -> str:
        return offset_form(self.clock.now())

    def require(self, kind: str, id_: int) -> Document:
        """Return the object, or raise the panel's 404 for its kind."""
        document = self.store.get(kind, id_)
        if document is None:
            raise NotFound(_NAMES.get(kind, kind.removesuffix("s").replace("_", " ")))
        return document

    def save(self, kind: str, document: Document) -> None:
        """Store a changed object, with the time of the change where the object has one."""
        if "updated" in document:
            document["updated"] = self.stamp()
        self.store.put(kind, document)
