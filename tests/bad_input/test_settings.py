"""Bad settings of a stack: refused with the key, the value unless it may hold a secret, and what is allowed."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.config import (
    NotConfigured,
    Settings,
    config_key,
    environment_variable,
    misspelt,
    misspelt_variables,
    of_provider,
)
from tests.bad_input.declared import declare, refusals
from tests.bad_input.programs import GOOD
from tests.lifecycle.life import Life
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import struct_of

SECONDS = "must be a number of seconds greater than 0, at most 604800."
COUNT = "must be a whole number from 1 to 1000."
FLAG = "must be true or false."
CERTIFICATES = "must be a file with certificates, and is no file."
ADDRESS = "The panel's endpoint must be an address such as https://panel.example.com"
BARE = "The panel's endpoint must hold no user name, query or fragment"
TOKEN = "The API token holds characters that no token has: was something else pasted?"


def settings(**texts: str) -> Settings:
    given = {"endpoint": "https://panel.example.com", "token": "t", **texts}
    return Settings.read({config_key(name): text for name, text in given.items()}.get, {})


def of_the_environment(**texts: str) -> Settings:
    return Settings.read(lambda _: None, {environment_variable(name): text for name, text in texts.items()})


LIMITS = [
    *[("request_timeout", text, SECONDS) for text in ("soon", "-1", "0", "nan", "inf", "1e9", "604801", " 30", "٣")],
    *[("operation_timeout", text, SECONDS) for text in ("forever", "0", "30m")],
    *[("max_concurrency", text, COUNT) for text in ("0", "1.5", "-2", "many", "1001", "9" * 12)],
    *[("insecure", text, FLAG) for text in ("yes", "2", "no")],
    ("validate_on_preview", "maybe", FLAG),
    ("ca_bundle", "/nowhere/ca.pem", CERTIFICATES),
]
PLACES = [
    *[("endpoint", text, ADDRESS) for text in ("panel", "ftp://panel", "http://", "//panel.example", "not a url")],
    *[("endpoint", text, ADDRESS) for text in ("http://[::1", "https://a.example:99999", "https://a .example")],
    *[("endpoint", text, ADDRESS) for text in ("https://a\n.example", "https://a\u202e.example")],
    ("endpoint", "https://marked:secret@panel.example", BARE),
    ("endpoint", "https://panel.example/?token=marked", BARE),
    ("endpoint", "https://panel.example/#marked", BARE),
    *[("token", text, TOKEN) for text in ("marked\nsecret", "marked secret", "marked-секрет", "\0marked")],
    ("moved_from", "ftp://panel", ADDRESS),
]


@pytest.mark.parametrize(("setting", "text", "allowed"), LIMITS)
def test_a_limit_is_refused_with_its_value(setting: str, text: str, allowed: str) -> None:
    with pytest.raises(NotConfigured) as error:
        settings(**{setting: text})
    assert str(error.value) == f"{config_key(setting)} of the stack: {text!r} {allowed}"
    with pytest.raises(NotConfigured) as error:
        of_the_environment(**{setting: text})
    assert str(error.value) == f"{environment_variable(setting)}: {text!r} {allowed}"


@pytest.mark.parametrize(("setting", "text", "said"), PLACES)
def test_what_may_hold_a_secret_is_refused_without_its_value(setting: str, text: str, said: str) -> None:
    with pytest.raises(NotConfigured) as error:
        settings(**{setting: text})
    assert str(error.value) == f"{config_key(setting)} of the stack: {said}"
    with pytest.raises(NotConfigured) as error:
        of_the_environment(**{setting: text})
    assert str(error.value) == f"{environment_variable(setting)}: {said}"


# The dynamic host is not asked of its configuration: it says what is wrong under the first resource, as below.
@pytest.mark.only_through("native")
@pytest.mark.parametrize(
    ("setting", "text", "said"),
    [*((name, text, f"{text!r} {allowed}") for name, text, allowed in LIMITS), *PLACES],
)
def test_a_provider_of_the_plug_in_is_refused_with_the_same_words(
    life: Life, setting: str, text: str, said: str
) -> None:
    key = config_key(setting)
    urn = "urn:pulumi:dev::program::pulumi:providers:virtfusion::eu"
    request = provider_pb2.CheckRequest(urn=urn, news=struct_of({key.partition(":")[2]: text}))
    assert [failure.reason for failure in life.host.stub.CheckConfig(request).failures] == [f"{key}: {said}"]


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_file_without_certificates_is_refused_before_anything_is_asked(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(content)
    said = f"{str(file)!r} must be a file with certificates, and holds none that can be read."
    with pytest.raises(NotConfigured) as error:
        settings(ca_bundle=str(file))
    assert str(error.value) == f"virtfusion:caBundle of the stack: {said}"
    with pytest.raises(NotConfigured) as error:
        of_the_environment(ca_bundle=str(file))
    assert str(error.value) == f"VIRTFUSION_CA_BUNDLE: {said}"


def test_a_stack_is_told_under_its_first_resource(life: Life, panel: Panel) -> None:
    host = life.with_settings(max_concurrency="many").host
    assert refusals(host, declare("User", GOOD["User"])) == [f"virtfusion:maxConcurrency of the stack: 'many' {COUNT}"]
    assert panel.requests() == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *[(name, "endpoint") for name in ("endpont", "Endpoint", "ENDPOINT", "endpoints", "end-point", "endPoint")],
        *[(name, "token") for name in ("Token", "tokn", "tokens", "toke n")],
        *[
            (name, "requestTimeout")
            for name in ("request_timeout", "requesttimeout", "requestTimout", "RequestTimeout")
        ],
        ("opertionTimeout", "operationTimeout"),
        ("maxConcurency", "maxConcurrency"),
        ("ca_bundle", "caBundle"),
        ("insecur", "insecure"),
        ("moved_from", "movedFrom"),
        ("validateOnPrevew", "validateOnPreview"),
        ("requestLogs", "requestLog"),
    ],
)
def test_a_key_that_is_nearly_a_setting_names_it(name: str, meant: str) -> None:
    (sentence,) = misspelt(["virtfusion:endpoint", f"virtfusion:{name}", "virtfusion:region"])
    assert sentence.startswith(f"virtfusion:{name} is no setting: virtfusion:{meant} is.")
    assert f"`pulumi config rm virtfusion:{name}`" in sentence
    assert ("--secret" in sentence) is (meant == "token")


@pytest.mark.parametrize(
    "key",
    [
        *[f"virtfusion:{config_key(setting.name).partition(':')[2]}" for setting in fields(Settings)],
        *[f"virtfusion:{name}" for name in ("region", "customers", "domain", "version", "timeout", "url", "debug")],
        *[f"virtfusion:{name}" for name in ("endpoint2", "euEndpoint", "endpointEu", "token2", "eu-token", "apiToken")],
        *["program:endpont", "aws:Token", "endpont", "virtfusion:"],
    ],
)
def test_any_other_key_is_left_alone(key: str) -> None:
    assert misspelt([key]) == []


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"endpont": "https://a.example"}, "unexpected keyword argument 'endpont'. Did you mean 'endpoint'?"),
        ({"requestTimeout": 3}, "unexpected keyword argument 'requestTimeout'. Did you mean 'request_timeout'?"),
        ({"region": "eu"}, "unexpected keyword argument 'region'"),
    ],
)
def test_a_keyword_of_a_provider_that_is_nearly_one_names_it(keywords: dict[str, Any], said: str) -> None:
    make: Any = virtfusion.Provider
    with pytest.raises(TypeError, match=f"{re.escape(said)}$"):
        make("eu", token="t", **{"endpoint": "https://panel.example.com", **keywords})


PROVIDED = [
    ("endpoint", "panel", "The panel's endpoint must be an address such as https://panel.example.com"),
    ("ca_bundle", "/nowhere/ca.pem", f"'/nowhere/ca.pem' {CERTIFICATES}"),
    ("request_timeout", 0, f"'0' {SECONDS}"),
]


@pytest.mark.parametrize(("keyword", "value", "said"), PROVIDED)
def test_a_setting_of_a_provider_is_named_as_the_program_wrote_it(keyword: str, value: Any, said: str) -> None:
    """Here by the process that reads it of the provider's inputs; the program itself looks before that."""
    inputs = {config_key("endpoint"): "https://a.example", config_key("token"): "t", config_key(keyword): str(value)}
    with pytest.raises(NotConfigured) as error:
        Settings.read(inputs.get, {}, written=partial(of_provider, "eu"))
    assert str(error.value) == f"{keyword}= of Provider 'eu': {said}"


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("VIRTFUSION_ENDPONT", "VIRTFUSION_ENDPOINT"),
        ("VIRTFUSION_TOKENS", "VIRTFUSION_TOKEN"),
        ("VIRTFUSION_REQUESTTIMEOUT", "VIRTFUSION_REQUEST_TIMEOUT"),
        ("virtfusion_token", "VIRTFUSION_TOKEN"),
    ],
)
def test_a_variable_that_is_nearly_a_setting_is_named_where_one_is_missing(
    monkeypatch: pytest.MonkeyPatch, variable: str, meant: str
) -> None:
    monkeypatch.setenv(variable, "marked")
    with pytest.raises(NotConfigured, match=rf" or set VIRTFUSION_ENDPOINT\. {variable} is no setting: {meant} is\.$"):
        Settings.read(lambda _: None, {}).panel()


