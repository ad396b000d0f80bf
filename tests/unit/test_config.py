"""Settings: where they come from, and what is said of one that does not parse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from certifi import where

from pulumi_virtfusion import config
from pulumi_virtfusion.api import ConnectionFailed
from pulumi_virtfusion.config import NotConfigured, Settings

CONFIG = {"virtfusion:endpoint": "https://panel.example.com", "virtfusion:token": "from-config"}
ENVIRONMENT = {"VIRTFUSION_ENDPOINT": "https://other.example.com", "VIRTFUSION_TOKEN": "from-environment"}


def read(config: dict[str, str] | None = None, environment: dict[str, str] | None = None) -> Settings:
    return Settings.read((config or {}).get, environment or {})


def test_stack_configuration_wins_over_the_environment() -> None:
    settings = read(CONFIG, {**ENVIRONMENT, "VIRTFUSION_MAX_CONCURRENCY": "3"})
    assert (settings.endpoint, settings.token) == ("https://panel.example.com", "from-config")
    assert settings.max_concurrency == 3


def test_the_environment_counts_where_the_configuration_is_silent() -> None:
    settings = read(environment=ENVIRONMENT)
    assert (settings.endpoint, settings.token) == ("https://other.example.com", "from-environment")


def test_what_nobody_says_has_its_default() -> None:
    assert read() == Settings(
        endpoint="", token="", request_timeout=30, operation_timeout=1800, max_concurrency=16, ca_bundle="",
        insecure=False, request_log="", validate_on_preview=False,
    )  # fmt: skip


def test_every_setting_is_read_from_its_text() -> None:
    config = {
        "virtfusion:requestTimeout": "2.5",
        "virtfusion:operationTimeout": "60",
        "virtfusion:maxConcurrency": "4",
        "virtfusion:caBundle": where(),
        "virtfusion:insecure": "true",
        "virtfusion:requestLog": "requests.jsonl",
        "virtfusion:validateOnPreview": "True",
    }
    assert read(config) == Settings(
        request_timeout=2.5, operation_timeout=60, max_concurrency=4, ca_bundle=where(), insecure=True,
        request_log="requests.jsonl", validate_on_preview=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("config", "environment", "said"),
    [
        (
            {"virtfusion:requestTimeout": "0"},
            {},
            r"^virtfusion:requestTimeout of the stack: '0' must be a number of seconds",
        ),
        (
            {"virtfusion:operationTimeout": "-1"},
            {},
            r"^virtfusion:operationTimeout of the stack: '-1' must be a number of seconds",
        ),
        (
            {"virtfusion:maxConcurrency": "0"},
            {},
            r"^virtfusion:maxConcurrency of the stack: '0' must be a whole number from 1",
        ),
        ({"virtfusion:insecure": "maybe"}, {}, r"^virtfusion:insecure of the stack: 'maybe' must be true or false"),
        ({}, {"VIRTFUSION_INSECURE": "maybe"}, r"^VIRTFUSION_INSECURE: 'maybe' must be true or false"),
        (
            {"virtfusion:requestTimeout": "soon"},
            {},
            r"^virtfusion:requestTimeout of the stack: 'soon' must be a number of seconds",
        ),
        (
            {"virtfusion:maxConcurrency": "2.5"},
            {},
            r"^virtfusion:maxConcurrency of the stack: '2.5' must be a whole number",
        ),
    ],
)
def test_a_value_that_does_not_parse_is_named_with_its_setting(
    config: dict[str, str], environment: dict[str, str], said: str
) -> None:
    with pytest.raises(NotConfigured, match=said):
        read(config, environment)


@pytest.mark.parametrize("missing", ["endpoint", "token"])
def test_a_missing_setting_says_how_to_give_it(missing: str) -> None:
    config = {key: value for key, value in CONFIG.items() if not key.endswith(missing)}
    with pytest.raises(NotConfigured, match=rf"virtfusion:{missing} .*VIRTFUSION_{missing.upper()}"):
        read(config).panel()


def test_a_token_is_not_shown() -> None:
    assert "from-config" not in repr(read(CONFIG))
    assert "from-config" not in repr(read(CONFIG).panel())


def test_the_same_settings_are_the_same_client() -> None:
    assert read(CONFIG).panel() is read(CONFIG).panel()
    assert read(CONFIG).panel() is not read({**CONFIG, "virtfusion:token": "another"}).panel()


def test_the_request_log_says_who_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "_sender", ("program", None))
    file = tmp_path / "requests.jsonl"
    settings = {"virtfusion:endpoint": "http://127.0.0.1:1", "virtfusion:operationTimeout": "0.1"}
    for number, sender in enumerate([("provider", None), ("program", "preview"), ("command doctor", None)]):
        config.name_sender(*sender)
        panel = read(
            {**CONFIG, **settings, "virtfusion:requestLog": str(file), "virtfusion:token": f"t{number}"}
        ).panel()
        with pytest.raises(ConnectionFailed):
            panel.connect()
    said = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(line["process"], line.get("run")) for line in said if line["attempt"] == 1] == [
        ("provider", None), ("program", "preview"), ("command doctor", None)
    ]  # fmt: skip
