"""What was sent stands in a file: every attempt, and nothing secret."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from pulumi_virtfusion.api import OutcomeUnknown, PanelError, RequestLog, VirtFusion
from pulumi_virtfusion.api.http.request_log import Sent
from tests.unit.api.conftest import TOKEN, ClientOf, Play
from tests.unit.api.scripted_panel import CLOSES_AFTER_READING, answers, cut_off

OK = answers(200, {"data": {"id": 7, "ownerId": 3, "name": "web"}})
SENT = Sent("GET", "/servers/7", 200, None, 0.01, 1, 0.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "requests.jsonl"


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_every_attempt_is_a_line(file: Path, play: Play, client_of: ClientOf) -> None:
    panel = play(answers(423, {"msg": "locked"}), CLOSES_AFTER_READING, cut_off(200, b"{", None), OK)
    began = datetime.now(timezone.utc)
    client_of(panel, request_log=RequestLog(file, "provider", "update")).servers.get(7)
    first, second, third, fourth = lines(file)
    assert [line["attempt"] for line in (first, second, third, fourth)] == [1, 2, 3, 4]
    assert {(line["process"], line["run"], line["method"], line["path"]) for line in lines(file)} == {
        ("provider", "update", "GET", "/servers/7")
    }
    assert (first["status"], second.get("status"), fourth["status"]) == (423, None, 200)
    assert second["failure"] == "the connection was closed before an answer came"
    assert "failure" not in first
    assert 5 <= second["waited_ms"] < 2000
    assert all(0 <= line["ms"] < 5000 for line in lines(file))
    for line in lines(file):
        assert began.replace(microsecond=0) <= datetime.fromisoformat(line["time"].replace("Z", "+00:00"))


def test_a_body_that_did_not_come_whole_is_a_failure_with_a_status(file: Path, play: Play, client_of: ClientOf) -> None:
    client = client_of(play(cut_off(201, b"{", announced=90)), request_log=str(file))
    with pytest.raises(OutcomeUnknown):
        client.servers.create(package_id=1, user_id=3, hypervisor_group_id=2)
    (line,) = lines(file)
    assert (line["status"], line["failure"], line["process"]) == (201, "cut off", "program")
    assert "run" not in line


def test_the_log_holds_no_token_no_header_and_no_body(file: Path, play: Play, client_of: ClientOf) -> None:
    panel = play(answers(422, {"errors": [f"{TOKEN} geheim"]}, {"X-Geheim": "geheim"}))
    client = client_of(panel, request_log=str(file))
    for call in (
        lambda: client.users.modify(TOKEN, name="geheim"),
        lambda: client.users.create(name="geheim", email="geheim@example.com"),
    ):
        with pytest.raises(Exception, match="422"):
            call()
    assert len(lines(file)) == 2
    assert "geheim" not in file.read_text()
    assert TOKEN.partition("|")[2] not in file.read_text()
    assert lines(file)[0].keys() == {"time", "process", "method", "path", "status", "ms", "attempt", "waited_ms"}


def test_a_new_log_is_nobody_elses(file: Path) -> None:
    before = os.umask(0)
    try:
        RequestLog(file).note(SENT)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def write_many(file: str, process: str) -> None:
    log = RequestLog(file, process)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: log.note(Sent("GET", f"/{'x' * number}", 200, None, 0, 1, 0)), range(300)))


def test_threads_and_processes_mix_no_lines(file: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(str(file), f"command {number}")) for number in range(3)]
    for writer in writers:
        writer.start()
    write_many(str(file), "program")
    for writer in writers:
        writer.join()
    assert len(lines(file)) == 4 * 300
    assert {line["process"] for line in lines(file)} == {"program", "command 0", "command 1", "command 2"}


def test_a_failure_to_write_fails_nothing(tmp_path: Path, play: Play, client_of: ClientOf) -> None:
    panel = play(OK)
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path, tmp_path / "missing" / "log", tmp_path / "pipe", Path("/dev/full"), "", "a\0b"):
        assert client_of(panel, request_log=str(place)).servers.get(7).name == "web"
    assert len(panel.requests) == 6


def test_a_log_that_was_moved_away_is_begun_anew(file: Path) -> None:
    log = RequestLog(file)
    log.note(SENT)
    file.rename(file.with_suffix(".old"))
    log.note(SENT)
    assert len(lines(file)) == 1


def test_a_log_stays_where_it_was_when_the_folder_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    log = RequestLog("requests.jsonl")
    monkeypatch.chdir("/")
    log.note(SENT)
    assert len(lines(tmp_path / "requests.jsonl")) == 1


def test_what_was_not_sent_is_no_line(file: Path, play: Play, client_of: ClientOf) -> None:
    client = client_of(play(OK), request_log=str(file))
    with pytest.raises(Exception, match="was not sent"), client.time_limit(0):
        client.servers.get(7)
    assert not file.exists()


def test_without_a_log_none_is_written(play: Play, client_of: ClientOf) -> None:
    client = client_of(play(answers(400)))
    with pytest.raises(PanelError):
        client.servers.get(7)
    assert isinstance(client, VirtFusion)
    assert client.transport.settings.request_log is None
