"""What a command prints has no secret of the state that it opened, nor one that the panel told it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.api.redaction import secrets_of_call
from pulumi_virtfusion.commands import main
from pulumi_virtfusion.commands._failure import failing_clearly
from pulumi_virtfusion.commands._terminal import say
from pulumi_virtfusion.recovery.stack_state import deployment_of, sealed
from pulumi_virtfusion.sandbox import running
from tests.unit.api.conftest import ClientOf, Play
from tests.unit.api.scripted_panel import answers

SECRET = "marked-secret-of-a-state"


def test_a_secret_of_an_opened_state_is_printed_in_no_form(capsys: pytest.CaptureFixture[str]) -> None:
    with secrets_of_call():
        resource = {"urn": "urn:pulumi:dev::p::t::n", "type": "t", "inputs": {"name": sealed([SECRET])}}
        deployment_of(json.dumps({"deployment": {"resources": [resource]}}))
        say(f"server 7 ({SECRET.upper()})")
        with pytest.raises(typer.Exit), failing_clearly():
            raise OSError(f"{SECRET} is in the way")
    out = "".join(capsys.readouterr())
    assert out == "server 7 ([secret])\n[secret] is in the way\n"


def test_nor_is_what_the_panel_told(play: Play, client_of: ClientOf, capsys: pytest.CaptureFixture[str]) -> None:
    client = client_of(play(answers(200, {"data": {"id": 7, "ownerId": 3, "settings": {"decryptedPassword": SECRET}}})))
    with secrets_of_call():
        client.servers.get(7)
        say(f"server 7 ({SECRET})")
    assert "".join(capsys.readouterr()) == "server 7 ([secret])\n"


def test_a_command_is_one_call_and_prints_no_token_of_a_panel_that_repeats_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # in a project, its stack would say which panel
    token = "marked-token-3c55"
    with running(token=token) as panel:
        client = VirtFusion(panel.url, token)
        client.users.create(name=f"eve {token}", email="eve@example.com", rel_str="eve")
        panel.fault(path="/packages", status=500, body={"msg": f"{token} {token.upper()}"}, times=None)
        environment = {"VIRTFUSION_ENDPOINT": panel.url, "VIRTFUSION_TOKEN": token}
        result = CliRunner().invoke(main, ["doctor"], env=environment)
    assert "BAD  packages: GET /packages answered 500: [token] [token]" in result.output
    assert token not in result.output.lower()
