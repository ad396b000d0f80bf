"""The panel's objects in SQLite: one table a kind, one JSON document a row."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from .data_file import Unusable, connect

Document = dict[str, Any]

_DISKS = "+".join(f"coalesce(json_extract(document, '$.storage[{n}].capacity'), 0)" for n in (1, 2))

KINDS: dict[str, dict[str, str]] = {
    "servers": {
        "owner": "$.ownerId",
        "hypervisor": "$.hypervisorId",
        "memory": "$.settings.resources.memory",
        "cores": "$.settings.resources.cpuCores",
        "disk": f"json_extract(document, '$.settings.resources.storage')+{_DISKS}",
        "pack": "$.hidden.resourcePackId",
    },
    "users": {
        "email": "lower(json_extract(document, '$.email'))",
        "ext_relation": "$.extRelationId",
        "rel_str": "$.hidden.relStr",
    },
    "ssh_keys": {"owner": "$.hidden.userId"},
    "resource_packs": {"owner": "$.hidden.userId"},
    "credits": {"owner": "$.userId"},
    "traffic_blocks": {"server": "$.serverId"},
    "queue": {"server": "$.serverId", "begins": "$.hidden.begins", "due": "$.hidden.due"},
    "backups": {"server": "$.serverId"},
    "hypervisor_groups": {},
    "hypervisors": {"group_id": "$.groupId"},
    "packages": {},
    "template_categories": {},
    "templates": {},
    "isos": {},
    "ip_blocks": {},
    "dns_services": {},
    "currencies": {},
    "firewall_rulesets": {},
    "hypervisor_asset_groups": {},
    "backup_plans": {},
    "hourly_group_profiles": {},
    "resource_group_profiles": {},
    "hourly_packs": {},
    "pack_definitions": {},
}
"""Every kind, with the facts by which rules look objects up; a leading `$` is a path in the document."""

_CHANGING = frozenset(
    {"servers", "users", "ssh_keys", "resource_packs", "credits", "traffic_blocks", "queue", "backups"}
)
"""Kinds that requests change; objects of every other kind change rarely, so that their parsed documents are shared."""

_INDEXES = {
    "servers": ("owner", "hypervisor", "pack"),
    "users": ("email", "ext_relation", "rel_str"),
    "queue": ("server, begins", "due"),
    "hypervisors": ("group_id",),
    "ssh_keys": ("owner",),
    "resource_packs": ("owner",),
    "credits": ("owner",),
    "traffic_blocks": ("server",),
    "backups": ("server",),
}

_LOADS = """
CREATE TABLE IF NOT EXISTS loads (
    hypervisor INTEGER PRIMARY KEY, servers INTEGER NOT NULL, memory INTEGER NOT NULL,
    cores INTEGER NOT NULL, disk INTEGER NOT NULL
);
CREATE TRIGGER IF NOT EXISTS servers_in AFTER INSERT ON servers BEGIN {more}; END;
CREATE TRIGGER IF NOT EXISTS servers_out AFTER DELETE ON servers BEGIN {less}; END;
CREATE TRIGGER IF NOT EXISTS servers_change AFTER UPDATE ON servers BEGIN {less}; {more}; END;
""".format(
    more="""INSERT INTO loads VALUES (NEW.hypervisor, 1, NEW.memory, NEW.cores, NEW.disk)
        ON CONFLICT DO UPDATE SET servers = servers + 1, memory = memory + NEW.memory,
        cores = cores + NEW.cores, disk = disk + NEW.disk""",
    less="""UPDATE loads SET servers = servers - 1, memory = memory - OLD.memory, cores = cores - OLD.cores,
        disk = disk - OLD.disk WHERE hypervisor = OLD.hypervisor""",
)
"""The load of each hypervisor, which the database updates, so that no rule sums thousands of servers."""

_BACKED_UP = {
    **dict.fromkeys(KINDS, ("id", "document")),
    "sequences": ("kind", "last"),
    "addresses": ("id", "number", "block", "server", "interface", "place"),
}
"""By table, the columns that a snapshot holds; the database derives the rest."""

_LARGEST_ID = 2**63 - 1


class Store:
    """All objects of one panel, in memory or in `path`; no id is given twice."""

    def __init__(self, path: Path | None = None) -> None:
        self.connection = connect(path)
        try:
            self._prepare()
        except sqlite3.Error as error:
            self.connection.close()
            raise Unusable(f"{path}: can not keep a panel here: {error}") from None

    def _prepare(self) -> None:
        self.connection.execute("PRAGMA journal_mode=WAL")
        # A commit then survives the death of this process without waiting for the disk.
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self.connection.execute("CREATE TABLE IF NOT EXISTS sequences (kind TEXT PRIMARY KEY, last INTEGER NOT NULL)")
        self.connection.execute("CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        for kind in KINDS:
            self._create_table(kind)
        self.connection.executescript(_LOADS)
        self.connection.execute("CREATE TABLE IF NOT EXISTS snapshots (name TEXT PRIMARY KEY, rows TEXT NOT NULL)")

    def _create_table(self, kind: str) -> None:
        columns = "".join(
            f", {name} GENERATED ALWAYS AS ({_expression(path)}) STORED" for name, path in KINDS[kind].items()
        )
        self.connection.execute(
            f"CREATE TABLE IF NOT EXISTS {kind} (id INTEGER PRIMARY KEY, document TEXT NOT NULL{columns})"
        )
        for number, columns in enumerate(_INDEXES.get(kind, ())):
            self.connection.execute(f"CREATE INDEX IF NOT EXISTS {kind}_{number} ON {kind} ({columns})")

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all writes inside, or none of them after an exception."""
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def fact(self, name: str) -> str | None:
        row = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_fact(self, name: str, value: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def next_id(self, kind: str) -> int:
        sql = "INSERT INTO sequences VALUES (?, 1) ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last"
        return int(self.connection.execute(sql, (kind,)).fetchone()[0])

    def get(self, kind: str, id_: int) -> Document | None:
        if not 0 <= id_ <= _LARGEST_ID:
            return None
        row = self.connection.execute(f"SELECT document FROM {kind} WHERE id = ?", (id_,)).fetchone()
        return None if row is None else _document(kind, row)

    def find(self, kind: str, **facts: int | str) -> list[Document]:
        """Return the objects with these facts (columns of KINDS), by ascending id; catalogue objects are shared."""
        where = " AND ".join(f"{name} = ?" for name in facts) or "1"
        sql = f"SELECT document FROM {kind} WHERE {where} ORDER BY id"
        return [_document(kind, row) for row in self.connection.execute(sql, tuple(facts.values()))]

    def slice(self, kind: str, limit: int, offset: int, **among: Sequence[int]) -> tuple[int, list[Document]]:
        """Return the number of objects that have one of the given values of each fact, and a page of them."""
        where = " AND ".join(f"{name} IN ({','.join('?' * len(values))})" for name, values in among.items()) or "1"
        wanted = [value for values in among.values() for value in values]
        total = self.connection.execute(f"SELECT count(*) FROM {kind} WHERE {where}", wanted).fetchone()[0]
        sql = f"SELECT document FROM {kind} WHERE {where} ORDER BY id LIMIT ? OFFSET ?"
        return int(total), [_document(kind, row) for row in self.connection.execute(sql, [*wanted, limit, offset])]

    def first(self, kind: str, **facts: int | str) -> Document | None:
        found = self.find(kind, **facts)
        return found[0] if found else None

    def count(self, kind: str, **facts: int | str) -> int:
        where = " AND ".join(f"{name} = ?" for name in facts) or "1"
        return int(
            self.connection.execute(f"SELECT count(*) FROM {kind} WHERE {where}", tuple(facts.values())).fetchone()[0]
        )

    def add(self, kind: str, document: Document) -> Document:
        """Add a document, and return it with its new id in front; an id that it already has is kept."""
        id_ = document.get("id") or self.next_id(kind)
        stored = {"id": id_, **{name: value for name, value in document.items() if name != "id"}}
        self.put(kind, stored)
        return stored

    def put(self, kind: str, document: Document) -> None:
        sql = f"INSERT INTO {kind} (id, document) VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document"
        self.connection.execute(sql, (document["id"], json.dumps(document)))

    def delete(self, kind: str, id_: int) -> None:
        self.connection.execute(f"DELETE FROM {kind} WHERE id = ?", (id_,))

    def load(self, kind: str, documents: Iterable[Document]) -> None:
        """Add documents that have ids already; later ids follow the largest."""
        largest = 0
        for document in documents:
            self.put(kind, document)
            largest = max(largest, document["id"])
        self.connection.execute("INSERT OR REPLACE INTO sequences VALUES (?, ?)", (kind, largest))

    def clear(self) -> None:
        """Delete every object and snapshot, but no fact."""
        for table in ("sequences", "snapshots", *KINDS):
            self.connection.execute(f"DELETE FROM {table}")

    def keep_snapshot(self, name: str) -> None:
        """Keep every object, address and sequence under a name, in place of an older snapshot of that name."""
        rows = {
            table: self.connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
            for table, columns in _BACKED_UP.items()
        }
        self.connection.execute("INSERT OR REPLACE INTO snapshots VALUES (?, ?)", (name, json.dumps(rows)))

    def restore_snapshot(self, name: str) -> bool:
        """Restore a snapshot, with its sequences; return False without a snapshot of that name."""
        found = self.connection.execute("SELECT rows FROM snapshots WHERE name = ?", (name,)).fetchone()
        if found is None:
            return False
        for table, rows in json.loads(found[0]).items():
            columns = _BACKED_UP[table]
            self.connection.execute(f"DELETE FROM {table}")
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            self.connection.executemany(sql, rows)
        return True


def _expression(path: str) -> str:
    return f"json_extract(document, '{path}')" if path.startswith("$") else path


def _document(kind: str, row: tuple[str]) -> Document:
    document: Document = json.loads(row[0]) if kind in _CHANGING else _shared(row[0])
    return document


@lru_cache(maxsize=4096)
def _shared(text: str) -> Document:
    document: Document = json.loads(text)
    return document
