"""Bent answers: what a panel, or something before it, may say in place of the answer that it should give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st

from tests.fuzz.framings import FRAMINGS

TOKEN = "17|MarkedSecretOfTheTests0123456789abcdef"
PAGE = b"<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>"
NO_BODY = (204, 304)
"""Statuses behind which no reader looks for a body."""

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Genuine:
    """What the panel itself answered; 200 and an empty object where it was not asked."""

    status: int = 200
    body: bytes = b"{}"

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Kept:
    """The panel's own body."""

    def of(self, genuine: Genuine) -> bytes:
        return genuine.body


@dataclass(frozen=True)
class Written:
    """Another body; `is_error` where it reports an error in JSON."""

    text: bytes
    is_error: bool = False

    def of(self, _genuine: Genuine) -> bytes:
        return self.text


@dataclass(frozen=True)
class Disfigured:
    """The panel's own JSON with other values, each a JSON text at a place that a number picks among all places."""

    values: tuple[tuple[int, str], ...]
    spares: tuple[str, ...] = ()
    """Names under which nothing is changed."""

    def of(self, genuine: Genuine) -> bytes:
        body = genuine.json
        if not isinstance(body, (dict, list)):
            return genuine.body
        marks: dict[str, str] = {}
        for number, (pick, value) in enumerate(self.values):
            places = [path for path in _places(body) if not set(self.spares) & set(map(str, path))]
            if places:
                mark = f"@@{number}@@"
                _put(body, places[pick % len(places)], mark)
                marks[json.dumps(mark)] = value
        text = json.dumps(body)
        for mark, value in marks.items():
            text = text.replace(mark, value)
        return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Doubled:
    """The panel's own JSON in which every object says one of its names a second time, with another value."""

    value: str
    first: bool

    def of(self, genuine: Genuine) -> bytes:
        name = next((path[-1] for path in _places(genuine.json) if isinstance(path[-1], str)), "data")
        again = f"{json.dumps(name)}: {self.value}"
        text = genuine.body.decode()
        bent = text.replace("{", f"{{{again}, ") if self.first else text.replace("}", f", {again}}}")
        return bent.encode("utf-8", "surrogatepass")


Body: TypeAlias = Kept | Written | Disfigured | Doubled


@dataclass(frozen=True)
class Bend:
    """What becomes of one request and of its answer."""

    carried_out: bool = True
    status: int | None = None
    """None for the panel's own."""
    body: Body = Kept()
    headers: tuple[tuple[str, str], ...] = ()
    framing: str = "honest"
    early: tuple[int, ...] = ()
    """Statuses of answers that come before it."""
    cut: int | None = None
    """Bytes after which the connection breaks off."""

    def sent_for(self, genuine: Genuine) -> Sent:
        """The answer as it goes over the wire."""
        status = genuine.status if self.status is None else self.status
        body = self.body.of(genuine)
        wire = FRAMINGS[self.framing](body)
        early = b"".join(b"HTTP/1.1 %d Early\r\n\r\n" % one for one in self.early)
        given = (f"{name}: {value}" for name, value in self.headers)
        head = "\r\n".join([f"{wire.version} {status} {TOKEN}", *given, *wire.headers, "", ""])
        text = early + head.encode("latin-1") + wire.body
        body_sent = len(wire.body) if self.cut is None else self.cut - (len(text) - len(wire.body))
        is_cut = body_sent < len(wire.body)
        whole = wire.readings_of(body_sent) if is_cut else wire.readings
        readings = (b"",) if status in NO_BODY and body_sent >= 0 else tuple(whole or ())
        if 101 in self.early or wire.readings is None or not 100 <= status <= 999:
            readings = ()
        is_error = isinstance(self.body, Written) and self.body.is_error and body in readings
        return Sent(text[: self.cut], status, readings, is_error, stays_open=wire.stays_open and not is_cut)


HONEST = Bend()


