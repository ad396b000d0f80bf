"""The token and the panel's secrets are in no text that the client makes, whatever happens."""

from __future__ import annotations

import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

import pulumi_virtfusion
from pulumi_virtfusion.api import RetryPolicy, VirtFusion, VirtFusionError, operation_of
from pulumi_virtfusion.api.http.answer import LONGEST_MESSAGE
from pulumi_virtfusion.api.http.api_token import Token
from pulumi_virtfusion.api.record import NEVER_KEPT, Record
from pulumi_virtfusion.api.records import Firewall, Report, ResourcePack
from tests.contract import openapi
from tests.contract.client_methods import METHODS, ClientMethod
from tests.faults.world import CALLS, running_world
from tests.unit.api.conftest import TOKEN, ClientOf, Play
from tests.unit.api.scripted_panel import (
    CLOSES_AFTER_READING,
    CLOSES_BEFORE_READING,
    SILENT,
    Line,
    answers,
    cut_off,
)

PACKAGE = str(Path(pulumi_virtfusion.__file__).parent)
SECRET = "MarkedSecretOfThePanel"
MARKS = (TOKEN, TOKEN.partition("|")[2], SECRET)

SECRETS = {
    "password": SECRET,
    "expectedPassword": SECRET,
    "decryptedPassword": SECRET,
    "encryptedPassword": SECRET,
    "encryptedToken": SECRET,
    "screen": SECRET,
    "apiKey": SECRET,
    "private_key": SECRET,
    "newTokens": {"1": SECRET, "2": {"value": [SECRET]}},
    "rootPasswords": [SECRET, {"of": SECRET}],
    "primaryActions": [{"data": SECRET}],
}
"""What no panel has all of, beside every field of an answer."""
NAMES_OF_SECRETS = {
    "password", "expectedPassword", "decryptedPassword", "encryptedPassword", "encryptedToken", "token", "tokens",
    "endpoint_complete", "wss", "screen",
}  # fmt: skip
"""What the vendor's examples call theirs."""

FULL = {"id": SECRET, "ownerId": [SECRET], "name": "web", "queueId": SECRET, **SECRETS}
LINES: dict[str, Line] = {
    "401": answers(401, {"message": TOKEN, **SECRETS}),
    "403": answers(403, {"errors": [f"token {TOKEN} may not"], **SECRETS}),
    "404 of the API": answers(404, {"msg": f"nothing for {TOKEN}", **SECRETS}),
    "404 of something else": answers(404, f"<html>{TOKEN} {SECRET}</html>".encode()),
    "409": answers(409, {"errors": [TOKEN], "data": SECRETS}),
    "422": answers(422, {"errors": {"token": [TOKEN]}, "data": SECRETS}),
    "423": answers(423, {"msg": TOKEN, **SECRETS}),
    "429": answers(429, {"message": TOKEN, **SECRETS}),
    "500": answers(500, {"message": TOKEN, **SECRETS}),
    "500 as a page": answers(500, f"<html>{TOKEN} {SECRET}</html>".encode()),
    "502": answers(502, f"<html>{TOKEN} {SECRET}</html>".encode()),
    "redirect": answers(302, SECRET.encode(), {"Location": f"http://192.0.2.1/?{TOKEN}&{SECRET}"}),
    "other values than described": answers(200, {"data": FULL}),
    "a list of others than described": answers(200, {"data": [FULL, SECRET]}),
    "a text": answers(200, json.dumps({"data": SECRET}).encode()),
    "no envelope": answers(200, FULL),
    "deeper than we can go": answers(200, b'{"data": {"id": 7, "ownerId": 3, "deep": %s"%s"%s}}' % (
        b"[" * 700, SECRET.encode(), b"]" * 700
    )),
    "an infinite number": answers(200, b'{"data": {"id": 1e999, "password": "%s"}}' % SECRET.encode()),
    "no JSON": answers(200, f"{TOKEN} {SECRET}".encode()),
    "a page": answers(200, f"<html>{TOKEN} {SECRET}</html>".encode()),
    "cut off": cut_off(200, json.dumps({"data": FULL}).encode()[:-9], announced=4000),
    "a wrong head": Line(f"HTTP/1.1 {SECRET} {TOKEN}\r\n\r\n".encode(), close=True),
    "a wrong length": Line(f"HTTP/1.1 200 OK\r\nContent-Length: {SECRET}\r\n\r\n{SECRET}".encode(), close=True),
    "a wrong encoding": answers(200, SECRET.encode(), {"Content-Encoding": "gzip"}),
    "closed before reading": CLOSES_BEFORE_READING,
    "closed after reading": CLOSES_AFTER_READING,
    "silent": SILENT,
}  # fmt: skip

