"""The log of requests stays within bounds, and keeps nothing of who has no token."""

from __future__ import annotations

import requests

from pulumi_virtfusion.sandbox import RunningPanel
from pulumi_virtfusion.sandbox.recorder import Recorder

from .conftest import Api


def test_nothing_that_came_without_a_token_is_kept(api: Api, panel: RunningPanel) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {panel.token}"}):
        url = f"{panel.url}/servers/1/modify/name?remark=hidden"
        assert requests.put(url, json={"name": "hidden"}, headers=headers, timeout=10).status_code == 401
    log = panel.requests()
    assert [(entry["method"], entry["path"], entry["status"]) for entry in log] == [
        ("PUT", "/servers/1/modify/name", 401)
    ] * 3
    assert "hidden" not in str(log)
    api.ask("PUT", "/servers/1/modify/name?remark=shown", {"name": "shown"})
    assert (panel.requests()[-1]["query"], panel.requests()[-1]["body"]) == ({"remark": "shown"}, {"name": "shown"})


def test_the_body_of_a_request_that_a_fault_meets_is_kept(api: Api, panel: RunningPanel) -> None:
    panel.fault(path="/users$", close=True)
    api.panel.fault(path="/servers$", status=500)
    api.ask("POST", "/servers", {"packageId": 1})
    assert panel.requests()[-1]["body"] == {"packageId": 1}


def test_a_body_that_is_too_long_is_counted_instead_of_kept(api: Api, panel: RunningPanel) -> None:
    api.ask("PUT", "/servers/1/modify/name", {"name": "x" * 900_000})
    api.ask("GET", f"/servers?type={'y' * 20_000}")
    api.ask("GET", "/servers/" + "z" * 20_000)
    long_body, long_query, long_path = panel.requests()
    assert long_body["body"] == {"left out": "900012 characters"}
    assert "characters" in long_query["query"]["left out"]
    assert len(long_path["path"]) == 2048
    assert len(str(panel.requests())) < 5000


def test_the_whole_log_has_a_bound_and_forgets_the_oldest_bodies_first() -> None:
    recorder = Recorder()
    for number in range(6000):
        recorder.note(recorder.begin("POST", f"/{number}"), {}, {"text": "x" * 16_000})
    kept = [entry for entry in recorder.latest(6000) if "text" in entry.body]
    assert len(recorder.latest(6000)) == 6000
    assert sum(len(entry.body["text"]) for entry in kept) < 64 * 2**20
    assert recorder.latest(6000)[0].body == {"left out": "16014 characters"}
    assert kept[-1].path == "/5999"
    assert len(kept) > 4000
    recorder.clear()
    assert recorder.latest(1) == []


def test_secrets_are_replaced_before_anything_is_measured() -> None:
    recorder = Recorder()
    entry = recorder.begin("POST", "/")
    recorder.note(entry, {"token": ["a", "b"]}, {"password": "p" * 100_000, "tokens": 5})
    assert (entry.query, entry.body) == ({"token": ["a", "b"]}, {"password": "[redacted]", "tokens": 5})
