"""What a request came to, by its operation and by what came back or broke. This table is the documentation."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from pulumi_virtfusion.api.http.answer import Answer, Failure
from pulumi_virtfusion.api.http.operation import Operation
from pulumi_virtfusion.api.http.outcome import Judgement, Outcome, judge
from pulumi_virtfusion.api.http.retry import RetryReason

PAGE = b"<!DOCTYPE html><html><body>Sign in</body></html>"


class Row(NamedTuple):
    """One end of a request, and what it is for each kind of operation.

    `reads` are GETs; `sets` are writes that may be repeated and whose answer is not needed, such as a new name or a
    deletion; `orders` are writes that must not be repeated, such as a new owner; `makes` are those whose answer is
    needed, such as a new server.
    """

    reads: str
    sets: str
    orders: str
    makes: str


KINDS = {
    "reads": Operation("GET", "/servers/{serverId}", repeatable=True, needs_body=True),
    "sets": Operation("DELETE", "/servers/{serverId}", repeatable=True, needs_body=False),
    "orders": Operation("PUT", "/servers/{serverId}/owner/{newOwnerId}", repeatable=False, needs_body=False),
    "makes": Operation("POST", "/servers", repeatable=False, needs_body=True),
}

REFUSED_FOR_NOW = Row("again", "again", "again", "again")
REFUSED = Row("refused", "refused", "refused", "refused")
LOST = Row("again", "again", "unknown", "unknown")
BROKEN_READ = Row("again", "unknown", "unknown", "unknown")
UNKNOWN = Row("unknown", "unknown", "unknown", "unknown")
DONE = Row("done", "done", "done", "done")
DONE_WHERE_NO_BODY_IS_NEEDED = Row("again", "done", "done", "unknown")


def of_json(status: int, body: object) -> Answer:
    return Answer(status, json.dumps(body).encode())


TABLE: list[tuple[Answer | Failure, Row]] = [
    # no byte of the request was sent
    (Failure("Connection refused", sent=False), REFUSED_FOR_NOW),
    (Failure("the proxy answered 503", sent=False), REFUSED_FOR_NOW),
    (Failure("its certificate is not trusted", sent=False, lasting=True), REFUSED),
    (Failure("it does not speak TLS there", sent=False, lasting=True), REFUSED),
    # one was, and no answer came, or none that can be read
    (Failure("no answer within 30 s", sent=True), LOST),
    (Failure("Connection reset by peer", sent=True), LOST),
    (Failure("what came back is not TLS", sent=True), LOST),
    (Failure("what came back is no answer in HTTP", sent=True), LOST),
    # a success in the form of the API
    (of_json(200, {"data": {"id": 7}}), DONE),
    (of_json(201, {"data": []}), DONE),
    (of_json(200, {"info": ["memory: unchanged"]}), DONE),
    (of_json(200, []), DONE),
    (of_json(200, {}), DONE),
    (of_json(200, {"errors": [], "msg": "queued", "success": True}), DONE),
    # ... where the operation's answer is data, what is said of it is the object's own affair
    (of_json(200, {"data": {"status": "failed"}}), Row("done", "unknown", "unknown", "done")),
    (Answer(200, b"null"), DONE),
    (Answer(200, b'""'), DONE),
    (Answer(200, b"true"), DONE),
    (Answer(200), DONE_WHERE_NO_BODY_IS_NEEDED),
    (Answer(204), DONE_WHERE_NO_BODY_IS_NEEDED),
    (Answer(204, b"\xef\xbb\xbf \r\n"), DONE_WHERE_NO_BODY_IS_NEEDED),
    # a success that reports an error
    (of_json(200, {"errors": ["The server is locked"]}), UNKNOWN),
    (of_json(200, {"error": "no"}), UNKNOWN),
    (of_json(200, {"error": True, "message": "no"}), UNKNOWN),
    (of_json(200, {"success": False, "msg": "no"}), UNKNOWN),
    (of_json(200, {"Success": "false"}), UNKNOWN),
    (of_json(200, {"ok": 0}), UNKNOWN),
    (of_json(200, {"status": "error", "message": "no"}), UNKNOWN),
    (of_json(200, {"status": 502}), UNKNOWN),
    (of_json(200, {"statusCode": 401, "message": "Unauthorized"}), UNKNOWN),
    (of_json(200, {"message": "Server Error", "exception": "PDOException"}), UNKNOWN),
    (of_json(200, [{"error": "no"}]), UNKNOWN),
    # a success that breaks off
    (Answer(200, b'{"data": {"id": 7'), LOST),
    (Answer(200, b'{"data": {"id": 7}}', complete=False), LOST),
    (Answer(200, b"", complete=False), LOST),
    # a success of somebody else
    (Answer(200, PAGE), UNKNOWN),
    (Answer(200, b"<!-- x -->" + PAGE), UNKNOWN),
    (Answer(200, b"\xef\xbb\xbf\n \t" + PAGE), UNKNOWN),
    (Answer(200, b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>'), UNKNOWN),
    (Answer(200, PAGE.decode().encode("utf-16")), UNKNOWN),
    (Answer(200, b"Please sign in at http://portal.example.com"), UNKNOWN),
    (Answer(200, b'"Please sign in"'), UNKNOWN),
    (Answer(200, b"OK"), UNKNOWN),
    (Answer(200, b"1"), UNKNOWN),
    (Answer(200, b"\x89PNG\r\n"), UNKNOWN),
    (Answer(200, complete=False, too_large=True), UNKNOWN),
    # the API's own refusals: it says a reason, and needs none for a token that is wrong
    (Answer(401), REFUSED),
    (Answer(401, b"401 Unauthorized"), REFUSED),
    (of_json(401, "401 Unauthorized"), REFUSED),
    (of_json(401, {"message": "Unauthenticated."}), REFUSED),
    (of_json(403, {"message": "This action is unauthorized."}), REFUSED),
    (of_json(403, {"message": ""}), REFUSED),
    (of_json(403, {"errors": ["no"]}), REFUSED),
    (of_json(404, {"msg": "server not found"}), REFUSED),
    (of_json(404, {"errors": ["User not found"]}), REFUSED),
    (of_json(409, {"errors": ["taken"]}), REFUSED),
    (of_json(422, {"errors": ["Invalid package"]}), REFUSED),
    (of_json(422, {"errors": "Invalid package"}), REFUSED),
    (of_json(422, {"message": "Invalid.", "errors": {"packageId": ["Invalid package"]}}), REFUSED),
    (of_json(423, {"msg": "Do not disturb"}), REFUSED_FOR_NOW),
    (of_json(429, {"message": "Too Many Attempts."}), REFUSED_FOR_NOW),
    # ... of two, no source shows the body
    (Answer(403), REFUSED),
    (Answer(429), REFUSED_FOR_NOW),
    # the same statuses from something in front of it, which may have let the request through before
    *((Answer(status, PAGE), UNKNOWN) for status in (401, 403, 409, 422)),
    *((Answer(status, PAGE), LOST) for status in (423, 429)),
    *((Answer(status), UNKNOWN) for status in (409, 422)),
    (Answer(423), LOST),
    (Answer(401, b"Jwt is missing"), UNKNOWN),
    (Answer(403, b"RBAC: access denied"), UNKNOWN),
    (Answer(403, b'{"message": "no', complete=False), UNKNOWN),
    (of_json(403, {"incident": "5f21"}), UNKNOWN),
    (of_json(422, ["Invalid package"]), UNKNOWN),
    (of_json(409, {"data": {"id": 7}}), UNKNOWN),
    (Answer(429, b"error code: 1015"), LOST),
    # statuses that say nothing of what happened
    (Answer(408), LOST),
    (Answer(425), LOST),
    *((Answer(status, PAGE), LOST) for status in (502, 503, 504, 520, 521, 522, 523, 524)),
    (Answer(500, PAGE), BROKEN_READ),
    (of_json(500, {"message": "Server Error"}), BROKEN_READ),
    *((Answer(status, PAGE), UNKNOWN) for status in (501, 505, 507, 511, 525, 530, 599, 600, 999)),
    (Answer(404), UNKNOWN),
    (Answer(404, PAGE), UNKNOWN),
    (of_json(404, {"message": "The route could not be found."}), UNKNOWN),
    *((Answer(status, PAGE), UNKNOWN) for status in (400, 402, 405, 406, 407, 410, 411, 413, 415, 451, 499)),
    (of_json(400, {"errors": ["Bad"]}), UNKNOWN),
    *((Answer(status), UNKNOWN) for status in (300, 301, 302, 303, 304, 307, 308)),
    (Answer(101), UNKNOWN),
]  # fmt: skip


def cell(judgement: Judgement) -> str:
    return "again" if judgement.again else judgement.outcome.value


def shown(came: Answer | Failure) -> str:
    if isinstance(came, Failure):
        return came.reason
    return f"{came.status} {came.body[:40]!r}{'' if came.complete else ' cut off'}"


@pytest.mark.parametrize(("came", "row"), TABLE, ids=[shown(came) for came, _ in TABLE])
def test_what_a_request_came_to(came: Answer | Failure, row: Row) -> None:
    assert Row(**{kind: cell(judge(operation, came)) for kind, operation in KINDS.items()}) == row


@pytest.mark.parametrize("status", range(100, 1000))
@pytest.mark.parametrize("kind", ["orders", "makes"])
def test_what_must_not_be_repeated_is_repeated_after_a_refusal_only(kind: str, status: int) -> None:
    for body in (b"", PAGE, b'{"errors": ["no"]}'):
        judgement = judge(KINDS[kind], Answer(status, body))
        assert judgement.again is None or judgement.outcome is Outcome.REFUSED
        if judgement.outcome is Outcome.REFUSED:
            assert status in (401, 403, 404, 409, 422, 423, 429)
            assert body != PAGE, "a page proves nothing"


@pytest.mark.parametrize(
    ("came", "reason"),
    [
        (Failure("Connection refused", sent=False), RetryReason.NEVER_SENT),
        (Failure("no answer", sent=True), RetryReason.LOST),
        (Answer(200, b"{"), RetryReason.LOST),
        (Answer(423), RetryReason.LOCKED),
        (Answer(429), RetryReason.RATE_LIMITED),
        (Answer(500), RetryReason.BROKEN),
        (Answer(503), RetryReason.UNAVAILABLE),
    ],
)
def test_why_a_read_is_tried_again(came: Answer | Failure, reason: RetryReason) -> None:
    assert judge(KINDS["reads"], came).again is reason
