"""`virtfusion sandbox` as a process: its token, its file, TLS, and a sentence for whatever is wrong with them."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests

from pulumi_virtfusion.sandbox import running
from pulumi_virtfusion.sandbox.panel.data_file import Unusable
from pulumi_virtfusion.sandbox.sandbox import Sandbox

from .conftest import Api

COMMAND = [sys.executable, "-m", "pulumi_virtfusion", "sandbox", "--port", "0"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("VIRTFUSION_")}


@contextmanager
def started(*options: object, lines: int = 2, **environment: str) -> Iterator[list[str]]:
    """What the command says first; ended by SIGTERM, as a supervisor would."""
    command = [*COMMAND, *map(str, options)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT | environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield [process.stdout.readline().strip() for _ in range(lines)]
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 128 + signal.SIGTERM
            assert process.stderr.read() == ""


def refused(*options: object, **environment: str) -> str:
    """The sentence with which the command ends; its frame and line breaks are taken out."""
    command = [*COMMAND, *map(str, options)]
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=ENVIRONMENT | environment | {"COLUMNS": "200"},
    )
    assert (ended.returncode, ended.stdout, "Traceback" in ended.stderr) == (2, "", False), ended.stderr
    return re.sub(r"[\s│╭╮╰╯─]+", " ", ended.stderr)


def connects(address: str, token: str, verify: str | bool = True) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{address}/api/v1/connect", headers=headers, timeout=10, verify=verify).status_code == 200


def at_a_terminal(*options: object, **environment: str) -> str:
    """What the command says to a person, until it waits for requests."""
    ours, theirs = os.openpty()
    command = [*COMMAND, *map(str, options)]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=ENVIRONMENT | environment) as process:
        os.close(theirs)
        said = b""
        while b"ends it" not in said:
            said += os.read(ours, 4096)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;]*m", "", said.decode())


def test_a_person_is_told_what_this_is_and_what_to_paste(tmp_path: Path) -> None:
    data = tmp_path / "panel.db"
    said = at_a_terminal("--token", "chosen", "--data", data)
    address = re.search(r"Address +(\S+)", said)
    assert address
    assert f"Page     {address[1]}/\r\n" in said
    assert "Token    chosen" in said
    assert str(data) in said
    assert f"  pulumi config set virtfusion:endpoint {address[1]}\r\n" in said
    assert "  pulumi config set --secret virtfusion:token chosen\r\n" in said
    assert "caBundle" not in said


def test_a_person_is_not_shown_a_token_that_was_kept_out_of_sight(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("hunter2")
    said = at_a_terminal("--token-file", file, "--tls")
    assert f"  pulumi config set --secret virtfusion:token < {file}\r\n" in said
    assert re.search(r"  pulumi config set virtfusion:caBundle \S+ca.pem\r\n", said)
    assert "hunter2" not in said
    assert 'virtfusion:token "$VIRTFUSION_TOKEN"' in at_a_terminal(VIRTFUSION_TOKEN="hunter2")


@pytest.mark.parametrize(
    ("host", "environment", "shown"),
    [("127.0.0.1", {}, True), ("127.0.0.1", {"VIRTFUSION_TOKEN": "outside"}, False), ("0.0.0.0", {}, False)],
)
def test_the_page_has_the_token_only_where_it_is_nobody_s_secret(
    host: str, environment: dict[str, str], shown: bool
) -> None:
    with started("--host", host, lines=2, **environment) as (address, token):
        told = requests.get(f"{address.replace('0.0.0.0', '127.0.0.1')}/_sandbox/connection", timeout=10).json()
        assert told["token_is_shown"] == shown
        assert (token in str(told)) == shown
        assert "outside" not in str(told)


def test_a_token_stays_with_the_file_over_restarts_and_resets(tmp_path: Path) -> None:
    data = tmp_path / "panel.db"
    with started("--data", data) as (address, token):
        assert connects(address, token)
        assert requests.post(f"{address}/_sandbox/reset", timeout=10).ok
    with started("--data", data) as (address, again):
        assert again == token
        assert connects(address, token)
    with started("--data", data, "--token", "chosen") as (address, said):
        assert (said, connects(address, "chosen"), connects(address, token)) == ("chosen", True, False)
    with started("--data", data) as (_, last):
        assert last == "chosen"
    with started() as (_, other):
        assert other not in ("chosen", token)


def test_a_token_of_the_environment_or_a_file_is_used_and_neither_shown_nor_kept(tmp_path: Path) -> None:
    data, file = tmp_path / "panel.db", tmp_path / "token"
    file.write_text("from-the-file\n")
    with started("--data", data) as (_, kept):
        pass
    with started("--data", data, VIRTFUSION_TOKEN="from-outside") as (address, said):
        assert (connects(address, "from-outside"), connects(address, kept)) == (True, False)
        assert "from-outside" not in said
    with started("--data", data, "--token-file", file, VIRTFUSION_TOKEN="from-outside") as (address, said):
        assert (connects(address, "from-the-file"), connects(address, "from-outside")) == (True, False)
        assert "from-the-file" not in said
    with started("--data", data, "--token", "chosen", VIRTFUSION_TOKEN="from-outside") as (address, said):
        assert (said, connects(address, "chosen")) == ("chosen", True)
    content = b"".join(path.read_bytes() for path in tmp_path.glob("panel.db*"))
    assert (b"from-outside" in content, b"from-the-file" in content) == (False, False)


def test_the_file_that_keeps_a_token_is_its_owner_s_alone(tmp_path: Path) -> None:
    data = tmp_path / "panel.db"
    with started("--data", data):
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("panel.db*")} == {0o600}


@pytest.mark.parametrize("content", [b"", b" \n", b"two words", b"\xff\xfe", b"a\0b", "tök".encode()])
def test_a_file_without_a_token_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    assert "--token-file" in refused("--token-file", file)


def test_a_token_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    assert "No such file" in refused("--token-file", tmp_path / "none")
    assert "directory" in refused("--token-file", tmp_path)
    assert "not both" in refused("--token-file", tmp_path / "none", "--token", "x")
    assert "--token" in refused("--token", "")
    assert "VIRTFUSION_TOKEN" in refused(VIRTFUSION_TOKEN="two words")


def sqlite_of_another(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (title TEXT)")
        other.execute("INSERT INTO bookmarks VALUES ('mine')")
        other.commit()


@pytest.mark.parametrize("content", [b"not a database " * 100, b"x", b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_a_sentence_and_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    data = tmp_path / "notes.txt"
    data.write_bytes(content)
    assert "--data" in refused("--data", data)
    assert data.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_database_of_something_else_is_a_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    data = tmp_path / "places.sqlite"
    sqlite_of_another(data)
    before = data.read_bytes()
    assert "not a sandbox's" in refused("--data", data)
    assert data.read_bytes() == before


def test_a_place_where_no_file_can_be_is_a_sentence(tmp_path: Path) -> None:
    assert "No such file" in refused("--data", tmp_path / "none" / "panel.db")
    assert "--data" in refused("--data", tmp_path)


def test_a_second_sandbox_on_the_same_file_is_a_sentence(tmp_path: Path) -> None:
    data, link = tmp_path / "panel.db", tmp_path / "link.db"
    with started("--data", data) as (address, token):
        link.symlink_to(data)
        assert "another sandbox uses this file" in refused("--data", data)
        assert "another sandbox uses this file" in refused("--data", link)
        assert connects(address, token)
    with started("--data", data) as (address, _):
        assert connects(address, token)


def test_a_second_sandbox_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    data = tmp_path / "panel.db"
    with running(data=data), pytest.raises(Unusable, match="another sandbox"):
        Sandbox(data=data)
    Sandbox(data=data).close()


def test_a_file_of_an_older_sandbox_is_taken_over(tmp_path: Path) -> None:
    data = tmp_path / "panel.db"
    sandbox = Sandbox(data=data)
    sandbox.panel.store.connection.execute("PRAGMA application_id=0")
    sandbox.panel.store.connection.execute("DROP TABLE snapshots")
    sandbox.close()
    Sandbox(data=data).close()
    with closing(sqlite3.connect(data)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() != (0,)


@pytest.mark.parametrize("offset", [-7200.0, 7200.0])
def test_work_goes_on_as_planned_when_the_panel_comes_back_with_another_clock(tmp_path: Path, offset: float) -> None:
    data = tmp_path / "panel.db"
    with running(data=data, build_seconds=600) as panel:
        api = Api(panel)
        id_ = api.new_server()
        api.data("POST", f"/servers/{id_}/build", {"operatingSystemId": 1})
        api.close()
    with running(data=data, clock_offset=offset) as panel:
        panel.advance(500)
        assert panel.state()["servers"][0]["state"] == "building"
        panel.advance(200)
        assert panel.state()["servers"][0]["state"] == "complete"


def test_tls_is_spoken_with_a_certificate_that_the_named_file_vouches_for(tmp_path: Path) -> None:
    data = tmp_path / "panel.db"
    with started("--data", data, "--tls", lines=3) as (address, token, ca_file):
        assert (address.startswith("https://127.0.0.1:"), ca_file) == (True, f"{data}.ca.pem")
        assert connects(address, token, verify=ca_file)
        assert connects(address.replace("127.0.0.1", "localhost"), token, verify=ca_file)
        with pytest.raises(requests.exceptions.SSLError):
            connects(address, token)
        first = Path(ca_file).read_text()
    with started("--data", data, "--tls", lines=3) as (address, token, ca_file):
        assert Path(ca_file).read_text() == first
        assert connects(address, token, verify=ca_file)
        assert "PRIVATE" not in first


def test_the_ca_file_of_a_panel_in_memory_goes_with_it() -> None:
    with started("--tls", lines=3) as (address, token, ca_file):
        assert connects(address, token, verify=ca_file)
    assert not Path(ca_file).parent.exists()


def test_a_ca_file_that_can_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "panel.db.ca.pem").mkdir()
    assert "--tls" in refused("--data", tmp_path / "panel.db", "--tls")


def test_options_reach_the_panel() -> None:
    with started("--normalise", "--clock-offset", "-7200") as (address, _):
        settings = requests.get(f"{address}/_sandbox/settings", timeout=10).json()
    assert settings == {"normalise": True, "clock_offset": -7200}


def test_plain_http_comes_out_of_the_tls_port() -> None:
    with running(tls=True) as panel:
        headers = {"Authorization": f"Bearer {panel.token}"}
        assert requests.get(f"{panel.url}/connect", headers=headers, verify=str(panel.ca_bundle), timeout=10).ok
        for fault in ({"status": 502, "plain": True}, {"raw": b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "plain": True}):
            panel.fault(method="POST", path="^/servers$", when="after", **fault)
            body = {"packageId": 1, "userId": 1, "hypervisorId": 1}
            # OpenSSL tells a record from what is none, and so knows that this never was TLS.
            with pytest.raises(requests.exceptions.SSLError):
                requests.post(
                    f"{panel.url}/servers", json=body, headers=headers, verify=str(panel.ca_bundle), timeout=10
                )
        assert len(panel.state()["servers"]) == 2