@dataclass(frozen=True)
class Sent:
    """An answer on the wire, and what may be read from it."""

    text: bytes
    status: int
    readings: tuple[bytes, ...]
    is_error: bool
    stays_open: bool

    def may_show_success(self, *, needs_body: bool) -> bool:
        """Whether it has the form in which an operation says that it was done."""
        if not 200 <= self.status < 300 or self.is_error:
            return False
        return any(_is_success(reading, needs_body=needs_body) for reading in self.readings)

    @property
    def is_refusal(self) -> bool:
        """Whether it is one of the API's own errors, by which it says that it did nothing."""
        if self.status not in (401, 403, 404, 409, 422, 423, 429):
            return False
        return any(_is_refusal(self.status, reading) for reading in self.readings)


def _is_refusal(status: int, body: bytes) -> bool:
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        return status in (401, 403, 429)
    if text.strip(b'"') == b"401 Unauthorized":
        return status == 401
    said = _json(text)
    keys = {"msg", "errors"} if status == 404 else {"msg", "errors", "message", "error"}
    return isinstance(said, dict) and bool(keys & said.keys())


def _is_success(body: bytes, *, needs_body: bool) -> bool:
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        return not needs_body
    value = _json(text)
    return isinstance(value, (dict, list)) or (value in (None, "", True) and not needs_body)


def _json(text: bytes) -> Any:
    try:
        return json.loads(text.decode(json.detect_encoding(text), "replace"))
    except ValueError:
        return "no JSON"
    except RecursionError:  # how deep is too deep is nobody's rule
        return {}


def _places(value: Any, at: Path = ()) -> Iterator[Path]:
    """Where a value could be another one, that of an object or a list as a whole included."""
    if at:
        yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _places(inner, (*at, key))


def _put(value: Any, path: Path, new: object) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


NUMBERS = (
    "0", "-1", "1.5", "1e2", "1e400", "-1e400", "NaN", "Infinity", "-0.0", "9007199254740993", "18446744073709551616",
    "1" + "0" * 400, "1" * 5000, "0." + "1" * 5000,
)  # fmt: skip
TEXTS = (
    '""', '" "', '"0"', '"-1"', '"1e999"', '"NaN"', '"\\u0661"', '"\\u00b2"', '"null"', '"\\ud800"',
    '"\\udc00\\ud83d"', '"\\u0000"', '"\\u001b[2J\\u202e\\u2066"', '"\\r\\n"', '"' + "a" * 70_000 + '"',
    json.dumps(TOKEN), json.dumps(f"Bearer {TOKEN}"), '"04da6b54-80e4-46f7-96ec-b56ff0331ba9"',
    '"2026-13-45T99:99:99Z"', '"0000-00-00 00:00:00"', '"999.999.999.999"', '"[secret]"', '"{}"',
)  # fmt: skip
OTHERS = (
    "null", "true", "false", "[]", "{}", "[[]]", "[null]", '{"id": null}', '{"": ""}', '{"\\ud800": "\\ud800"}',
    "[" * 300 + "]" * 300, "[" * 100_000 + "]" * 100_000, '{"a":' * 3000 + "1" + "}" * 3000,
    '{"a": 1, "a": {"a": 2}}', f'{{"password": {json.dumps(TOKEN)}}}',
    '{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": 1}',
    '{"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "path": "/etc/hostname"}',
)  # fmt: skip
"""Among them values that Pulumi gives a meaning of its own: an unknown, a secret, a file."""
HOSTILE = (*NUMBERS, *TEXTS, *OTHERS)

