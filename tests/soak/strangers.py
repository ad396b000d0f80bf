"""Other people's objects at the panel, which nothing that a stack does may touch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel

Document = dict[str, Any]
KINDS = ("servers", "users", "ssh_keys", "resource_packs", "credits", "traffic_blocks")
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEZwv1Q0b3m2aB8c5n1k7r9s4t6u8v0w2x4y6z8A0B2C stranger"


class Strangers:
    """Customers who were never in the stack, and what is theirs by the panel's own names for kinds."""

    def __init__(self, panel: RunningPanel) -> None:
        self.panel = panel
        self._met = 0
        self._owner = 0
        self._theirs: dict[str, set[int]] = {kind: set() for kind in KINDS}
        self._kept: tuple[int, int, dict[str, set[int]]] = (0, 0, {})

    def has(self, kind: str, id_: int | str) -> bool:
        return int(id_) in self._theirs[kind]

    def documents(self) -> dict[tuple[str, int], Document]:
        """All that is theirs, with the addresses of their servers."""
        state = self.panel.state()
        found = {(kind, one["id"]): one for kind in KINDS for one in state[kind] if self.has(kind, one["id"])}
        for (kind, id_), document in found.items():
            if kind == "servers":
                held = [row for row in state["addresses"] if row["serverId"] == id_]
                found[kind, id_] = {**document, "addresses": held}
        return found

    def remember(self) -> None:
        """Before a backup of the panel."""
        self._kept = self._met, self._owner, {kind: set(ids) for kind, ids in self._theirs.items()}

    def recall(self) -> None:
        """After the panel came back from that backup; a name is never given to two of them."""
        _, self._owner, theirs = self._kept
        self._theirs = {kind: set(ids) for kind, ids in theirs.items()}

    def take(self, kind: str, id_: int, *, definition: int = 1) -> None:
        """A stranger's new object gets this id, which nothing has at the moment."""
        self._ask()
        with self._next_id(kind, id_), self._moving_in():
            self._make(kind, definition)

    def take_relation(self, relation: int | str) -> None:
        """A stranger's account, with all that can hang on it, gets this relation, which nobody has at the moment."""
        self._met += 1
        user: dict[str, Any] = {
            "name": "A Stranger",
            "email": f"stranger{self._met}@example.org",
            "ext_relation_id" if isinstance(relation, int) else "rel_str": relation,
            "self_service": 3,
            "self_service_hourly_group_profiles": [1, 2, 3],
            "self_service_resource_group_profiles": [1, 2, 3],
            "self_service_hourly_resource_pack": 1,
        }
        with self._moving_in():
            self._api().users.create(**user)

    def _ask(self) -> None:
        if not any(user["id"] == self._owner for user in self.panel.state()["users"]):
            with self._moving_in():
                self._owner = self._user()

    def _make(self, kind: str, definition: int) -> None:
        api = self._api()
        if kind == "users":
            self._user()
        elif kind in ("servers", "traffic_blocks"):  # a server brings a block
            self._server()
        elif kind == "ssh_keys":
            api.ssh_keys.create(user_id=self._owner, name="laptop", public_key=KEY)
        elif kind == "resource_packs":
            api.self_service.add_resource_pack(f"stranger-{self._number_of(self._owner)}", pack_id=definition)

    def _number_of(self, user_id: int) -> str:
        (user,) = (one for one in self.panel.state()["users"] if one["id"] == user_id)
        return str(user["hidden"]["relStr"]).removeprefix("stranger-")

    def _user(self) -> int:
        self._met += 1
        relation, email = f"stranger-{self._met}", f"stranger{self._met}@example.org"
        return self._api().users.create(name="A Stranger", email=email, rel_str=relation, self_service=3).user_id

    def _server(self) -> None:
        """Installed, behind a firewall with rules, with all that can hang on a server."""
        servers = self._api().servers
        made = servers.create(package_id=1, user_id=self._owner, hypervisor_group_id=1, ipv4=2, traffic=500)
        id_ = made.server_id
        servers.enable_firewall(id_, "primary", sync=True)
        servers.apply_firewall_rulesets(id_, "primary", [1, 2], sync=True)
        servers.add_whitelist_entry(id_, interface="primary", ip="192.0.2.9", cidr=32)
        servers.set_custom_xml(id_, os="<bios/>", os_enabled=True)
        servers.add_traffic_block(id_, month=1, amount=10)
        installed = {"state": "complete", "commissionStatus": 3, "built": self.panel.sandbox.panel.stamp()}
        self.panel.mutate("servers", id_, {"settings.osTemplateInstallId": 2, "hostname": "not.ours", **installed})

    def _api(self) -> VirtFusion:
        return VirtFusion(self.panel.url, self.panel.token)

    @contextmanager
    def _moving_in(self) -> Iterator[None]:
        """What is made meanwhile is theirs; none of it stands in the log of requests."""
        before = self._ids()
        yield
        for kind, ids in self._ids().items():
            self._theirs[kind] |= ids - before[kind]
        self.panel.clear_requests()

    def _ids(self) -> dict[str, set[int]]:
        state = self.panel.state()
        return {kind: {one["id"] for one in state[kind]} for kind in KINDS}

    @contextmanager
    def _next_id(self, kind: str, id_: int) -> Iterator[None]:
        store = self.panel.sandbox.panel.store.connection
        ((last,),) = store.execute("SELECT last FROM sequences WHERE kind = ?", (kind,)).fetchall()
        store.execute("UPDATE sequences SET last = ? WHERE kind = ?", (id_ - 1, kind))
        try:
            yield
        finally:
            store.execute("UPDATE sequences SET last = max(last, ?) WHERE kind = ?", (last, kind))
