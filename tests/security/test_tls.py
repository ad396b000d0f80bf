"""Whom the client believes to be the panel, on real TLS connections."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import trustme

from pulumi_virtfusion.api import ConnectionFailed, VirtFusion
from tests.unit.api.conftest import TOKEN, Play
from tests.unit.api.scripted_panel import ScriptedPanel, answers

SERVER = answers(200, {"data": {"id": 7, "ownerId": 3, "name": "web"}})
YESTERDAY = datetime.now(timezone.utc) - timedelta(days=1)
TOMORROW = datetime.now(timezone.utc) + timedelta(days=1)

Certificate = Callable[..., ScriptedPanel]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_bundle(authority: trustme.CA, tmp_path: Path) -> str:
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return str(file)


@pytest.fixture
def panel_with(authority: trustme.CA, play: Play) -> Certificate:
    """A panel whose certificate the authority made out to a name, for a time."""

    def make(name: str = "127.0.0.1", **times: Any) -> ScriptedPanel:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name, **times).configure_cert(context)
        return play(SERVER, tls=context)

    return make


def create(client: VirtFusion) -> Any:
    return client.servers.create(package_id=1, user_id=3, hypervisor_group_id=2)


def refusal(panel: ScriptedPanel, **settings: Any) -> str:
    """What is said to a create that never got there."""
    with pytest.raises(ConnectionFailed) as refused:
        create(VirtFusion(panel.url, TOKEN, **settings))
    assert panel.requests == []
    return str(refused.value)


def test_a_private_authority_is_trusted_where_it_is_named(panel_with: Certificate, ca_bundle: str) -> None:
    panel = panel_with()
    assert create(VirtFusion(panel.url, TOKEN, ca_bundle=ca_bundle)).name == "web"
    assert panel.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_private_authority_is_refused_where_it_is_not(panel_with: Certificate) -> None:
    text = refusal(panel_with())
    assert "its certificate is not trusted" in text
    assert "`caBundle` names the file with the CA to trust. Nothing was sent." in text


def test_another_authority_than_the_one_that_is_named_is_refused(panel_with: Certificate, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    assert "its certificate is not trusted" in refusal(panel_with(), ca_bundle=str(other))


def test_an_expired_certificate_is_refused_with_what_to_do(panel_with: Certificate, ca_bundle: str) -> None:
    panel = panel_with(not_before=YESTERDAY - timedelta(days=9), not_after=YESTERDAY)
    text = refusal(panel, ca_bundle=ca_bundle)
    assert "(certificate has expired): renew it on the panel, and check this machine's clock. Nothing was sent." in text
    assert "caBundle" not in text


def test_a_certificate_from_the_future_is_refused_with_what_to_do(panel_with: Certificate, ca_bundle: str) -> None:
    panel = panel_with(not_before=TOMORROW, not_after=TOMORROW + timedelta(days=9))
    assert "(certificate is not yet valid): check this machine's clock." in refusal(panel, ca_bundle=ca_bundle)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_certificate_for_another_host_is_refused_with_what_to_do(
    host: str, panel_with: Certificate, ca_bundle: str
) -> None:
    panel = panel_with("panel.example.com")
    with pytest.raises(ConnectionFailed, match="use the host name that it was made for as the endpoint") as refused:
        create(VirtFusion(panel.url.replace("127.0.0.1", host), TOKEN, ca_bundle=ca_bundle))
    assert host in str(refused.value)
    assert panel.requests == []


@pytest.mark.parametrize(
    "certificate", [{}, {"name": "panel.example.com"}, {"not_before": YESTERDAY, "not_after": YESTERDAY}]
)
def test_insecure_takes_any_certificate(certificate: dict[str, Any], panel_with: Certificate) -> None:
    assert create(VirtFusion(panel_with(**certificate).url, TOKEN, insecure=True)).name == "web"


def test_insecure_is_for_the_client_that_was_told_so(panel_with: Certificate) -> None:
    panel = panel_with()
    create(VirtFusion(panel.url, TOKEN, insecure=True))
    with pytest.raises(ConnectionFailed, match="not trusted"):
        create(VirtFusion(panel.url, TOKEN))


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_other_programs_variables_do_not_say_whom_to_trust(
    variable: str, panel_with: Certificate, ca_bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, ca_bundle)
    assert "not trusted" in refusal(panel_with())


def test_a_certificate_that_is_refused_is_not_asked_about_again(panel_with: Certificate) -> None:
    panel = panel_with()
    with pytest.raises(ConnectionFailed):
        VirtFusion(panel.url, TOKEN).servers.get(7)
    assert panel.connections == 1