REPORTED = (
    {"errors": [f"no {TOKEN}"]},
    {"errors": {TOKEN: [f"no\n{TOKEN}"]}},
    {"msg": f"server not found {TOKEN} " + "a" * 490 + TOKEN},
    {"errors": ["\x1b]0;owned\x07\x1b[2J\u202eon\u2028\x9b"]},
    {"success": False, "msg": "no"},
    {"error": {"code": 500}},
)
"""How the API reports an error in JSON."""
FOREIGN = (
    b"", b"   ", PAGE, b"<!-- x -->" + PAGE, b"\xef\xbb\xbf" + PAGE, "OK".encode("utf-16"),
    PAGE.decode().encode("utf-16"), b"OK", b"0", b"false", b'"done"', b"\x89PNG\r\n\x00\xff", b"[",
    b'{"data": {"id": 7, "ow', b'{"data": {"id": 7}} x', b"{'data': 1}", TOKEN.encode(), b"null", b'""', b"true",
    b"[]", b"{}", b'{"data": []}', b'{"data": null}', b'{"data": [[], 7, null]}', b'{"data": {}}',
    b'\xef\xbb\xbf{"data": {}}', b"[" * 100_000,
)  # fmt: skip
ERRORS = tuple(
    Written(json.dumps(report).encode(), is_error="msg" not in report or "success" in report) for report in REPORTED
)
"""A `msg` alone is also said of what was done."""
HEADERS = (
    ("Retry-After", "0"), ("Retry-After", "-1"), ("Retry-After", "1e9"), ("Retry-After", "9" * 20),
    ("Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT"), ("Content-Type", "text/html"),
    ("Content-Type", "application/json; charset=x"), ("Location", f"http://127.0.0.1:9/{TOKEN}"),
    ("Set-Cookie", "a=b; Max-Age=99999999999999999999999"), ("Date", "yesterday"),
    ("Connection", "keep-alive, upgrade"), ("WWW-Authenticate", f'Digest realm="{TOKEN}"'),
)  # fmt: skip
STATUSES = (
    200, 200, 201, 202, 203, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404,
    405, 407, 408, 409, 410, 413, 415, 418, 422, 423, 425, 426, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505,
    507, 511, 520, 522, 524, 525, 530, 599, 600, 999, 99, 0, 1000,
)  # fmt: skip


def disfigured(values: tuple[str, ...] = HOSTILE, spares: tuple[str, ...] = ()) -> st.SearchStrategy[Disfigured]:
    """Other values at up to four places of the panel's own answer."""
    place = st.tuples(st.integers(0, 400), st.sampled_from(values))
    return st.lists(place, min_size=1, max_size=4).map(lambda chosen: Disfigured(tuple(chosen), spares))


def doubled() -> st.SearchStrategy[Doubled]:
    """Another value beside the panel's own, under the same name."""
    return st.builds(Doubled, st.sampled_from(HOSTILE), st.booleans())


@st.composite
def bends(draw: st.DrawFn, bodies: st.SearchStrategy[Body] | None = None) -> Bend:
    """Any of the above: mostly one thing that is wrong, at times several."""
    anything: st.SearchStrategy[Body] = st.one_of(
        disfigured(),
        doubled(),
        st.sampled_from([Written(text) for text in FOREIGN]),
        st.sampled_from(ERRORS),
    )
    wrong = draw(st.sets(st.sampled_from(sorted(_PARTS)), min_size=1, max_size=3))
    parts: dict[str, Any] = {name: draw(_PARTS[name]) for name in sorted(wrong - {"body"})}
    if "body" in wrong:
        parts["body"] = draw(anything if bodies is None else bodies)
    return Bend(carried_out=draw(st.booleans()), **parts)


_PARTS: dict[str, st.SearchStrategy[Any]] = {
    "status": st.sampled_from(STATUSES),
    "body": st.nothing(),
    "headers": st.lists(st.sampled_from(HEADERS), min_size=1, max_size=3).map(tuple),
    "framing": st.sampled_from(sorted(FRAMINGS)),
    "early": st.lists(st.sampled_from([100, 101, 102, 103, 199]), min_size=1, max_size=2).map(tuple),
    "cut": st.sampled_from([0, 1, 8, 12, 20, 60, 200]),
}
Plan: TypeAlias = Callable[[int, str], "Bend | None"]
"""What becomes of a request, by its number and its line, such as `GET /servers/7`; None leaves it alone."""
