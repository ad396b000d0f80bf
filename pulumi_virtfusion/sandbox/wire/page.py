"""The live page: servers, users and the latest requests, refreshed by itself."""

from __future__ import annotations

import html
from collections.abc import Iterable

from ..panel.store import Document
from ..sandbox import Sandbox

_STYLE = """body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% } th, td { border-bottom: 1px solid #ddd; padding: .3rem .6rem;
text-align: left } th { color: #666; font-weight: 500 }"""
_SHOWN = 200
_SERVERS = ("id", "name", "state", "running", "owner", "address", "memory MB", "cores", "disk GB")
_USERS = ("id", "name", "e-mail", "relation", "servers", "keys")


def live_page(sandbox: Sandbox) -> str:
    """The panel now, as HTML with every value escaped; at most 200 servers and users."""
    state = sandbox.state()
    addresses = {
        row["serverId"]: row["address"] for row in reversed(state["addresses"]) if row["interface"] == "primary"
    }
    tables = (
        _table(
            "Servers", len(state["servers"]), _SERVERS, (_server(row, addresses) for row in state["servers"][-_SHOWN:])
        ),
        _table("Users", len(state["users"]), _USERS, (_user(row, state) for row in state["users"][-_SHOWN:])),
        _table(
            "Requests",
            sandbox.recorder.total,
            ("id", "method", "path", "status", "ms"),
            ((e.id, e.method, e.path, e.status, e.ms) for e in reversed(sandbox.recorder.latest(25))),
        ),
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">'
        f"<title>VirtFusion sandbox</title><style>{_STYLE}</style></head>"
        f"<body><h1>VirtFusion sandbox</h1>{''.join(tables)}</body></html>"
    )


def _server(server: Document, addresses: dict[int, str]) -> tuple[object, ...]:
    hidden, resources = server["hidden"], server["settings"]["resources"]
    first = (server["id"], server["name"], server["state"], "yes" if hidden["running"] else "no", server["ownerId"])
    return (*first, addresses.get(server["id"]), resources["memory"], resources["cpuCores"], resources["storage"])


def _user(user: Document, state: dict[str, list[Document]]) -> tuple[object, ...]:
    relation = user["hidden"]["relStr"] if user["extRelationId"] is None else user["extRelationId"]
    servers = sum(server["ownerId"] == user["id"] for server in state["servers"])
    keys = sum(key["hidden"]["userId"] == user["id"] for key in state["ssh_keys"])
    return (user["id"], user["name"], user["email"], relation, servers, keys)


def _table(title: str, count: int, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<h2>{title} ({count})</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    return f"<td>{'' if value is None else html.escape(str(value))}</td>"
