"""A server in the words of a message."""

from __future__ import annotations

from typing import Any

from ..schema.non_secret import shown


def in_words(id_: str, name: Any, address: Any, owner: Any) -> str:
    """Return `server 69 ('web', 192.0.2.5, of user 7)`, as far as that is known."""
    about = ", ".join(filter(None, [shown(name) if name else "", address, f"of user {owner}" if owner else ""]))
    return f"server {id_}".strip() + (f" ({about})" if about else "")