@pytest.mark.parametrize("variable", ["VIRTFUSION_HOME", "VIRTFUSION_ENDPOINT_EU", "VIRTFUSION_TOKEN", "ENDPONT"])
def test_any_other_variable_is_left_alone(variable: str) -> None:
    assert misspelt_variables([variable]) == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda it: it.get_server(sever_id=1), "get_server() got an unexpected keyword argument 'sever_id'."),
        (lambda it: it.get_package_output(nmae="Small"), "Did you mean 'name'?"),
        (lambda it: it.get_template(1, name="Debian", Version=12), "Did you mean 'version'?"),
        (lambda it: it.Vps("a", packageId=1), "Did you mean 'package_id'?"),
        (lambda it: it.Customer("a", e_mail="a@example.com"), "Did you mean 'email'?"),
        (lambda it: it.get_packages(colour="red"), "unexpected keyword argument 'colour'"),
        (lambda it: it.Servr, "has no attribute 'Servr' (did you mean Server?)"),
        (lambda it: it.get_pakage, "has no attribute 'get_pakage' (did you mean get_package?)"),
    ],
)
def test_a_misspelt_name_is_told_at_the_line_of_the_program(call: Any, said: str) -> None:
    with pytest.raises((TypeError, AttributeError)) as error:
        call(virtfusion)
    assert said in str(error.value)
