"""However a panel repeats a secret, and whatever white space it folds, no form of it is left in what is said."""

from __future__ import annotations

import html
import json
import re
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_virtfusion.api import ValidationFailed, VirtFusion
from pulumi_virtfusion.api.http.answer import LONGEST_MESSAGE, Answer
from pulumi_virtfusion.api.http.api_token import Token
from pulumi_virtfusion.api.redaction import Secrets, named_secrets, redact, redacted, remember, secrets_of_call
from pulumi_virtfusion.schema.non_secret import shown
from tests.unit.api.conftest import ClientOf, Play
from tests.unit.api.scripted_panel import answers

Way = Callable[[str], str]


def numeric(text: str) -> str:
    return html.escape(text).encode("ascii", "xmlcharrefreplace").decode()


WAYS: dict[str, Way] = {
    "as it is": str,
    "trimmed": str.strip,
    "in capitals": str.upper,
    "in small letters": str.lower,
    "folded": lambda text: " ".join(text.split()),
    "spaced out": lambda text: re.sub(r"\s+", "\n\t  ", text),
    "with line feeds": lambda text: text.replace("\r\n", "\n"),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON of PHP": lambda text: json.dumps(text)[1:-1].replace("/", r"\/"),
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON without signs of HTML": lambda text: (
        json.dumps(text)[1:-1].replace("<", r"\u003C").replace(">", r"\u003E").replace("&", r"\u0026")
        .replace("'", r"\u0027").replace(r"\"", r"\u0022").replace("/", r"\/")
    ),
    "HTML": html.escape,
    "HTML of PHP": lambda text: html.escape(text).replace("&#x27;", "&#039;"),
    "HTML between tags": lambda text: html.escape(text, quote=False),
    "HTML in ASCII": numeric,
    "URL": lambda text: quote(text, safe=""),
    "URL with slashes": quote,
    "a form's": quote_plus,
    "a form's, in small letters": lambda text: quote_plus(text).lower(),
    "Python": lambda text: repr(text)[1:-1],
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 with a name before it": lambda text: b64encode(f"api:{text}".encode()).decode(),
    "base64 in the middle": lambda text: b64encode(f"<{text}> is no password".encode()).decode(),
    "base64 of URLs": lambda text: urlsafe_b64encode(f"id={text}".encode()).decode(),
    "HTML in JSON": lambda text: json.dumps(html.escape(text))[1:-1],
    "JSON in HTML": lambda text: html.escape(json.dumps(text)[1:-1]),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "URL in HTML": lambda text: html.escape(quote(text, safe="/&'")),
}  # fmt: skip
"""How a panel may write what it was given."""

SIGNS = "aZ09 \n\t\r\"'\\/&<>%+=;#-_.~!*(){}[]|$@:?,`^"
LETTERS = [one for one in map(chr, range(0xA1, 0x600)) if one.upper().lower() == one.lower() and len(one.lower()) == 1]
"""Those that a change of case does not make another letter."""
SECRETS = st.text(st.sampled_from(SIGNS) | st.sampled_from(LETTERS), min_size=8).filter(
    lambda text: len(" ".join(text.split())) >= 8
)


def is_left(form: str, said: str) -> bool:
    """Whether the form stands in what is said, white space folded on both sides."""
    return " ".join(form.split()) in " ".join(said.split())


@settings(max_examples=400, deadline=None)
@given(secret=SECRETS, way=st.sampled_from(sorted(WAYS)), before=st.text(max_size=20), after=st.text(max_size=20))
def test_no_form_of_a_secret_is_left(secret: str, way: str, before: str, after: str) -> None:
    form = WAYS[way](secret)
    said = redact(f"{before} {form} {after}", [secret])
    assert not is_left(form, said.replace("[secret]", "\0")), way
    assert said.count("[secret]") >= 1