CALLED: dict[str, Callable[[VirtFusion], Any]] = {
    "a read": lambda client: client.servers.get(7),
    "a list": lambda client: list(client.servers.list()),
    "a create": lambda client: client.servers.create(package_id=1, user_id=3, hypervisor_group_id=2),
    "a create with a secret": lambda client: client.users.create(name="a", email="a@example.com"),
    "an id": lambda client: client.self_service.add_credit(7, tokens=1),
    "addresses": lambda client: client.servers.add_ipv4_quantity(7, interface="primary", quantity=1),
    "a task": lambda client: client.servers.boot(7),
    "a screen": lambda client: client.servers.get_vnc(7),
    "a login": lambda client: client.users.create_login_tokens(7),
    "a change": lambda client: client.servers.change_package(7, 1),
}


def error_of(call: Callable[[VirtFusion], Any], client: VirtFusion) -> VirtFusionError | None:
    try:
        with client.time_limit(0.6):
            call(client)
    except VirtFusionError as error:
        return error
    return None


def locals_of_ours(error: BaseException) -> str:
    frames = [
        frame for frame, _ in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename.startswith(PACKAGE)
    ]
    assert frames
    return " ".join(repr(value) for frame in frames for value in frame.f_locals.values())


def assert_hidden(text: str) -> None:
    assert [mark for mark in MARKS if mark in text] == []


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("call", CALLED.values(), ids=CALLED)
def test_no_error_shows_a_secret(
    call: Callable[[VirtFusion], Any], line: Line, play: Play, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    impatient = RetryPolicy(lost=0.05, first_delay=0.01)
    client = client_of(play(line), request_timeout=0.4, retry_policy=impatient)
    with caplog.at_level(logging.DEBUG):
        error = error_of(call, client)
    assert_hidden(caplog.text)
    if error is not None:
        trace = "".join(traceback.format_exception(error))
        pickled = pickle.dumps(error).decode("latin-1")
        assert_hidden(f"{error} {error!r} {error.args} {vars(error)} {trace} {pickled} {locals_of_ours(error)}")
        assert error.__context__ is None


def test_there_are_logs_to_look_at(play: Play, client_of: ClientOf, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client_of(play(answers(200, {"data": {"id": 7, "ownerId": 3}}))).servers.get(7)
    assert {record.name.partition(".")[0] for record in caplog.records} >= {"urllib3", "pulumi_virtfusion"}


def with_secrets(value: Any, name: str = "", *, secret: bool = False) -> Any:
    """An answer whose own secrets are marked, with more of them in every object that is no table of rows or numbers."""
    secret = secret or name in NAMES_OF_SECRETS
    if isinstance(value, dict):
        marked = {key: with_secrets(inner, key, secret=secret) for key, inner in value.items()}
        is_table = name in ("limits", "used", "usage") or all(key.isdigit() for key in value)
        return marked if secret or is_table else {**SECRETS, **marked}
    if isinstance(value, list):
        return [with_secrets(inner, name, secret=secret) for inner in value]
    return SECRET if secret and isinstance(value, str) else value


def example_of(method: ClientMethod) -> Any:
    operation = operation_of(method.function)
    (described,) = (one for one in openapi.described() if one.key == (operation.verb, operation.path))
    return openapi.answer_to(described, next(iter(method.all_arguments.values()), None))


def records_in(value: Any) -> Iterator[Record]:
    if isinstance(value, Record):
        yield value
        value = dict(value)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from records_in(inner)


def secrets_in(value: Any) -> Iterator[str]:
    if isinstance(value, BaseModel):
        value = dict(value)
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from secrets_in(inner)


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_no_record_shows_a_secret(
    method: ClientMethod, play: Play, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = method.call(client_of(play(answers(200, with_secrets(example_of(method))))), method.all_arguments)
    for record in records_in(answer):
        assert_hidden(f"{record} {record!r} {record.model_dump()} {record.model_dump_json()} {vars(record)}")
        assert not NEVER_KEPT & record.model_dump().keys()
        assert_hidden(pickled(record))
    assert_hidden(f"{answer} {answer!r} {caplog.text}")
    assert (SECRET in set(secrets_in(answer))) is any(records_in(answer))


@pytest.mark.parametrize(
    "record",
    [
        Firewall.model_validate({"rules": [SECRETS, {"of": [SECRETS]}]}),
        ResourcePack.model_validate({"id": 7, "servers": {"3": SECRETS}}),
        Report.model_validate({"usage": {"servers": [SECRETS]}, "limits": {"packs": [SECRETS]}}),
    ],
    ids=lambda record: type(record).__name__,
)
def test_rows_that_nobody_described_show_no_secret(record: Record) -> None:
    assert_hidden(f"{record!r} {record.model_dump()} {record.model_dump_json()} {pickled(record)}")
    assert SECRET in set(secrets_in(record))
    assert "encryptedToken" not in repr(record)


def pickled(record: Record) -> str:
    """What pickle makes of it, or why it makes nothing of it."""
    try:
        return pickle.dumps(record).decode("latin-1")
    except TypeError as refusal:
        return str(refusal)


def test_a_record_with_a_secret_cannot_be_pickled_and_one_without_can(play: Play, client_of: ClientOf) -> None:
    panel = play(
        answers(200, {"data": {"id": 7, "ownerId": 3, "name": "web"}}),
        answers(200, {"data": {"id": 7, "ownerId": 3, "settings": {"decryptedPassword": SECRET}}}),
    )
    client = client_of(panel)
    server = client.servers.get(7)
    assert pickle.loads(pickle.dumps(server)) == server
    with pytest.raises(TypeError, match="a Server with a secret in it cannot be pickled"):
        pickle.dumps(client.servers.get(7))
    copy = client.servers.get(7).model_copy(deep=True)
    assert copy.password == SecretStr(SECRET)


def test_a_record_that_does_not_fit_quotes_nothing_of_it() -> None:
    with pytest.raises(ValidationError) as error:
        ResourcePack.model_validate({"id": 7, "pid": SECRET})
    assert SECRET[:6] not in str(error.value)


def test_a_token_cannot_be_pickled(client_of: ClientOf, play: Play) -> None:
    settings = client_of(play(answers(200))).transport.settings
    with pytest.raises(TypeError, match="token cannot be pickled"):
        pickle.dumps(settings)
    assert_hidden(f"{settings!r} {settings.token} {vars(settings)}")


def hidden(token: str, text: str) -> str:
    return Token(token).redact(text)


@pytest.mark.parametrize(
    ("token", "text", "shown"),
    [
        ("t", "the text of it: t", "the text of it: [token]"),
        ("t", "not t, (t) or 't'", "not [token], ([token]) or '[token]'"),
        ("17|t", "the text: 17|t or t", "the text: [token] or [token]"),
        ("web", "web webs cobweb /web/", "[token] webs cobweb /[token]/"),
        ("12345678", "x12345678x", "x[token]x"),
        ("17|abc/def+ghi=", r"17|abc\/def+ghi= abc\/def+ghi=", "[token] [token]"),
        ("17|abc/def+ghi=", "?token=17%7Cabc%2Fdef%2Bghi%3D", "?token=[token]"),
        ("17|abc<def>&ghi", "17|abc&lt;def&gt;&amp;ghi", "[token]"),
        ("17|s3cr3t-s3cr3t", "17&#124;s3cr3t-s3cr3t", "17&#124;[token]"),
    ],
)
def test_a_token_is_cut_out_of_a_text_but_a_short_one_out_of_no_word(token: str, text: str, shown: str) -> None:
    assert hidden(token, text) == shown


def test_a_short_token_leaves_a_message_readable(play: Play) -> None:
    panel = play(answers(422, {"errors": ["The last attempt told t."]}))
    with pytest.raises(VirtFusionError, match=r"The last attempt told \[token\]\."):
        VirtFusion(panel.url, "t").servers.rename(7, "web")


def test_a_token_at_the_end_of_a_long_message_is_not_shown_in_part(play: Play, client_of: ClientOf) -> None:
    for length in range(LONGEST_MESSAGE - 2 * len(TOKEN), LONGEST_MESSAGE + 1, 7):
        panel = play(answers(422, {"errors": ["." * length + TOKEN], "ignored": 1}))
        with pytest.raises(VirtFusionError) as error:
            client_of(panel).servers.rename(7, "web")
        assert TOKEN[:6] not in str(error.value)
        assert not any(TOKEN.partition("|")[2][:6] in message for message in error.value.messages)


def test_the_panel_of_the_sandbox_logs_neither_tokens_nor_what_it_answers(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    told: set[str] = {TOKEN, TOKEN.partition("|")[2]}
    with caplog.at_level(logging.DEBUG), running_world(token=TOKEN) as world:
        client = VirtFusion(world.panel.origin, TOKEN)
        for method in METHODS:
            if str(method) in CALLS:
                world.start_over()
                told |= set(secrets_in(method.call(client, CALLS[str(method)])))
        told |= set(secrets_in(client.servers.get_vnc(1)))
        log = json.dumps(world.panel.requests())
    assert len(told) > 8
    printed = "".join(capfd.readouterr())
    assert [secret for secret in told if secret in log + caplog.text + printed] == []
