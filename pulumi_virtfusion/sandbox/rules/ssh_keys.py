"""SSH keys of users; an installed key stays on its server after the key's deletion."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from pydantic import Field

from ..bodies import Body, Id, Text
from ..panel.clock import zulu_form
from ..panel.panel import Panel
from ..panel.refusals import Invalid
from ..panel.store import Document

_TYPES = frozenset(
    {"ssh-rsa", "ssh-ed25519", "ssh-dss", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"}
    | {f"ecdsa-sha2-nistp{bits}" for bits in (256, 384, 521)}
)


class NewKey(Body):
    user_id: Id
    name: Text
    public_key: Annotated[str, Field(max_length=65_535)]


def create(panel: Panel, body: NewKey) -> Document:
    """Answer `POST /ssh_keys` without the key's text and without its owner."""
    if panel.store.get("users", body.user_id) is None:
        raise Invalid("Invalid user")
    if not _is_public_key(body.public_key):
        raise Invalid("The publicKey field is not a valid SSH public key.")
    now = panel.stamp()
    key: Document = {
        "name": body.name,
        "publicKey": body.public_key.strip(),
        "type": "OpenSSH",
        "enabled": True,
        "created": now,
        "updated": now,
        "hidden": {"userId": body.user_id},
    }
    key = panel.store.add("ssh_keys", key)
    return {"id": key["id"], "name": key["name"], "type": key["type"], "createdAt": zulu_form(now)}


def _is_public_key(text: str) -> bool:
    """Whether the text is a known type, then base64 that begins with the same type."""
    words = text.split(None, 2)
    if len(words) < 2 or words[0] not in _TYPES or "\n" in text.strip():
        return False
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (binascii.Error, ValueError):
        return False
    type_ = words[0].encode()
    return blob.startswith(len(type_).to_bytes(4, "big") + type_) and len(blob) > len(type_) + 8


def _answer(key: Document) -> Document:
    return {name: value for name, value in key.items() if name != "hidden"}


def retrieve(panel: Panel, key_id: int) -> Document:
    """Answer `GET /ssh_keys/{keyId}` without the key's owner."""
    return _answer(panel.require("ssh_keys", key_id))


def retrieve_of_user(panel: Panel, user_id: int) -> list[Document]:
    panel.require("users", user_id)
    return [_answer(key) for key in panel.store.find("ssh_keys", owner=user_id)]


def delete(panel: Panel, key_id: int) -> None:
    panel.require("ssh_keys", key_id)
    panel.store.delete("ssh_keys", key_id)