@settings(max_examples=200, deadline=None)
@given(
    secrets=st.lists(SECRETS, min_size=1, max_size=4),
    ways=st.lists(st.sampled_from(sorted(WAYS)), min_size=4, max_size=4),
    padding=st.integers(0, LONGEST_MESSAGE + 50),
)
def test_nor_in_a_message_however_it_is_shortened(secrets: list[str], ways: list[str], padding: int) -> None:
    forms = [WAYS[way](secret) for way, secret in zip(ways, secrets, strict=False)]
    body = json.dumps({"errors": {"name": ["." * padding + " ".join(forms)]}}).encode()
    collected = Secrets()
    collected.add(*secrets)
    (message,) = Answer(422, body).messages(collected.redact)
    assert len(message) <= LONGEST_MESSAGE + len("name: ")
    for form in forms:
        whole = " ".join(form.split())
        half = whole[: max(6, len(whole) // 2)]
        assert not is_left(half, message.replace("[secret]", "\0")) or half.strip(".") == ""


@pytest.mark.parametrize(
    ("secret", "text", "said"),
    [
        ("two  spaces", "two spaces are wrong", "[secret] are wrong"),
        ("one space", "one  space is wrong", "[secret] is wrong"),
        ("line\nbreak", "line break is wrong", "[secret] is wrong"),
        ("line\nbreak", "line\r\n  break is wrong", "[secret] is wrong"),
        ("line\nbreak", r"line\nbreak is wrong", "[secret] is wrong"),
        (" padded ", "'padded' is wrong", "'[secret]' is wrong"),
        ("first line of it\nthe second line", "at `the second line`: no key", "at `[secret]`: no key"),
        ("Ada@Example.com", "ada@example.com is taken", "[secret] is taken"),
        ("caf\u00e9 noir", "caf&eacute; noir", "[secret]"),
        ("secret", "[secret] is a secret", "[secret] is a [secret]"),
        ("token", "[token] is no token", "[token] is no [secret]"),
        ("ab", "ab is not abc", "[secret] is not abc"),
        ("a", "a letter", "a letter"),
        (" \n ", "white space", "white space"),
        ("", "nothing", "nothing"),
    ],
)
def test_what_is_left_of_a_text(secret: str, text: str, said: str) -> None:
    assert redact(text, [secret]) == said


def test_a_token_is_found_in_the_base64_of_a_header() -> None:
    token = Token("17|s3cr3t-s3cr3t-s3cr3t")
    for user in ("", "a:", "ab:", "abc:"):
        coded = b64encode(f"{user}17|s3cr3t-s3cr3t-s3cr3t".encode()).decode()
        said = token.redact(f"Authorization: Basic {coded}")
        assert "[token]" in said
        assert coded.rstrip("=")[8:-3] not in said


def test_a_hostile_text_takes_no_longer_than_it_is() -> None:
    secrets = ['\\"' * 40, "a + b + c + d + e + f + g + h", r"\n \n \n \n \n \n", "%25" * 40, "&amp;" * 20 + " x"]
    hostile = "\\" * 20_000 + "a" + " +" * 20_000 + r"\n " * 20_000 + "%25" * 20_000 + "&amp;" * 20_000
    started = time.monotonic()
    redact(hostile, secrets)
    assert time.monotonic() - started < 5


def test_a_value_is_shortened_after_the_secret_was_cut_out() -> None:
    secret = "s3cr3t" * 20
    with secrets_of_call() as secrets:
        secrets.add(secret)
        assert shown(secret) == "'[secret]'"
        assert "s3cr3t" not in shown(["x" * 40, secret])
    assert shown(secret).endswith("...")


class TestCall:
    def test_an_inner_call_knows_what_the_outer_one_does_and_adds_to_it(self) -> None:
        with secrets_of_call() as outer:
            outer.add("the-outer-one")
            with secrets_of_call() as inner:
                inner.add("the-inner-one")
                assert redacted("the-outer-one") == "[secret]"
            assert redacted("the-inner-one") == "[secret]"
        assert redacted("the-outer-one the-inner-one") == "the-outer-one the-inner-one"

    def test_a_thread_that_works_for_a_call_knows_the_same(self) -> None:
        with secrets_of_call() as call:
            call.add("known-to-the-call")
            with ThreadPoolExecutor(1) as pool:
                assert pool.submit(redacted, "known-to-the-call").result() == "known-to-the-call"

                def look() -> str:
                    with secrets_of_call(call):
                        remember("learnt-by-the-thread")
                        return redacted("known-to-the-call")

                assert pool.submit(look).result() == "[secret]"
            assert redacted("learnt-by-the-thread") == "[secret]"

    def test_outside_of_one_nothing_is_kept(self) -> None:
        remember("of-no-call")
        assert redacted("of-no-call") == "of-no-call"

    def test_what_is_known_later_is_asked_for_when_something_is_said(self) -> None:
        asked: list[bool] = []

        def later() -> list[str]:
            asked.append(True)
            return ["known-later"]

        secrets = Secrets()
        secrets.add_later(later)
        assert asked == []
        assert [secrets.redact("known-later") for _ in range(2)] == ["[secret]", "[secret]"]
        assert asked == [True]

    def test_it_shows_itself_in_no_repr(self) -> None:
        secrets = Secrets()
        secrets.add("hidden-from-repr")
        assert repr(secrets) == "Secrets()"

    def test_a_word_that_only_says_how_a_password_is_used_is_none(self) -> None:
        secrets = Secrets()
        secrets.add("enabled", "True", "none")
        assert secrets.redact("enabled: True, none") == "enabled: True, none"


PASSWORD = "br0ught-by-the-answer"


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"id": 7, "password": PASSWORD}},
        {"settings": {"decryptedPassword": PASSWORD}},
        [{"rows": [{"passwords": {"root": [PASSWORD]}}]}],
        {"data": {"token": PASSWORD, "errors": {"password": ["is too short"]}}},
    ],
)
def test_secrets_of_an_answer_are_found_by_their_names(body: Any) -> None:
    assert list(named_secrets(body)) == [PASSWORD]


