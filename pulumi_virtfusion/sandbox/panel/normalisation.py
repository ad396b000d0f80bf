"""The normalisation of a request's texts, as a Laravel application does it before its rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from ..wire.request import Query

_ENDS = re.compile("^[\\s\0\ufeff\u200b\u200e]+|[\\s\0\ufeff\u200b\u200e]+$")
_KEY = re.compile(r"(\S+)\s+(\S+)(?:\s.*)?\Z", re.DOTALL)
_XML = ("domain", "os", "devices", "features", "clock", "cpuTune")


def _with_comment_of_ours(key: str) -> str:
    """Return the SSH key with the comment that this panel gives to every key."""
    return _KEY.sub(r"\1 \2 virtfusion", key)


def _with_line_feeds(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text)


def _compressed(address: str) -> str:
    try:
        return str(ip_address(address))
    except ValueError:
        return address


_SPELLINGS: dict[str, Callable[[str], str]] = {
    "email": str.lower,
    "hostname": str.lower,
    "publicKey": _with_comment_of_ours,
    "ip": _compressed,
    **dict.fromkeys(_XML, _with_line_feeds),
}
"""By the name of a body's field, its respelling; each gets a text without white space at the ends."""


def normalised_body(value: Any, name: str = "") -> Any:
    """Trim every text (TrimStrings), make empty ones null (ConvertEmptyStringsToNull), and respell some fields."""
    if isinstance(value, dict):
        return {key: normalised_body(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [normalised_body(inner, name) for inner in value]
    if not isinstance(value, str):
        return value
    text = _ENDS.sub("", value)
    return _SPELLINGS.get(name, str)(text) if text else None


def normalised_query(query: Query) -> Query:
    """Trim every value; a parameter that is then empty counts as not given."""
    trimmed = {name: [text for value in values if (text := _ENDS.sub("", value))] for name, values in query.items()}
    return {name: values for name, values in trimmed.items() if values}
