"""What is read out of an answer."""

from __future__ import annotations

import json

import pytest

from pulumi_virtfusion.api.http.answer import LONGEST_MESSAGE, MOST_MESSAGES, Answer, Form
from pulumi_virtfusion.api.http.api_token import Token


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ({"errors": ["Invalid package", "No addresses"]}, ("Invalid package", "No addresses")),
        ({"errors": {"email": ["is taken", "is odd"]}}, ("email: is taken", "email: is odd")),
        ({"errors": {"email": "is taken"}}, ("email: is taken",)),
        ({"errors": "flat"}, ("flat",)),
        ({"errors": {"0": "an array of PHP with a gap", "2": "in it"}}, ("an array of PHP with a gap", "in it")),
        ({"errors": [], "msg": "server not found"}, ("server not found",)),
        ({"errors": ["first"], "msg": "second", "message": "third"}, ("first",)),
        ({"msg": "second", "message": "third"}, ("second",)),
        ({"message": "third", "error": "fourth"}, ("third",)),
        ({"error": "fourth"}, ("fourth",)),
        ({"msg": None}, ("Unprocessable Entity",)),
        ({"msg": True}, ("Unprocessable Entity",)),
        ({"msg": "two\n  lines\tof it"}, ("two lines of it",)),
        ([], ("Unprocessable Entity",)),
        ("text", ("Unprocessable Entity",)),
    ],
)
def test_the_panels_message_is_taken_from_the_best_place(body: object, messages: tuple[str, ...]) -> None:
    answer = Answer(422, json.dumps(body).encode())
    assert tuple(message.replace("Content", "Entity") for message in answer.messages()) == messages


@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b'{"errors": ["cut of', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_leaves_the_status_in_words(body: bytes) -> None:
    assert Answer(503, body).messages() == ("Service Unavailable",)


def test_an_unknown_status_is_named_so() -> None:
    assert Answer(599).messages() == ("unknown status",)


def test_messages_are_bounded() -> None:
    answer = Answer(422, json.dumps({"errors": ["x" * 10_000] * 500}).encode())
    assert len(answer.messages()) == MOST_MESSAGES
    assert {len(message) for message in answer.messages()} == {LONGEST_MESSAGE}


@pytest.mark.parametrize(
    ("body", "the_apis"),
    [
        (b'{"msg": "server not found"}', True),
        (b'{"errors": ["User not found"]}', True),
        (b'{"message": "The route api/v1/x could not be found."}', False),
        (b'{"error": "no"}', False),
        (b"<html>not here</html>", False),
        (b"", False),
        (b"[]", False),
    ],
)
def test_only_the_apis_own_404_means_gone(body: bytes, the_apis: bool) -> None:
    assert Answer(404, body).is_the_apis_404 is the_apis


@pytest.mark.parametrize(
    ("body", "is_html"),
    [
        (b"<!DOCTYPE html><html>", True),
        (b"\xef\xbb\xbf\n <!doctype HTML>", True),
        (b"<HTML lang=en>", True),
        (b"<p>fragment</p>", True),
        (b"<!-- behind a comment --><html>", True),
        (b'{"data": "<html>"}', False),
        (b"", False),
    ],
)
def test_html_is_known_by_its_content(body: bytes, is_html: bool) -> None:
    assert Answer(200, body).is_html is is_html


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b'{"data": 1}', Form.JSON),
        (b"\xef\xbb\xbf[]", Form.JSON),
        (b'{"data": ', Form.CUT_OFF),
        (b"[1, 2", Form.CUT_OFF),
        (b" \n", Form.EMPTY),
        (b"OK", Form.FOREIGN),
        (b"12", Form.FOREIGN),
        (b"NaN", Form.FOREIGN),
    ],
)
def test_a_body_has_one_of_four_forms(body: bytes, form: Form) -> None:
    assert Answer(200, body).form is form
    assert Answer(200, body, complete=False).form is Form.CUT_OFF


def test_a_secret_is_hidden_before_a_message_is_shortened() -> None:
    token = Token("17|" + "x" * 40)
    answer = Answer(422, json.dumps({"errors": ["-" * (LONGEST_MESSAGE - 20) + token.reveal()]}).encode())
    (message,) = answer.messages(token.redact)
    assert message == "-" * (LONGEST_MESSAGE - 20) + "[token]"
