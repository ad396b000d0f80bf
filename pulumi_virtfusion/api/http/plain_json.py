"""JSON as values that UTF-8 can encode and a double can hold, since a state can keep no others."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any

LARGEST_EXACT = 2**53
"""The bound below which a double holds every whole number."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parse(body: bytes) -> Any:
    """Parse the JSON in `body`; raise `ValueError` or `RecursionError` for any other text.

    Half of a surrogate pair and bytes that are no UTF-8 become U+FFFD. A whole number beyond `LARGEST_EXACT` becomes
    the double next to it, and a number that no double holds `None`.
    """
    text = body.decode(json.detect_encoding(body), "replace")
    value = json.loads(text, parse_int=number_in, parse_float=number_in, parse_constant=lambda _: None)
    return _encodable(value) if _ESCAPED_SURROGATE.search(text) else value


def number_in(text: str) -> int | float | None:
    """Convert a JSON number to an int or a float; return `None` where no double holds the number."""
    whole = text.lstrip("-").isdecimal()
    if whole and len(text) < 16:
        return int(text)
    nearest = float(text)
    if not isfinite(nearest):
        return None
    if abs(nearest) >= LARGEST_EXACT:
        return int(nearest)
    return int(text) if whole else nearest


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_encodable(key): _encodable(inner) for key, inner in value.items()}
    return [_encodable(item) for item in value] if isinstance(value, list) else value