def test_a_message_about_a_password_is_no_secret(play: Play, client_of: ClientOf) -> None:
    panel = play(answers(422, {"errors": {"password": ["The password is too short."]}}))
    with pytest.raises(ValidationFailed, match=r"password: The password is too short\."):
        client_of(panel).servers.rename(7, "web")


USER = {"id": 7, "name": "Ada", "email": "ada@example.com", "password": PASSWORD}


def test_what_an_answer_of_this_call_brought_is_in_no_later_error(play: Play, client_of: ClientOf) -> None:
    client = client_of(play(answers(201, {"data": USER}), answers(422, {"errors": [f"{PASSWORD} is no reason."]})))
    with client.time_limit(30):
        client.users.create(name="Ada", email="ada@example.com", rel_str="ada")
        with pytest.raises(ValidationFailed) as error:
            client.users.modify("ada", enabled=False)
    assert error.value.messages == ("[secret] is no reason.",)
    assert PASSWORD not in f"{error.value} {error.value.args}"


def test_nor_what_came_with_a_success_that_nobody_reads_or_with_the_refusal_itself(
    play: Play, client_of: ClientOf
) -> None:
    client = client_of(
        play(
            answers(200, {"data": {"newPassword": PASSWORD}}),
            answers(422, {"errors": [f"{PASSWORD} and an0ther-0ne"], "old": {"password": "an0ther-0ne"}}),
        )
    )
    with client.time_limit(30):
        client.servers.rename(7, "web")
        with pytest.raises(ValidationFailed) as error:
            client.servers.rename(7, "web")
    assert error.value.messages == ("[secret] and [secret]",)


def test_of_another_call_nothing_is_remembered(play: Play) -> None:
    panel = play(answers(201, {"data": USER}), answers(422, {"errors": [f"{PASSWORD} is no reason."]}))
    client = VirtFusion(panel.url, "17|token-of-the-client")
    with client.time_limit(30):
        client.users.create(name="Ada", email="ada@example.com", rel_str="ada")
    with client.time_limit(30), pytest.raises(ValidationFailed, match=PASSWORD):
        client.users.modify("ada", enabled=False)
