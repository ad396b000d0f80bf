"""IPv4 addresses, each with its block and the server's interface that holds it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import NamedTuple

_SCHEMA = """
CREATE TABLE IF NOT EXISTS addresses (
    id INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL UNIQUE, block INTEGER NOT NULL,
    server INTEGER, interface TEXT, place INTEGER
);
CREATE INDEX IF NOT EXISTS addresses_block ON addresses (block, server, number);
CREATE INDEX IF NOT EXISTS addresses_server ON addresses (server, interface, place);
"""


class Held(NamedTuple):
    """An address that a server has; place 1 is the interface's primary."""

    id: int
    address: str
    block_id: int
    place: int


class AddressPool:
    """The addresses of all blocks of one panel."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.executescript(_SCHEMA)

    def add_range(self, block_id: int, start: IPv4Address, end: IPv4Address) -> None:
        """Add every address from start to end that no block has yet."""
        rows = ((number, block_id) for number in range(int(start), int(end) + 1))
        self._connection.executemany("INSERT OR IGNORE INTO addresses (number, block) VALUES (?, ?)", rows)

    def totals(self, block_id: int) -> tuple[int, int]:
        """Return the number of the block's addresses, and the number that servers hold."""
        sql = "SELECT count(*), count(server) FROM addresses WHERE block = ?"
        total, used = self._connection.execute(sql, (block_id,)).fetchone()
        return int(total), int(used)

    def has_free(self, block_ids: Iterable[int], count: int) -> bool:
        sql = "SELECT count(*) FROM (SELECT 1 FROM addresses WHERE block = ? AND server IS NULL LIMIT ?)"
        found = (int(self._connection.execute(sql, (id_, count)).fetchone()[0]) for id_ in block_ids)
        return sum(found) >= count

    def take(self, block_ids: Iterable[int], count: int, server_id: int, interface: str) -> list[str]:
        """Give the server the next free addresses of these blocks; return them, at most `count`."""
        taken: list[str] = []
        for block_id in block_ids:
            sql = "SELECT number FROM addresses WHERE block = ? AND server IS NULL ORDER BY number LIMIT ?"
            for (number,) in self._connection.execute(sql, (block_id, count - len(taken))).fetchall():
                self._hold(number, server_id, interface)
                taken.append(str(IPv4Address(number)))
        return taken

    def claim(self, address: IPv4Address, block_ids: Iterable[int], server_id: int, interface: str) -> bool:
        """Give the server this address; return False when none of these blocks has it, or a server holds it already."""
        sql = "SELECT block FROM addresses WHERE number = ? AND server IS NULL"
        row = self._connection.execute(sql, (int(address),)).fetchone()
        if row is None or row[0] not in block_ids:
            return False
        self._hold(int(address), server_id, interface)
        return True

    def _hold(self, number: int, server_id: int, interface: str) -> None:
        sql = "SELECT coalesce(max(place), 0) + 1 FROM addresses WHERE server = ? AND interface = ?"
        place = self._connection.execute(sql, (server_id, interface)).fetchone()[0]
        sql = "UPDATE addresses SET server = ?, interface = ?, place = ? WHERE number = ?"
        self._connection.execute(sql, (server_id, interface, place, number))

    def held(self, server_id: int, interface: str) -> list[Held]:
        sql = "SELECT id, number, block, place FROM addresses WHERE server = ? AND interface = ? ORDER BY place"
        rows = self._connection.execute(sql, (server_id, interface))
        return [Held(id_, str(IPv4Address(number)), block, place) for id_, number, block, place in rows]

    def held_count(self) -> int:
        return int(self._connection.execute("SELECT count(server) FROM addresses").fetchone()[0])

    def all_held(self) -> list[dict[str, int | str]]:
        """Return all held addresses, each with its place among the addresses of its interface, from 1."""
        sql = "SELECT number, server, interface, place FROM addresses WHERE server IS NOT NULL ORDER BY number"
        return [
            {"address": str(IPv4Address(number)), "serverId": server, "interface": interface, "position": place}
            for number, server, interface, place in self._connection.execute(sql)
        ]

    def release(self, server_id: int, interface: str, address: str) -> None:
        """Return one address to its block; the interface's other addresses move up in order."""
        sql = "UPDATE addresses SET server = NULL, interface = NULL, place = NULL WHERE number = ?"
        self._connection.execute(sql, (int(IPv4Address(address)),))
        for place, held in enumerate(self.held(server_id, interface), start=1):
            self._connection.execute("UPDATE addresses SET place = ? WHERE id = ?", (place, held.id))

    def replace(self, server_id: int, interface: str, addresses: Iterable[str]) -> None:
        """Give the interface exactly these addresses, in this order, whoever held them; skip unknown ones."""
        sql = "UPDATE addresses SET server = NULL, interface = NULL, place = NULL WHERE server = ? AND interface = ?"
        self._connection.execute(sql, (server_id, interface))
        for address in addresses:
            self._hold(int(IPv4Address(address)), server_id, interface)

    def release_all(self, server_id: int) -> None:
        sql = "UPDATE addresses SET server = NULL, interface = NULL, place = NULL WHERE server = ?"
        self._connection.execute(sql, (server_id,))

    def clear(self) -> None:
        self._connection.execute("DELETE FROM addresses")
