"""What a client may be told about its panel."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.api.http.endpoint import api_root
from tests.unit.api.conftest import TOKEN


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://panel.example.com",
        "https://panel.example.com/",
        "https://panel.example.com/api/v1",
        "https://panel.example.com/api/v1/",
        "  https://panel.example.com//  ",
    ],
)
def test_an_address_is_taken_with_or_without_the_apis_path(endpoint: str) -> None:
    assert api_root(endpoint) == "https://panel.example.com/api/v1"


def test_a_port_and_a_folder_stay() -> None:
    assert api_root("http://[::1]:8765/vf/api/v1") == "http://[::1]:8765/vf/api/v1"


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "panel.example.com",
        "ftp://panel.example.com",
        "https://",
        "https://me:geheim@panel.example.com",
        "https://panel.example.com?x=geheim",
        "https://panel.example.com#geheim",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(endpoint: str) -> None:
    with pytest.raises(ValueError, match="endpoint") as refusal:
        api_root(endpoint)
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize("token", ["", "   ", "geheim\nX-Other: 1", "geheim zwei", "geheimé", "geheim\x00"])
def test_what_is_no_token_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(ValueError, match="token") as refusal:
        VirtFusion("https://panel.example.com", token)
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize(
    "setting",
    [
        {"request_timeout": 0},
        {"request_timeout": -1},
        {"operation_timeout": float("nan")},
        {"max_concurrency": 0},
    ],
)
def test_a_limit_that_lets_nothing_through_is_refused(setting: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(setting))):
        VirtFusion("https://panel.example.com", TOKEN, **setting)  # type: ignore[arg-type]


def test_a_ca_bundle_must_be_a_file_with_certificates(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no file"):
        VirtFusion("https://panel.example.com", TOKEN, ca_bundle=str(tmp_path / "missing.pem"))
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("this is no certificate")
    with pytest.raises(ValueError, match="holds no certificate"):
        VirtFusion("https://panel.example.com", TOKEN, ca_bundle=str(wrong)).connect()


@pytest.mark.parametrize(
    ("endpoint", "warned"),
    [
        ("http://10.0.0.7", True),
        ("http://panel-in-plain-text.example.com", True),
        ("http://localhost:8765", False),
        ("http://panel.localhost", False),
        ("http://127.0.0.9:8765", False),
        ("http://[::1]:8765", False),
        ("https://panel.example.com", False),
    ],
)
def test_a_token_in_plain_text_over_the_network_is_warned_of_once(
    endpoint: str, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            VirtFusion(endpoint, TOKEN)
    assert len(caplog.records) == warned
    assert TOKEN not in caplog.text


def test_a_client_does_not_show_its_token() -> None:
    client = VirtFusion("https://panel.example.com", TOKEN)
    shown = f"{client!r} {client} {vars(client)!r} {client.transport.settings!r} {client.servers!r}"
    assert "panel.example.com/api/v1" in repr(client)
    assert TOKEN not in shown
    assert TOKEN.partition("|")[2] not in shown


def test_a_time_limit_can_only_shorten_an_outer_one() -> None:
    client = VirtFusion("https://panel.example.com", TOKEN, operation_timeout=1000)
    assert 999 < client.remaining() <= 1000
    with client.time_limit(100):
        assert 99 < client.remaining() <= 100
        with client.time_limit(500):
            assert 99 < client.remaining() <= 100
        with client.time_limit(10):
            assert 9 < client.remaining() <= 10
        assert 99 < client.remaining() <= 100
    assert client.remaining() > 999
    with client.time_limit(0):
        assert client.remaining() == 0
