"""Decompression of a whole body: HTTP libraries return half of a compressed body as if it were a short one."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPTED = "gzip, deflate"
"""The accepted compressions, for `Accept-Encoding`."""

_NAMES = ("gzip", "x-gzip", "deflate")
_EITHER = 32 + zlib.MAX_WBITS
"""Of zlib: a header of gzip or of its own."""
_STEP = 256 * 1024
"""Bytes of plain text at a time: a few bytes can be gigabytes, compressed."""


class CutOff(Exception):
    """A compressed body that ends early."""


def in_plain(parts: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Yield the parts of a body, decompressed by its `Content-Encoding`; raise `CutOff`, or an error of zlib."""
    if encoding.strip().lower() not in _NAMES:
        yield from parts
        return
    begun, text = False, zlib.decompressobj(_EITHER)
    for part in parts:
        rest = part
        while rest:
            text = zlib.decompressobj(_EITHER) if text.eof else text  # gzip may consist of several
            yield text.decompress(rest, _STEP)
            begun, rest = True, text.unconsumed_tail or text.unused_data
    yield text.flush()
    if begun and not text.eof:
        raise CutOff
